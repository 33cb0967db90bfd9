"""What our reader, by tests/interop/iso_dump, says of a disc's image."""

import os
import re

import reports
from reports import Entry

_OPTIONS = {"rock_ridge": ["--tree=primary"], "joliet": ["--tree=joliet"], "plain": ["--tree=plain"], "import": []}
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


def _unescape(text):
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)


def read(image, tree, sha256=1):
    """(which tree was read, entries by path). `tree` "import" is the one that an import takes."""
    out, _ = reports.run([
        os.environ["ISO_DUMP"], image.path, "--session=%d" % image.session, "--sha256=%d" % sha256,
        *_OPTIONS[tree]])
    lines = out.split(b"\n")
    kind = lines[0].split(b"\t")[2].decode()
    entries = {}
    for line in lines[1:-1]:
        letter, size, time, mode, _, _, _, path, target, digest = line.split(b"\t")
        letter = letter.decode()
        entries[_unescape(path)] = Entry(
            type=letter, size=int(size) if letter == "-" else None, time=reports.clock_time(int(time)),
            mode=None if mode == b"-" else int(mode, 8), target=_unescape(target) if letter == "l" else None,
            sha256=None if digest == b"-" else digest.decode())
    return kind, entries
