"""What a running carouseld says of its health: /readyz and grpc.health.v1."""

import os
import sys
import unittest
import urllib.error
import urllib.request

import grpc

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

SECONDS = 60
# HealthCheckResponse.status, field 1 (grpc/health/v1/health.proto).
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"
NEVER = "; ".join("read %d silent" % n for n in range(1, 2001))


def request(service):
    """A HealthCheckRequest: field 1 is the service's name."""
    name = service.encode()
    return b"\x0a" + bytes([len(name)]) + name if name else b""


def readyz(server):
    """The status and the text of /readyz."""
    try:
        with urllib.request.urlopen("http://%s/readyz" % server.http, timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check(channel, service=""):
    return channel.unary_unary("/grpc.health.v1.Health/Check")(request(service), timeout=SECONDS)


def await_health(channel, wanted):
    """Reads changes of the server's health until it is the wanted one; a deadline ends the stream with an error."""
    for answer in channel.unary_stream("/grpc.health.v1.Health/Watch")(request(""), timeout=SECONDS):
        if answer == wanted:
            return


class Readiness(unittest.TestCase):

    def test_a_robot_that_answers_is_ready(self):
        with robot.Robot() as server:
            server.start()
            with grpc.insecure_channel(server.address) as channel:
                await_health(channel, SERVING)
                self.assertEqual(readyz(server), (200, "ok\n"))
                for service in ("carousel.v1.RobotService", "carousel.v1.DiscFormatService",
                                "carousel.v1.FileSystemImageService", "google.longrunning.Operations"):
                    self.assertEqual(check(channel, service), SERVING, service)

    def test_a_silent_changer_leaves_the_service_there_but_not_ready(self):
        with robot.Robot(changer=NEVER) as server:
            server.start()
            code, text = readyz(server)
            self.assertEqual(code, 503)
            self.assertIn("changer: virtual changer: no answer to READ ELEMENT STATUS", text)
            with grpc.insecure_channel(server.address) as channel:
                self.assertEqual(check(channel), NOT_SERVING)
                self.assertEqual(check(channel, "carousel.v1.RobotService"), SERVING)
            self.assertEqual(server.ctl_ok("drives")["drives"][0]["name"], "drives/drive0")
            self.assertEqual(server.stop(), 0)

    def test_a_changer_that_answers_later_makes_it_ready(self):
        with robot.Robot(changer="read 1 silent; read 2 silent; read 3 silent; read 4 silent") as server:
            server.disc("A1", "BD-R", 1)
            server.start()
            with grpc.insecure_channel(server.address) as channel:
                await_health(channel, SERVING)
            self.assertEqual(readyz(server), (200, "ok\n"))
            self.assertEqual(server.ctl_ok("discs")["discs"][0]["name"], "discs/A1")

    def test_a_dead_drive_is_named_with_its_reason(self):
        with robot.Robot(drive0='fault_plan: "from 1 INQUIRY sense 4/44/00"') as server:
            server.start()
            with grpc.insecure_channel(server.address) as channel:
                await_health(channel, NOT_SERVING)
                code, text = readyz(server)
                self.assertEqual(code, 503)
                self.assertIn("drives/drive0: ", text)
                self.assertIn("4/44/00", text)
                self.assertNotIn("drive1", text)
                self.assertEqual(check(channel, "carousel.v1.FileSystemImageService"), SERVING)


if __name__ == "__main__":
    unittest.main()
