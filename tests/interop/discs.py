"""The discs that are compared: which program wrote which tree with which options onto what.

Sizes are kept small; what is large has large_interop_test.py.
"""

import os
import random

import random_trees
import trees
import writers
from writers import Image

_RR, _JOLIET, _PLAIN = "rock_ridge", "joliet", "plain"

# Name: (program, options, trees that it has, source, facts).
_SINGLE = {
    "x-rr": ("xorriso", ("-R",), (_RR, _PLAIN), trees.links, ()),
    "x-rr-joliet": ("xorriso", ("-R", "-J"), (_RR, _JOLIET, _PLAIN), trees.simple, ()),
    "x-joliet": ("xorriso", ("--norock", "-J"), (_JOLIET, _PLAIN), trees.links, ()),
    "x-plain-level-1": ("xorriso", ("--norock", "-iso-level", "1"), (_PLAIN,), trees.simple, ()),
    "x-plain-level-3": ("xorriso", ("--norock", "-iso-level", "3"), (_PLAIN,), trees.long_names, ()),
    "x-9660-1999": ("xorriso", ("-R", "-iso-level", "4"), (_RR, _PLAIN), trees.simple, ()),
    "x-rrip-1.12": ("xorriso", ("-compliance", "new_rr", "::", "-R", "--hardlinks"), (_RR,), trees.links, ("self has a name",)),
    "x-old-empty": ("xorriso", ("-R", "--old-empty"), (_RR,), trees.links, ()),
    "x-md5": ("xorriso", ("-R", "-J", "--md5"), (_RR, _JOLIET), trees.simple, ()),
    "x-long-names": ("xorriso", ("-R", "-J"), (_RR, _JOLIET), trees.long_names, ()),
    "x-joliet-64": ("xorriso", ("-R", "-J"), (_RR, _JOLIET), trees.joliet_names, ()),
    "x-joliet-103": ("xorriso", ("-R", "-J", "-joliet-long"), (_RR, _JOLIET), trees.joliet_names, ()),
    "x-odd-names": ("xorriso", ("-R",), (_RR,), trees.odd_names, ()),
    "x-newline": ("xorriso", ("-R",), (_RR,), trees.newline_name, ()),
    "x-deep": ("xorriso", ("-R", "-J"), (_RR, _JOLIET, _PLAIN), trees.deep, ()),
    "x-deep-relocated": ("xorriso", ("-compliance", "deep_paths_off", "-rr_reloc_dir", "rr_moved", "::", "-R"),
                         (_RR, _PLAIN), trees.deep, ("relocated",)),
    "x-partition-offset": ("xorriso", ("-R", "-J", "-partition_offset", "16"), (_RR, _JOLIET), trees.simple, ()),
    "x-wide": ("xorriso", ("-R", "-J"), (_RR, _JOLIET, _PLAIN), trees.wide, ()),
    "g-rr": ("genisoimage", ("-R",), (_RR, _PLAIN), trees.links, ()),
    "g-rr-joliet": ("genisoimage", ("-R", "-J"), (_RR, _JOLIET, _PLAIN), trees.simple, ()),
    "g-joliet": ("genisoimage", ("-J",), (_JOLIET, _PLAIN), trees.links, ()),
    "g-plain-level-1": ("genisoimage", ("-iso-level", "1"), (_PLAIN,), trees.simple, ()),
    "g-plain-level-3": ("genisoimage", ("-iso-level", "3"), (_PLAIN,), trees.simple, ()),
    "g-level-4": ("genisoimage", ("-R", "-iso-level", "4"), (_RR, _PLAIN), trees.simple, ("no versions",)),
    "g-long-names": ("genisoimage", ("-R",), (_RR,), trees.long_names, ()),
    "g-joliet-103": ("genisoimage", ("-R", "-J", "-joliet-long"), (_RR, _JOLIET), trees.joliet_names, ()),
    "g-odd-names": ("genisoimage", ("-R",), (_RR,), trees.odd_names, ()),
    "g-deep-relocated": ("genisoimage", ("-R", "-J"), (_RR, _JOLIET, _PLAIN), trees.deep, ("relocated",)),
    "g-deep": ("genisoimage", ("-R", "-J", "-D"), (_RR, _JOLIET, _PLAIN), trees.deep, ()),
    "g-wide": ("genisoimage", ("-R", "-J"), (_RR, _JOLIET, _PLAIN), trees.wide, ()),
}

