#!/usr/bin/python3
"""Plants includes in small trees and asks the lint about them."""

import os
import tempfile
import unittest

import includes

RULES = """
# A comment.
rule {
  prefix: "prometheus/"
  package: "//server/metrics/..."
  dep: "@com_github_jupp0r_prometheus_cpp//core"
  reason: "metrics live in one catalogue"
}
rule {
  prefix: "absl/"
  package: "//..."
  dep: "@com_google_absl//{folder}"
}
rule {
  prefix: "absl/synchronization/"
  reason: "hal/base has the mutex"
}
rule {
  prefix: "gtest/"
  package: "//..."
  test_only: true
}
rule {
  prefix: "hal/"
  package: "//hal/..."
  package: "//server/..."
  except_package: "//server/service/..."
}
rule {
  header: "vector"
  package: "//..."
}
"""


class IncludesTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, path, text):
        path = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)

    def check(self):
        return includes.check_tree(self.folder.name, includes.read_rules(RULES))

    def library(self, package, deps="[]", rule="cc_library", source="a.cc"):
        self.write(package + "/BUILD.bazel", '%s(\n    name = "a",\n    srcs = ["%s"],\n    deps = %s,\n)\n' % (rule, source, deps))

    def test_accepts_an_include_of_an_allowed_package_with_its_dep(self):
        self.library("server/metrics", '["@com_github_jupp0r_prometheus_cpp//core"]')
        self.write("server/metrics/a.cc", '#include "prometheus/registry.h"\n#include <vector>\n')
        self.assertEqual(self.check(), [])

    def test_finds_a_foreign_header_outside_the_package_that_wraps_it(self):
        self.library("server/image", '["@com_github_jupp0r_prometheus_cpp//core"]')
        self.write("server/image/a.cc", '#include <vector>\n#include "prometheus/registry.h"\n')
        self.assertEqual(self.check(), ["server/image/a.cc:2: //server/image may not include prometheus/registry.h: "
                                        "metrics live in one catalogue"])

    def test_finds_a_missing_dep(self):
        self.library("server/metrics")
        self.write("server/metrics/a.cc", '#include <prometheus/registry.h>\n')
        self.assertEqual(self.check(), ["server/metrics/a.cc:1: //server/metrics:a includes prometheus/registry.h and needs one of the deps "
                                        "@com_github_jupp0r_prometheus_cpp//core"])

    def test_takes_the_dep_from_the_folder_of_the_include(self):
        self.library("hal/base", '["@com_google_absl//absl/strings:str_format"]')
        self.write("hal/base/a.cc", '#include "absl/strings/str_format.h"\n#include "absl/time/time.h"\n')
        self.assertEqual(len(self.check()), 1)
        self.assertIn("@com_google_absl//absl/time", self.check()[0])

    def test_lets_the_longest_prefix_decide(self):
        self.library("hal/base", '["@com_google_absl//absl/synchronization"]')
        self.write("hal/base/a.cc", '#include "absl/synchronization/mutex.h"\n')
        self.assertEqual(self.check(), ["hal/base/a.cc:1: //hal/base may not include absl/synchronization/mutex.h: hal/base has the mutex"])

    def test_finds_a_test_header_in_a_library_and_not_in_a_test(self):
        self.library("hal/base")
        self.write("hal/base/a.cc", '#include "gtest/gtest.h"\n')
        self.library("hal/scsi", rule="cc_test", source="a_test.cc")
        self.write("hal/scsi/a_test.cc", '#include "gtest/gtest.h"\n')
        self.assertEqual(self.check(), ["hal/base/a.cc:1: only a test or a testonly target may include gtest/gtest.h"])

    def test_finds_an_include_against_the_stairs_in_an_excepted_package(self):
        self.library("server/service/images")
        self.write("server/service/images/a.cc", '#include "hal/drive/drive.h"\n')
        self.library("server/image")
        self.write("server/image/a.cc", '#include "hal/drive/drive.h"\n')
        self.assertEqual(self.check(), ["server/service/images/a.cc:1: //server/service/images may not include hal/drive/drive.h"])

    def test_finds_a_header_of_the_tree_that_comes_by_a_detour(self):
        self.write("hal/scsi/BUILD.bazel", 'cc_library(name = "sense", hdrs = ["sense.h"])\ncc_library(name = "scsi", deps = [":sense"])\n')
        self.write("hal/scsi/sense.h", "")
        self.library("hal/drive", '["//hal/scsi"]')
        self.write("hal/drive/a.cc", '#include "hal/scsi/sense.h"\n')
        self.assertEqual(self.check(), ["hal/drive/a.cc:1: //hal/drive:a includes hal/scsi/sense.h and needs the dep //hal/scsi:sense"])

    def test_finds_a_header_that_no_rule_knows_and_a_file_without_a_package(self):
        self.library("hal/base")
        self.write("hal/base/a.cc", '  #  include <format>\n')
        self.write("stray/b.h", "")
        self.assertEqual(self.check(), ["hal/base/a.cc:1: format fits no rule of third_party/includes.textproto",
                                        "stray/b.h:1: no BUILD.bazel above it"])

    def test_refuses_rules_that_it_cannot_read(self):
        for text in ("rule {", "rule {\n}\n", "rules {\n}\n", 'rule {\n  prefix: "a/"\n  color: "red"\n}\n'):
            with self.assertRaises(includes.RulesError):
                includes.read_rules(text)


if __name__ == "__main__":
    unittest.main()
