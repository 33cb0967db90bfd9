"""Trees by a seeded generator: the same seed makes the same tree, to the byte and the second."""

import os

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_ ABCDEFGHIJKLMNOPQRSTUVWXYZ.,+=@~!äöüßéñ"
_FIRST_MOMENT = 631_152_000  # 1990-01-01
_LAST_MOMENT = 1_577_836_800  # 2020-01-01
_MAX_DEPTH = 6
# What fits into one record; known_differences.py (bsdtar-ce) has what takes more.
_MAX_NAME_BYTES = 64
_MAX_LINK_NAME_BYTES = 24


def _name(chance, taken, most=_MAX_NAME_BYTES):
    """A name that no sibling has, not even in capitals, and that Joliet needs not cut."""
    while True:
        length = min(int(chance.expovariate(1 / 12)) + 1, 60)
        name = "".join(chance.choice(_LETTERS) for _ in range(length)).strip(" .")
        if name and name.lower() not in taken and len(name.encode()) <= most:
            taken.add(name.lower())
            return name


def length(chance):
    return chance.choice((0, 1, 2047, 2048, 2049, chance.randrange(100), chance.randrange(5000),
                          chance.randrange(200_000)))


def _fill_folder(path, chance, depth, budget):
    taken = {"rr_moved"}
    for _ in range(chance.randrange(1, 12)):
        if budget[0] == 0:
            break
        budget[0] -= 1
        kind = chance.random()
        is_link = 0.25 <= kind < 0.35
        child = os.path.join(path, _name(chance, taken, _MAX_LINK_NAME_BYTES if is_link else _MAX_NAME_BYTES))
        if kind < 0.25 and depth < _MAX_DEPTH:
            os.mkdir(child)
            _fill_folder(child, chance, depth + 1, budget)
        elif is_link:
            target = "/".join(chance.choice(("..", ".", "a", "name %d" % chance.randrange(1000), "x" * 12))
                              for _ in range(chance.randrange(1, 4)))
            os.symlink(("/" if chance.random() < 0.2 else "") + target, child)
        elif kind < 0.38:
            os.mkfifo(child)
        else:
            with open(child, "wb") as out:
                out.write(chance.randbytes(length(chance)))
            os.chmod(child, chance.choice((0o644, 0o600, 0o755, 0o444)))


def fill(folder, chance, entries=120):
    """Fills an empty folder with at most `entries` entries."""
    _fill_folder(folder, chance, 0, [entries])
    set_times(folder, chance)


def set_times(folder, chance):
    """Gives every entry below `folder`, and itself, a time."""
    for parent, directories, files in os.walk(folder):
        directories.sort()
        for name in sorted(directories + files) + [""]:
            moment = chance.randrange(_FIRST_MOMENT, _LAST_MOMENT)
            os.utime(os.path.join(parent, name), (moment, moment), follow_symlinks=False)
