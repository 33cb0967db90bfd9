"""tgtd on this machine's loopback, which passes devices of the virtual robot on as logical units, untouched."""

import os
import signal
import socket
import subprocess
import time

import reports

NAME = "iqn.2026-11.dev.carousel:kernel"
_SECONDS = 600
_START_SECONDS = 30


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Target:
    """A context manager. `nodes`: the shim's devices by the node that tgtd opens, "/dev/sg40" -> a socket's path."""

    def __init__(self, folder, shim, nodes):
        self._log = os.path.join(folder, "tgtd.log")
        self._environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TGT_IPC_SOCKET": os.path.join(folder, "ctl")}
        self._shim = {"LD_PRELOAD": shim, "CDB_SHIM": ";".join("%s=%s" % item for item in nodes.items())}
        self._nodes = list(nodes)
        self._daemon = None
        self.port = 0

    def __enter__(self):
        deadline = time.monotonic() + _START_SECONDS
        # tgtd cannot choose a port itself: one that was free a moment ago.
        while not self._start():
            if time.monotonic() > deadline:
                raise reports.JudgeError("tgtd does not start")
        self._admin("--op new --mode target --tid 1 -T " + NAME)
        for lun, node in enumerate(self._nodes, 1):
            self._admin("--op new --mode logicalunit --tid 1 --lun %d -Y pt --bstype sg -b %s" % (lun, node))
        self._admin("--op bind --mode target --tid 1 -I 127.0.0.1")
        return self

    def _start(self):
        self.port = _free_port()
        with open(self._log, "ab") as log:
            # It ends by itself should this process be killed; timeout makes a process group of the two.
            self._daemon = subprocess.Popen(
                ["timeout", "-s", "KILL", str(_SECONDS), "tgtd", "-f", "-C", "1", "--iscsi",
                 "portal=127.0.0.1:%d,nop_interval=0,nop_count=0" % self.port],
                env={**self._environment, **self._shim}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while self._daemon.poll() is None:
            if self._ask("--op show --mode system").returncode == 0:
                return True
        return False

    def _ask(self, words):
        return subprocess.run(["tgtadm", "-C", "1", "--lld", "iscsi", *words.split()], env=self._environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def _admin(self, words):
        done = self._ask(words)
        if done.returncode != 0:
            raise reports.JudgeError("tgtadm %s: %s" % (words, done.stdout.decode()))

    def __exit__(self, *unused):
        if self._daemon.poll() is None:
            os.killpg(self._daemon.pid, signal.SIGKILL)
        self._daemon.wait()
