"""Source trees for sessions: what goes onto a disc. Each function fills an empty folder.

Times are set for every entry and lie in the past, so that what is written does not depend on when.
"""

import hashlib
import os
import stat

from reports import Entry, clock_time

_OLD = 915_148_799  # 1998-12-31 23:59:59 UTC
_STEP = 86_413 * 37


def set_times(folder, first=_OLD):
    """Gives every entry below `folder`, and itself, a time of its own to the second."""
    entries = [folder]
    for parent, directories, files in os.walk(folder):
        entries += [os.path.join(parent, name) for name in directories + files]
    for index, path in enumerate(sorted(entries, key=os.fsencode)):
        moment = first + index * _STEP % 800_000_000
        os.utime(path, (moment, moment), follow_symlinks=False)


def file(folder, name, contents=b"", mode=0o644):
    path = os.path.join(os.fsencode(folder), os.fsencode(name))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(contents)
    os.chmod(path, mode)


def simple(folder):
    """Some files of all border lengths, folders, and an empty folder."""
    for length in (0, 1, 2047, 2048, 2049, 4096, 70_001):
        file(folder, "sizes/%d.bin" % length, bytes(i * 7 % 251 for i in range(length)))
    file(folder, "a.txt", b"hello\n")
    file(folder, "docs/read.me", b"read\n", 0o444)
    file(folder, "docs/run.sh", b"#!/bin/sh\n", 0o755)
    os.makedirs(os.path.join(folder, "docs/empty"))
    set_times(folder)


def other(folder):
    """What a second session brings: new things, and new contents for an old name."""
    file(folder, "a.txt", b"hello again, and longer\n")
    file(folder, "later/new.bin", bytes(range(256)) * 30)
    os.symlink("new.bin", os.path.join(folder, "later/link"))
    set_times(folder, _OLD + 99_999)


def third(folder):
    file(folder, "docs/third.txt", b"third\n")
    file(folder, "later/more/deep.txt", b"deep\n")
    set_times(folder, _OLD + 199_999)


def links(folder):
    """Hard links, symbolic links of all kinds, a FIFO, set-id bits."""
    file(folder, "original", b"linked twice\n")
    os.link(os.path.join(folder, "original"), os.path.join(folder, "again"))
    os.makedirs(os.path.join(folder, "sub/way"))
    os.link(os.path.join(folder, "original"), os.path.join(folder, "sub/third"))
    for name, target in (("plain", "original"), ("up", "../x"), ("up2", "../../../y/z"), ("root", "/"), ("dot", "."),
                         ("dotdot", ".."), ("absolute", "/no/such/file"), ("dangling", "no/such/thing"),
                         ("dots", "./a/../b/./c"), ("long", "/".join(["component-%03d" % i for i in range(20)]))):
        os.symlink(target, os.path.join(folder, "sub/way", name))
    os.mkfifo(os.path.join(folder, "fifo"))
    file(folder, "setuid", b"", 0o4755)
    file(folder, "setgid", b"", 0o2755)
    os.makedirs(os.path.join(folder, "tmp"))
    os.chmod(os.path.join(folder, "tmp"), 0o1777)
    file(folder, "empty-one")
    file(folder, "empty-two")
    set_times(folder)


def long_names(folder):
    """Names whose Rock Ridge entries need continuation areas. Few: xorriso 1.5.4 damages many."""
    for length in (100, 115, 120, 150, 200, 250, 255):
        file(folder, "names/" + ("%03d-" % length + "abcdefghij" * 26)[:length], b"%d\n" % length)
    os.makedirs(os.path.join(folder, "names", "d" * 255, "e" * 200))
    os.symlink("t" * 240, os.path.join(folder, "names", "l" * 230))
    set_times(folder)


def joliet_names(folder):
    """Names around Joliet's limits of 64 and 103 characters, beyond Latin-1 and beyond the BMP."""
    for length in (63, 64, 65, 103, 104, 110):
        file(folder, ("j%03d-" % length + "0123456789" * 12)[:length], b"%d\n" % length)
    file(folder, "Grüße aus Köln.txt", "ü\n".encode())
    file(folder, "漢字/かな.txt", b"han\n")
    file(folder, "Ελληνικά", b"greek\n")
    set_times(folder)


def odd_names(folder):
    """Names that programs quote, cut or mistake."""
    for name in (b"blank inside", b" leading", b"trailing ", b"it's", b'"quoted"', b"back\\slash", b"tab\there",
                 b"semi;1", b"dot.", b"..dots", b"...", b"-dash", b"a -> b", b"x link to y", b"\xff\xfe not UTF-8",
                 b"UPPER", b"upper", b"star*?[x]", b"#hash", b"%41", b"$HOME"):
        file(folder, name, name + b"\n")
    os.symlink("a -> b", os.path.join(folder, "points -> to"))
    set_times(folder)


def newline_name(folder):
    file(folder, "line\nbreak", b"two lines\n")
    file(folder, "plain", b"one\n")
    set_times(folder)


def deep(folder, levels=40):
    """A folder in a folder in a folder, and beside each a file."""
    path = ""
    for level in range(levels):
        path = os.path.join(path, "level%02d" % level)
        file(folder, os.path.join(path, "file%02d.txt" % level), b"%d\n" % level)
    set_times(folder)


def wide(folder, count=1500):
    """A directory of many sectors."""
    for index in range(count):
        file(folder, "wide/entry-%05d.dat" % index, b"%d" % index)
    set_times(folder)


def overlay(folders):
    """What a disc holds onto whose root these trees were written one after the other, by path."""
    entries = {}
    for folder in folders:
        top = os.fsencode(folder)
        for parent, directories, files in os.walk(top):
            for name in directories + files:
                path = os.path.join(parent, name)
                _put(entries, path[len(top):], _describe(path))
    return entries


def _put(entries, path, entry):
    before = entries.get(path)
    if before is not None and before.type == "d":
        if entry.type == "d":
            # Whose attributes a folder of two sessions has is its writer's choice.
            entry = Entry("d")
        else:
            for below in [other for other in entries if other.startswith(path + b"/")]:
                del entries[below]
    entries[path] = entry


def _describe(path):
    facts = os.lstat(path)
    time = clock_time(int(facts.st_mtime))
    mode = stat.S_IMODE(facts.st_mode)
    if stat.S_ISDIR(facts.st_mode):
        return Entry("d", None, time, mode)
    if stat.S_ISLNK(facts.st_mode):
        return Entry("l", None, time, mode, os.readlink(path))
    if stat.S_ISFIFO(facts.st_mode):
        return Entry("p", None, time, mode)
    digest = hashlib.sha256()
    with open(path, "rb") as contents:
        for block in iter(lambda: contents.read(1 << 20), b""):
            digest.update(block)
    return Entry("-", facts.st_size, time, mode, None, digest.hexdigest())
