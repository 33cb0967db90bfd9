#!/usr/bin/python3
"""Burners of others on the virtual robot's drives, and their view of what our own parts have burned.

With UPDATE in the environment it writes its part of docs/interop.md of the workspace instead of comparing it.
"""

import concurrent.futures
import dataclasses
import os
import re
import sys
import unittest

sys.path[:0] = [os.path.join(os.getcwd(), "tests/interop"), os.path.join(os.getcwd(), "tests/interop/cdb_socket")]
import burned_discs  # noqa: E402  pylint: disable=wrong-import-position
import comparison  # noqa: E402  pylint: disable=wrong-import-position
import matrix  # noqa: E402  pylint: disable=wrong-import-position
import reports  # noqa: E402  pylint: disable=wrong-import-position
import trees  # noqa: E402  pylint: disable=wrong-import-position
from served import Served  # noqa: E402  pylint: disable=wrong-import-position
from writers import Image  # noqa: E402  pylint: disable=wrong-import-position

_FILLERS = (trees.simple, trees.other, trees.third)
_OVERWRITABLE = ("DVD+RW", "BD-RE", "DVD-RAM")
_AT_ONCE = 6  # programs mostly wait


def _xorriso(*options):
    def burn(served, _, source):
        return served.run("xorriso", "-abort_on", "FAILURE", *options, "-joliet", "on", "-dev", "/dev/sr0", "-map", source, "/", "-commit")
    return burn


def _growisofs(*options):
    def burn(served, number, source):
        served.wait_until_ready()
        said = served.run("growisofs", *options, "-Z" if number == 0 else "-M", "/dev/sr0", "-R", "-J", "-quiet", source)
        served.wait_until_ready()
        return said
    return burn


@dataclasses.dataclass(frozen=True)
class Case:
    """A program that burns sessions on a medium; `fails`: what it says instead, and why that is so."""
    program: str
    burn: object
    medium: str
    sessions: int
    fails: str = ""
    note: str = ""


_CASES = (
    Case("xorriso -write_type tao", _xorriso("-write_type", "tao"), "CD-R", 3),
    Case("xorriso", _xorriso(), "CD-R", 1, "SEND CUE SHEET", "it writes sessions at once, which the virtual drive does not (5/20/00)"),
    Case("xorriso", _xorriso(), "DVD+R", 3),
    Case("xorriso", _xorriso(), "BD-R", 3),
    Case("xorriso", _xorriso(), "DVD+RW", 3),
    Case("xorriso", _xorriso(), "BD-RE", 3),
    Case("growisofs", _growisofs(), "DVD+R", 2),
    Case("growisofs", _growisofs(), "DVD+RW", 2, note="xorriso -toc sees one session: growisofs keeps the descriptors of the last alone"),
    Case("growisofs", _growisofs(), "BD-R", 1, "FORMAT UNIT failed",
         "it formats a blank BD-R for pseudo-overwrite by itself, which the virtual drive does not (5/26/00)"),
    Case("growisofs -use-the-force-luke=spare:none", _growisofs("-use-the-force-luke=spare:none"), "BD-R", 2),
)


def _sources(folder, count):
    """Folders to burn, which an ordinary user can read."""
    made = []
    for number in range(count):
        made.append(os.path.join(folder, "source%d" % number))
        os.mkdir(made[-1])
        _FILLERS[number](made[-1])
        os.chmod(made[-1], 0o755)
    return made


def _burned(case):
    """Burns; (complaints, what xorriso -toc says)."""
    with Served(case.medium) as served:
        sources = _sources(served.folder, case.sessions)
        for number, source in enumerate(sources):
            case.burn(served, number, source)
        toc = served.run("xorriso", "-indev", "/dev/sr0", "-toc")
        served.stop()
        last = 0 if case.medium in _OVERWRITABLE else served.starts()[-1]
        image = Image(case.program, served.data, case.medium, case.sessions, last, ("rock_ridge", "joliet"), sources, case.program)
        return [complaint for verdict in comparison.verdicts(image, names=lambda tree: ()) for complaint in verdict.complaints], toc


def _sessions_of(toc):
    return len(re.findall(r"^ISO session  :", toc, re.MULTILINE))


def _page():
    return matrix.burners_part([(case.program, case.medium, case.sessions, not case.fails, case.note) for case in _CASES])


