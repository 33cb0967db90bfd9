"""Discs of the virtual robot that our service's own parts burn, a random tree a session, by a seed."""

import os
import random

import reports
import trees
import wild_trees
from reports import Entry
from writers import Image

MEDIA = ("CD-R", "DVD+R", "BD-R", "DVD+RW", "BD-RE", "DVD-R", "CD-RW", "DVD-RAM", "DVD-RW", "DVD+R-DL", "DVD-RW-RO",
         "BD-R-DL", "DVD+RW-DL", "BD-RE-DL")
# Written at once: one session, and none behind it.
CLOSED_MEDIA = ("DVD-R-DL",)
MAX_SESSIONS = 5


def burn(store, medium, folders, *options):
    """Makes a disc and burns one session a folder: (path of the disc's sectors, starts of the sessions)."""
    out, _ = reports.run([os.environ["BURN_TREES"], store, "A01", medium, *folders, *options])
    starts = [int(line.split()[1]) for line in out.splitlines() if line.startswith(b"start ")]
    return os.path.join(store, "discs/A01/data"), starts


def manifest_name(session):
    return b"session-%d.sha256" % session


def _manifest(disc_entries):
    return {b"/" + manifest_name(n + 1): Entry("-") for n in range(disc_entries)}


def _fill(folder, name, chance, large):
    path = os.path.join(folder, name)
    os.mkdir(path)
    wild_trees.fill(path, chance, large=large)
    return path


def medium_of(seed, large=False):
    media = MEDIA + CLOSED_MEDIA
    return "BD-R" if large else media[seed % len(media)]


def by_seed(folder, seed, large=False):
    """The sessions of one disc as images, oldest first, each as it is when all have been written."""
    chance = random.Random(seed)
    medium = medium_of(seed, large)
    sessions = 1 if large or medium in CLOSED_MEDIA else chance.randrange(1, MAX_SESSIONS + 1)
    options = ["--time=%d" % chance.randrange(1_600_000_000, 1_700_000_000), "--level=3",
               "--rock_ridge=%s" % chance.choice(("1.12", "1.10")), "--joliet=%d" % chance.choice((64, 103))]
    name = "burned-%d" % seed
    sources = [_fill(folder, "%s.source%d" % (name, n), chance, large) for n in range(sessions)]
    data, starts = burn(os.path.join(folder, name + ".store"), medium, sources, *options)
    if len(starts) != sessions:
        raise reports.JudgeError("%d of %d sessions were burned" % (len(starts), sessions))
    images = []
    for number, start in enumerate(starts):
        path = os.path.join(folder, "%s.%d" % (name, number + 1))
        os.link(data, path)
        written = sources[:number + 1]
        images.append(Image("%s/%d" % (name, number + 1), path, medium, number + 1, start, ("rock_ridge", "joliet"),
                            written, "carousel", entries={**trees.overlay(written), **_manifest(number + 1)}))
    return images
