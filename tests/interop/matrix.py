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

_BURNERS_HEAD = """
## Other burners

`tests/interop/cdb_socket` serves drives of the virtual robot on unix sockets; a preloaded library makes them /dev/sr0 for programs that know nothing of it,
which run as an ordinary user. What they burn our reader reads back, every file of every session; what our own parts burn on CD-R, DVD+R, BD-R, DVD+RW,
BD-RE and DVD-RAM, three sessions each, `xorriso -toc`, `-check_media` and `-extract` judge, and `dvd+rw-mediainfo` where it applies. Written by
`bazel run //tests/interop/cdb_socket:burners_test -- UPDATE=yes`.

"""

_TARGET = """
## An iSCSI target and a changer of others

`tests/interop/tgt` lets the iSCSI transport, the changer code, the matching of drives and the writing side of drives meet Debian's tgtd, with CHAP right and
wrong, killed and stopped. What tgt 1.0.85 does otherwise than the standards, the test expects and the product does not work around, but for the last row:

| tgt | what is expected |
|---|---|
| READ ELEMENT STATUS of all types at once ends the daemon | elements are asked for type by type, which is also what mtx does |
| the first address and the byte count of READ ELEMENT STATUS are wrong, the number of elements that are asked for is ignored | neither is believed, elements beyond those asked for are passed over |
| ACCESS is never set | a changer that sets it for no element tells nothing by it |
| no EXCHANGE MEDIUM, no POSITION TO ELEMENT | UNIMPLEMENTED |
| no unit attention after a load (6/28/00), only one of each new session (6/29/00) | it is passed on and stops a move that it comes before |
| any close finalizes a DVD+R, and the drive shows a DVD-ROM then | one session is written and read back |
| answers of READ ELEMENT STATUS are eight bytes short, so that of the last element of a page the end of its identifier is missing | an element counts when all that it announces is there; the last drive's element cannot be matched |
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


def burners_part(rows):
    """The part about other burners. `rows`: (program, medium, sessions, whether it burns, note)."""
    lines = ["| program | medium | sessions | | |", "|---|---|---|---|---|"]
    for program, medium, sessions, burns, note in rows:
        lines.append("| %s | %s | %d | %s | %s |" % (program, medium, sessions, "burned and read" if burns else "**fails**", note))
    return _BURNERS_HEAD + "\n".join(lines) + "\n" + _TARGET


def split(text):
    """What page, large_part and burners_part wrote."""
    main, mark, rest = text.partition(_LARGE_HEAD)
    large, burners_mark, burners = rest.partition(_BURNERS_HEAD)
    return main, mark + large, burners_mark + burners
