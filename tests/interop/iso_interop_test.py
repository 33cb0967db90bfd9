#!/usr/bin/python3
"""Our ISO 9660 reader against xorriso, isoinfo, bsdtar and 7z, on discs that xorriso and genisoimage write.

With UPDATE in the environment it writes docs/interop.md of the workspace instead of comparing it.
"""

import concurrent.futures
import os
import tempfile
import unittest

import comparison
import discs
import known_differences
import matrix

_SEEDS = range(1, 31)
_WORKERS = 4


def _judge(folder, name, make):
    image = make(folder, name)
    verdicts = comparison.verdicts(image)
    return image, verdicts


class IsoInterop(unittest.TestCase):
    results = []  # (image, verdicts), in the order of the page
    page = ""

    @classmethod
    def setUpClass(cls):
        jobs = [(name, make) for name, make in discs.NAMES.items()] + [(seed, discs.by_seed) for seed in _SEEDS]
        with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
            with concurrent.futures.ThreadPoolExecutor(_WORKERS) as pool:
                cls.results = list(pool.map(lambda job: _judge(folder, *job), jobs))
        cls.page = matrix.page(cls.results)

    def test_every_judge_reads_what_we_read(self):
        for image, verdicts in self.results:
            for verdict in verdicts:
                with self.subTest(disc=image.name, tree=verdict.tree, judge=verdict.judge):
                    self.assertEqual([], verdict.complaints[:20])

    def test_every_tree_of_every_disc_has_all_its_judges(self):
        for image, verdicts in self.results:
            for tree in image.trees:
                asked = [verdict.judge for verdict in verdicts if verdict.tree == tree]
                self.assertEqual(5 if tree == "plain" else 6, len(asked), (image.name, tree, asked))
                self.assertTrue(all(verdict.entries > 1 for verdict in verdicts), image.name)

    def test_every_known_difference_is_seen_on_some_disc(self):
        seen = {key for _, verdicts in self.results for verdict in verdicts for key in verdict.keys}
        listed = {row.key for row in known_differences.DIFFERENCES + known_differences.REFUSALS}
        self.assertEqual(listed, seen)

    def test_the_page_in_docs_is_what_was_seen(self):
        with open(os.environ["PAGE"], encoding="utf-8") as committed:
            main, *_ = matrix.split(committed.read())
        self.assertEqual(main, self.page, "docs/interop.md is out of date; it says itself how it is written")


def _update():
    IsoInterop.setUpClass()
    path = os.path.join(os.environ["BUILD_WORKSPACE_DIRECTORY"], "docs/interop.md")
    with open(path, encoding="utf-8") as committed:
        _, *others = matrix.split(committed.read())
    with open(path, "w", encoding="utf-8") as page:
        page.write(IsoInterop.page + "".join(others))


if __name__ == "__main__":
    if "UPDATE" in os.environ:
        _update()
    else:
        unittest.main()
