"""What other programs read from a disc's image: xorriso, isoinfo, bsdtar and 7z.

Each judge is asked for one tree of the session that starts at image.session:
  rock_ridge  the primary tree with Rock Ridge,   joliet  Joliet's tree,   plain  the primary tree
and answers with entries by path (bytes, "/" is the root). What they are known to say differently is
not their affair: known_differences.py has it.
"""

import os
import re
import tempfile

import reports
import seven_zip
import trees
import writers
from reports import Entry

TREES = ("rock_ridge", "joliet", "plain")

_XORRISO = {"rock_ridge": "nojoliet", "joliet": "norock", "plain": "ecma119"}
_ISOINFO = {"rock_ridge": ["-R"], "joliet": ["-J"], "plain": []}
_BSDTAR = {"rock_ridge": "!joliet", "joliet": "!rockridge", "plain": "!joliet,!rockridge"}

_QUOTED = rb"'((?:[^']|'\"'\"')*)'"
_XORRISO_LINE = re.compile(
    rb"([-bcdlps])([-rwxsStT]{9})\+? +\d+ \S+ +\S+ +(\d+) (\w{3}) +(\d+) +(\d{4}|\d\d:\d\d) " + _QUOTED +
    rb"(?: -> " + _QUOTED + rb")?\n")
_ISOINFO_LINE = re.compile(
    rb"([-bcdlfs?])([-rwxsStT]{9}) +\d+ +\d+ +\d+ +(\d+) (\w{3}) +(\d+) (\d{4}) \[ *\d+ ([0-9a-f]{2})\]  (.*)")
_BSDTAR_LINE = re.compile(
    rb"([-bcdhlps])([-rwxsStT]{9})\+? +\d+ \S+ +\S+ +(\d+|\d+,\d+) (\w{3}) +(\d+) +(\d{4}|\d\d:\d\d) (.*)")
_ESCAPE = re.compile(rb"\\([0-7]{3}|[abfnrtv\\])")


def _unescape(text):
    letters = dict(zip(b"abfnrtv\\", b"\a\b\f\n\r\t\v\\"))
    return _ESCAPE.sub(
        lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else bytes([letters[m[1][0]]]), text)


def _entry(kind, mode, size, time, target=None, with_mode=True):
    kind = kind.decode()
    return Entry(
        type=kind, size=int(size) if kind == "-" else None, time=reports.shown_time(*time),
        mode=reports.mode_bits(mode) if with_mode else None, target=target)


def _parse_xorriso(text, tree):
    entries, position = {}, 0
    while position < len(text):
        line = _XORRISO_LINE.match(text, position)
        if line is None:
            raise reports.JudgeError("xorriso's output is not understood: %r" % text[position:position + 200])
        kind, mode, size, month, day, year, path, target = line.groups()
        path = path.replace(b"'\"'\"'", b"'")
        if target is not None:
            target = target.replace(b"'\"'\"'", b"'")
        entries[path] = _entry(kind, mode, size, (month, day, year), target, tree == "rock_ridge")
        position = line.end()
    return entries


def _xorriso_load(image, tree):
    command = ["xorriso", "-abort_on", "FAILURE", "-return_with", "WARNING", "32", "-read_fs", _XORRISO[tree]]
    if image.session:
        command += ["-load", "sbsector", str(image.session)]
    return command + ["-indev", "stdio:" + image.path]


def _xorriso(image, tree):
    """`-find / -exec lsdl`, of the session that starts where it is told."""
    out, _ = reports.run(_xorriso_load(image, tree) + ["-find", "/", "-exec", "lsdl", "--"])
    return _parse_xorriso(out, tree)


def _isoinfo(image, tree):
    """`-l`, with -R or -J."""
    out, _ = reports.run(["isoinfo", "-l", "-T", str(image.session), *_ISOINFO[tree], "-i", image.path])
    entries, folder = {}, None
    for line in out.split(b"\n"):
        if line.startswith(b"Directory listing of "):
            folder = line[len(b"Directory listing of "):]
            continue
        if not line:
            continue
        match = _ISOINFO_LINE.fullmatch(line)
        if match is None or folder is None:
            raise reports.JudgeError("isoinfo's output is not understood: %r" % line)
        kind, mode, size, month, day, year, _, name = match.groups()
        target = None
        if kind == b"l":
            name, target = name.split(b" -> ", 1)
        else:
            name = name[:-1]
        if name in (b".", b"") and folder == b"/":
            entries[b"/"] = _entry(kind, mode, size, (month, day, year), None, tree == "rock_ridge")
        if name in (b".", b"..") or folder + name == b"/":
            continue
        kind = b"p" if kind == b"f" else kind
        entries[folder + name] = _entry(kind, mode, size, (month, day, year), target, tree == "rock_ridge")
    return entries


def at_sector_16(image):
    """Path of an image whose session's descriptors stand at sector 16, too, where bsdtar looks."""
    if image.session == 0:
        return image.path
    path = image.path + ".16"
    if not os.path.exists(path):
        reports.run(["cp", "--sparse=always", image.path, path])
        writers.copy_descriptors_to_16(image.path, path, image.session)
    return path


def _path(name):
    """ "." is the root, "./a" is "a"."""
    path = _unescape(name)
    return b"/" if path == b"." else b"/" + path.removeprefix(b"./")


def _parse_bsdtar(text, tree):
    entries = {}
    for line in text.split(b"\n")[:-1]:
        match = _BSDTAR_LINE.fullmatch(line)
        if match is None:
            raise reports.JudgeError("bsdtar's output is not understood: %r" % line)
        kind, mode, size, month, day, year, name = match.groups()
        target = None
        if kind == b"l":
            name, target = name.split(b" -> ", 1)
            target = _unescape(target)
        link = next((i for i in _positions(name, b" link to ")
                     if _path(name[i + 9:]) in entries), None) if size == b"0" else None
        if link is not None:
            size = str(entries[_path(name[link + 9:])].size)
            name = name[:link]
        path = _path(name)
        entries[path] = _entry(kind, mode, size, (month, day, year), target, tree == "rock_ridge")
    return entries


def _positions(text, what):
    position = text.find(what)
    while position >= 0:
        yield position
        position = text.find(what, position + 1)


def _bsdtar(image, tree):
    """`-tvf`."""
    out, _ = reports.run(["bsdtar", "--options", _BSDTAR[tree], "-tvf", at_sector_16(image)])
    return _parse_bsdtar(out, tree)


def _extracted(image, command):
    """What a program extracts into a folder: bytes and times to the second of everything."""
    with tempfile.TemporaryDirectory(dir=os.path.dirname(image.path)) as folder:
        reports.run([word.replace("FOLDER", folder) for word in command])
        return trees.overlay([folder])


def _xorriso_extracts(image, tree):
    return _extracted(image, _xorriso_load(image, tree) + ["-osirrox", "on", "-extract", "/", "FOLDER"])


def _bsdtar_extracts(image, tree):
    return _extracted(image, ["bsdtar", "--options", _BSDTAR[tree], "-xpf", at_sector_16(image), "-C", "FOLDER"])


def _seven_zip(image, _):
    return seven_zip.read(at_sector_16(image))


# Name -> (image, tree) -> entries.
JUDGES = {
    "xorriso lsdl": _xorriso,
    "xorriso extract": _xorriso_extracts,
    "isoinfo": _isoinfo,
    "bsdtar -t": _bsdtar,
    "bsdtar -x": _bsdtar_extracts,
    "7z": _seven_zip,
}


def of_tree(tree):
    """All that can be asked for this tree."""
    return [name for name in JUDGES if name != "7z" or tree == "joliet"]