_X, _G = "xorriso", "genisoimage"
# Name: programs, one a session.
_SEQUENTIAL = {
    "seq-x-x": (_X, _X),
    "seq-g-g": (_G, _G),
    "seq-x-x-x": (_X, _X, _X),
    "seq-g-g-g": (_G, _G, _G),
    "seq-x-g-x": (_X, _G, _X),
    "seq-g-x": (_G, _X),
    "seq-x-long": (_X, _X),
}
_SESSION_TREES = (trees.simple, trees.other, trees.third)


def _fills(name, count):
    return (trees.long_names, trees.other) if name.endswith("-long") else _SESSION_TREES[:count]


def _fill(folder, name, fill):
    path = os.path.join(folder, name)
    os.mkdir(path)
    fill(path)
    return path


def single(folder, name):
    program, options, has, fill, facts = _SINGLE[name]
    source = _fill(folder, name + ".source", fill)
    disc = os.path.join(folder, name + ".iso")
    writers.WRITERS[program](*options, "-o", disc, source)
    how = " ".join((program,) + options).replace(" ::", " -as mkisofs")
    return Image(name, disc, how, 1, 0, has, [source], program, facts=facts)


def sequential(folder, name):
    programs = _SEQUENTIAL[name]
    sources = [_fill(folder, "%s.source%d" % (name, i), fill) for i, fill in enumerate(_fills(name, len(programs)))]
    disc = os.path.join(folder, name + ".iso")
    start = writers.sequential(disc, [(p, ("-R", "-J"), s) for p, s in zip(programs, sources)])
    return Image(name, disc, "sequential: " + ", ".join(programs), len(programs), start, (_RR, _JOLIET), sources,
                 programs[-1])


def overwritable(folder, name):
    """ow-x-N and ow-g-N: N sessions by xorriso or genisoimage."""
    _, program, count = name.split("-")
    count = 2 if count == "long" else int(count)
    sources = [_fill(folder, "%s.source%d" % (name, i), fill) for i, fill in enumerate(_fills(name, count))]
    disc = os.path.join(folder, name + ".iso")
    if program == "x":
        writers.grown_by_xorriso(disc, ["-joliet", "on"], sources)
        how = "overwritable: xorriso -dev, grown from sector 32"
    else:
        writers.grown_like_growisofs(disc, ["-R", "-J"], sources)
        how = "overwritable: genisoimage -C 16,N, as growisofs"
    return Image(name, disc, how, count, 0, (_RR, _JOLIET), sources, _X if program == "x" else _G)


def by_seed(folder, seed):
    """One of the random discs: program, options, sessions and trees all follow from the seed."""
    chance = random.Random(seed)
    program = chance.choice((_X, _G))
    options = chance.choice((("-R",), ("-R", "-J", "-joliet-long"), ("-R", "-J", "-joliet-long")))
    count = chance.choice((1, 1, 2, 3))
    name = "random-%02d" % seed
    sources = [_fill(folder, "%s.source%d" % (name, i), lambda path: random_trees.fill(path, chance))
               for i in range(count)]
    disc = os.path.join(folder, name + ".iso")
    start = writers.sequential(disc, [(program, options, source) for source in sources])
    has = (_RR, _JOLIET) if "-J" in options else (_RR,)
    how = "%s %s, seed %d" % (program, " ".join(options), seed)
    return Image(name, disc, how, count, start, has, sources, program)


NAMES = {
    **{name: single for name in _SINGLE},
    **{name: sequential for name in _SEQUENTIAL},
    **{name: overwritable for name in ("ow-x-1", "ow-x-2", "ow-x-3", "ow-x-long", "ow-g-2", "ow-g-3")},
}
