"""Holds a judge to what we read, and to what it is known to say differently."""

import dataclasses

import judges
import known_differences
import our_reader
import reports
import trees


@dataclasses.dataclass
class Verdict:
    """Of one judge on one tree of one disc."""
    judge: str
    tree: str
    entries: int
    keys: list  # of known differences that were seen
    complaints: list  # lines; empty if all is as it should be


def _judge_refuses(judge, image, tree, refusal, entries):
    try:
        judges.JUDGES[judge](image, tree)
    except reports.JudgeError as error:
        wrong = [] if refusal.message in str(error) else ["fails otherwise than by %s: %s" % (refusal.key, error)]
        return Verdict(judge, tree, entries, [refusal.key], wrong)
    return Verdict(judge, tree, entries, [], ["%s has vanished: it does not fail" % refusal.key])


def _vanished(changes, ours, theirs):
    """Whether the judge says what we say in all that was foretold to differ."""
    for path in changes:
        if (path in ours) != (path in theirs):
            return False
        if path in ours and not reports.same(ours[path], theirs[path]):
            return False
    return True


def _compare(judge, image, tree, ours):
    refusal = known_differences.refusal_of(judge, image, tree)
    if refusal is not None:
        return _judge_refuses(judge, image, tree, refusal, len(ours))
    try:
        theirs = judges.JUDGES[judge](image, tree)
    except reports.JudgeError as error:
        return Verdict(judge, tree, len(ours), [], [str(error)])
    expected, keys, complaints = dict(ours), [], []
    if b"/" not in theirs:
        expected.pop(b"/")  # what was extracted is described without the folder that it is in
    for difference in known_differences.DIFFERENCES:
        if judge not in difference.judges:
            continue
        changes = difference.foretell(image, tree, expected, theirs)
        if not changes:
            continue
        keys.append(difference.key)
        if _vanished(changes, expected, theirs):
            complaints.append("%s has vanished" % difference.key)
        for path, entry in changes.items():
            if entry is None:
                expected.pop(path, None)
        expected.update({path: entry for path, entry in changes.items() if entry is not None})
    return Verdict(judge, tree, len(ours), keys, complaints + reports.differences(expected, theirs))


def _with_the_source(image, ours):
    """The tree with Rock Ridge loses nothing of what was written."""
    source = trees.overlay(image.sources) if image.entries is None else image.entries
    read = {path: entry for path, entry in ours.items() if path != b"/"}
    return Verdict("source", "rock_ridge", len(ours), [], reports.differences(read, source))


def verdicts(image, names=judges.of_tree, sha256=1):
    """Every verdict on every tree of a disc. JudgeError if our own reader fails.

    `names`: the judges to be asked for a tree. `sha256`: the bytes of every so manyth file are compared.
    """
    kind, _ = our_reader.read(image, "import", sha256=0)
    found = []
    if kind != image.trees[0]:
        found.append(Verdict("import", kind, 0, [], ["an import takes %s, not %s" % (kind, image.trees[0])]))
    for tree in image.trees:
        kind, ours = our_reader.read(image, tree, sha256)
        if kind != tree:
            found.append(Verdict("import", tree, 0, [], ["%s was read" % kind]))
        if tree == "rock_ridge":
            found.append(_with_the_source(image, ours))
        found += [_compare(judge, image, tree, ours) for judge in names(tree)]
    return found
