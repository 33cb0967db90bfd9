"""HTTP/2 by hand (RFC 9113), for what no client library would send."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, HEADERS, RST_STREAM, CONTINUATION = 4, 1, 3, 9
END_HEADERS = 4
# Of SETTINGS.
MAX_CONCURRENT_STREAMS = 3


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def _literal(name, value):
    """A header that no table keeps; lengths below 127 (RFC 7541, 6.2.2)."""
    return b"\0" + bytes((len(name),)) + name + bytes((len(value),)) + value


def request_headers(path, more=b""):
    """The headers of a gRPC request."""
    return (_literal(b":method", b"POST") + _literal(b":scheme", b"http") + _literal(b":path", path) + _literal(b":authority", b"x") +
            _literal(b"content-type", b"application/grpc") + _literal(b"te", b"trailers") + more)


def connect(address, seconds=60):
    """A socket that has said the preface and its settings."""
    host, port = address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)), timeout=seconds)
    connection.sendall(PREFACE + frame(SETTINGS, 0, 0))
    return connection


def settings(connection):
    """What the other side tells in its first frame, by identifier."""
    def read(size):
        data = b""
        while len(data) < size:
            piece = connection.recv(size - len(data))
            if not piece:
                raise ConnectionError("closed")
            data += piece
        return data
    head = read(9)
    if head[3] != SETTINGS:
        raise ValueError("the first frame is of type %d" % head[3])
    return dict(struct.iter_unpack(">HI", read(int.from_bytes(head[:3], "big"))))
