"""The C++ client's example against a service on the virtual robot."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/clients"))
from appending import Appending  # noqa: E402  pylint: disable=wrong-import-position


class CppClient(Appending, unittest.TestCase):
    source = "tests/clients/cpp_client_test.py"

    def example(self, *arguments):
        return subprocess.run([os.environ["APPEND_TO_DISC"], self.server.address, *arguments], capture_output=True, text=True, timeout=120,
                              check=False)


if __name__ == "__main__":
    unittest.main()