class Burners(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
            cls.outcomes = list(zip(_CASES, pool.map(cls._try, _CASES)))

    @staticmethod
    def _try(case):
        try:
            return _burned(case)
        except reports.JudgeError as error:
            return error

    def test_our_import_reads_every_session_that_they_burn(self):
        for case, outcome in self.outcomes:
            with self.subTest(program=case.program, medium=case.medium):
                if isinstance(outcome, Exception) and not case.fails:
                    raise outcome
                if not case.fails:
                    self.assertEqual([], outcome[0][:20])

    def test_they_see_the_sessions_that_they_have_burned(self):
        for case, outcome in self.outcomes:
            with self.subTest(program=case.program, medium=case.medium):
                if not case.fails and not isinstance(outcome, Exception):
                    one = case.program.startswith("growisofs") and case.medium in _OVERWRITABLE
                    self.assertEqual(1 if one else case.sessions, _sessions_of(outcome[1]), outcome[1])

    def test_they_fail_where_they_are_known_to(self):
        for case, outcome in self.outcomes:
            with self.subTest(program=case.program, medium=case.medium):
                if case.fails:
                    self.assertIsInstance(outcome, reports.JudgeError, "it does not fail any more: take that from the list")
                    self.assertIn(case.fails, str(outcome))

    def test_the_page_in_docs_has_these_cases(self):
        with open(os.environ["PAGE"], encoding="utf-8") as committed:
            *_, burners = matrix.split(committed.read())
        self.assertEqual(burners, _page(), "docs/interop.md is out of date; it says itself how it is written")


class Changer(unittest.TestCase):
    """mtx on the virtual changer: slots are its storage elements and then its import/export element, numbered from 1."""

    def _loaded(self, said):
        return re.findall(r"Data Transfer Element 0:Full \(Storage Element (\d+) Loaded\):VolumeTag ?= ?(\S+)", said)

    def test_mtx_takes_an_inventory_and_moves(self):
        with Served("DVD+R") as served:
            self.assertIn("VIRTUAL CHANGER", served.run("mtx", "-f", "/dev/sg1", "inquiry"))
            said = served.run("mtx", "-f", "/dev/sg1", "status")
            self.assertRegex(said, r"1 Drives, 13 Slots \( 1 Import/Export \)")
            self.assertEqual(self._loaded(said), [("1", "A01")])
            served.run("sg_start", "--eject", "/dev/sr0")
            served.run("mtx", "-f", "/dev/sg1", "unload", "1", "0")
            said = served.run("mtx", "-f", "/dev/sg1", "status")
            self.assertRegex(said, r"Data Transfer Element 0:Empty")
            self.assertRegex(said, r"Storage Element 1:Full ?:VolumeTag ?= ?A01")
            served.run("mtx", "-f", "/dev/sg1", "transfer", "1", "7")
            served.run("mtx", "-f", "/dev/sg1", "load", "7", "0")
            self.assertEqual(self._loaded(served.run("mtx", "-f", "/dev/sg1", "status")), [("7", "A01")])

    def test_mtx_is_refused_what_cannot_be(self):
        with Served("DVD+R") as served:
            code, said = served.attempt("mtx", "-f", "/dev/sg1", "unload", "1", "0")
            self.assertNotEqual(code, 0, "the drive has not released its disc")
            self.assertRegex(said, "(?i)53")


class OurBurns(unittest.TestCase):
    """What xorriso and others say of discs that our own parts have burned."""

    def _burned(self, medium, sessions):
        served = Served(medium)
        self.addCleanup(served.__exit__)
        sources = _sources(served.folder, sessions)
        burned_discs.burn(served.store, medium, sources, "--joliet=64")
        served.insert("A01")
        return served.start(), sources

    def _what_xorriso_says(self, medium):
        """(its report, complaints about what it extracts)."""
        served, sources = self._burned(medium, 3)
        said = served.run("xorriso", "-indev", "/dev/sr0", "-toc", "-check_media", "--")
        back = os.path.join(served.folder, "back")
        served.run("xorriso", "-osirrox", "on", "-indev", "/dev/sr0", "-extract", "/", back)
        tree = trees.overlay([back])
        for number in range(3):
            tree.pop(b"/" + burned_discs.manifest_name(number + 1))
        # It does not set the times of links that it makes.
        wanted = {path: dataclasses.replace(entry, time=None) if entry.type == "l" else entry
                  for path, entry in trees.overlay(sources).items()}
        return said, reports.differences(wanted, tree)

    def test_xorriso_finds_our_sessions_and_every_block_of_them_good(self):
        media = ("CD-R", "DVD+R", "BD-R", "DVD+RW", "BD-RE", "DVD-RAM")
        with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
            for medium, (said, complaints) in zip(media, pool.map(self._what_xorriso_says, media)):
                with self.subTest(medium=medium):
                    self.assertEqual(_sessions_of(said), 3, said)
                    regions = re.findall(r"^Media region : *\d+ , *\d+ , (. \S+)", said, re.MULTILINE)
                    self.assertIn("+ good", regions)
                    self.assertEqual([region for region in regions if region.startswith("-")], [], said)
                    self.assertEqual([], complaints[:20])

    def test_dvd_rw_mediainfo_reads_the_state_of_our_discs(self):
        served, _ = self._burned("DVD+R", 2)
        said = served.run("dvd+rw-mediainfo", "/dev/sr0")
        self.assertRegex(said, r"Mounted Media: +1Bh, DVD\+R")
        self.assertRegex(said, r"Disc status: +appendable")
        self.assertRegex(said, r"Number of Sessions: +3")
        self.assertRegex(said, r"READ TRACK INFORMATION\[#3\]:\s+Track State: +(invisible|blank)")

    def test_sg3_utils_ask_the_drive(self):
        with Served("CD-R") as served:
            self.assertIn("VIRTUAL", served.run("sg_inq", "/dev/sr0"))
            self.assertIn("SERVED-0", served.run("sg_inq", "--page=0x80", "/dev/sr0"))
            served.run("sg_turs", "/dev/sr0")
            code, _ = served.attempt("sg_raw", "/dev/sr0", "ff", "00", "00", "00", "00", "00")
            self.assertEqual(code, 9, "an unknown opcode: sg3-utils' number for illegal request, invalid opcode")


def _update():
    path = os.path.join(os.environ["BUILD_WORKSPACE_DIRECTORY"], "docs/interop.md")
    with open(path, encoding="utf-8") as committed:
        main, large, _ = matrix.split(committed.read())
    with open(path, "w", encoding="utf-8") as page:
        page.write(main + large + _page())


if __name__ == "__main__":
    if "UPDATE" in os.environ:
        _update()
    else:
        unittest.main()
