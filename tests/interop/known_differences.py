"""What judges are known to say differently from our reader, and why. Rows of docs/interop.md.

A difference foretells, from what we read, what the judge will say instead; the comparison then
holds the judge to it. So one that vanishes, with a newer version of a judge, fails the test.
"""

import dataclasses
import posixpath
import re
from typing import Callable, Optional

from reports import Entry

_ALL_ISOINFO = ("isoinfo",)
_LISTINGS = ("isoinfo", "bsdtar -t")
_ARROW = b" -> "


@dataclasses.dataclass(frozen=True)
class Difference:
    key: str
    judges: tuple
    says: str
    because: str
    # (image, tree, ours, theirs) -> what the judge has instead, by path; None: nothing there.
    foretell: Callable


@dataclasses.dataclass(frozen=True)
class Refusal:
    """The judge fails, with this in its message."""
    key: str
    judges: tuple
    discs: tuple
    tree: str
    message: str
    says: str
    because: str


def _replace(entry, **fields):
    return dataclasses.replace(entry, sha256=None, **fields)


def _versions(image, tree, ours, _):
    if tree != "plain" or "no versions" in image.facts:
        return {}
    changes = {}
    for path, entry in ours.items():
        name = posixpath.basename(path)
        placeholder = "relocated" in image.facts and name.startswith(b"LEVEL") and b"." not in name
        if entry.type == "-" and not placeholder:
            changes[path] = None
            changes[path + (b";1" if b"." in name else b".;1")] = _replace(entry)
    return changes


def _latin1(_, tree, ours, __):
    if tree != "joliet":
        return {}
    changes = {}
    for path, entry in ours.items():
        text = path.decode()
        shown = "".join(letter if ord(letter) < 256 else "_" for letter in text).encode("latin-1")
        if shown != path:
            changes[path] = None
            changes[shown] = _replace(entry)
    return changes


def _no_special_bits(_, tree, ours, __):
    if tree != "rock_ridge":
        return {}
    return {path: _replace(entry, mode=entry.mode & 0o777) for path, entry in ours.items() if entry.mode & 0o7000}


def _root_target(_, tree, ours, __):
    return {path: _replace(entry, target=entry.target[1:]) for path, entry in ours.items()
            if entry.type == "l" and entry.target == b"/"}


def _empty_self(image, tree, ours, _):
    if "self has a name" not in image.facts or tree != "rock_ridge":
        return {}
    return {path + b"/": Entry("d") for path, entry in ours.items() if entry.type == "d" and path != b"/"}


def _arrow(_, __, ours, ___):
    changes = {}
    for path, entry in ours.items():
        if entry.type == "l" and _ARROW in posixpath.basename(path):
            name, rest = path.split(_ARROW, 1)
            changes[path] = None
            changes[name] = _replace(entry, target=rest + _ARROW + entry.target)
    return changes


def _link_record_time(image, tree, ours, _):
    if image.writer != "genisoimage" or tree != "rock_ridge":
        return {}
    return {path: _replace(entry, time=None) for path, entry in ours.items() if entry.type == "l"}


def _link_time_of_extraction(_, __, ours, ___):
    return {path: _replace(entry, time=None) for path, entry in ours.items() if entry.type == "l"}


def _lost_slash(_, tree, ours, theirs):
    """Foretold but for the place, which the writer's records decide: one slash is missing."""
    changes = {}
    for path, entry in ours.items():
        shown = theirs[path].target if path in theirs else None
        if entry.type == "l" and len(entry.target) > 200 and shown is not None and len(shown) + 1 == len(entry.target):
            if any(entry.target[:slash.start()] + entry.target[slash.end():] == shown
                   for slash in re.finditer(b"/", entry.target)):
                changes[path] = _replace(entry, target=shown)
    return changes


def _place_on_disc(path):
    """Where trees.deep's entry lies when directories of level 7, 13, 19 ... were moved."""
    parts = path.split(b"/")[1:]
    moved = [i for i, part in enumerate(parts) if part.startswith(b"level") and int(part[5:]) % 6 == 1 and int(part[5:]) > 1]
    if not moved:
        return path, None
    last = moved[-1]
    place = b"/rr_moved/" + b"/".join(parts[last:])
    if last != len(parts) - 1:
        return place, None
    before = b"/rr_moved/" + b"/".join(parts[moved[-2]:]) if len(moved) > 1 else path
    return place, before


def _relocation(image, tree, ours, _):
    if "relocated" not in image.facts or tree != "rock_ridge":
        return {}
    changes = {b"/rr_moved": Entry("d")}
    for path, entry in ours.items():
        place, placeholder = _place_on_disc(path)
        if place != path:
            changes.setdefault(path, None)
            changes[place] = _replace(entry)
        if placeholder is not None:
            changes[placeholder] = _replace(entry)
    return changes


