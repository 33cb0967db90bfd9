"""A real Prometheus scrapes a real carouseld that works for two minutes; every expression of the dashboards and the alerts answers.

The expression of an alert is taken without its threshold: what it watches must be there while nothing is wrong.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import yaml

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

DASHBOARDS = sorted(pathlib.Path(os.environ["DASHBOARDS"]).parent.glob("*.json"))
RULES = pathlib.Path(os.environ["RULES"])
WORK_SECONDS = float(os.environ.get("WORK_SECONDS", "120"))
SCRAPE = 2
# Of a panel in Grafana at least four scrapes; here all that the run has.
RATE_INTERVAL = "2m"
_START_SECONDS = 30
# drive1 fails a WRITE of its first burn, reads no disc after some, and does not answer one of these READs.
_FAULTS = 'fault_plan: "at 20 WRITE(10) sense 3/0C/00; at 7 READ(10) hang; from 4 READ(10) sense 3/11/05"'


class Prometheus:
    """Scrapes one target and evaluates the rules. A context manager."""

    def __init__(self, folder, target):
        self._folder = pathlib.Path(folder)
        config = {
            "global": {"scrape_interval": f"{SCRAPE}s", "evaluation_interval": f"{SCRAPE}s"},
            "rule_files": [str(RULES.resolve())],
            "scrape_configs": [{"job_name": "carousel", "static_configs": [{"targets": [target]}]}],
        }
        (self._folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self._process = None
        self.address = None

    def __enter__(self):
        # It cannot choose a port itself: one that was free a moment ago, again if another took it.
        for _ in range(5):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.address = "127.0.0.1:%d" % probe.getsockname()[1]
            self._process = subprocess.Popen(
                ["prometheus", f"--config.file={self._folder}/prometheus.yml", f"--storage.tsdb.path={self._folder}/data",
                 f"--web.listen-address={self.address}", "--log.level=error"])
            if self._answers():
                return self
        raise RuntimeError("prometheus does not start")

    def _answers(self):
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=5):
                    return True
            except OSError:
                time.sleep(0.1)
        return False

    def __exit__(self, *unused):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        finally:
            self._process.kill()

    def query(self, expression):
        """The samples of an instant query, as floats."""
        data = urllib.parse.urlencode({"query": expression}).encode()
        with urllib.request.urlopen(f"http://{self.address}/api/v1/query", data=data, timeout=30) as answer:
            result = json.load(answer)["data"]
        return [float(sample["value"][1]) for sample in result["result"]]


    def series(self, expression, seconds):
        """The series of a range query over the last `seconds`: each its labels and its [time, value] pairs."""
        end = time.time()
        data = urllib.parse.urlencode({"query": expression, "start": end - seconds, "end": end, "step": SCRAPE}).encode()
        with urllib.request.urlopen(f"http://{self.address}/api/v1/query_range", data=data, timeout=30) as answer:
            return json.load(answer)["data"]["result"]


class Work:
    """What a robot does in an ordinary night, and what goes wrong in it."""

    def __init__(self, server):
        self._server = server
        self._discs = iter(range(10_000))

    def _image(self, drive):
        image = self._server.ctl_ok("image", "create")["name"]
        self._server.ctl("image", "set-multisession", image, drive)
        return image

    def append(self, drive, verify="full"):
        """Adds a file to the disc in the drive. Whether it went well."""
        image = self._image(drive)
        self._server.ctl("image", "import", image)
        path = pathlib.Path(self._server.folder) / f"content-{next(self._discs)}"
        path.write_bytes(os.urandom(3_000_000))
        self._server.ctl_ok("image", "add", image, str(path), "--to", "/")
        self._server.ctl_ok("image", "result", "create", image)
        code, _, _ = self._server.ctl("burn", image, "--drive", drive, "--verify", verify)
        self._server.ctl("image", "delete", image)
        return code == 0

    def once(self):
        """A disc is loaded, looked at, appended to, verified, put back; another is refused; a rewritable one is erased."""
        server = self._server
        for barcode in ("PLUS", "REWRITE", "FINAL"):
            server.ctl_ok("load", barcode, "drive0")
            if barcode == "FINAL":
                self._image("drive0")
            else:
                self.append("drive0")
                server.ctl("verify", "drive0", "--quick")
            if barcode == "REWRITE":
                server.ctl("erase", "drive0", "--mode", "minimal", "--confirm", barcode)
            server.ctl_ok("unload", "drive0")

    def go_wrong(self):
        """A burn fails, another leaves its disc suspect, which then can be neither imported nor verified; a call fails."""
        server = self._server
        for barcode in ("BAD", "WORSE"):
            server.ctl_ok("load", barcode, "drive1")
            if self.append("drive1"):
                raise AssertionError(f"{barcode} was burned well")
            if barcode == "WORSE":
                server.ctl("image", "import", self._image("drive1"))
                server.ctl("verify", "drive1")
            server.ctl_ok("unload", "drive1")
        server.ctl("image", "update", "images/none")


def _without_threshold(expression):
    """Alternatives of an alert's expression, each without what it is compared with."""
    for alternative in re.split(r"\n\s*or ", expression.strip()):
        yield re.sub(r"\s*(==|>=|<=|>|<)\s*[0-9.]+\s*$", "", alternative.strip())


