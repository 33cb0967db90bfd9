"""Discs that are large in one way or another, without as many files on the machine that writes them.

Some files are grafted again and again into many paths; a file of more than 4 GiB is sparse.
"""

import hashlib
import os
import random

import trees
import writers
from reports import Entry, clock_time
from writers import Image

_SOURCES = 50
# The largest section: 2^32 bytes less one sector (ECMA-119 6.5.1; xorriso takes all that fits).
SECTION = 0xFFFF_F800


def _contents(folder):
    """Some small files: (path, Entry) pairs."""
    chance = random.Random(1)
    for index in range(_SOURCES):
        trees.file(folder, "f%02d" % index, chance.randbytes(index * 97))
    trees.set_times(folder)
    described = trees.overlay([folder])
    return [(os.path.join(folder, os.fsdecode(path[1:])), entry) for path, entry in sorted(described.items())]


def _grafted(folder, name, program, options, has, paths):
    """A disc that has at each of `paths` one of the small files."""
    source = os.path.join(folder, name + ".source")
    os.mkdir(source)
    contents = _contents(source)
    entries, lines = {}, []
    for index, path in enumerate(paths):
        origin, entry = contents[index % len(contents)]
        lines.append("%s=%s\n" % (path, origin))
        entries[path.encode()] = entry
        parent = os.path.dirname(path)
        while parent != "/" and parent.encode() not in entries:
            entries[parent.encode()] = Entry("d")
            parent = os.path.dirname(parent)
    with open(source + ".list", "w", encoding="utf-8") as out:
        out.writelines(lines)
    disc = os.path.join(folder, name + ".iso")
    writers.WRITERS[program](*options, "-graft-points", "-path-list", source + ".list", "-o", disc)
    how = "%s %s -graft-points" % (program, " ".join(options))
    return Image(name, disc, how, 1, 0, has, [], program, entries)


def _files():
    return ["/dir-%03d/file-%03d-%05d.dat" % (d, d, f) for d in range(500) for f in range(200)]


def files_by_xorriso(folder):
    return _grafted(folder, "x-100k-files", "xorriso", ("-R", "-J"), ("rock_ridge", "joliet"), _files())


def files_by_genisoimage(folder):
    return _grafted(folder, "g-100k-files", "genisoimage", ("-R",), ("rock_ridge",), _files())


def many_directories(folder):
    """More directories than a path table's parent numbers of 16 bits can name; xorriso lets them wrap."""
    paths = ["/group-%03d/dir-%05d/more/file.dat" % (d // 500, d) for d in range(40_000)]
    return _grafted(folder, "x-80k-directories", "xorriso", ("-R",), ("rock_ridge",), paths)


def several_sections(folder):
    """One file of more than 4 GiB, with marks at its ends and around where its sections meet."""
    source = os.path.join(folder, "x-over-4-gib.source")
    os.mkdir(source)
    path = os.path.join(source, "big.bin")
    size = SECTION + (3 << 20) + 1
    with open(path, "wb") as out:
        for position in (0, SECTION - 9, SECTION + 2048, (1 << 32) + 77, size - 11):
            out.seek(position)
            out.write(b"%011d" % position)
    trees.file(source, "small.txt", b"small\n")
    trees.set_times(source)
    entries = {b"/small.txt": trees.overlay([source])[b"/small.txt"],
               b"/big.bin": Entry("-", size, clock_time(int(os.stat(path).st_mtime)), 0o644)}
    disc = os.path.join(folder, "x-over-4-gib.iso")
    writers.write_sparse(disc, "-R", "-iso-level", "3", source)
    return Image("x-over-4-gib", disc, "xorriso -R -iso-level 3", 1, 0, ("rock_ridge",), [], "xorriso", entries)


def sha256(data):
    return hashlib.sha256(data).hexdigest()
