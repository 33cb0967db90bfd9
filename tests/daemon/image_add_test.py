"""How carouselctl brings files into an image."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

_REFUSED = 3


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class ImageAdd(unittest.TestCase):

    def setUp(self):
        self._server = robot.Robot()
        self.addCleanup(self._server.__exit__)
        self._here = os.path.join(self._server.folder, "here")
        write(os.path.join(self._here, "photos", "2026", "a.jpg"), "picture" * 100_000)
        write(os.path.join(self._here, "photos", "b.txt"), "text")
        write(os.path.join(self._here, "alone"), "")
        os.symlink("2026/a.jpg", os.path.join(self._here, "photos", "newest"))
        self._server.configure('spool { staging_root: "%s" }' % self._here)
        self._server.start()
        self._image = self._server.ctl_ok("image", "create")["name"]

    def _local(self, *names):
        return [os.path.join(self._here, name) for name in names]

    def _paths(self):
        return [item["path"] for item in self._server.ctl_ok("image", "ls", self._image, "/", "-R").get("items", [])]

    def test_files_and_trees_of_this_machine_come_into_the_image(self):
        self._server.ctl_ok("image", "add", self._image, *self._local("photos", "alone"))
        self.assertEqual(self._paths(), ["/alone", "/photos", "/photos/2026", "/photos/2026/a.jpg", "/photos/b.txt", "/photos/newest"])
        item = self._server.ctl_ok("image", "stat", self._image, "/photos/2026/a.jpg")
        self.assertEqual(item["size_bytes"], "700000")
        self.assertEqual(self._server.ctl_ok("image", "stat", self._image, "/photos/newest")["symlink_target"], "2026/a.jpg")

    def test_the_same_command_again_changes_nothing(self):
        first = self._server.ctl_ok("image", "add", self._image, *self._local("photos"))
        again = self._server.ctl_ok("image", "add", self._image, *self._local("photos"))
        self.assertEqual(first["etag"], again["etag"])
        write(os.path.join(self._here, "photos", "c"), "new")
        self._server.ctl_ok("image", "add", self._image, *self._local("photos"))
        self.assertIn("/photos/c", self._paths())

    def test_a_file_takes_nobodys_place(self):
        self._server.ctl_ok("image", "add", self._image, *self._local("alone"))
        write(self._local("alone")[0], "another")
        code, _, error = self._server.ctl("image", "add", self._image, *self._local("alone"))
        self.assertEqual(code, _REFUSED, error)
        self.assertIn("IMAPI_E_DUP_NAME", error)

    def test_what_is_not_there_is_told_before_anything_is_sent(self):
        code, _, error = self._server.ctl("image", "add", self._image, *self._local("alone", "none"))
        self.assertEqual(code, _REFUSED, error)
        self.assertIn("none: is not there", error)
        self.assertEqual(self._paths(), [])

    def test_a_tree_of_the_staging_root_comes_into_a_directory(self):
        self._server.ctl_ok("image", "mkdir", self._image, "/in")
        added = self._server.ctl_ok("image", "add-tree", self._image, "photos", "--to", "/in", "--with-base")
        self.assertEqual(added["file_count"], "2")
        self.assertEqual(added["link_count"], "1")
        self.assertIn("/in/photos/2026/a.jpg", self._paths())
        code, _, error = self._server.ctl("image", "add-tree", self._image, "../etc")
        self.assertEqual(code, _REFUSED, error)


if __name__ == "__main__":
    unittest.main()
