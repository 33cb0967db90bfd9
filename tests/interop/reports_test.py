#!/usr/bin/python3
"""A judge that is missing, fails or takes too long is an error, and every field of an entry is compared."""

import dataclasses
import unittest

import reports
from reports import Entry

_FILE = Entry("-", 5, (2001, 2, 3, 4, 5, 6), 0o644, None, "00")


class Reports(unittest.TestCase):
    def test_a_program_that_is_missing_is_an_error(self):
        with self.assertRaisesRegex(reports.JudgeError, "is missing"):
            reports.run(["no-such-program-anywhere"])

    def test_a_program_that_fails_is_an_error_with_its_message(self):
        with self.assertRaisesRegex(reports.JudgeError, "(?s)exit code 3.*because"):
            reports.run(["sh", "-c", "echo because >&2; exit 3"])

    def test_a_program_that_does_not_end_is_an_error(self):
        with self.assertRaisesRegex(reports.JudgeError, "more than 0.1 s"):
            reports.run(["tail", "-f", "/dev/null"], seconds=0.1)

    def test_a_difference_in_any_field_is_told(self):
        for field, other in (("type", "d"), ("size", 6), ("time", (2001, 2, 3, 4, 5, 7)), ("mode", 0o600), ("target", b"x"),
                             ("sha256", "11")):
            ours = _FILE if getattr(_FILE, field) is not None else dataclasses.replace(_FILE, **{field: b"y"})
            theirs = dataclasses.replace(ours, **{field: other})
            self.assertEqual(1, len(reports.differences({b"/a": ours}, {b"/a": theirs})), field)

    def test_an_entry_on_one_side_only_is_told(self):
        self.assertEqual(1, len(reports.differences({b"/a": _FILE}, {})))
        self.assertEqual(1, len(reports.differences({}, {b"/a": _FILE})))

    def test_what_one_side_does_not_say_is_no_difference(self):
        self.assertEqual([], reports.differences({b"/a": _FILE}, {b"/a": Entry("-")}))
        shown = dataclasses.replace(_FILE, time=reports.shown_time(b"Feb", b"3", b"2001"))
        self.assertEqual([], reports.differences({b"/a": _FILE}, {b"/a": shown}))
        late = dataclasses.replace(_FILE, time=reports.shown_time(b"Feb", b"4", b"04:05"))
        self.assertEqual(1, len(reports.differences({b"/a": _FILE}, {b"/a": late})))

    def test_modes_are_read_from_their_letters(self):
        self.assertEqual(0o644, reports.mode_bits(b"rw-r--r--"))
        self.assertEqual(0o7751, reports.mode_bits(b"rwsr-s--t"))
        self.assertEqual(0o7640, reports.mode_bits(b"rwSr-S--T"))


if __name__ == "__main__":
    unittest.main()
