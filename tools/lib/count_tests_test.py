#!/usr/bin/python3
"""Gives count_tests the events of small runs."""

import json
import os
import tempfile
import unittest

import count_tests

GOOGLE_TEST = ('<testsuites><testsuite><testcase name="Works" classname="A" status="run" result="completed"/>'
               '<testcase name="Breaks" classname="A" status="run"><failure message="x"/></testcase>'
               '<testcase name="Waits" classname="A" status="run" result="skipped"><skipped/></testcase></testsuite></testsuites>')
SHELL_TEST = '<testsuites><testsuite name="s"><testcase name="s" status="run"/></testsuite></testsuites>'


class CountTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.events = []

    def result(self, label, status, xml=None, shard=1):
        outputs = []
        if xml is not None:
            path = os.path.join(self.folder.name, "%d test.xml" % len(self.events))
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(xml)
            outputs = [{"name": "test.xml", "uri": "file://" + path.replace(" ", "%20")}]
        self.events.append({"id": {"testResult": {"label": label, "run": 1, "shard": shard}},
                            "testResult": {"status": status, "testActionOutput": outputs}})

    def summary(self, label, status):
        self.events.append({"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}})

    def completed(self, label, success):
        self.events.append({"id": {"targetCompleted": {"label": label}}, "completed": {"success": success} if success else {}})

    def count(self, success):
        self.events.append({"id": {"buildFinished": {}}, "finished": {"overallSuccess": success}})
        path = os.path.join(self.folder.name, "events.json")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write("\n".join(json.dumps(event) for event in self.events))
        return count_tests.count(path)

    def test_counts_the_cases_of_each_target(self):
        self.result("//a:a_test", "FAILED", GOOGLE_TEST)
        self.summary("//a:a_test", "FAILED")
        self.result("//b:b_test", "PASSED", SHELL_TEST)
        self.summary("//b:b_test", "PASSED")
        self.assertEqual(self.count(False), (2, ["//a:a_test A.Breaks"], 1))

    def test_counts_a_test_that_died_without_a_report_as_failed(self):
        self.result("//a:a_test", "TIMEOUT")
        self.summary("//a:a_test", "TIMEOUT")
        self.assertEqual(self.count(False), (0, ["//a:a_test (TIMEOUT)"], 0))

    def test_counts_a_test_that_died_after_good_cases_as_failed(self):
        self.result("//a:a_test", "FAILED", SHELL_TEST)
        self.summary("//a:a_test", "FAILED")
        self.assertEqual(self.count(False), (1, ["//a:a_test (FAILED)"], 0))

    def test_counts_what_does_not_build_as_failed(self):
        self.completed("//a:library", False)
        self.completed("//a:a_test", False)
        self.summary("//a:a_test", "NO_STATUS")
        self.completed("//b:good", True)
        self.assertEqual(self.count(False), (0, ["//a:a_test (NO_STATUS)", "//a:library (does not build)"], 0))

    def test_never_calls_a_failed_run_a_success(self):
        self.assertEqual(self.count(False), (0, ["the build (see above)"], 0))
        self.events.clear()
        self.assertEqual(self.count(True), (0, [], 0))


if __name__ == "__main__":
    unittest.main()
