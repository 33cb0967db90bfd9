"""What 7z reads from a disc's image: the Joliet tree, which it prefers to Rock Ridge.

Contents are taken from one stream (-so) and cut by the sizes of the listing, since what 7z extracts
into a folder gets other names where it finds ours dangerous.
"""

import hashlib
import re

import reports
from reports import Entry

_TIME = re.compile(rb"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)")


def _blocks(text):
    """The entries of `l -slt`, each as a dictionary of its lines."""
    _, mark, listing = text.partition(b"\n----------\n")
    if not mark:
        raise reports.JudgeError("7z's output is not understood: %r" % text[-200:])
    for block in listing.split(b"\n\n"):
        fields = dict(line.split(b" = ", 1) for line in block.split(b"\n") if b" = " in line)
        if b"Path" in fields:
            yield fields


def _entry(fields):
    time = _TIME.fullmatch(fields[b"Modified"])
    if time is None:
        raise reports.JudgeError("7z's time is not understood: %r" % fields)
    time = tuple(int(part) for part in time.groups())
    if fields[b"Folder"] == b"+":
        return Entry("d", None, time)
    return Entry("-", int(fields[b"Size"]), time)


def _hash(text, size):
    if len(text) < size:
        raise reports.JudgeError("7z's stream is %d bytes short" % (size - len(text)))
    return hashlib.sha256(text[:size]).hexdigest()


def read(path):
    """Entries by path, with the SHA-256 of every file."""
    out, _ = reports.run(["7z", "l", "-slt", "-tiso", path])
    contents, _ = reports.run(["7z", "x", "-so", "-bd", "-tiso", path])
    contents = memoryview(contents)
    entries, position = {}, 0
    for fields in _blocks(out):
        entry = _entry(fields)
        if entry.type == "-":
            entry = Entry("-", entry.size, entry.time, sha256=_hash(contents[position:], entry.size))
            position += entry.size
        entries[b"/" + fields[b"Path"]] = entry
    if position != len(contents):
        raise reports.JudgeError("7z's stream is %d bytes too long" % (len(contents) - position))
    return entries
