"""What the clients' examples are run against, and what they have to do, whatever language they are in."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.getcwd(), "tests/testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position


class Appending:
    """For a TestCase that has `source`, a file, and `example(*arguments)`, which runs the example with ADDRESS and these."""

    source = ""

    def setUp(self):
        self.server = self.enterContext(robot.Robot(time_scale=200))
        session = os.path.join(self.server.folder, "first.iso")
        subprocess.run(["genisoimage", "-quiet", "-R", "-o", session, "tests/clients"], check=True, timeout=60)
        self.server.disc("A1", "DVD+R", 1, "--session=%s@0" % session)
        self.server.disc("CLOSED", "DVD-R", 2, "--session=%s@0" % session, "--closed")
        self.server.start()

    def test_the_example_appends_a_file_to_a_disc(self):
        done = self.example("A1", "drive0", self.source)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "session 2: discs/A1\n")
        self.server.ctl_ok("load", "A1", "drive1")
        self.assertEqual(len(self.server.ctl_ok("disc", "show", "drive1")["sessions"]), 2)

    def test_the_example_says_by_imapi_s_name_why_a_disc_takes_no_more(self):
        done = self.example("CLOSED", "drive0", self.source)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED: ", done.stderr)
