"""The client for Node.js as its users have it: built by tsc, and its example run against a service on the virtual robot."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position


class TypescriptClient(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(shutil.rmtree, folder)
        # npm's packages lie in the clone, which no sandbox copies.
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath("clients/typescript/package.json"))))
        cls.package = shutil.copytree("clients/typescript", os.path.join(folder, "package"))
        os.symlink(os.path.join(root, "node_modules"), os.path.join(folder, "node_modules"))
        subprocess.run([os.path.join(cls.package, "build")], env={**os.environ, "CAROUSEL_ROOT": root}, check=True, timeout=300)

    def setUp(self):
        self.server = self.enterContext(robot.Robot(time_scale=200))
        session = os.path.join(self.server.folder, "first.iso")
        subprocess.run(["genisoimage", "-quiet", "-R", "-o", session, "tests/clients"], check=True, timeout=60)
        self.server.disc("A1", "DVD+R", 1, "--session=%s@0" % session)
        self.server.disc("CLOSED", "DVD-R", 2, "--session=%s@0" % session, "--closed")
        self.server.start()

    def example(self, *arguments):
        return subprocess.run(["node", os.path.join(self.package, "dist/examples/append.js"), self.server.address, *arguments],
                              capture_output=True, text=True, timeout=120, check=False)

    def test_the_package_says_its_types(self):
        self.assertTrue(os.path.exists(os.path.join(self.package, "dist/src/index.d.ts")))

    def test_the_example_appends_a_file_to_a_disc(self):
        done = self.example("A1", "drive0", "clients/typescript/README.md")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "session 2: discs/A1\n")
        self.server.ctl_ok("load", "A1", "drive1")
        self.assertEqual(len(self.server.ctl_ok("disc", "show", "drive1")["sessions"]), 2)

    def test_the_example_says_by_imapi_s_name_why_a_disc_takes_no_more(self):
        done = self.example("CLOSED", "drive0", "clients/typescript/README.md")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
