"""Requests that are wrong in themselves, or do not fit what is there: the right code, and nothing happens. Names have the number of the row in
docs/security.md, "Bad input".
"""

import concurrent.futures
import os
import sys
import tempfile
import unittest
import uuid

import grpc

sys.path.insert(0, os.path.join(os.getcwd(), "tests/security"))
from calls import Calls  # noqa: E402  pylint: disable=wrong-import-position

_CREATE = "/carousel.v1.FileSystemImageService/CreateImage"
_SECONDS = 60


def _length_delimited(field, payload):
    """A field of protobuf's wire type 2; lengths below 128."""
    return bytes((field << 3 | 2, len(payload))) + payload


class BadRequests(Calls):

    def setUp(self):
        self.start()

    def answer(self, path, request):
        """The code that bytes get, whatever they are."""
        with grpc.insecure_channel(self.server.address) as channel:
            try:
                channel.unary_unary(path)(request, timeout=_SECONDS)
                return "OK"
            except grpc.RpcError as error:
                return error.code().name

    def test_row_4_a_method_or_service_that_is_not_there(self):
        self.assertEqual(self.answer("/carousel.v1.RobotService/Format", b""), "UNIMPLEMENTED")
        self.assertEqual(self.answer("/carousel.v2.RobotService/GetRobot", b""), "UNIMPLEMENTED")

    def test_row_5_a_message_beyond_the_limit(self):
        self.refused("RESOURCE_EXHAUSTED", "", self.image, display_name="x" * (5 << 20))

    def test_row_6_bytes_that_are_no_message(self):
        # Field 2 of CreateImageRequest is a string.
        nested = b""
        for _ in range(60):
            nested = _length_delimited(15, nested)
        for garbage in (b"\xff" * 100, b"\x0a\x7f", b"\x08\x01\x08", _length_delimited(2, b"\xc0\xaf")):
            # gRPC's own answer where its callback API cannot parse a request.
            self.assertEqual(self.answer(_CREATE, garbage), "UNIMPLEMENTED", garbage)
        for odd in (_length_delimited(15, nested), b"\x7b" * 200 + b"\x7c" * 200):
            self.assertIn(self.answer(_CREATE, odd), ("OK", "UNIMPLEMENTED"))
        self.image()

    def test_row_7_a_field_that_is_missing_or_unknown(self):
        from carousel.v1 import disc_format_pb2, robot_pb2  # pylint: disable=import-outside-toplevel
        error = self.refused("INVALID_ARGUMENT", "INVALID_NAME", self.client.robot.LoadDisc, robot_pb2.LoadDiscRequest(drive="drives/drive0"))
        self.assertEqual(error.metadata["field"], "disc")
        error = self.refused("INVALID_ARGUMENT", "INVALID_FIELD", self.client.formats.WriteImage,
                             disc_format_pb2.WriteImageRequest(image=self.image(), drive="drives/drive0", verification=99))
        self.assertEqual(error.metadata["field"], "verification")

    def test_row_8_no_list_of_multisession_interfaces(self):
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        error = self.refused("INVALID_ARGUMENT", "E_POINTER", self.client.images.SetMultisessionInterfaces,
                             image_pb2.SetMultisessionInterfacesRequest(image=self.image()))
        self.assertEqual(error.hresult, 0x80004003)

    def _one(self, *kinds):
        """A list of interfaces of drive0, all in use."""
        from carousel.v1 import multisession_pb2  # pylint: disable=import-outside-toplevel
        elements = [multisession_pb2.MultisessionInterface(in_use=True, import_recorder="drives/drive0", **kind) for kind in kinds]
        return multisession_pb2.MultisessionInterfaceList(interfaces=elements)

    def test_row_9_two_interfaces_in_use(self):
        self.load()
        error = self.refused("INVALID_ARGUMENT", "IMAPI_E_BAD_MULTISESSION_PARAMETER", self.bind, self.image(),
                             self._one({"sequential": {}}, {"sequential": {}}))
        self.assertEqual(error.hresult, 0xC0AAB162)

    def test_row_10_a_kind_that_is_not_supported(self):
        self.load()
        error = self.refused("INVALID_ARGUMENT", "IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE", self.bind, self.image(),
                             self._one({"other": {"type_name": "IMultisessionPseudoOverwrite", "is_multisession": True}}))
        self.assertEqual(error.hresult, 0xC0AAB15B)

    def test_row_11_no_interface_that_the_medium_can_use(self):
        self.load()
        error = self.refused("FAILED_PRECONDITION", "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE", self.bind, self.image(), self._one())
        self.assertEqual(error.hresult, 0xC0AAB15C)

    def test_row_17_ids_of_nothing(self):
        from carousel.v1 import image_pb2, robot_pb2  # pylint: disable=import-outside-toplevel
        for call in (lambda: self.client.operation("operations/none"),
                     lambda: self.client.robot.GetDrive(robot_pb2.GetDriveRequest(name="drives/none")),
                     lambda: self.client.images.GetImage(image_pb2.GetImageRequest(name="images/none")),
                     lambda: self.load("NONE"), lambda: self.load("A1", "none")):
            self.refused("NOT_FOUND", "NOT_FOUND", call)

    def test_row_18_ids_that_are_none(self):
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        for name in ("", "images/", "images/" + "a" * 10_000, "images/../../x", "images/' OR 1=1 --", "images/%00", "images/\0", "image\u0455/a",
                     "images/\u0430"):
            self.refused("INVALID_ARGUMENT", "INVALID_NAME", self.client.images.GetImage, image_pb2.GetImageRequest(name=name))

    def test_row_19_a_request_id_that_comes_with_another_body(self):
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        request = image_pb2.CreateImageRequest(request_id=str(uuid.uuid4()))
        self.client.images.CreateImage(request)
        request.image.display_name = "another"
        self.refused("ALREADY_EXISTS", "REQUEST_ID_REUSED", self.client.images.CreateImage, request)

    def test_row_20_the_same_request_a_hundred_times_at_once(self):
        from carousel.v1 import robot_pb2  # pylint: disable=import-outside-toplevel
        request = robot_pb2.LoadDiscRequest(disc="discs/A1", drive="drives/drive0", request_id=str(uuid.uuid4()))
        with concurrent.futures.ThreadPoolExecutor(20) as threads:
            names = list(threads.map(lambda _: self.client.robot.LoadDisc(request).name, range(100)))
        self.assertEqual(len(set(names)), 1)
        self.client.operation(names[0]).wait()
        self.assertEqual([operation["name"] for operation in self.server.ctl_ok("operations", "list")["operations"]], names[:1])

    def test_row_23_paths_that_lead_elsewhere(self):
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        image = self.image()
        for path in ("/../x", "/a/../../x", "x", "/a//b", "/a\0b"):
            self.refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH", self.client.images.AddDirectory,
                         image_pb2.AddDirectoryRequest(image=image, path=path))

    def test_row_27_calls_whose_time_has_passed_and_calls_without_a_deadline(self):
        from carousel.v1 import robot_pb2, robot_pb2_grpc  # pylint: disable=import-outside-toplevel
        with grpc.insecure_channel(self.server.address) as channel:
            stub = robot_pb2_grpc.RobotServiceStub(channel)
            with self.assertRaises(grpc.RpcError) as late:
                stub.GetRobot(robot_pb2.GetRobotRequest(name="robot"), timeout=0)
            self.assertEqual(late.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
            # No call lasts as long as a burn: one that would wait for ever is answered.
            self.assertTrue(stub.GetRobot(robot_pb2.GetRobotRequest(name="robot")).name)


class StagedTrees(Calls):

    def test_row_23_trees_that_lead_elsewhere(self):
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        staging = self.enterContext(tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")))
        self.start('spool { staging_root: "%s" }\n' % staging)
        os.mkdir(os.path.join(staging, "links"))
        os.symlink("/etc/passwd", os.path.join(staging, "links/passwd"))
        os.symlink("/etc", os.path.join(staging, "etc"))
        os.mkdir(os.path.join(staging, "pipes"))
        os.mkfifo(os.path.join(staging, "pipes/pipe"))
        image = self.image()

        def add(source):
            return self.client.images.AddTree(image_pb2.AddTreeRequest(image=image, source=source, directory="/"))
        for source in ("../x", "/etc", "a/../../etc"):
            self.refused("INVALID_ARGUMENT", "INVALID_FIELD", add, source)
        self.assertIsNotNone(self._failure(add("etc")), "a link is not followed")
        self.assertIsNotNone(self._failure(add("pipes")), "a pipe is no file")
        add("links").wait()
        item = self.client.images.GetItem(image_pb2.GetItemRequest(image=image, path="/passwd"))
        self.assertEqual(item.symlink_target, "/etc/passwd", "kept as a link, never read")

    @staticmethod
    def _failure(operation):
        from carousel_client import CarouselError  # pylint: disable=import-outside-toplevel
        try:
            operation.wait()
            return None
        except CarouselError as error:
            return error


if __name__ == "__main__":
    unittest.main()
