"""Clients that mean harm, on the listener without certificates, where they get furthest: a burn that runs ends undisturbed, other clients are
served, and memory stays bounded. Names have the number of the row in docs/security.md, "Bad input".
"""

import os
import resource
import socket
import sys
import unittest

import grpc

sys.path[:0] = [os.path.join(os.getcwd(), "tests/testing"), os.path.join(os.getcwd(), "tests/security")]
import http2  # noqa: E402  pylint: disable=wrong-import-position
import robot  # noqa: E402  pylint: disable=wrong-import-position

_PATH = b"/carousel.v1.RobotService/ListDrives"
_UPLOAD = b"/carousel.v1.FileSystemImageService/UploadFile"
_CONNECTIONS = 900
# What the process may grow by while it is attacked: gRPC's quota and some more.
_MIB = 1 << 20
_GROWTH = 160 * _MIB


class Hostile(unittest.TestCase):

    def setUp(self):
        # Slow enough that the burn of some 40 MB and its verification outlast the attack.
        self.server = self.enterContext(robot.Robot(time_scale=3))
        self.server.configure("limits { max_transport_bytes: %d max_concurrent_streams: 7 max_connections: %d }\n" % (64 * _MIB, _CONNECTIONS))
        self.server.disc("A1", "DVD+R", 1)
        self.server.start()
        self.before = self.memory()

    def memory(self):
        with open("/proc/%d/status" % self.server.pid, encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))

    def start_burn(self):
        """Begins a burn; its operation."""
        tree = os.path.join(self.server.folder, "tree")
        os.makedirs(tree)
        with open(os.path.join(tree, "file"), "wb") as file:
            file.write(os.urandom(40 * _MIB))
        self.server.ctl_ok("load", "A1", "drive0")
        image = self.server.ctl_ok("image", "create")["name"]
        self.server.ctl_ok("image", "add", image, tree, "--to", "/")
        self.server.ctl_ok("image", "result", "create", image)
        burn = self.server.ctl_ok("burn", image, "--drive", "drive0", "--verify", "full", "--no-wait")["name"]
        self.before = self.memory()
        return burn

    def end(self, burn):
        """It was attacked while it burned; it ends well, and nothing has grown."""
        self.assertFalse(self.server.ctl_ok("operations", "show", burn).get("done", False))
        self.assertLess(self.memory() - self.before, _GROWTH)
        self.server.ctl_ok("operations", "wait", burn)
        shown = self.server.ctl_ok("operations", "show", burn)
        self.assertNotIn("error", shown)
        self.assertEqual(shown["response"]["disc_state"], "good")

    def test_row_28_uploads_that_are_reset_as_fast_as_they_come(self):
        burn = self.start_burn()
        with http2.connect(self.server.address) as connection:
            for first in range(1, 40_000, 2 * 100):
                pieces = b"".join(http2.frame(http2.HEADERS, http2.END_HEADERS, stream, http2.request_headers(_UPLOAD)) +
                                  http2.frame(http2.RST_STREAM, 0, stream, b"\0\0\0\x08") for stream in range(first, first + 200, 2))
                try:
                    connection.sendall(pieces)
                except OSError:
                    break  # it was shown the door
        self.assertEqual(len(self.server.ctl_ok("drives")["drives"]), 2)
        self.end(burn)

    def test_row_30_ten_thousand_connections_that_say_nothing_or_half_a_word(self):
        burn = self.start_burn()
        host, port = self.server.address.rsplit(":", 1)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        first = []
        try:
            for number in range(10_000):
                connection = socket.create_connection((host, int(port)), timeout=60)
                if len(first) < _CONNECTIONS // 2:
                    # These stay: there is room for others.
                    if number % 2:
                        connection.sendall(http2.PREFACE[:10])
                    first.append(connection)
                else:
                    connection.close()
            self.assertEqual(len(self.server.ctl_ok("drives")["drives"]), 2)
            self.assertLess(self.memory() - self.before, _GROWTH)
            # Those who never say a whole preface are closed, be it that they say nothing.
            for connection in first[:2]:
                self.assertTrue(_is_closed(connection))
        finally:
            for connection in first:
                connection.close()
        self.end(burn)

    def test_row_34_more_connections_than_there_may_be(self):
        host, port = self.server.address.rsplit(":", 1)
        connections = [socket.create_connection((host, int(port)), timeout=60) for _ in range(_CONNECTIONS + 50)]
        # In the order in which they came: the last are turned away at once, the first in time.
        for connection in connections[::-1]:
            self.assertTrue(_is_closed(connection))
            connection.close()
        self.assertEqual(len(self.server.ctl_ok("drives")["drives"]), 2)
        self.assertLess(self.memory() - self.before, _GROWTH)

    def test_row_35_a_slow_request_a_byte_at_a_time(self):
        burn = self.start_burn()
        request = http2.frame(http2.HEADERS, http2.END_HEADERS, 1, http2.request_headers(_PATH))
        connections = [http2.connect(self.server.address) for _ in range(50)]
        for byte in request:
            for connection in connections:
                connection.sendall(bytes((byte,)))
        self.assertEqual(len(self.server.ctl_ok("drives")["drives"]), 2)
        for connection in connections:
            connection.close()
        self.end(burn)

    def test_row_36_headers_beyond_the_limit(self):
        with grpc.insecure_channel(self.server.address) as channel:
            call = channel.unary_unary(_PATH.decode())
            call(b"", timeout=60, metadata=(("x-pad", "a" * 4000),))
            with self.assertRaises(grpc.RpcError) as refused:
                call(b"", timeout=60, metadata=(("x-pad", "a" * 40_000),))
            self.assertEqual(refused.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertLess(self.memory() - self.before, _GROWTH)

    def test_row_37_no_more_calls_of_one_connection_than_are_told(self):
        with http2.connect(self.server.address) as connection:
            self.assertEqual(http2.settings(connection)[http2.MAX_CONCURRENT_STREAMS], 7)


def _is_closed(connection):
    """Whether the other side ends the connection; it waits for that a minute."""
    try:
        while connection.recv(1 << 16):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


if __name__ == "__main__":
    unittest.main()
