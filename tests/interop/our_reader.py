"""What our reader, by tests/interop/iso_dump, says of a disc's image."""

import os
import re

import reports
from reports import Entry

_OPTIONS = {"rock_ridge": ["--tree=primary"], "joliet": ["--tree=joliet"], "plain": ["--tree=plain"], "import": []}
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


def _unescape(text):
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)


def _dump(image, tree, sha256):
    out, _ = reports.run([
        os.environ["ISO_DUMP"], image.path, "--session=%d" % image.session, "--sha256=%d" % sha256,
        *_OPTIONS[tree]])
    lines = [line.split(b"\t") for line in out.split(b"\n")[:-1]]
    return lines[0][2].decode(), lines[1:]


def read(image, tree, sha256=1):
    """(which tree was read, entries by path). `tree` "import" is the one that an import takes.

    `sha256`: of every so manyth file.
    """
    kind, lines = _dump(image, tree, sha256)
    entries = {}
    for letter, size, time, mode, _, _, _, path, target, digest, _ in lines:
        letter = letter.decode()
        entries[_unescape(path)] = Entry(
            type=letter, size=int(size) if letter == "-" else None, time=reports.clock_time(int(time)),
            mode=None if mode == b"-" else int(mode, 8), target=_unescape(target) if letter == "l" else None,
            sha256=None if digest == b"-" else digest.decode())
    return kind, entries


def extents(image, path):
    """Where the bytes of a file lie: (offset in the image, length) pairs."""
    _, lines = _dump(image, "import", 0)
    shown = next(line[-1] for line in lines if _unescape(line[7]) == path)
    pairs = [extent.split(b"+") for extent in shown.split(b",")]
    return [(int(sector) * reports.SECTOR, int(length)) for sector, length in pairs]
