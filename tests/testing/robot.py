"""A carouseld on the virtual robot, for tests that stand outside the process.

Programs come from the environment variables CAROUSELD, CAROUSELCTL and CAROUSEL_DISC. Everything is
kept below one temporary folder; the server listens on loopback ports that the system chooses.
"""

import json
import os
import signal
import subprocess
import tempfile
import time

_START_SECONDS = 30
_STOP_SECONDS = 30

_CONFIG = """
robot_id: "test"
listen { %(listen)s }
drives { id: "drive0" virtual { serial: "V0" %(drive0)s } }
drives { id: "drive1" virtual { serial: "V1" %(drive1)s } }
%(slots)s
virtual_robot { time_scale: %(time_scale)d changer_fault_plan: "%(changer)s" }
"""


def lines_of(work):
    """What a child of this process writes to stderr while `work` runs, each line parsed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=os.environ.get("TEST_TMPDIR")) as log:
        stderr = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            work()
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
        log.seek(0)
        return [json.loads(line) for line in log]


class Robot:
    """Owns a state folder and, between start() and stop(), a server. A context manager."""

    def __init__(self, slots=12, drive0="", drive1="", changer="", time_scale=1000, listen="insecure: true"):
        """`drive0`, `drive1`: text that goes into the drives' virtual {} of the configuration.
        `changer`: the arm's fault plan. `time_scale`: an import gives a drive up that has not answered for
        three minutes of the robot's time; where a busy machine must not bring that about, at most 200.
        `listen`: text that goes into the configuration's listen {}.
        """
        self._folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.folder = self._folder.name
        self.state = os.path.join(self.folder, "state")
        self.store = os.path.join(self.state, "discs")
        os.makedirs(self.store)
        self._config = os.path.join(self.folder, "config.textproto")
        with open(self._config, "w", encoding="utf-8") as file:
            file.write(_CONFIG % {
                "changer": changer,
                "drive0": drive0,
                "drive1": drive1,
                "listen": listen,
                "time_scale": time_scale,
                "slots": "\n".join('slots { id: "slot%d" }' % (i + 1) for i in range(slots)),
            })
        self._server = None
        # Options of every carouselctl.
        self.options = []
        self.address = None
        self.http = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()
        self._folder.cleanup()

    def disc(self, barcode, medium, slot, *options):
        """Makes a virtual disc. `options` are carousel-disc's."""
        subprocess.run(
            [os.environ["CAROUSEL_DISC"], "create", self.store, barcode, "--media=" + medium,
             "--slot=%d" % slot, *options], check=True, timeout=120)

    def configure(self, text):
        """Adds to the configuration; before start()."""
        with open(self._config, "a", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        """Starts the server and waits until it has written where it listens."""
        ports = os.path.join(self.folder, "ports")
        # Of an earlier start.
        if os.path.exists(ports):
            os.remove(ports)
        self._server = subprocess.Popen(
            [os.environ["CAROUSELD"], "--config", self._config, "--state_dir", self.state,
             "--listen", "127.0.0.1:0", "--http_listen", "127.0.0.1:0", "--port_file", ports])
        deadline = time.monotonic() + _START_SECONDS
        while not os.path.exists(ports) or not os.path.getsize(ports):
            if self._server.poll() is not None:
                raise RuntimeError("carouseld ended with %d" % self._server.returncode)
            if time.monotonic() > deadline:
                raise RuntimeError("carouseld did not start")
            time.sleep(0.02)
        with open(ports, encoding="utf-8") as file:
            lines = dict(line.strip().split("=", 1) for line in file)
        self.address, self.http = lines["grpc"], lines["http"]

    @property
    def pid(self):
        """Of the server that runs."""
        return self._server.pid

    def stop(self):
        """SIGTERM, and the exit code; None if it does not run."""
        if self._server is None:
            return None
        self._server.send_signal(signal.SIGTERM)
        try:
            return self._server.wait(_STOP_SECONDS)
        finally:
            if self._server.poll() is None:
                self._server.kill()
            self._server = None

    def ctl(self, *arguments):
        """Runs carouselctl; (exit code, stdout, stderr)."""
        done = subprocess.run(
            [os.environ["CAROUSELCTL"], "--address", self.address, *self.options, *arguments],
            capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def ctl_ok(self, *arguments):
        """The same, and its JSON output; fails unless the command succeeds."""
        code, out, err = self.ctl("-o", "json", "-q", *arguments)
        if code != 0:
            raise AssertionError("carouselctl %s: %s" % (" ".join(arguments), err))
        return json.loads(out)
