"""Trees that go to the limits: names of 1 to 255 bytes in any script, depth to 40, hard links, rarely a file of more than
4 GiB. The same seed makes the same tree, to the byte and the second.
"""

import os

import random_trees

_SCRIPTS = ("abcdefghijklmnopqrstuvwxyz0123456789-_", "ABC xyz.,+=@~!#%&'()[]{}^`$", "äöüßéñçåøÆ", "αβγδεζηθικλμ", "дёжзийклмн",
            "漢字仮名交文日本語", "한국어문자", "ابتثجح", "…€™∀∂")
_MAX_NAME_BYTES = 255
_MAX_DEPTH = 40
_LARGE = (4 << 30) + 1


def _name(chance, taken):
    """A name that no sibling has, not even where capitals do not count."""
    while True:
        script = chance.choice(_SCRIPTS[:1] * 4 + _SCRIPTS)
        most = chance.choice((1, 8, 12, 30, 64, 110, 200, _MAX_NAME_BYTES))
        name = ""
        for _ in range(chance.randrange(1, most + 1)):
            name += chance.choice(script)
        name = name.encode()[:most].decode(errors="ignore").strip(" .")
        if name and name.casefold() not in taken:
            taken.add(name.casefold())
            return name


def _add_file(path, chance, files):
    if files and chance.random() < 0.08:
        os.link(chance.choice(files), path)
        return
    with open(path, "wb") as out:
        out.write(chance.randbytes(random_trees.length(chance)))
    os.chmod(path, chance.choice((0o644, 0o600, 0o755, 0o444)))
    files.append(path)


def _add_folder(path, chance, depth, budget, files):
    os.mkdir(path)
    # A path of the computer has its own limit, of 4,095 bytes.
    if depth < _MAX_DEPTH and len(os.fsencode(path)) < 3_000:
        _fill_folder(path, chance, depth, budget, files)


def _fill_folder(path, chance, depth, budget, files):
    taken = {"rr_moved"}
    for _ in range(chance.randrange(1, 10)):
        if budget[0] == 0:
            return
        budget[0] -= 1
        kind = chance.random()
        child = os.path.join(path, _name(chance, taken))
        if kind < 0.3:
            _add_folder(child, chance, depth + 1, budget, files)
        elif kind < 0.37:
            os.symlink("/".join(chance.choice(("..", "a", "x" * 30, "ü")) for _ in range(chance.randrange(1, 5))), child)
        else:
            _add_file(child, chance, files)


def _chain(folder, chance, files):
    """A path to the deepest level."""
    path = folder
    for level in range(_MAX_DEPTH - 1):
        path = os.path.join(path, "down%d" % level)
        os.mkdir(path)
    _add_file(os.path.join(path, "bottom"), chance, files)


def fill(folder, chance, entries=50, large=False):
    """Fills an empty folder with some more than `entries` entries."""
    files = []
    _fill_folder(folder, chance, 0, [entries], files)
    if chance.random() < 0.1:
        _chain(folder, chance, files)
    if large:
        with open(os.path.join(folder, "large.bin"), "wb") as out:
            out.truncate(_LARGE)
            for offset in (0, 0xFFFFF800 - 3, _LARGE - 5):
                out.seek(offset)
                out.write(b"there")
    random_trees.set_times(folder, chance)
