"""The log of a running carouseld, from its start to its end."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position


class Log(unittest.TestCase):

    def test_tells_the_service_s_life_in_json(self):
        with robot.Robot() as server:
            def live():
                server.start()
                server.ctl_ok("drives")
                self.assertEqual(server.stop(), 0)

            lines = robot.lines_of(live)
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
