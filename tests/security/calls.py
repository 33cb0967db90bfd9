"""A service on the virtual robot and a typed client of it, for tests of what is refused."""

import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/testing"))
import python_client  # noqa: E402  pylint: disable=wrong-import-position
import robot  # noqa: E402  pylint: disable=wrong-import-position


class Calls(unittest.TestCase):
    """`start()` first; then `server` is the service and `client` calls it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(shutil.rmtree, folder)
        sys.path.insert(0, python_client.install(folder))

    def start(self, configuration="", discs=(("A1", "DVD+R"),), **options):
        """`discs`: bar code, medium and, for carousel-disc, what more there is to say."""
        self.server = self.enterContext(robot.Robot(**options))
        self.server.configure(configuration)
        for slot, (barcode, medium, *more) in enumerate(discs, 1):
            self.server.disc(barcode, medium, slot, *more)
        self.connect()

    def connect(self):
        """Starts the service, and the client anew."""
        import carousel_client  # pylint: disable=import-outside-toplevel
        self.server.start()
        self.client = self.enterContext(carousel_client.Client(self.server.address))

    def refused(self, code, reason, call, *arguments, **more):
        """Calls, or waits, and fails unless this comes of it. The error."""
        from carousel_client import CarouselError  # pylint: disable=import-outside-toplevel
        with self.assertRaises(CarouselError) as caught:
            call(*arguments, **more)
        self.assertEqual((caught.exception.code.name, caught.exception.reason), (code, reason), caught.exception)
        return caught.exception

    def file(self, content, name="file"):
        """A file of the test's own; its path."""
        path = os.path.join(self.server.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def load(self, disc="A1", drive="drive0"):
        from carousel.v1 import robot_pb2  # pylint: disable=import-outside-toplevel
        self.client.robot.LoadDisc(robot_pb2.LoadDiscRequest(disc="discs/" + disc, drive="drives/" + drive)).wait()

    def image(self, **fields):
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        return self.client.images.CreateImage(image_pb2.CreateImageRequest(image=image_pb2.Image(**fields))).name

    def interfaces(self, drive="drive0"):
        from carousel.v1 import disc_format_pb2  # pylint: disable=import-outside-toplevel
        request = disc_format_pb2.DiscFormatServiceGetMultisessionInterfacesRequest(drive="drives/" + drive)
        return self.client.formats.GetMultisessionInterfaces(request).multisession_interfaces

    def bind(self, image, interfaces=None):
        """Sets these multisession interfaces, those of drive0 unless they are given."""
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        return self.client.images.SetMultisessionInterfaces(image_pb2.SetMultisessionInterfacesRequest(
            image=image, multisession_interfaces=self.interfaces() if interfaces is None else interfaces))

    def import_session(self, image):
        """Begins it; the operation."""
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        return self.client.images.ImportFileSystem(image_pb2.ImportFileSystemRequest(image=image))

    def mastered(self, content=b"content"):
        """An image for a blank disc, with one file and its result."""
        from carousel.v1 import image_pb2  # pylint: disable=import-outside-toplevel
        image = self.image()
        self.client.upload(image, self.file(content), "/file")
        self.client.images.CreateResultImage(image_pb2.CreateResultImageRequest(image=image)).wait()
        return image

    def burn(self, image, drive="drive0", **fields):
        """Begins it; the operation."""
        from carousel.v1 import disc_format_pb2  # pylint: disable=import-outside-toplevel
        return self.client.formats.WriteImage(disc_format_pb2.WriteImageRequest(image=image, drive="drives/" + drive, **fields))
