#!/usr/bin/python3
"""Sessions of random trees that the virtual robot's drives burn, against xorriso, isoinfo, bsdtar, 7z and sha256sum.

TREES and SEED in the environment ask for another number than CI's, from another seed on (tools/soak).
"""

import collections
import os
import unittest

import burned_discs
import soak

_TREES = int(os.environ["TREES"])
_SEED = int(os.environ.get("SEED", "1"))


def _show(outcome):
    print("seed %d: %s, %d sessions, %d complaints" % (
        outcome.seed, outcome.medium, outcome.trees, len(outcome.complaints)), flush=True)


class BurnedTrees(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.outcomes = soak.run(_TREES, _SEED, os.environ.get("TEST_TMPDIR"), report=_show)

    def test_every_judge_reads_every_session_of_every_disc(self):
        for outcome in self.outcomes:
            with self.subTest(seed=outcome.seed, medium=outcome.medium):
                self.assertEqual([], outcome.complaints[:20])

    def test_there_were_as_many_trees_as_asked_for_on_every_writable_medium(self):
        trees = collections.Counter()
        for outcome in self.outcomes:
            trees[outcome.medium] += outcome.trees
        self.assertGreaterEqual(sum(trees.values()), _TREES)
        if len(self.outcomes) >= len(burned_discs.MEDIA + burned_discs.CLOSED_MEDIA):
            self.assertEqual(set(burned_discs.MEDIA + burned_discs.CLOSED_MEDIA), set(trees))


if __name__ == "__main__":
    unittest.main()
