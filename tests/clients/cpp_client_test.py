"""The C++ client's example against a service on the virtual robot."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/clients"))
from appending import Appending  # noqa: E402  pylint: disable=wrong-import-position


class CppClient(Appending, unittest.TestCase):
    source = "tests/testing/robot.py"

    def example(self, *arguments):
        disc, drive, path = arguments
        # Of a test's files there are links only, and a link is no file.
        words = [self.server.address, disc, drive, os.path.realpath(path)]
        return subprocess.run([os.environ["APPEND_TO_DISC"], *words], capture_output=True, text=True, timeout=120,
                              check=False)


if __name__ == "__main__":
    unittest.main()
