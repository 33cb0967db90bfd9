"""Judges on discs of random trees that the virtual robot's drives have burned, as many trees as are asked for."""

import collections
import concurrent.futures
import dataclasses
import os
import tempfile
from typing import List

import burned_discs
import comparison
import reports

# bsdtar takes Joliet paths of some 500 characters at most.
_JUDGES = {"rock_ridge": ("xorriso extract", "isoinfo", "bsdtar -x"), "joliet": ("xorriso lsdl", "isoinfo", "7z")}
# isoinfo shows a file of several sections as several.
_LARGE_JUDGES = {"rock_ridge": ("xorriso lsdl", "bsdtar -t"), "joliet": ("xorriso lsdl",)}
_LARGE_EVERY = 400  # trees; a file of more than 4 GiB takes a minute
_LONG_NAME = 60  # bytes, from which on a name may need a continuation area (SUSP 5.1)
_REFUSAL = "Invalid parameter in SUSP \"CE\" extension"


@dataclasses.dataclass
class Outcome:
    """Of one disc."""
    seed: int
    medium: str
    trees: int
    complaints: List[str]
    allowed: collections.Counter  # known differences, by key


def _may_refuse(verdict, image):
    """bsdtar-ce of known_differences.py: an appended session, and a name that needs more than its record."""
    long_names = any(len(os.path.basename(path)) > _LONG_NAME for path in image.entries)
    return image.sessions > 1 and long_names and verdict.judge.startswith("bsdtar") and verdict.tree == "rock_ridge"


def _judge_image(image, names, sha256, outcome):
    for verdict in comparison.verdicts(image, names=names.get, sha256=sha256):
        outcome.allowed.update(verdict.keys)
        if any(_REFUSAL in line for line in verdict.complaints) and _may_refuse(verdict, image):
            outcome.allowed["bsdtar-ce"] += 1
            continue
        outcome.complaints += ["%s %s %s: %s" % (image.name, verdict.tree, verdict.judge, line)
                               for line in verdict.complaints[:5]]


def _check_manifest(image, folder, outcome):
    """`sha256sum -c` over what xorriso extracts."""
    out = os.path.join(folder, image.name.replace("/", "-") + ".extracted")
    reports.run(["xorriso", "-load", "sbsector", str(image.session), "-indev", "stdio:" + image.path, "-osirrox", "on",
                 "-extract", "/", out])
    manifest = burned_discs.manifest_name(image.sessions).decode()
    checked, _ = reports.run(["sha256sum", "--strict", "--quiet", "-c", manifest], cwd=out)
    files = sum(entry.type == "-" for entry in image.entries.values()) - 1
    with open(os.path.join(out, manifest), "rb") as text:
        listed = sum(not line.startswith(b"#") for line in text)
    if checked or listed != files:
        outcome.complaints.append("%s: the manifest has %d of %d files: %r" % (image.name, listed, files, checked[:200]))


def _judge_disc(seed, large, parent):
    outcome = Outcome(seed, burned_discs.medium_of(seed, large), 0, [], collections.Counter())
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        try:
            images = burned_discs.by_seed(folder, seed, large)
            outcome.trees = len(images)
            for image in images:
                _judge_image(image, *((_LARGE_JUDGES, 0) if large else (_JUDGES, 1)), outcome)
            if not large:
                _check_manifest(images[-1], folder, outcome)
        except reports.JudgeError as error:
            outcome.complaints.append(str(error))
    return outcome


def run(trees, first_seed, parent=None, workers=2, report=lambda outcome: None):
    """Judges discs of seeds from `first_seed` on until there were `trees` trees: the outcomes."""
    outcomes, done, seed = [], 0, first_seed
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        pending = set()
        while done < trees or pending:
            while done < trees and len(pending) < workers:
                large = (seed - first_seed) % _LARGE_EVERY == _LARGE_EVERY // 2
                pending.add(pool.submit(_judge_disc, seed, large, parent))
                seed += 1
            ended, pending = concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in ended:
                outcome = future.result()
                done += max(outcome.trees, 1)
                outcomes.append(outcome)
                report(outcome)
    return outcomes
