"""Requests that meet a disc, a robot or a service that cannot do them: the right code, and nothing is lost. Names have the number of the row in
docs/security.md, "Bad input".
"""

import hashlib
import os
import signal
import subprocess
import sys
import time
import unittest
import uuid

sys.path.insert(0, os.path.join(os.getcwd(), "tests/security"))
from calls import Calls  # noqa: E402  pylint: disable=wrong-import-position

_MIB = 1 << 20
_SECONDS = 60
_SECTOR = 2048


def _session(folder, damage=None):
    """An ISO 9660 image of three files; `damage`: where 32 bytes are overwritten."""
    tree = os.path.join(folder, "tree")
    os.makedirs(tree)
    for name in ("a", "b", "c"):
        with open(os.path.join(tree, name), "w", encoding="ascii") as file:
            file.write(name)
    image = os.path.join(folder, "session.iso")
    subprocess.run(["genisoimage", "-quiet", "-R", "-o", image, tree], check=True, timeout=60)
    if damage is not None:
        with open(image, "r+b") as file:
            file.seek(damage(image))
            file.write(b"\xff" * 32)
    return image


def _root_directory(image):
    """Where it begins (ECMA-119 8.4.18, 9.1.3)."""
    with open(image, "rb") as file:
        file.seek(16 * _SECTOR + 156 + 2)
        return int.from_bytes(file.read(4), "little") * _SECTOR


