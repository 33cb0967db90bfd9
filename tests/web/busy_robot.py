"""A robot that has much to show: discs, a burn that runs, one that has ended, a validation that failed, a drive that does not answer."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.getcwd(), "tests/testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

_MIB = 1 << 20


class BusyRobot(robot.Robot):
    """start_burn() after start()."""

    def __init__(self, time_scale=4, **options):
        super().__init__(slots=20, time_scale=time_scale, **options)
        session = os.path.join(self.folder, "first.iso")
        subprocess.run(["genisoimage", "-quiet", "-R", "-V", "<b>MAY</b>", "-o", session, "tests/testing"], check=True, timeout=60)
        self.disc("BDR0001", "BD-R", 1)
        self.disc("DVD0002", "DVD-R", 2, "--session=%s@0" % session, "--closed")
        for slot in range(3, 9):
            self.disc("BDR%04d" % slot, "BD-R", slot)

    def refuse(self):
        """Has a validation fail."""
        self.ctl_ok("load", "DVD0002", "drive1")
        image = self.ctl_ok("image", "create")["name"]
        code, _, err = self.ctl("image", "set-multisession", image, "drive1")
        assert code == 3, err
        self.ctl_ok("unload", "drive1")

    def start_burn(self, size=400 * _MIB):
        """Begins a burn in drive0; its operation."""
        path = os.path.join(self.folder, "file")
        with open(path, "wb") as file:
            file.truncate(size)
        self.ctl_ok("load", "BDR0001", "drive0")
        image = self.ctl_ok("image", "create")["name"]
        self.ctl_ok("image", "add", image, path, "--to", "/")
        self.ctl_ok("image", "result", "create", image)
        return self.ctl_ok("burn", image, "--drive", "drive0", "--no-wait")["name"]
