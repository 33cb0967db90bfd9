"""The Python client as its users have it: a wheel that is built, unpacked and run against a service on the virtual robot."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path[:0] = [os.path.join(os.getcwd(), "tests/testing"), os.path.join(os.getcwd(), "tests/clients")]
import python_client  # noqa: E402  pylint: disable=wrong-import-position
from cutting_proxy import CuttingProxy  # noqa: E402  pylint: disable=wrong-import-position
from appending import Appending  # noqa: E402  pylint: disable=wrong-import-position


class PythonClient(Appending, unittest.TestCase):
    source = "clients/python/README.md"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.installed = python_client.install(folder)
        sys.path.insert(0, cls.installed)

    def example(self, *arguments):
        return subprocess.run([sys.executable, "clients/python/examples/append.py", self.server.address, *arguments],
                              env={**os.environ, "PYTHONPATH": self.installed}, capture_output=True, text=True, timeout=120, check=False)

    def test_the_wheel_says_its_types(self):
        self.assertTrue(os.path.exists(os.path.join(self.installed, "carousel_client/py.typed")))
        self.assertTrue(os.path.exists(os.path.join(self.installed, "carousel/v1/robot_pb2.pyi")))

    def test_an_upload_that_breaks_goes_on_where_it_ended(self):
        import carousel_client  # pylint: disable=import-outside-toplevel
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        content = os.urandom(8 << 20)
        path = os.path.join(self.server.folder, "large")
        with open(path, "wb") as file:
            file.write(content)
        with CuttingProxy(self.server.address, len(content) // 2) as proxy, carousel_client.Client(proxy.address) as client:
            image = client.images.CreateImage(image_pb2.CreateImageRequest()).name
            client.upload(image, path, "/large")
            self.assertEqual(proxy.cuts, 1)
            item = client.images.GetItem(image_pb2.GetItemRequest(image=image, path="/large"))
        self.assertEqual(item.size_bytes, len(content))

    def test_errors_operations_and_repetition(self):
        import carousel_client  # pylint: disable=import-outside-toplevel
        from carousel.v1 import robot_pb2  # pylint: disable=import-outside-toplevel
        with carousel_client.Client(self.server.address) as client:
            with self.assertRaises(carousel_client.CarouselError) as missing:
                client.robot.LoadDisc(robot_pb2.LoadDiscRequest(disc="discs/NONE", drive="drives/drive0"))
            self.assertEqual((missing.exception.reason, missing.exception.imapi_name), ("NOT_FOUND", None))
            request = robot_pb2.LoadDiscRequest(disc="discs/A1", drive="drives/drive0")
            seen = []
            load = client.robot.LoadDisc(request)
            self.assertEqual(load.wait(progress=seen.append).drive.disc, "discs/A1")
            self.assertTrue(all(metadata.destination == "drives/drive0" for metadata in seen))
            # The id that it gave itself makes the same request the same operation.
            self.assertEqual(client.robot.LoadDisc(request).name, load.name)
            self.assertTrue(client.operation(load.name).done)


if __name__ == "__main__":
    unittest.main()
