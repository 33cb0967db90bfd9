"""Every row of docs/security.md, "Bad input", has a test with its number, and every such test a row."""

import re
import unittest

_TESTS = ("bad_requests", "bad_states", "hostile", "mtls")


class Rows(unittest.TestCase):

    def test_each_has_a_test_and_each_test_is_one_s(self):
        with open("docs/security.md", encoding="utf-8") as file:
            section = file.read().split("\n## Bad input\n")[1].split("\n## ")[0]
        rows = [int(number) for number in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)]
        tested = set()
        for name in _TESTS:
            with open("tests/security/%s_test.py" % name, encoding="utf-8") as file:
                tested |= {int(number) for number in re.findall(r"^    def test_row_(\d+)_", file.read(), re.MULTILINE)}
        self.assertEqual(rows, list(range(1, len(rows) + 1)))
        self.assertEqual(sorted(tested), rows)


if __name__ == "__main__":
    unittest.main()
