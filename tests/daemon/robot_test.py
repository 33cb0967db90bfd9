"""carouselctl robot and doctor, on a service that runs: the picture that follows the robot, and what is found wrong."""

import os
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

_SECONDS = 60


class Picture(unittest.TestCase):

    def test_is_drawn_anew_when_a_disc_moves(self):
        with robot.Robot(slots=3, time_scale=200) as server:
            server.disc("A1", "DVD+R", 2)
            server.start()
            with subprocess.Popen([os.environ["CAROUSELCTL"], "--address", server.address, "robot", "-w"], stdout=subprocess.PIPE,
                                  text=True) as watching:
                # Whatever goes wrong, the reading below ends.
                guard = threading.Timer(_SECONDS, watching.kill)
                guard.start()
                self.assertTrue(any("slot2 [A1]" in line for line in watching.stdout))
                server.ctl_ok("load", "A1", "drive0")
                self.assertTrue(any(line.split()[:3] == ["drive0", "READY", "A1"] for line in watching.stdout))
                self.assertTrue(any("slot2 [ ]" in line for line in watching.stdout), "the slot is empty in the same picture")
                guard.cancel()
                watching.terminate()

    def test_ends_with_the_service(self):
        with robot.Robot(slots=1) as server:
            server.start()
            with subprocess.Popen([os.environ["CAROUSELCTL"], "--address", server.address, "robot", "-w"], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as watching:
                self.assertTrue(any("slot1" in line for line in watching.stdout))
                server.stop()
                _, said = watching.communicate(timeout=_SECONDS)
            self.assertEqual(watching.returncode, 4)
            self.assertIn("DRAINING", said)


class Doctor(unittest.TestCase):

    def test_names_a_dead_drive_and_what_to_do(self):
        with robot.Robot(slots=1, drive0='fault_plan: "from 1 INQUIRY sense 4/44/00"') as server:
            server.start()
            code, said, _ = server.ctl("doctor")
            self.assertEqual(code, 3)
            self.assertRegex(said, r"(?m)^problem: drives/drive0 is out of service: .*\n  next: ")
            self.assertRegex(said, r"(?m)^good: drives/drive1 answers and is matched to its element: .*, V1$")
            self.assertRegex(said, r"(?m)^good: the clocks agree$")


if __name__ == "__main__":
    unittest.main()
