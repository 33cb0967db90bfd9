#!/usr/bin/python3
"""Our ISO 9660 reader against other programs where discs are large: 100,000 files, more directories than a path table can
number, a file of more than 4 GiB.

With UPDATE in the environment it writes its part of docs/interop.md of the workspace instead of comparing it.
"""

import concurrent.futures
import os
import tempfile
import unittest

import comparison
import large_discs
import matrix
import our_reader
import reports

_LISTINGS = ("xorriso lsdl", "isoinfo", "bsdtar -t")
_EVERY = 100
_WORKERS = 2
_SAMPLE = 1 << 16


def _samples(size):
    """(offset, length) where bytes are compared: both ends, and where sections meet."""
    return [(0, _SAMPLE), (large_discs.SECTION - _SAMPLE, 2 * _SAMPLE), (size - _SAMPLE, _SAMPLE)]


def _from_source(path, offset, length):
    with open(path, "rb") as source:
        source.seek(offset)
        return source.read(length)


def _by_our_extents(image, extents, offset, length):
    data, start = b"", 0
    with open(image.path, "rb") as disc:
        for place, size in extents:
            first, last = max(offset, start), min(offset + length, start + size)
            if first < last:
                disc.seek(place + first - start)
                data += disc.read(last - first)
            start += size
    return data


def _by_xorriso(image, path, offset, length):
    cut = image.path + ".cut"
    reports.run(["xorriso", "-abort_on", "FAILURE", "-osirrox", "on", "-overwrite", "on", "-indev", "stdio:" + image.path,
                 "-extract_cut", path, str(offset), str(length), cut])
    with open(cut, "rb") as extracted:
        data = extracted.read()
    os.unlink(cut)
    return data


def _judge(folder, make):
    image = make(folder)
    # The bytes of the large file have a test of their own.
    every = 0 if make is large_discs.several_sections else _EVERY
    return image, comparison.verdicts(image, lambda tree: _LISTINGS, sha256=every)


class LargeInterop(unittest.TestCase):
    results = []
    page = ""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(cls.folder.cleanup)
        with concurrent.futures.ThreadPoolExecutor(_WORKERS) as pool:
            cls.results = list(pool.map(lambda make: _judge(cls.folder.name, make), (
                large_discs.several_sections, large_discs.files_by_xorriso, large_discs.files_by_genisoimage,
                large_discs.many_directories)))
        cls.big = cls.results[0][0]
        cls.page = matrix.large_part(cls.results)

    def test_every_judge_reads_what_we_read(self):
        for image, verdicts in self.results:
            self.assertEqual(len(verdicts), (1 + len(_LISTINGS)) + (len(image.trees) - 1) * len(_LISTINGS))
            for verdict in verdicts:
                with self.subTest(disc=image.name, tree=verdict.tree, judge=verdict.judge):
                    self.assertEqual([], verdict.complaints[:20])

    def test_the_discs_are_as_large_as_they_are_meant_to_be(self):
        entries = {image.name: verdicts[0].entries for image, verdicts in self.results}
        self.assertGreater(entries["x-100k-files"], 100_000)
        self.assertGreater(entries["g-100k-files"], 100_000)
        self.assertGreater(entries["x-80k-directories"], 120_000)

    def test_the_bytes_of_a_file_of_several_sections_lie_where_we_say(self):
        size = self.big.entries[b"/big.bin"].size
        source = os.path.join(os.path.dirname(self.big.path), "x-over-4-gib.source/big.bin")
        extents = our_reader.extents(self.big, b"/big.bin")
        self.assertEqual([large_discs.SECTION, size - large_discs.SECTION], [length for _, length in extents])
        for offset, length in _samples(size):
            expected = large_discs.sha256(_from_source(source, offset, length))
            self.assertEqual(expected, large_discs.sha256(_by_our_extents(self.big, extents, offset, length)), offset)
            self.assertEqual(expected, large_discs.sha256(_by_xorriso(self.big, "/big.bin", offset, length)), offset)

    def test_the_page_in_docs_is_what_was_seen(self):
        with open(os.environ["PAGE"], encoding="utf-8") as committed:
            _, large, _ = matrix.split(committed.read())
        self.assertEqual(large, self.page, "docs/interop.md is out of date; it says itself how it is written")


def _update():
    LargeInterop.setUpClass()
    path = os.path.join(os.environ["BUILD_WORKSPACE_DIRECTORY"], "docs/interop.md")
    with open(path, encoding="utf-8") as committed:
        main, _, burners = matrix.split(committed.read())
    with open(path, "w", encoding="utf-8") as page:
        page.write(main + LargeInterop.page + burners)


if __name__ == "__main__":
    if "UPDATE" in os.environ:
        _update()
    else:
        unittest.main()
