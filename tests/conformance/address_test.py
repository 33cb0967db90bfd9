"""The program `conformance` against a carouseld in a process of its own."""

import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position


def conformance(*arguments):
    """Runs the program; (exit code, output)."""
    done = subprocess.run(
        [os.environ["CONFORMANCE"], *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=240, check=False)
    return done.returncode, done.stdout


class AddressTest(unittest.TestCase):

    def test_a_service_at_an_address_answers_as_the_table_says(self):
        with open("tests/conformance/cases.textproto", encoding="utf-8") as file:
            table = file.read()
        discs, cases = (len(re.findall("^%s {" % what, table, re.MULTILINE)) for what in ("discs", "cases"))
        with robot.Robot(slots=discs, time_scale=200) as machine:
            code, output = conformance("--write_discs=" + machine.store)
            self.assertEqual(code, 0, output)
            machine.start()
            code, output = conformance("--address=" + machine.address)
            self.assertEqual(code, 0, output)
            found = re.search(r"^(\d+) cases asked, 0 differ, (\d+) are for a robot with faults$", output, re.MULTILINE)
            self.assertIsNotNone(found, output)
            self.assertEqual(int(found[1]) + int(found[2]), cases)
            self.assertEqual(machine.stop(), 0)

    def test_nobody_at_the_address_is_no_success(self):
        code, output = conformance("--address=unix:nobody")
        self.assertEqual(code, 2, output)
        self.assertIn("unix:nobody", output)


if __name__ == "__main__":
    unittest.main()
