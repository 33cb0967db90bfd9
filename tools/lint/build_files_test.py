#!/usr/bin/python3
"""Reads BUILD files, and plants mistakes in small trees."""

import os
import tempfile
import unittest

import build_files
import check_build_files

PACKAGE = 'package(default_visibility = ["//:hal"])\n'


class ReadTargetsTest(unittest.TestCase):
    def test_gives_absolute_files_and_labels(self):
        text = 'cc_library(\n    name = "a",\n    hdrs = ["a.h"],\n    deps = [":b", "//hal/scsi", "@r//x/y", "@r//x:z"],\n)\n'
        target, = build_files.read_targets(text, "hal/base")
        self.assertEqual(target.label, "//hal/base:a")
        self.assertEqual(target.files, ["hal/base/a.h"])
        self.assertEqual(target.deps, ["//hal/base:b", "//hal/scsi:scsi", "@r//x/y:y", "@r//x:z"])

    def test_knows_what_only_tests_can_use(self):
        text = 'cc_library(name = "a", testonly = True)\ncc_library(name = "b")\ncc_test(name = "c_test")\n'
        self.assertEqual([target.is_test_only() for target in build_files.read_targets(text, "p")], [True, False, True])


class CheckTreeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, path, text):
        path = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)

    def check(self):
        return check_build_files.check_tree(self.folder.name)

    def test_accepts_a_package_that_names_its_files(self):
        self.write("hal/BUILD.bazel", PACKAGE + 'cc_library(name = "a", srcs = ["a.cc"], hdrs = ["a.h"])\n')
        self.write("hal/a.cc", "")
        self.write("hal/a.h", "")
        self.assertEqual(self.check(), [])

    def test_finds_a_file_that_no_target_names(self):
        self.write("hal/BUILD.bazel", PACKAGE + 'cc_library(name = "a", srcs = ["a.cc"])\n')
        self.write("hal/a.cc", "")
        self.write("hal/forgotten_test.cc", "")
        self.assertEqual(self.check(), ["hal/forgotten_test.cc:1: no target names this file"])

    def test_finds_glob_missing_visibility_and_a_dep_named_twice(self):
        self.write("hal/BUILD.bazel", 'cc_library(name = "a", srcs = glob(["*.cc"]))\ncc_test(name = "b_test", deps = [":a", "//hal:a"])\n')
        self.assertEqual(self.check(), ["hal/BUILD.bazel:1: name the files instead of glob",
                                        "hal/BUILD.bazel:1: package(default_visibility = ...) is missing",
                                        "hal/BUILD.bazel:2: //hal:b_test names //hal:a twice"])


if __name__ == "__main__":
    unittest.main()
