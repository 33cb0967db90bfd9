"""Reflection of a running carouseld resolves every service that it lists, for clients that have no .proto files."""

import os
import sys
import unittest

import grpc

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

SECONDS = 60
METHOD = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
# Fields of ServerReflectionRequest and ServerReflectionResponse (grpc/reflection/v1alpha/reflection.proto).
FILE_CONTAINING_SYMBOL, LIST_SERVICES = 4, 7
FILE_DESCRIPTORS, SERVICES = 4, 6


def text_field(number, text):
    """A field of the wire format that holds a text of less than 128 bytes."""
    return bytes([number << 3 | 2, len(text)]) + text


def varint(message, at):
    """The number that begins at a place, and the place behind it."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(message):
    """The number and the value of each field; only lengths and varints occur."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        value, at = varint(message, at)
        if key & 7 == 2:
            value, at = message[at:at + value], at + value
        yield key >> 3, value


class Reflection(unittest.TestCase):

    def test_every_listed_service_is_resolved(self):
        with robot.Robot() as server:
            server.start()
            with grpc.insecure_channel(server.address) as channel:
                ask = channel.stream_stream(METHOD)
                (listed,) = ask(iter([text_field(LIST_SERVICES, b"*")]), timeout=SECONDS)
                services = [value for number, value in fields(dict(fields(listed))[SERVICES]) if number == 1]
                names = [dict(fields(service))[1] for service in services]
                for name in (b"carousel.v1.RobotService", b"google.longrunning.Operations", b"grpc.health.v1.Health"):
                    self.assertIn(name, names)
                requests = [text_field(FILE_CONTAINING_SYMBOL, name) for name in names]
                for name, answer in zip(names, ask(iter(requests), timeout=SECONDS)):
                    found = dict(fields(answer)).get(FILE_DESCRIPTORS, b"")
                    self.assertIn(name.rsplit(b".", 1)[1], found, "%s: %r" % (name, answer))


if __name__ == "__main__":
    unittest.main()