def _rr_moved_stays(image, tree, _, __):
    if "relocated" not in image.facts or image.writer != "genisoimage" or tree != "rock_ridge":
        return {}
    return {b"/rr_moved": Entry("d")}


DIFFERENCES = (
    Difference(
        "isoinfo-version", _ALL_ISOINFO, "In the plain tree files end in `;1`, or `.;1` where there is no extension.",
        "It prints the identifier as recorded (ECMA-119 7.5.1); separators and version number are no part of a name.",
        _versions),
    Difference(
        "isoinfo-latin-1", _ALL_ISOINFO, "Joliet names are in ISO 8859-1, with `_` for what that does not have.",
        "It knows eight-bit character sets only (`-j`); we keep the name, in UTF-8.", _latin1),
    Difference(
        "isoinfo-mode", _ALL_ISOINFO, "Set-id and sticky bits are not shown.", "Its letters are of the nine permission bits only.",
        _no_special_bits),
    Difference(
        "isoinfo-root-link", _ALL_ISOINFO, "A link to `/` has an empty target.",
        "It takes the ROOT component (RRIP 4.1.3.1) for a separator that ends the target.", _root_target),
    Difference(
        "isoinfo-self", _ALL_ISOINFO, "With RRIP 1.12 each directory holds an entry without a name.",
        "It takes the NM entry of a directory's own record, which has the flag CURRENT and no text, for its name.", _empty_self),
    Difference(
        "isoinfo-link-time", _ALL_ISOINFO, "Links that genisoimage wrote have another time.",
        "It shows the time of the directory record, in which genisoimage puts that of the target or of the run; the link's own is in TF.",
        _link_record_time),
    Difference(
        "isoinfo-rr-moved", _ALL_ISOINFO, "Relocated directories are shown below `/rr_moved` and empty where they belong.",
        "It knows no CL, PL and RE and shows the records as they lie on the disc.", _relocation),
    Difference(
        "xorriso-rr-moved", ("xorriso lsdl", "xorriso extract"), "An empty `/rr_moved` is left where genisoimage relocated directories.",
        "It hides that directory only if it has RE itself, as xorriso writes it; genisoimage marks only what is in it.",
        _rr_moved_stays),
    Difference(
        "xorriso-link-time", ("xorriso extract",), "Links have the time of the extraction.",
        "It sets no times of links; `lsdl` shows what it read, and that agrees.", _link_time_of_extraction),
    Difference(
        "arrow-in-name", _LISTINGS, "A link whose name has ` -> ` in it is cut there.",
        "The listing does not quote, so that where the name ends cannot be told.", _arrow),
    Difference(
        "bsdtar-long-target", ("bsdtar -t", "bsdtar -x"), "One `/` is missing in the target of a link that takes several SL entries.",
        "It puts no separator where the next entry begins with a new component; xorriso, isoinfo and the source agree with us.",
        _lost_slash),
)

REFUSALS = (
    Refusal(
        "isoinfo-newline", _ALL_ISOINFO, ("x-newline",), "rock_ridge", "output is not understood",
        "A name with a line feed takes two lines.", "It prints names as they are, so that its output cannot be read back."),
    Refusal(
        "bsdtar-cl", ("bsdtar -t", "bsdtar -x"), ("x-deep-relocated",), "rock_ridge", "Failed to connect 'CL' pointer",
        "It gives up when it meets directories that xorriso relocated more than once.",
        "It reads a disc as a stream and wants a relocated directory before the files that follow it."),
    Refusal(
        "bsdtar-order", ("bsdtar -t", "bsdtar -x"), ("g-deep-relocated",), "joliet", "Ignoring out-of-order directory",
        "It leaves out directories of genisoimage's Joliet tree when others were relocated.",
        "It reads a disc as a stream, and these lie before their parents."),
    Refusal(
        "bsdtar-ce", ("bsdtar -t", "bsdtar -x"), ("seq-x-long", "ow-x-long"), "rock_ridge",
        'Invalid parameter in SUSP "CE" extension',
        "It refuses an appended session in which a file of an earlier one has a continuation area.",
        "It reads a disc as a stream, and the file's data lie before the area that completes its name."),
)


# Seen by large_interop_test.py.
LARGE_REFUSALS = (
    Refusal(
        "isoinfo-sections", _ALL_ISOINFO, ("x-over-4-gib",), "rock_ridge", "output is not understood",
        "A file of several sections is one line for each, with flags that do not fit their column.",
        "It shows directory records; that those of one file belong together is the reader's affair (ECMA-119 6.5.1)."),
)


def refusal_of(judge, image, tree) -> Optional[Refusal]:
    for refusal in REFUSALS + LARGE_REFUSALS:
        if judge in refusal.judges and image.name in refusal.discs and tree == refusal.tree:
            return refusal
    return None
