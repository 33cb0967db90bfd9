"""Every code that a method's comment names has a test that asks for it (documented_codes.txt)."""

import os
import re
import unittest

_TABLE = "tests/component/documented_codes.txt"
_PROTOS = ["proto/carousel/v1/%s.proto" % name for name in ("robot", "disc_format", "image")]
_CODE = re.compile(r"`((?:\.\.\.)?_?[A-Z][A-Z0-9_]+)`")


def documented():
    """(method, reason) of every comment of an rpc."""
    pairs = set()
    for path in _PROTOS:
        comment, service = [], ""
        with open(path, encoding="utf-8") as file:
            for line in map(str.strip, file):
                if line.startswith("//"):
                    comment.append(line)
                    continue
                if line.startswith("service "):
                    service = line.split()[1]
                method = re.match(r"rpc (\w+)\(", line)
                if method:
                    name = "%s.%s" % (service, method.group(1))
                    pairs.update((name, code) for code in _CODE.findall(" ".join(comment)))
                comment = []
    return pairs


def rows():
    """The table: (method, reason, file, test)."""
    with open(_TABLE, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return [tuple(line) for line in lines]


class DocumentedCodesTest(unittest.TestCase):

    def test_every_code_of_a_comment_has_a_row_and_every_row_a_code(self):
        self.assertGreater(len(documented()), 50)
        self.assertEqual(documented(), {row[:2] for row in rows()})

    def test_every_row_names_a_test_that_speaks_of_its_code(self):
        for method, reason, path, test in rows():
            path = path if "/" in path else os.path.join("tests/component", path)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertTrue(re.search(r"[\s\"(]%s\b" % test, text), "%s: no test %s" % (path, test))
            self.assertTrue(reason.lstrip("._") in text, "%s: no %s for %s" % (path, reason, method))


if __name__ == "__main__":
    unittest.main()
