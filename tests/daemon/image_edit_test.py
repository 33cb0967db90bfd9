"""What carouselctl changes of an image."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

# Exit codes as `carouselctl --help` has them.
_REFUSED = 3
_TRY_AGAIN = 4


class ImageEdit(unittest.TestCase):

    def setUp(self):
        self._server = robot.Robot()
        self.addCleanup(self._server.__exit__)
        self._server.start()
        self._image = self._server.ctl_ok("image", "create")["name"]

    def _edit(self, *arguments):
        """The image after an edit that succeeds."""
        return self._server.ctl_ok("image", arguments[0], self._image, *arguments[1:])

    def _refused(self, *arguments, code=_REFUSED):
        """What is printed for an edit that is refused."""
        actual, _, error = self._server.ctl("image", arguments[0], self._image, *arguments[1:])
        self.assertEqual(actual, code, error)
        return error

    def _paths(self):
        return [item["path"] for item in self._edit("ls", "/", "-R").get("items", [])]

    def test_directories_and_links_are_made_moved_and_removed(self):
        self._edit("mkdir", "-p", "/a/b/c")
        self._edit("mkdir", "-p", "/a/b/c")
        self._edit("symlink", "../b", "/a/b/link")
        self.assertEqual(self._paths(), ["/a", "/a/b", "/a/b/c", "/a/b/link"])
        self._edit("mv", "/a/b", "/moved")
        self.assertEqual(self._paths(), ["/a", "/moved", "/moved/c", "/moved/link"])
        self.assertIn("IMAPI_E_DIR_NOT_EMPTY", self._refused("rm", "/moved"))
        self._edit("rm", "/moved/link")
        self._edit("rm", "-r", "/moved")
        self.assertEqual(self._paths(), ["/a"])

    def test_directories_are_made_below_what_is_there_only(self):
        self.assertIn("IMAPI_E_DIR_NOT_FOUND", self._refused("mkdir", "/a/b"))
        self._edit("symlink", "x", "/link")
        self.assertIn("IMAPI_E_DUP_NAME", self._refused("mkdir", "-p", "/link/b"))
        self._edit("mkdir", "/a")
        self.assertIn("IMAPI_E_DUP_NAME", self._refused("mkdir", "/a"))
        self.assertIn("IMAPI_E_INVALID_PATH", self._refused("mkdir", "-p", "a"))

    def test_an_edit_prints_the_change_point_that_it_is_rolled_back_to(self):
        self._edit("mkdir", "/kept")
        _, text, _ = self._server.ctl("image", "mkdir", self._image, "/a")
        self.assertEqual(text, "made /a (change point 2)\n")
        self._edit("rm", "-r", "/")
        self._edit("rollback", "1")
        self.assertEqual(self._paths(), ["/kept"])
        self._edit("lock")
        self.assertIn("IMAPI_E_INVALID_PARAM", self._refused("rollback", "0"))

    def test_an_edit_depends_on_the_etag_that_it_is_given(self):
        etag = self._edit("mkdir", "/a")["etag"]
        self._edit("mkdir", "-p", "/b/c/d", "--etag", etag)
        self.assertIn("ETAG_MISMATCH", self._refused("rm", "-r", "/a", "--etag", etag, code=_TRY_AGAIN))
        self.assertIn("ETAG_MISMATCH", self._refused("update", "--strict", "--etag", etag, code=_TRY_AGAIN))

    def test_an_update_changes_what_it_names_and_nothing_else(self):
        self._edit("update", "--volume-name", "ONE", "--file-systems", "iso9660", "--strict")
        image = self._edit("update", "--level", "2", "--free-media-blocks", "0", "--no-strict",
                           "--restricted-names", "--name", "mine")
        self.assertEqual(image["volume_name"], "ONE")
        self.assertEqual(image["file_systems_to_create"], ["FILE_SYSTEM_ISO9660"])
        self.assertEqual(image["iso9660_interchange_level"], 2)
        self.assertNotIn("strict_file_system_compliance", image)
        self.assertNotIn("free_media_blocks", image)
        self.assertEqual(image["display_name"], "mine")
        self.assertIn("IMAPI_E_INVALID_VOLUME_NAME", self._refused("update", "--volume-name", "A" * 33))
        _, text, _ = self._server.ctl("image", "show", self._image)
        self.assertRegex(text, r"(?m)^volume name +ONE$")


if __name__ == "__main__":
    unittest.main()
