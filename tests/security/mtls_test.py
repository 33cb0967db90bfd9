"""The gRPC listener with certificates: who gets in, who may call what, and certificates that change while it runs."""

import os
import re
import resource
import shutil
import socket
import ssl
import sys
import tempfile
import time
import unittest

import grpc

sys.path[:0] = [os.path.join(os.getcwd(), "tests/testing"), os.path.join(os.getcwd(), "tests/security")]
import certificates  # noqa: E402  pylint: disable=wrong-import-position
import http2  # noqa: E402  pylint: disable=wrong-import-position
import robot  # noqa: E402  pylint: disable=wrong-import-position

_ROLES = ("viewer", "operator", "archivist", "admin")
_SECONDS = 60
_PROTOS = ("robot", "disc_format", "image")
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"


def _identity(name):
    return "spiffe://archive/" + name


class _Secured(robot.Robot):
    """A service with certificates: a principal for each role, by its name; reloads each second."""

    def __init__(self, time_scale=200):
        self.pki = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.files = {name: os.path.join(self.pki.name, name) for name in ("crt", "key", "ca")}
        super().__init__(time_scale=time_scale, listen='tls { certificate_file: "%(crt)s" private_key_file: "%(key)s" client_ca_file: "%(ca)s" '
                         "reload_interval { seconds: 1 } }" % self.files)
        self.configure("".join('principals { name: "%s" role: %s }\n' % (_identity(role), role.upper()) for role in _ROLES))
        self.authority = certificates.Authority(self.pki.name, "first")
        self.install(self.authority)

    def install(self, authority, clients=None):
        """Puts a certificate of `authority` in place, and whom clients' ones have to come from; each file at once, as kubelet does it."""
        crt, key = authority.issue("service", "IP:127.0.0.1,DNS:localhost")
        for source, target in ((key, "key"), (crt, "crt"), ((clients or authority).certificate, "ca")):
            shutil.copy(source, self.files[target] + ".new")
            os.replace(self.files[target] + ".new", self.files[target])

    def __exit__(self, *unused):
        super().__exit__(*unused)
        self.pki.cleanup()

    def act_as(self, name, authority=None):
        """carouselctl calls with a certificate of this name from now on."""
        crt, key = (authority or self.authority).issue(name, "URI:" + _identity(name))
        self.options = ["--tls-ca", self.authority.certificate, "--tls-cert", crt, "--tls-key", key]

    def channel(self, name):
        crt, key = self.authority.issue(name, "URI:" + _identity(name))
        contents = []
        for path in (self.authority.certificate, key, crt):
            with open(path, "rb") as file:
                contents.append(file.read())
        return grpc.secure_channel(self.address, grpc.ssl_channel_credentials(*contents))

    def answer_to(self, send, context=None):
        """What a socket answers to these bytes: by TLS with `context`, in the clear without. b"" if it is closed."""
        host, port = self.address.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=_SECONDS) as plain:
            try:
                with context.wrap_socket(plain, server_hostname="localhost") if context else plain as stream:
                    stream.sendall(send)
                    return stream.recv(4096)
            except (ssl.SSLError, ConnectionError):
                return b""


def _methods():
    """Every method of the service's own API, and of Operations: "package.Service/Method"."""
    methods = ["google.longrunning.Operations/%sOperation" % verb for verb in ("Get", "Wait", "Cancel", "Delete")]
    methods.append("google.longrunning.Operations/ListOperations")
    for name in _PROTOS:
        with open("proto/carousel/v1/%s.proto" % name, encoding="utf-8") as file:
            text = file.read()
        service = re.search(r"^service (\w+)", text, re.MULTILINE).group(1)
        methods += ["carousel.v1.%s/%s" % (service, method) for method in re.findall(r"^  rpc (\w+)\(", text, re.MULTILINE)]
    return methods


def _matrix():
    """The least role by "Service/Method", as the page for users has it."""
    with open("docs/security.md", encoding="utf-8") as file:
        return dict(re.findall(r"^\| `(\w+/\w+)` \| (\w+) \|$", file.read(), re.MULTILINE))


