"""docs/interop.md: which discs were compared with which judges, and what those say differently."""

import known_differences

_HEAD = """# Compared with other readers

`tests/interop` writes discs with xorriso and genisoimage, reads them with our reader and with other programs, and compares entry by entry. This page
is written by that test and compared with what it sees; after a change: `bazel run //tests/interop:iso_interop_test -- UPDATE=yes`.

| | says, and is compared in |
|---|---|
| source | the tree that was written: names, types, sizes, times to the second, modes, link targets, SHA-256 of every file |
| xorriso lsdl | `-find / -exec lsdl`: names, types, sizes of files, times to the minute or the day, modes with Rock Ridge, link targets |
| xorriso extract | `-osirrox on -extract`: names, types, sizes, times to the second, modes, link targets, SHA-256 of every file |
| isoinfo | `-l`, with `-R` or `-J`: names, types, sizes, days, modes with Rock Ridge, link targets |
| bsdtar -t | `-tvf`: as xorriso lsdl |
| bsdtar -x | `-xpf`: as xorriso extract |
| 7z | `l -slt` and `x -so`, of the Joliet tree: names, types, sizes, times to the second, SHA-256 of every file |

Sizes of directories are not compared: some say 0, some what the records take. A judge that is missing, fails or takes too long fails the test. bsdtar
and 7z know no sessions; where the last one does not start at sector 0 they get the image with that session's descriptors copied to sector 16, as on
overwritable media.

A cell has the number of entries that were compared; after it what the judge is known to say differently, to which it was held.
"""

_LARGE_HEAD = """
## Large discs

Listings of every entry, SHA-256 of every hundredth file; of the file of several sections the bytes at its ends and where its sections meet. Written by
`bazel run //tests/interop:large_interop_test -- UPDATE=yes`.
"""

_COLUMNS = ("source", "xorriso lsdl", "xorriso extract", "isoinfo", "bsdtar -t", "bsdtar -x", "7z")


def _cell(verdict):
    if verdict is None:
        return ""
    return " ".join([str(verdict.entries)] + verdict.keys)


def _rows(results):
    """`results`: (image, verdicts) pairs."""
    for image, verdicts in results:
        by_place = {(verdict.tree, verdict.judge): verdict for verdict in verdicts}
        for tree in image.trees:
            cells = [_cell(by_place.get((tree, judge))) for judge in _COLUMNS]
            yield "| %s | %s | %s | %d | %s |" % (image.name, image.how, tree, image.sessions, " | ".join(cells))


_TABLE = ["| disc | written by | tree | sessions | %s |" % " | ".join(_COLUMNS), "|---|---|---|---|" + "---|" * len(_COLUMNS)]


def page(results):
    """All of the page but what large_interop_test.py writes."""
    lines = [_HEAD, "## Known differences", "", "| key | judge | it says | because |", "|---|---|---|---|"]
    for row in known_differences.DIFFERENCES + known_differences.REFUSALS + known_differences.LARGE_REFUSALS:
        lines.append("| %s | %s | %s | %s |" % (row.key, ", ".join(row.judges), row.says, row.because))
    return "\n".join(lines + ["", "## Discs", ""] + _TABLE + list(_rows(results))) + "\n"


def large_part(results):
    """The end of the page, about discs that are too large to compare every byte."""
    return "\n".join([_LARGE_HEAD] + _TABLE + list(_rows(results))) + "\n"


def split(text):
    """What page and large_part wrote."""
    main, mark, large = text.partition(_LARGE_HEAD)
    return main, mark + large
