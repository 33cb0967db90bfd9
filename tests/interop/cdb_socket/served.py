"""Programs of others on a drive of the virtual robot: `serve` behind the shim, as an ordinary user."""

import os
import re
import shutil
import subprocess
import tempfile
import time

import reports

# The model's time; programs wait by the machine's.
TIME_SCALE = 1000
_START_SECONDS = 30
_READY_SECONDS = 30
_NOBODY = 65534


class Served:
    """A store with one disc in its only drive, which is /dev/sr0 for what `run` runs; its changer is /dev/sg1. A context manager."""

    def __init__(self, medium, *options):
        # A socket's path has 107 bytes at most, and an ordinary user has to get at it.
        self.folder = tempfile.mkdtemp(prefix="carousel-", dir="/tmp")
        os.chmod(self.folder, 0o777)
        self.store = os.path.join(self.folder, "store")
        self._medium, self._options = medium, options
        self._socket = os.path.join(self.folder, "drive")
        self._arm = os.path.join(self.folder, "changer")
        self._shim = os.path.join(self.folder, "shim.so")
        shutil.copyfile(os.environ["SHIM"], self._shim)
        os.chmod(self._shim, 0o755)
        self._server = None

    def __enter__(self):
        reports.run([os.environ["CAROUSEL_DISC"], "create", self.store, "A01", "--media=" + self._medium, "--slot=1", *self._options])
        self.insert("A01")
        return self.start()

    def insert(self, barcode):
        """Lays a disc of the store into the drive; before start()."""
        with open(os.path.join(self.store, "locations.txt"), "w", encoding="ascii") as file:
            file.write("locations-format 1\ndisc %s drive 1 home 1\n" % barcode)

    def start(self):
        self._server = subprocess.Popen(
            [os.environ["SERVE"], self.store, str(TIME_SCALE), "drive", self._socket, "changer", self._arm],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._server.stdout.readline() != b"ready\n":
            raise reports.JudgeError("serve does not start")
        os.chmod(self._socket, 0o777)
        os.chmod(self._arm, 0o777)
        self.wait_until_ready()
        return self

    def stop(self):
        if self._server is not None:
            self._server.communicate(timeout=_START_SECONDS)
            self._server = None

    def __exit__(self, *unused):
        self.stop()
        shutil.rmtree(self.folder)

    def attempt(self, *command, seconds=120):
        """Runs a program that finds the drive at /dev/sr0: (exit code, stdout and stderr)."""
        environment = {**reports.ENVIRONMENT, "PATH": "/usr/bin:/bin:/usr/sbin", "HOME": self.folder,
                       "CDB_SHIM": "/dev/sr0=%s;/dev/sg1=%s" % (self._socket, self._arm)}
        shim = ["env", "LD_PRELOAD=" + self._shim]
        if os.geteuid() == 0:
            shim = ["setpriv", "--reuid=%d" % _NOBODY, "--regid=%d" % _NOBODY, "--clear-groups", *shim]
        try:
            done = subprocess.run([*shim, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  cwd=self.folder, env=environment, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise reports.JudgeError("%s ran for more than %g s" % (command[0], seconds)) from error
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def run(self, *command):
        """The same of one that has to end well; what it says."""
        code, text = self.attempt(*command)
        if code != 0:
            raise reports.JudgeError("%s: exit code %d: %s" % (" ".join(command), code, text[-2000:]))
        return text

    def wait_until_ready(self):
        """As a person waits until the light stops blinking: growisofs asks once."""
        deadline = time.monotonic() + _READY_SECONDS
        while self.attempt("sg_turs", "/dev/sr0")[0] != 0:
            if time.monotonic() > deadline:
                raise reports.JudgeError("the drive does not become ready")
            time.sleep(0.1)

    @property
    def data(self):
        return os.path.join(self.store, "discs/A01/data")

    def starts(self):
        """Where the sessions of a sequential disc begin, by the store."""
        with open(os.path.join(self.store, "discs/A01/disc.txt"), encoding="ascii") as file:
            return [int(start) for start in re.findall(r"^track .*start=(\d+)", file.read(), re.MULTILINE)]
