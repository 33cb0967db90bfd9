"""The client for Node.js as its users have it: built by tsc, and its example run against a service on the virtual robot."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/clients"))
from appending import Appending  # noqa: E402  pylint: disable=wrong-import-position


class TypescriptClient(Appending, unittest.TestCase):
    source = "clients/typescript/README.md"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(shutil.rmtree, folder)
        # npm's packages lie in the clone, which no sandbox copies.
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath("clients/typescript/package.json"))))
        cls.package = shutil.copytree("clients/typescript", os.path.join(folder, "package"))
        os.symlink(os.path.join(root, "node_modules"), os.path.join(folder, "node_modules"))
        subprocess.run([os.path.join(cls.package, "build")], env={**os.environ, "CAROUSEL_ROOT": root}, check=True, timeout=300)

    def example(self, *arguments):
        return subprocess.run(["node", os.path.join(self.package, "dist/examples/append.js"), self.server.address, *arguments],
                              capture_output=True, text=True, timeout=120, check=False)

    def test_the_package_says_its_types(self):
        self.assertTrue(os.path.exists(os.path.join(self.package, "dist/src/index.d.ts")))


if __name__ == "__main__":
    unittest.main()
