#!/usr/bin/python3
"""Sessions that we master against xorriso, isoinfo, bsdtar and 7z: each reads what was put in."""

import concurrent.futures
import filecmp
import os
import re
import tempfile
import unittest

import comparison
import mastered_discs
import reports
import trees

_SEEDS = range(1, 13)
_WORKERS = 2


def _judged(images):
    return [(image, comparison.verdicts(image)) for image in images]


class IsoMaster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(holder.cleanup)
        cls.folder = holder.name

    def _hold(self, make, names):
        with concurrent.futures.ThreadPoolExecutor(_WORKERS) as pool:
            for results in pool.map(lambda name: _judged(make(self.folder, name)), names):
                for image, verdicts in results:
                    for verdict in verdicts:
                        with self.subTest(disc=image.name, tree=verdict.tree, judge=verdict.judge):
                            self.assertEqual([], verdict.complaints[:20])
                    for tree in image.trees:
                        asked = [verdict.judge for verdict in verdicts if verdict.tree == tree]
                        self.assertEqual(5 if tree == "plain" else 6, len(asked), (image.name, tree, asked))

    def test_every_judge_reads_a_first_session(self):
        self._hold(lambda folder, name: mastered_discs.single(folder, name)[0], mastered_discs.SINGLE)

    def test_every_judge_reads_every_session_of_discs_of_several_programs(self):
        self._hold(mastered_discs.sequential, mastered_discs.SEQUENTIAL)

    def test_every_judge_reads_overwritable_media(self):
        self._hold(mastered_discs.overwritable, mastered_discs.OVERWRITABLE)

    def test_every_judge_reads_random_trees(self):
        self._hold(mastered_discs.by_seed, _SEEDS)

    def test_a_file_of_more_than_four_gib_is_read_by_those_that_know_sections(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            image = mastered_discs.large(folder)
            verdicts = comparison.verdicts(image, names=lambda tree: ("xorriso lsdl", "bsdtar -t"))
            self.assertEqual(7, len(verdicts))
            for verdict in verdicts:
                with self.subTest(tree=verdict.tree, judge=verdict.judge):
                    self.assertEqual([], verdict.complaints)

    def test_sha256sum_checks_the_manifests_of_both_sessions_on_what_is_extracted(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            disc = os.path.join(folder, "disc.iso")
            announced = mastered_discs.master(
                mastered_discs.fill(folder, "first", trees.odd_names), disc, "--manifest=first.sha256")
            start = announced["end"] + 2048
            mastered_discs.master(mastered_discs.fill(folder, "second", trees.simple), disc, "--manifest=second.sha256",
                                  "--session=%d" % start, "--import=0")
            out = os.path.join(folder, "extracted")
            reports.run(["xorriso", "-load", "sbsector", str(start), "-indev", "stdio:" + disc, "-osirrox", "on",
                         "-extract", "/", out])
            for manifest, files in (("first.sha256", 21), ("second.sha256", 21 + 1 + 10)):
                checked, _ = reports.run(["sha256sum", "--strict", "-c", manifest], cwd=out)
                self.assertEqual(files, checked.count(b": OK\n"), checked)

    def test_bsdtar_reads_targets_of_several_entries(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            image, = mastered_discs.single(folder, "c-links")[0]
            for verdict in comparison.verdicts(image):
                self.assertNotIn("bsdtar-long-target", verdict.keys)

    def test_xorriso_finds_every_session_of_overwritable_media(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            image, = mastered_discs.overwritable(folder, "ow-c-c-c")
            out, err = reports.run(["xorriso", "-indev", "stdio:" + image.path, "-toc"])
            sessions = re.findall(rb"^ISO session  : +(\d+) ,", out + err, re.MULTILINE)
            self.assertEqual([b"1", b"2", b"3"], sessions, out + err)

    def test_the_image_is_as_long_as_announced_and_the_same_each_time(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            source = mastered_discs.fill(folder, "source", trees.links)
            discs = [os.path.join(folder, name) for name in ("one.iso", "two.iso")]
            for disc in discs:
                announced = mastered_discs.master(source, disc)
                self.assertEqual(announced["end"] * reports.SECTOR, os.path.getsize(disc))
            self.assertTrue(filecmp.cmp(*discs, shallow=False))


if __name__ == "__main__":
    unittest.main()
