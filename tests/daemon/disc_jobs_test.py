"""What carouselctl does with the disc in a drive: show, verify, erase, close, repair."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

# Exit codes as `carouselctl --help` has them.
_REFUSED = 3
_TRY_AGAIN = 4


class DiscJobs(unittest.TestCase):

    def setUp(self):
        self._server = robot.Robot(time_scale=200)
        self.addCleanup(self._server.__exit__)
        session = os.path.join(self._server.folder, "session")
        with open(session, "wb") as file:
            file.write(b"\x5a" * 2048 * 400)
        self._server.disc("RW", "CD-RW", 1, "--session=%s@0" % session)
        self._server.disc("R", "DVD+R", 2, "--session=%s@0" % session)
        self._server.start()

    def _load(self, disc):
        self._server.ctl_ok("load", disc, "drive0")

    def test_a_disc_is_shown_with_its_sessions(self):
        self._load("R")
        shown = self._server.ctl_ok("disc", "show", "drive0", "-l")
        self.assertEqual([session["sectors"] for session in shown["sessions"]], ["400"])
        self.assertNotIn("manifest", shown)
        _, text, _ = self._server.ctl("disc", "show", "drive0")
        self.assertRegex(text, r"(?m)^medium +DVD\+R$")
        self.assertRegex(text, r"(?m)^state +appendable$")
        self.assertRegex(text, r"(?m)^1 +0 +400 ")

    def test_a_verification_shows_how_far_it_is_and_what_it_found(self):
        self._load("R")
        code, text, progress = self._server.ctl("verify", "drive0")
        self.assertEqual(code, 0, progress)
        self.assertRegex(text, r"(?m)^compared with +nothing")
        self.assertRegex(text, r"(?m)^sha256 +[0-9a-f]{64}$")
        self.assertTrue(re.search(r"completed", progress), progress)
        found = self._server.ctl_ok("verify", "drive0", "--quick", "--session", "1")
        self.assertEqual(found["session"]["number"], 1)
        code, _, error = self._server.ctl("verify", "drive0", "--session", "2")
        self.assertEqual(code, _REFUSED, error)

    def test_a_disc_is_erased_if_it_is_the_one_that_was_named(self):
        self._load("RW")
        code, _, error = self._server.ctl("erase", "drive0", "--mode", "minimal", "--confirm", "R")
        self.assertEqual(code, _TRY_AGAIN, error)
        self.assertIn("IMAPI_E_DISC_MISMATCH", error)
        code, text, error = self._server.ctl("erase", "drive0", "--mode", "minimal", "--confirm", "RW")
        self.assertEqual(code, 0, error)
        self.assertIn("blank", text)
        self.assertEqual(self._server.ctl_ok("disc", "show", "drive0").get("sessions", []), [])

    def test_a_disc_that_keeps_what_is_on_it_is_refused(self):
        self._load("R")
        code, _, error = self._server.ctl("erase", "drive0", "--confirm", "R")
        self.assertEqual(code, _REFUSED, error)
        self.assertIn("E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE", error)
        code, _, error = self._server.ctl("repair", "drive0")
        self.assertEqual(code, _REFUSED, error)

    def test_a_disc_is_closed_for_ever(self):
        self._load("R")
        code, _, error = self._server.ctl("close", "drive0")
        self.assertEqual(code, _REFUSED, error)
        closed = self._server.ctl_ok("close", "drive0", "--disc", "--confirm", "R")
        self.assertEqual(closed["disc_format"]["media_statuses"], ["MEDIA_STATUS_FINALIZED"])


if __name__ == "__main__":
    unittest.main()
