#!/usr/bin/python3
"""The next session of a disc, as the service streams it before anything is burned, read by xorriso, isoinfo, bsdtar and 7z."""

import filecmp
import os
import sys
import tempfile
import unittest

import comparison
import reports
import trees
import writers
from reports import SECTOR

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

_TIME = 1_700_000_000
_TREES = ("rock_ridge", "joliet")


def _run(server, *arguments):
    code, _, err = server.ctl(*arguments)
    if code != 0:
        raise AssertionError("carouselctl %s: %s" % (" ".join(arguments), err))


def _file_at(server, image, path, name):
    """The bytes of a file of the result, by the blocks that it has, without their padding."""
    items = server.ctl_ok("image", "result", "items", image)["items"]
    item, = [item for item in items if item["description"] == path]
    _run(server, "image", "result", "read", image, "--to", name, "--offset", str(item["first_block"]),
                       "--count", str(item["block_count"]))
    with open(name, "rb") as file:
        return file.read().rstrip(b"\0")


class ResultStream(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        self.first = self._path("first")
        os.mkdir(self.first)
        trees.simple(self.first)
        self.session = self._path("first.iso")
        writers.WRITERS["xorriso"]("-R", "-J", "-o", self.session, self.first)

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _imported(self, server):
        image = server.ctl_ok("image", "create")["name"]
        server.ctl_ok("image", "set-multisession", image, "drive0")
        server.ctl_ok("image", "import", image)
        return image

    def _serve(self):
        server = robot.Robot(time_scale=200)
        self.addCleanup(server.__exit__)
        server.disc("A1", "DVD+R", 1, "--session=%s@0" % self.session)
        server.start()
        server.ctl_ok("load", "A1", "drive0")
        return server

    def test_every_judge_reads_what_the_service_streams(self):
        server = self._serve()
        image = self._imported(server)
        made = server.ctl_ok("image", "result", "create", image, "--time", "2023-11-14T22:13:20Z", "--job", "judges")
        start = int(made["session_start_block"])
        stream = self._path("second.iso")
        _run(server, "image", "result", "read", image, "--to", stream)
        self.assertEqual(int(made["total_blocks"]) * SECTOR, os.path.getsize(stream), "as long as announced")
        disc = self._path("disc.iso")
        writers.place(disc, self.session, 0)
        writers.place(disc, stream, start)
        second = self._path("second")
        os.mkdir(second)
        with open(os.path.join(second, "MANIFEST"), "wb") as file:
            file.write(_file_at(server, image, "/MANIFEST", self._path("manifest")))
        os.chmod(os.path.join(second, "MANIFEST"), 0o444)
        os.utime(os.path.join(second, "MANIFEST"), (_TIME, _TIME))
        streamed = writers.Image("streamed", disc, "the service", 2, start, _TREES, [self.first, second], "carousel")
        verdicts = comparison.verdicts(streamed)
        for tree in _TREES:
            self.assertEqual(6, len([verdict for verdict in verdicts if verdict.tree == tree]), tree)
        for verdict in verdicts:
            with self.subTest(tree=verdict.tree, judge=verdict.judge):
                self.assertEqual([], verdict.complaints[:20])

    def test_the_same_time_and_job_give_the_same_bytes(self):
        server = self._serve()
        streams = []
        for number in range(2):
            image = self._imported(server)
            server.ctl_ok("image", "result", "create", image, "--time", "2023-11-14T22:13:20Z", "--job", "j")
            streams.append(self._path("stream%d" % number))
            _run(server, "image", "result", "read", image, "--to", streams[-1])
        self.assertTrue(filecmp.cmp(*streams, shallow=False))

    def test_cat_gives_the_bytes_of_every_imported_file(self):
        server = self._serve()
        image = self._imported(server)
        files = 0
        for folder, _, names in os.walk(self.first):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                copy = self._path("copy")
                _run(server, "image", "cat", image, "/" + os.path.relpath(path, self.first), "--to", copy)
                self.assertTrue(filecmp.cmp(path, copy, shallow=False), path)
                files += 1
        self.assertGreater(files, 5)

    def test_cat_leaves_no_file_behind_where_there_is_nothing_to_read(self):
        server = self._serve()
        image = self._imported(server)
        code, _, err = server.ctl("image", "cat", image, "/none", "--to", self._path("copy"))
        self.assertEqual(3, code, err)
        self.assertFalse(os.path.exists(self._path("copy")))
        self.assertFalse(os.path.exists(self._path("copy.part")))


if __name__ == "__main__":
    unittest.main()