class Mtls(unittest.TestCase):

    def setUp(self):
        self.server = self.enterContext(_Secured())
        self.server.disc("A1", "DVD+R", 1)
        self.server.start()

    def refused(self, reason, *command):
        code, _, err = self.server.ctl(*command)
        self.assertEqual(code, 7, err)
        self.assertIn(reason, err)

    def test_row_2_a_caller_may_do_what_its_role_may_and_no_more(self):
        self.server.act_as("viewer")
        self.assertEqual(len(self.server.ctl_ok("drives")["drives"]), 2)
        self.refused("PERMISSION_DENIED", "load", "A1", "drive0")
        self.server.act_as("operator")
        self.server.ctl_ok("load", "A1", "drive0")
        self.refused("PERMISSION_DENIED", "image", "create")
        self.server.act_as("archivist")
        self.server.ctl_ok("image", "create")
        self.refused("PERMISSION_DENIED", "close", "drive0")

    def test_row_3_a_caller_whom_the_configuration_does_not_name_may_do_nothing(self):
        self.server.act_as("stranger")
        self.refused("UNAUTHENTICATED", "drives")

    def test_row_1_a_caller_of_another_authority_is_not_let_in(self):
        self.server.act_as("admin", certificates.Authority(self.server.pki.name, "foreign"))
        code, _, err = self.server.ctl("--timeout", "5", "drives")
        self.assertEqual(code, 4, err)
        self.assertIn("UNAVAILABLE", err)

    def test_row_1_nobody_without_a_certificate_gets_to_http2(self):
        context = ssl.create_default_context(cafile=self.server.authority.certificate)
        context.set_alpn_protocols(["h2"])
        self.assertEqual(self.server.answer_to(_PREFACE, context), b"")
        self.assertEqual(self.server.answer_to(_PREFACE), b"", "without TLS, too")
        # The same bytes of one that has a certificate are answered: it is not the bytes that are refused.
        context.load_cert_chain(*self.server.authority.issue("viewer", "URI:" + _identity("viewer")))
        self.assertNotEqual(self.server.answer_to(_PREFACE, context), b"")

    def test_every_method_has_a_role_and_every_role_its_methods(self):
        matrix = _matrix()
        self.assertEqual(sorted(method.rsplit(".", 1)[1] for method in _methods()), sorted(matrix))
        for role in _ROLES:
            with self.server.channel(role) as channel:
                for method in _methods():
                    allowed = _ROLES.index(role) >= _ROLES.index(matrix[method.rsplit(".", 1)[1]])
                    with self.subTest(role=role, method=method):
                        self.assertEqual(self._is_let_pass(channel, method), allowed)

    @staticmethod
    def _is_let_pass(channel, method):
        """Whether an empty request gets as far as the method itself."""
        try:
            call = channel.unary_stream("/" + method)(b"", timeout=_SECONDS)
            next(call)
            call.cancel()
            return True
        except StopIteration:
            return True
        except grpc.RpcError as error:
            return error.code() != grpc.StatusCode.PERMISSION_DENIED

    def test_a_file_that_is_not_there_is_told_at_the_start(self):
        self.server.stop()
        os.remove(self.server.files["key"])
        with self.assertRaisesRegex(RuntimeError, "carouseld ended with [1-9]"):
            self.server.start()

    def test_new_certificates_hold_for_new_connections_without_a_restart(self):
        self.server.act_as("viewer")
        self.server.ctl_ok("drives")
        with self.server.channel("viewer") as old:
            first = old.unary_unary("/carousel.v1.RobotService/ListDrives")
            first(b"", timeout=_SECONDS)
            second = certificates.Authority(self.server.pki.name, "second")
            self.server.install(second)
            self.server.authority = second
            self.server.act_as("viewer")
            deadline = time.monotonic() + _SECONDS
            while self.server.ctl("--timeout", "2", "drives")[0] != 0:
                self.assertLess(time.monotonic(), deadline, "the new certificates are never read")
            first(b"", timeout=_SECONDS)  # a connection that is there goes on


