"""Every refusal of SetMultisessionInterfaces, and the main job, by three independent clients of one running service.

refusals.json is the table. Clients must agree with it and with each other.
"""

import json
import os
import subprocess
import sys
import unittest

sys.path[:0] = ["tests/wire", "tests/testing"]
import clients  # noqa: E402  pylint: disable=wrong-import-position
import robot  # noqa: E402  pylint: disable=wrong-import-position

with open("tests/wire/refusals.json", encoding="utf-8") as _file:
    TABLE = json.load(_file)

# Each reading of a disc asks for three tracks; the first answer gives track 1 to session 2, so that session 1 has no track.
_BYTES = "00 22 01 02 00 04 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 10 00 00 00 C0 00 00 00 00 00 00 00 00"
_CONTRADICTION = "; ".join("at %d 52 bytes %s" % (at, _BYTES) for at in range(1, 40, 3))

# What stands beside the ErrorInfo, by code (proto/carousel/v1/common.proto).
_SECOND_DETAIL = {
    "INVALID_ARGUMENT": ["google.rpc.BadRequest"],
    "FAILED_PRECONDITION": ["google.rpc.PreconditionFailure"],
    "INTERNAL": [],
}

_FILES = {"letters/a long name that only Rock Ridge keeps.txt": "a\n", "letters/two.txt": "two\n", "readme": "hello\n"}


def _make_tree(folder):
    """Writes the files; the paths that a listing of them has."""
    for path, text in _FILES.items():
        os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)
    return sorted({"/letters"} | {"/" + path for path in _FILES})


class WireTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.robot = robot.Robot(time_scale=200, drive0='fault_plan: "%s"' % _CONTRADICTION)
        cls.addClassCleanup(cls.robot.__exit__)
        tree = os.path.join(cls.robot.folder, "tree")
        cls.paths = _make_tree(tree)
        for slot, disc in enumerate(TABLE["discs"], 1):
            cls._make_disc(disc, slot, tree)
        cls.robot.start()
        python = clients.PythonGrpc(cls.robot)
        cls.addClassCleanup(python.close)
        cls.clients = [clients.Carouselctl(cls.robot), clients.BufCurl(cls.robot), python]

    @classmethod
    def _make_disc(cls, disc, slot, tree):
        """Every session is an image of `tree`, written for the address where it lies."""
        sessions = []
        for start in disc.get("sessions", []):
            image = os.path.join(cls.robot.folder, "%s.%d.iso" % (disc["barcode"], start))
            place = ["-C", "0,%d" % start] if start else []
            subprocess.run(
                ["genisoimage", "-quiet", "-R", *place, "-o", image, tree], check=True, timeout=60)
            sessions.append("--session=%s@%d" % (image, start))
        cls.robot.disc(disc["barcode"], disc["media"], slot, *sessions, *disc.get("options", []))

    def _answers(self, interfaces):
        """One for each client, each with an image of its own."""
        answers = {}
        for client in self.clients:
            image = client.create_image()
            answers[client.name] = client.set_interfaces(image, interfaces)
            client.delete_image(image)
        return answers

    def _refuse(self, row):
        if row.get("disc"):
            drive = row.get("drive", "drive1")
            self.clients[0].load(row["disc"], drive)
            self.addCleanup(self.clients[0].unload, drive)
        answers = self._answers(row["multisession_interfaces"])
        expect = row["expect"]
        metadata = {"robot": "test", "hresult": TABLE["documented"][expect["reason"]], **expect["metadata"]}
        for name, answer in answers.items():
            with self.subTest(client=name):
                self.assertEqual(answer.code, expect["code"])
                self.assertEqual(answer.reason, expect["reason"])
                self.assertEqual(answer.metadata, metadata)
        ctl, buf, python = answers.values()
        self.assertEqual(ctl.message, python.message)
        self.assertEqual(buf, python)
        self.assertEqual(
            [name for name, _ in python.details], ["google.rpc.ErrorInfo"] + _SECOND_DETAIL[expect["code"]])

    def test_every_documented_code_has_a_row(self):
        self.assertEqual(set(TABLE["documented"]) - {row["expect"]["reason"] for row in TABLE["refusals"]}, set())

    def test_the_three_clients_see_one_robot(self):
        ctl, buf, python = self.clients
        self.assertEqual([drive["name"] for drive in ctl.drives()], ["drives/drive0", "drives/drive1"])
        self.assertEqual([disc["barcode"] for disc in ctl.discs()], sorted(disc["barcode"] for disc in TABLE["discs"]))
        for other in (buf, python):
            self.assertEqual(other.drives(), ctl.drives())
            self.assertEqual(other.discs(), ctl.discs())

    def test_a_client_without_a_schema_asks_the_service_for_it(self):
        buf = self.clients[1]
        self.assertLessEqual(
            {"carousel.v1.DiscFormatService", "carousel.v1.FileSystemImageService", "carousel.v1.RobotService",
             "google.longrunning.Operations"}, set(buf.services()))
        self.assertEqual(
            buf.reflected_call("carousel.v1.RobotService", "GetRobot", {"name": "robot"})["robotId"], "test")

    def _do_the_main_job(self, client):
        """The tree that was imported."""
        self.assertEqual(client.load("TWO0001", "drive1")["disc"], "discs/TWO0001")
        self.addCleanup(client.unload, "drive1")
        image = client.create_image()
        self.addCleanup(client.delete_image, image)
        answer = client.set_interfaces(image, client.interfaces("drive1"))
        self.assertEqual(answer.code, "OK")
        sequential = answer.response["chosen_interface"]["sequential"]
        self.assertEqual(sequential["start_address_of_previous_session"], "2240")
        self.assertEqual(client.import_file_system(image)["entry_count"], str(len(self.paths)))
        return client.tree(image)


def _add_tests():
    """One test for each refusal, and one main job for each client."""
    for row in TABLE["refusals"]:
        name = "test_%s_is_refused" % row["name"].replace("'", "").replace(" ", "_").replace("-", "_")
        setattr(WireTest, name, lambda self, row=row: self._refuse(row))
    for index, name in enumerate(("carouselctl", "buf_curl", "python")):
        def main_job(self, index=index):
            tree = self._do_the_main_job(self.clients[index])
            self.assertEqual([item["path"] for item in tree], self.paths)
        setattr(WireTest, "test_the_main_job_is_done_by_" + name, main_job)


_add_tests()

if __name__ == "__main__":
    unittest.main()
