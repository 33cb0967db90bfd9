"""Discs with sessions that tests/interop/iso_master wrote: alone, after other programs', before them."""

import os
import random

import random_trees
import reports
import trees
import writers
from reports import SECTOR
from writers import Image

_ALL = ("rock_ridge", "joliet", "plain")
_RR = ("rock_ridge", "plain")
_CD_GAPS = (11_400, 6_900, 6_900)
_UNIT = 32  # of overwritable media
_TIME = "--time=1700000000"

# Name: (options, trees that it has, source, facts).
SINGLE = {
    "c-simple": ((), _ALL, trees.simple, ()),
    "c-1.10": (("--rock_ridge=1.10",), _ALL, trees.links, ()),
    "c-links": ((), _ALL, trees.links, ()),
    "c-long-names": ((), _ALL, trees.long_names, ()),
    "c-long-names-1": (("--level=1",), _ALL, trees.long_names, ()),
    "c-joliet-64": ((), _ALL, trees.joliet_names, ()),
    "c-joliet-103": (("--joliet=103",), _ALL, trees.joliet_names, ()),
    "c-odd-names": (("--joliet=0",), _RR, trees.odd_names, ()),
    "c-deep": ((), _ALL, trees.deep, ()),
    "c-wide": ((), _ALL, trees.wide, ()),
    "c-joliet": (("--rock_ridge=none",), ("joliet", "plain"), trees.simple, ()),
    "c-plain-1": (("--rock_ridge=none", "--joliet=0", "--level=1"), ("plain",), trees.simple, ()),
    "c-plain-3": (("--rock_ridge=none", "--joliet=0"), ("plain",), trees.long_names, ()),
    "c-padded": (("--write_unit=32", "--tail=150"), _ALL, trees.simple, ()),
}

_C, _X, _G = "carousel", "xorriso", "genisoimage"
# Name: programs, one a session.
SEQUENTIAL = {
    "seq-c-c-c": (_C, _C, _C),
    "seq-x-c": (_X, _C),
    "seq-g-c": (_G, _C),
    "seq-c-x": (_C, _X),
    "seq-c-g": (_C, _G),
    "seq-c-x-c": (_C, _X, _C),
    "seq-c-g-c": (_C, _G, _C),
}
OVERWRITABLE = {
    "ow-c-1": (_C,),
    "ow-c-c-c": (_C, _C, _C),
    "ow-g-c": (_G, _C),
    "ow-x-c": (_X, _C),
    "ow-c-x": (_C, _X),
    "ow-c-x-c": (_C, _X, _C),
}
_FILLS = (trees.simple, trees.other, trees.third)


def master(folder, disc, *options):
    """Runs iso_master and returns what it announces: {"start": sector, "volume_end": ..., "end": ...}."""
    out, _ = reports.run([os.environ["ISO_MASTER"], folder, disc, _TIME, *options])
    return {line.split()[0].decode(): int(line.split()[1]) for line in out.splitlines()}


def fill(folder, name, filler):
    path = os.path.join(folder, name)
    os.mkdir(path)
    filler(path)
    return path


def single(folder, name):
    options, has, filler, facts = SINGLE[name]
    source = fill(folder, name + ".source", filler)
    disc = os.path.join(folder, name + ".iso")
    announced = master(source, disc, *options)
    image = Image(name, disc, " ".join(("iso_master",) + options), 1, 0, has, [source], _C, facts=facts)
    return [image], announced


def large(folder):
    """A file of 5 GiB and one byte, in two sections, most of it a hole."""
    def filler(path):
        with open(os.path.join(path, "large.bin"), "wb") as out:
            out.write(b"first")
            for offset in (0xFFFFF800 - 3, 5 << 30):
                out.seek(offset)
                out.write(b"border"[:1 if offset == 5 << 30 else 6])
        trees.file(path, "behind.txt", b"behind it\n")
        trees.set_times(path)
    source = fill(folder, "c-large.source", filler)
    disc = os.path.join(folder, "c-large.iso")
    master(source, disc)
    return Image("c-large", disc, "iso_master", 1, 0, _ALL, [source], _C)


def _write(program, disc, source, previous, start):
    if program == _C:
        master(source, disc, "--session=%d" % start, *(["--import=%d" % previous] if previous is not None else []))
        return
    append = [] if previous is None else ["-C", "%d,%d" % (previous, start), "-M", disc]
    writers.WRITERS[program]("-R", "-J", *append, "-o", disc + ".session", source)
    writers.place(disc, disc + ".session", start)


def sequential(folder, name):
    """All sessions of the disc as images, each as it is when all have been written."""
    programs = SEQUENTIAL[name]
    disc = os.path.join(folder, name + ".iso")
    previous, start, sources, images = None, 0, [], []
    for number, program in enumerate(programs):
        sources.append(fill(folder, "%s.source%d" % (name, number), _FILLS[number]))
        _write(program, disc, sources[-1], previous, start)
        images.append(_session(name, disc, programs, number, start, sources, program))
        previous = start
        start = os.path.getsize(disc) // SECTOR + 2 + _CD_GAPS[number]
    return images


def _session(name, disc, programs, number, start, sources, writer):
    # What judges keep beside an image is of one session: each has a path of its own.
    path = "%s.%d" % (disc, number)
    os.link(disc, path)
    return Image("%s/%d" % (name, number + 1), path, ", ".join(programs), number + 1, start, ("rock_ridge", "joliet"),
                 list(sources), writer)


def _overall_end(disc):
    """What the superblock says; nothing on a disc without one."""
    with open(disc, "rb") as image:
        image.seek(16 * SECTOR + 80)
        return int.from_bytes(image.read(4), "little")


def overwritable(folder, name):
    """The disc as its superblock shows it, after each session by turns of programs."""
    programs = OVERWRITABLE[name]
    disc = os.path.join(folder, name + ".iso")
    sources = []
    for number, program in enumerate(programs):
        sources.append(fill(folder, "%s.source%d" % (name, number), _FILLS[number]))
        if program == _X:
            writers.grown_by_xorriso(disc, ["-joliet", "on"], [sources[-1]])
            continue
        if program == _G:  # from sector 0 on
            writers.grown_like_growisofs(disc, ["-R", "-J"], [sources[-1]])
            continue
        start = _UNIT if number == 0 else -(-_overall_end(disc) // _UNIT) * _UNIT
        master(sources[-1], disc, "--session=%d" % start, "--write_unit=%d" % _UNIT, "--superblock",
               *(["--import=0"] if number else []))
    return [Image(name, disc, "overwritable: " + ", ".join(programs), len(programs), 0, ("rock_ridge", "joliet"), sources,
                  programs[-1])]


def by_seed(folder, seed):
    """One to three sessions of random trees."""
    chance = random.Random(seed)
    name = "c-random-%02d" % seed
    disc = os.path.join(folder, name + ".iso")
    options = [chance.choice(("--rock_ridge=1.12", "--rock_ridge=1.10")), "--level=%d" % chance.randrange(1, 4),
               "--joliet=%d" % chance.choice((64, 103))]
    previous, start, sources, images = None, 0, [], []
    for number in range(chance.randrange(1, 4)):
        sources.append(fill(folder, "%s.source%d" % (name, number), lambda path: random_trees.fill(path, chance)))
        append = [] if previous is None else ["--import=%d" % previous]
        announced = master(sources[-1], disc, "--session=%d" % start, *options, *append)
        images.append(_session(name, disc, [_C] * (number + 1), number, start, sources, _C))
        previous = start
        start = announced["end"] + chance.choice((0, 2048, 11_402))
    return images