class BadStates(Calls):

    def test_row_12_a_medium_that_takes_no_other_session(self):
        self.start(discs=(("A1", "DVD+R", "--closed", "--session=%s@0" % _session(self._folder())),))
        self.load()
        error = self.refused("FAILED_PRECONDITION", "IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED", self.bind, self.image())
        self.assertEqual(error.hresult, 0xC0AAB159)

    def test_row_13_a_blank_disc_has_nothing_to_import(self):
        self.start()
        self.load()
        error = self.refused("FAILED_PRECONDITION", "IMAPI_E_IMPORT_SEEK_FAILURE", self.bind, self.image())
        self.assertEqual(error.hresult, 0xC0AAB156)

    def test_row_14_a_session_that_is_damaged(self):
        self.start(discs=(("A1", "DVD+R", "--session=%s@0" % _session(self._folder(), _root_directory)),))
        self.load()
        image = self.image()
        self.bind(image)
        from carousel_client import CarouselError  # pylint: disable=import-outside-toplevel
        with self.assertRaises(CarouselError) as damaged:
            self.import_session(image).wait()
        self.assertEqual(damaged.exception.code.name, "DATA_LOSS")
        self.assertTrue(damaged.exception.imapi_name)

    def test_row_15_a_session_with_more_than_an_import_may_take(self):
        self.start("limits { max_import_entries: 2 }\n", discs=(("A1", "DVD+R", "--session=%s@0" % _session(self._folder())),))
        self.load()
        image = self.image()
        self.bind(image)
        error = self.refused("RESOURCE_EXHAUSTED", "E_OUTOFMEMORY", lambda: self.import_session(image).wait())
        self.assertEqual(error.metadata["limit"], "max_entries")

    def test_row_16_the_process_that_imports_is_killed(self):
        # There is no process beside the service: it is the service that ends, and a restart is all that it takes.
        self.start(discs=(("A1", "DVD+R", "--session=%s@0" % _session(self._folder())),))
        self.load()
        image = self.image()
        self.bind(image)
        operation = self.import_session(image)
        self.kill()
        self.connect()
        self.refused("NOT_FOUND", "NOT_FOUND", self.client.operation, operation.name)
        image = self.image()
        self.bind(image)
        self.import_session(image).wait()

    def test_row_21_a_burn_while_the_drive_has_another(self):
        self.start(time_scale=2)
        self.load()
        first, second = self.mastered(os.urandom(8 * _MIB)), self.mastered()
        burn = self.burn(first)
        error = self.refused("UNAVAILABLE", "E_IMAPI_RECORDER_LOCKED", lambda: self.burn(second).wait())
        self.assertIsNotNone(error.retry_seconds)
        self.assertEqual(burn.wait().session_number, 1)

    def test_row_22_the_end_of_a_burn_that_writes(self):
        self.start(time_scale=2)
        self.load()
        burn = self.burn(self.mastered(os.urandom(16 * _MIB)))
        while not _writes(burn.metadata):
            burn = self.client.operation(burn.name)
        burn.cancel()
        from carousel_client import CarouselError  # pylint: disable=import-outside-toplevel
        with self.assertRaises(CarouselError) as ended:
            burn.wait()
        self.assertEqual(ended.exception.code.name, "ABORTED", "CANCELLED would say that nothing was written")
        self.assertTrue(ended.exception.metadata["disc_state"])

    def test_row_24_a_file_larger_than_the_medium(self):
        self.start(discs=(("A1", "CD-R", "--session=%s@0" % _session(self._folder())),))
        self.load()
        image = self.image()
        self.bind(image)
        self.refused("RESOURCE_EXHAUSTED", "IMAPI_E_IMAGE_SIZE_LIMIT", self.begin_upload, image, 2000 * _MIB)

    def begin_upload(self, image, size):
        """Announces a file and sends none of it."""
        from carousel_client import CarouselError  # pylint: disable=import-outside-toplevel
        from carousel.v1 import image_pb2, image_pb2_grpc  # pylint: disable=import-outside-toplevel
        import grpc  # pylint: disable=import-outside-toplevel
        start = image_pb2.UploadStart(image=image, path="/file", upload_id=str(uuid.uuid4()), size_bytes=size, sha256=hashlib.sha256().digest())
        with grpc.insecure_channel(self.server.address) as channel:
            try:
                image_pb2_grpc.FileSystemImageServiceStub(channel).UploadFile(iter([image_pb2.UploadFileRequest(start=start)]), timeout=_SECONDS)
            except grpc.RpcError as error:
                raise CarouselError.from_rpc(error) from error

    def test_row_25_a_spool_without_room(self):
        self.start("spool { quota_bytes: %d }\n" % _MIB)
        image = self.image()
        error = self.refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED", self.begin_upload, image, 2 * _MIB)
        self.assertEqual(error.metadata["limit"], "spool_quota_bytes")
        # Before it was accepted: nothing is kept of it.
        self.client.upload(image, self.file(b"x" * 900_000), "/small")

    def test_row_26_more_images_than_there_may_be(self):
        self.start("limits { max_images: 2 }\n")
        self.image()
        self.image()
        error = self.refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED", self.image)
        self.assertIsNotNone(error.retry_seconds)

    def test_row_31_a_service_that_is_about_to_end(self):
        self.start(time_scale=2)
        self.load()
        burn = self.burn(self.mastered(os.urandom(16 * _MIB)))
        os.kill(self.server.pid, signal.SIGTERM)
        from carousel_client import CarouselError  # pylint: disable=import-outside-toplevel
        deadline = time.monotonic() + _SECONDS
        while True:
            self.assertLess(time.monotonic(), deadline, "it never drains")
            try:
                self.client.images._stub.CreateImage(_create())  # pylint: disable=protected-access
            except Exception as error:  # pylint: disable=broad-except
                refused = CarouselError.from_rpc(error)
                break
        self.assertEqual((refused.code.name, refused.reason), ("UNAVAILABLE", "DRAINING"))
        self.assertIsNotNone(refused.retry_seconds)
        self.assertFalse(self.client.operation(burn.name).done, "what runs may end")

    def test_row_32_a_second_service_of_the_same_robot(self):
        self.start()
        second = subprocess.run([os.environ["CAROUSELD"], "--config", os.path.join(self.server.folder, "config.textproto"), "--state_dir",
                                 self.server.state, "--listen", "127.0.0.1:0", "--http_listen", "127.0.0.1:0"],
                                capture_output=True, text=True, timeout=_SECONDS, check=False)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another", second.stderr)
        self.load()

    def test_row_33_a_robot_that_needs_somebody(self):
        self.start(changer="move 1 door-open")
        self.refused("FAILED_PRECONDITION", "CHANGER_FAILURE", self.load)

    def kill(self):
        os.kill(self.server.pid, signal.SIGKILL)
        self.server.stop()

    def _folder(self):
        import tempfile  # pylint: disable=import-outside-toplevel
        return self.enterContext(tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")))


def _create():
    from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
    return image_pb2.CreateImageRequest()


def _writes(metadata):
    """Whether a burn has begun to write."""
    return metadata is not None and metadata.bytes_written > 0


if __name__ == "__main__":
    unittest.main()
