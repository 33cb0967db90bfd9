"""Discs' images as xorriso and genisoimage write them: each session where a drive would put it.

An image is a file in which sector 0 of the disc is byte 0. On sequential media each session begins
at the next writable address, with a hole before it; on overwritable media programs grow the image
and write the descriptors at sector 16 anew.
"""

import dataclasses
import os
from typing import List, Optional

import reports
from reports import SECTOR

# Behind the end of a session: lead-out and lead-in of a CD (11,400 after the first, then 6,900).
_GAPS = (11_400, 6_900, 6_900)
_OVERWRITABLE_ROUNDING = 16  # growisofs


@dataclasses.dataclass
class Image:
    name: str
    path: str
    how: str  # for people: program, options, medium
    sessions: int
    session: int  # start of the last one
    trees: tuple  # of judges.TREES, which it has
    sources: List[str]  # folders, in the order of their sessions
    writer: str  # of the last session
    entries: Optional[dict] = None  # what it holds, where no folders say so
    facts: tuple = ()  # what known_differences.py must know to foretell what judges say


def run_xorriso(*options):
    """`options` before "::" are xorriso's own, the others mkisofs's."""
    own, others = [], list(options)
    if "::" in options:
        own, others = others[:others.index("::")], others[others.index("::") + 1:]
    return reports.run(["xorriso", *own, "-as", "mkisofs", "-quiet", "-V", "INTEROP", *others])


def write_sparse(disc, *options):
    """xorriso's image through a pipe into a file with holes where it has zeros."""
    command = ["xorriso", "-as", "mkisofs", "-quiet", "-V", "INTEROP", *options, "-o", "-"]
    script = '"$@" | dd of="$DISC" bs=1M conv=sparse iflag=fullblock status=none'
    reports.run(["env", "DISC=" + disc, "bash", "-o", "pipefail", "-c", script, "bash", *command], seconds=300)


def run_genisoimage(*options):
    return reports.run(["genisoimage", "-quiet", "-V", "INTEROP", *options])


WRITERS = {"xorriso": run_xorriso, "genisoimage": run_genisoimage}


def place(disc, session_file, start):
    """Copies a session's file to its place on the disc and leaves holes for what is zero."""
    with open(session_file, "rb") as source, open(disc, "r+b" if os.path.exists(disc) else "w+b") as target:
        position = start * SECTOR
        for block in iter(lambda: source.read(64 * SECTOR), b""):
            if block.strip(b"\0"):
                target.seek(position)
                target.write(block)
            position += len(block)
        target.truncate(max(position, os.fstat(target.fileno()).st_size))
    os.unlink(session_file)


def sequential(disc, steps):
    """Sessions one behind the other. `steps`: (program, options, folder). The last one's start."""
    previous = start = 0
    for number, (program, options, folder) in enumerate(steps):
        append = [] if number == 0 else ["-C", "%d,%d" % (previous, start), "-M", disc]
        WRITERS[program](*options, *append, "-o", disc + ".session", folder)
        place(disc, disc + ".session", start)
        previous = start
        start = os.path.getsize(disc) // SECTOR + 2 + _GAPS[number]
    return previous


def grown_by_xorriso(disc, options, folders):
    """xorriso on overwritable media: first session at sector 32, descriptors at 16 rewritten."""
    for folder in folders:
        reports.run(["xorriso", "-abort_on", "FAILURE", "-dev", "stdio:" + disc, "-volid", "INTEROP", *options,
                     "-map", folder, "/", "-commit"])


def grown_like_growisofs(disc, options, folders):
    """genisoimage as growisofs calls it: the new session behind the old, its descriptors copied to 16."""
    for number, folder in enumerate(folders):
        if number == 0:
            run_genisoimage(*options, "-o", disc, folder)
            continue
        end = os.path.getsize(disc) // SECTOR
        start = -(-end // _OVERWRITABLE_ROUNDING) * _OVERWRITABLE_ROUNDING
        run_genisoimage(*options, "-C", "16,%d" % start, "-M", disc, "-o", disc + ".session", folder)
        place(disc, disc + ".session", start)
        copy_descriptors_to_16(disc, disc, start)


def copy_descriptors_to_16(disc, target, start):
    """The descriptors of the session at `start` to sector 16, with the volume space size of all."""
    total = os.path.getsize(disc) // SECTOR
    with open(disc, "rb") as source, open(target, "r+b") as out:
        for sector in range(16, 32):
            source.seek((start + sector) * SECTOR)
            descriptor = bytearray(source.read(SECTOR))
            if descriptor[1:6] != b"CD001":
                return
            if descriptor[0] in (1, 2):
                descriptor[80:88] = total.to_bytes(4, "little") + total.to_bytes(4, "big")
            out.seek(sector * SECTOR)
            out.write(descriptor)
