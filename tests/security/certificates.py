"""Authorities and certificates for a test, made by openssl."""

import os
import subprocess


def _openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder, name):
        self._folder = os.path.join(folder, name)
        os.makedirs(self._folder)
        self.certificate, self._key = self._path("ca.crt"), self._path("ca.key")
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                 "-keyout", self._key, "-out", self.certificate)

    def _path(self, name):
        return os.path.join(self._folder, name)

    def issue(self, name, alternative):
        """A key and a certificate with this subject alternative name, "URI:spiffe://a/b": their paths, certificate first."""
        key, request, certificate, extension = (self._path(name + end) for end in (".key", ".csr", ".crt", ".ext"))
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name, "-keyout", key, "-out", request)
        with open(extension, "w", encoding="ascii") as file:
            file.write("subjectAltName=%s\n" % alternative)
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial", "-days", "2",
                 "-extfile", extension, "-out", certificate)
        return certificate, key
