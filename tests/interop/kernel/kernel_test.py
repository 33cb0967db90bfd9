#!/usr/bin/python3
"""The service behind the kernel's own drivers: in a guest, sg, sr and ch reach the virtual robot over iSCSI; what the service burns by sg
the kernel's isofs mounts, and every file of both sessions is as it was written.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import unittest

sys.path[:0] = [os.path.join(os.getcwd(), "tests/interop"), os.path.join(os.getcwd(), "tests/interop/kernel")]
import reports  # noqa: E402  pylint: disable=wrong-import-position
import target  # noqa: E402  pylint: disable=wrong-import-position
import trees  # noqa: E402  pylint: disable=wrong-import-position
from guest import HOST, PACKAGES, Guest  # noqa: E402  pylint: disable=wrong-import-position

_SECONDS = 180
# The model's time; the kernel and the service wait by the machine's.
_TIME_SCALE = 1000
_DEVICES = ("drive0", "drive1", "changer")
_MODULES = ("virtio_pci", "virtio_net", "iscsi_tcp", "sg", "sr_mod", "ch", "isofs")


def _sums(folder, below):
    """The lines of sha256sum for the files of a tree that stands at `below` ("./" or "./name/")."""
    lines = []
    for parent, _, names in os.walk(folder):
        for path in (os.path.join(parent, name) for name in names):
            if not os.path.islink(path):
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                lines.append("%s  %s%s\n" % (digest, below, os.path.relpath(path, folder)))
    return "".join(sorted(lines))


class _Robot:
    """`serve` with two drives and a changer, each at a socket."""

    def __init__(self, folder, store):
        self.sockets = {name: os.path.join(folder, name) for name in _DEVICES}
        words = [word for name in _DEVICES for word in (name.rstrip("01"), self.sockets[name])]
        self._command = [os.environ["SERVE"], store, str(_TIME_SCALE), *words]
        self._server = None

    def __enter__(self):
        self._server = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._server.stdout.readline() != b"ready\n":
            raise reports.JudgeError("serve does not start")
        return self

    def __exit__(self, *unused):
        self._server.communicate(timeout=30)


class Kernel(unittest.TestCase):

    def test_a_session_that_is_burned_by_sg_is_read_by_isofs(self):
        # A socket's path has 107 bytes at most.
        with tempfile.TemporaryDirectory(prefix="carousel-", dir="/tmp") as folder:
            first, job, store = (os.path.join(folder, name) for name in ("first", "job", "store"))
            added = os.path.join(job, "added")
            os.makedirs(first)
            os.makedirs(added)
            trees.simple(first)
            trees.third(added)
            image = os.path.join(folder, "first.iso")
            reports.run(["genisoimage", "-quiet", "-R", "-J", "-o", image, first])
            disc = os.environ["CAROUSEL_DISC"]
            reports.run([disc, "create", store, "A01", "--media=DVD+R", "--slot=1", "--session=%s@0" % image])
            reports.run([disc, "create", store, "A02", "--media=DVD+R", "--slot=2"])
            with open(os.path.join(job, "expected.sha256"), "w", encoding="utf-8") as file:
                file.write(_sums(first, "./") + _sums(added, "./added/"))
            with open(os.path.join(os.path.dirname(__file__), "job.sh"), "rb") as source, \
                    open(os.path.join(job, "job.sh"), "wb") as file:
                file.write(source.read())
            with _Robot(folder, store) as robot:
                nodes = {"/dev/sg%d" % number: path for number, path in enumerate(robot.sockets.values(), 40)}
                with target.Target(folder, os.path.realpath(os.environ["SHIM"]), nodes) as exported:
                    code, console = self._run(folder, job, exported.port)
            self.assertEqual(code, 0, console[-6000:])
            self.assertIn("job: done", console)

    def _run(self, folder, job, port):
        with open(os.path.join(job, "job.env"), "w", encoding="ascii") as file:
            file.write("TARGET=%s HOST=%s PORT=%d\n" % (target.NAME, HOST, port))
        guest = Guest(os.path.join(folder, "guest"), job)
        guest.add_modules(*_MODULES)
        guest.add_program(PACKAGES + "/sbin/iscsistart")
        for program in ("CAROUSELD", "CAROUSELCTL"):
            guest.add_program(os.environ[program])
        code, console = guest.run(_SECONDS)
        if "VERBOSE" in os.environ:
            print(console)
        return code, console


if __name__ == "__main__":
    unittest.main()