# Alternatives of alerts that are about a series' first samples: there is nothing while no such series is new.
_ONLY_NEW = re.compile(r"unless \S+ offset")


class LiveDashboards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(cls._folder.cleanup)
        server = robot.Robot(time_scale=60, drive1=_FAULTS)
        cls.addClassCleanup(server.__exit__)
        session = os.path.join(server.folder, "session")
        pathlib.Path(session).write_bytes(b"\x5a" * 2048 * 400)
        server.disc("PLUS", "BD-R", 1)
        server.disc("REWRITE", "DVD-RW", 2)
        server.disc("FINAL", "DVD+R", 3, f"--session={session}@0", "--closed")
        server.disc("BAD", "DVD+R", 4)
        server.disc("WORSE", "DVD+R", 5)
        server.start()
        prometheus = Prometheus(cls._folder.name, server.http)
        prometheus.__enter__()
        cls.addClassCleanup(prometheus.__exit__)
        cls.prometheus = prometheus
        work = Work(server)
        end = time.monotonic() + WORK_SECONDS
        work.go_wrong()
        while time.monotonic() < end:
            work.once()
        # What happened last has to be scraped twice.
        time.sleep(3 * SCRAPE)

    def _holds(self, where, expression):
        samples = self.prometheus.query(expression)
        if not [sample for sample in samples if sample == sample]:
            return [f"{where}: {expression}: {'not a number' if samples else 'no data'}"]
        return []

    def test_every_panel_has_data(self):
        empty, seen = [], {}
        for path in DASHBOARDS:
            board = json.loads(path.read_text())
            for panel in board["panels"]:
                for target in panel.get("targets", []):
                    expression = target["expr"].replace("$__rate_interval", RATE_INTERVAL).replace("$instance", ".+")
                    empty += self._holds(f"{board['uid']}: {panel['title']}", expression)
                    seen[f"{path.stem} {panel['id']} {target['refId']}"] = self.prometheus.series(expression, WORK_SECONDS)
        # What tools/lib/draw_dashboards draws.
        if "SERIES" in os.environ:
            pathlib.Path(os.environ["SERIES"]).write_text(json.dumps(seen))
        self.assertEqual(empty, [])

    def test_every_alert_watches_something(self):
        empty = []
        for group in yaml.safe_load(RULES.read_text())["groups"]:
            for rule in group["rules"]:
                for expression in _without_threshold(rule["expr"]):
                    if not _ONLY_NEW.search(expression):
                        empty += self._holds(rule.get("alert") or rule["record"], expression)
        self.assertEqual(empty, [])


if __name__ == "__main__":
    unittest.main()