class Shares(unittest.TestCase):

    def start(self, limits):
        self.server = self.enterContext(_Secured())
        self.server.configure("limits { %s }\n" % limits)
        self.server.start()
        self.server.act_as("archivist")

    def file(self, size):
        path = os.path.join(self.server.folder, "file")
        with open(path, "wb") as file:
            file.write(bytes(size))
        return path

    def refused(self, limit, *command):
        _, _, err = self.server.ctl("-o", "json", *command)
        self.assertIn("LIMIT_REACHED", err)
        self.assertIn(limit, err)

    def test_row_38_nobody_takes_all_images_or_all_of_the_spool(self):
        self.start("max_images: 4 max_images_per_principal: 2 max_spool_bytes_per_principal: 1048576")
        image = self.server.ctl_ok("image", "create")["name"]
        self.server.ctl_ok("image", "create")
        self.refused("max_images_per_principal", "image", "create")
        large = self.file(2 << 20)
        self.refused("max_spool_bytes_per_principal", "image", "add", image, large, "--to", "/")
        self.server.act_as("admin")
        self.server.ctl_ok("image", "add", self.server.ctl_ok("image", "create")["name"], self.file(1 << 19), "--to", "/")
        # Whose image it is answers for what is in it, whoever sends.
        self.refused("max_spool_bytes_per_principal", "image", "add", image, self.file(2 << 20), "--to", "/")

    def test_row_39_an_upload_is_read_no_faster_than_its_principal_may(self):
        rate = 256 << 10
        self.start("max_upload_bytes_per_second: %d" % rate)
        image = self.server.ctl_ok("image", "create")["name"]
        begin = time.monotonic()
        self.server.ctl_ok("image", "add", image, self.file(4 * rate), "--to", "/")
        # A second's bytes come at once; the pause behind the last of them nobody waits for.
        self.assertGreater(time.monotonic() - begin, 1.9)


class Flood(unittest.TestCase):

    def test_row_29_headers_without_an_end_take_the_process_to_its_limit_and_no_disc_with_it(self):
        server = self.enterContext(_Secured(time_scale=2))
        server.disc("A1", "DVD+R", 1)
        server.start()
        server.act_as("operator")
        server.ctl_ok("load", "A1", "drive0")
        server.act_as("archivist")
        image = server.ctl_ok("image", "create")["name"]
        path = os.path.join(server.folder, "file")
        with open(path, "wb") as file:
            file.write(os.urandom(32 << 20))
        server.ctl_ok("image", "add", image, path, "--to", "/")
        server.ctl_ok("image", "result", "create", image)
        burn = server.ctl_ok("burn", image, "--drive", "drive0", "--no-wait")["name"]
        self._limit_memory(server.pid, 256 << 20)
        self._flood(server)
        self.assertNotEqual(server.stop(), 0, "it has ended by itself")
        server.start()
        shown = server.ctl_ok("operations", "show", burn)
        self.assertTrue(shown["done"])
        self.assertIn("INTERRUPTED", str(shown["error"]))

    @staticmethod
    def _limit_memory(pid, more):
        """As a container's limit does: `more` bytes than it has now."""
        with open("/proc/%d/status" % pid, encoding="ascii") as file:
            now = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmSize"))
        resource.prlimit(pid, resource.RLIMIT_AS, (now + more, now + more))

    @staticmethod
    def _flood(server):
        """CONTINUATION frames of a client with a certificate, until the other side is gone."""
        context = ssl.create_default_context(cafile=server.authority.certificate)
        context.set_alpn_protocols(["h2"])
        context.load_cert_chain(*server.authority.issue("viewer", "URI:" + _identity("viewer")))
        host, port = server.address.rsplit(":", 1)
        more = http2.frame(http2.CONTINUATION, 0, 1, b"\0\x01a\x7f\x81\x7f" + b"b" * 16000)
        with socket.create_connection((host, int(port)), timeout=_SECONDS) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as stream:
                stream.sendall(_PREFACE + http2.frame(http2.HEADERS, 0, 1, http2.request_headers(b"/x/y")))
                try:
                    for _ in range(1 << 17):
                        stream.sendall(more)
                except OSError:
                    pass


class Audit(unittest.TestCase):

    def test_row_2_says_who_changed_what_by_which_request(self):
        def work():
            with _Secured() as server:
                server.disc("A1", "DVD+R", 1)
                server.start()
                server.act_as("operator")
                server.ctl_ok("load", "A1", "drive0")
                server.ctl_ok("drives")
                server.act_as("viewer")
                server.ctl("unload", "drive0")

        lines = [line for line in robot.lines_of(work) if line.get("audit") == "change"]
        self.assertEqual(len(lines), 2, lines)
        done, refused = lines
        self.assertEqual((done["principal"], done["code"]), (_identity("operator"), "OK"))
        self.assertEqual(done["method"], "/carousel.v1.RobotService/LoadDisc")
        self.assertRegex(done["operation"], "^operations/")
        self.assertEqual(refused["code"], "PERMISSION_DENIED")
        self.assertIn(_identity("viewer"), refused["error"])


if __name__ == "__main__":
    unittest.main()
