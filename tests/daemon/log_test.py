"""The log of a running carouseld, from its start to its end."""

import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position


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


class Log(unittest.TestCase):

    def test_tells_the_service_s_life_in_json(self):
        with robot.Robot() as server:
            def live():
                server.start()
                server.ctl_ok("drives")
                self.assertEqual(server.stop(), 0)

            lines = lines_of(live)
            messages = [line["message"] for line in lines]
            for message in ("inventory taken", "ready", "listening", "call", "draining", "stopped"):
                self.assertEqual(messages.count(message), 1, messages)
            self.assertLess(messages.index("listening"), messages.index("call"))
            self.assertEqual(messages[-2:], ["draining", "stopped"])
            listening = lines[messages.index("listening")]
            self.assertEqual(listening["robot"], "test")
            self.assertEqual((listening["grpc"], listening["http"]), (server.address, server.http))
            call = lines[messages.index("call")]
            self.assertEqual((call["severity"], call["code"]), ("INFO", "OK"))
            self.assertEqual(call["method"], "/carousel.v1.RobotService/ListDrives")


if __name__ == "__main__":
    unittest.main()
