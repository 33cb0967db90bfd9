"""A TCP proxy on loopback that breaks its first connection after so many bytes of the client's, and lets all later ones be."""

import contextlib
import socket
import threading


class CuttingProxy:
    """A context manager; `address` is where it listens."""

    def __init__(self, target, after):
        host, port = target.rsplit(":", 1)
        self._target, self._left = (host, int(port)), after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self.cuts = 0

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *unused):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                threading.Thread(target=self._pump, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()

    def _pump(self, source, sink, counted):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if counted and self.cuts == 0:
                    self._left -= len(data)
                    if self._left < 0:
                        self.cuts += 1
                        break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
