"""What a running carouseld says that it was built from."""

import os
import re
import sys
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position


class Build(unittest.TestCase):

    def test_api_and_metrics_tell_the_same_revision_compiler_and_mode(self):
        with robot.Robot() as server:
            server.start()
            answer = server.ctl_ok("robot")["robot"]
            build = answer["build"]
            self.assertRegex(build["version"], r"^[0-9]+[.][0-9]+[.][0-9]+$")
            self.assertRegex(build["revision"], r"^([0-9a-f]{12}(-dirty)?|unknown)$")
            self.assertRegex(build["compiler"], r"^(gcc|clang) [0-9]")
            mode = build.get("compilationMode", build.get("compilation_mode"))
            self.assertIn(mode, ("opt", "fastbuild", "dbg"))
            self.assertEqual(answer["version"], build["version"] + "+" + build["revision"])
            with urllib.request.urlopen("http://%s/metrics" % server.http, timeout=60) as page:
                text = page.read().decode()
            labels = dict(re.findall(r'(\w+)="([^"]*)"', re.search(r"^carousel_build_info{(.*)} 1$", text, re.M).group(1)))
            self.assertEqual(labels, {"version": build["version"], "revision": build["revision"],
                                      "compiler": build["compiler"], "compilation_mode": mode})


if __name__ == "__main__":
    unittest.main()
