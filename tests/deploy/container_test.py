"""The image: the same bytes each time, nothing in it that is not needed, and a service that answers."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import tempfile
import time
import unittest

_USER = 65532
_SECONDS = 60


def _build(folder, binaries):
    subprocess.run(["deploy/container/build", folder], check=True, timeout=600, env={**os.environ, "CAROUSEL_BIN": binaries})


class Container(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp(prefix="carousel-image-", dir="/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.work)
        binaries = os.path.dirname(os.path.dirname(os.path.dirname(os.environ["CAROUSELD"])))
        for name in ("one", "two"):
            _build(os.path.join(cls.work, name), binaries)
        cls.root = cls.unpack("looked-at")

    @classmethod
    def unpack(cls, name):
        """The image's root folder, as a runtime has it."""
        bundle = os.path.join(cls.work, name)
        subprocess.run(["umoci", "unpack", "--image", os.path.join(cls.work, "one/image:carousel"), bundle], check=True, capture_output=True,
                       timeout=_SECONDS)
        return os.path.join(bundle, "rootfs")

    def test_the_same_programs_make_the_same_bytes(self):
        digests = []
        for name in ("one", "two"):
            with open(os.path.join(self.work, name, "image/index.json"), "rb") as file:
                digests.append(hashlib.sha256(file.read()).hexdigest())
        self.assertEqual(*digests)

    def test_it_has_no_shell_no_setuid_program_and_nothing_to_write_but_its_state(self):
        programs = []
        for parent, folders, files in os.walk(self.root):
            for name in files + folders:
                path = os.path.join(parent, name)
                mode = os.lstat(path)
                if stat.S_ISLNK(mode.st_mode):
                    continue
                self.assertFalse(mode.st_mode & (stat.S_ISUID | stat.S_ISGID), path)
                inside = path[len(self.root):]
                writable = mode.st_uid == _USER or mode.st_mode & stat.S_IWOTH
                self.assertEqual(bool(writable), inside in ("/var/lib/carousel", "/tmp"), inside)
                if stat.S_ISREG(mode.st_mode) and mode.st_mode & stat.S_IXUSR and ".so" not in name:
                    programs.append(inside)
        self.assertEqual(sorted(programs), ["/usr/bin/carouselctl", "/usr/bin/carouseld"])

    def test_its_bill_of_materials_names_every_package_and_the_programs(self):
        with open(os.path.join(self.root, "usr/share/sbom/carousel.spdx.json"), encoding="utf-8") as file:
            bill = json.load(file)
        self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
        named = {package["name"] for package in bill["packages"]}
        self.assertIn("libgrpc++1.51", named)
        # Whatever is in the image came with a licence.
        documented = set(os.listdir(os.path.join(self.root, "usr/share/doc")))
        self.assertLessEqual(documented, named)
        with open(os.environ["CAROUSELD"], "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        self.assertIn(digest, [item["checksums"][0]["checksumValue"] for item in bill["files"]])
        self.assertEqual({item["relatedSpdxElement"] for item in bill["relationships"]},
                         {item["SPDXID"] for item in bill["packages"] + bill["files"]})

    def test_it_answers_whether_a_disc_may_go_on(self):
        root = self.unpack("run")
        state = os.path.join(root, "var/lib/carousel")
        session = os.path.join(self.work, "first.iso")
        subprocess.run(["genisoimage", "-quiet", "-R", "-o", session, "deploy/container"], check=True, timeout=_SECONDS)
        subprocess.run([os.environ["CAROUSEL_DISC"], "create", os.path.join(state, "discs"), "A1", "--media=DVD+R", "--slot=1",
                        "--session=%s@0" % session], check=True, timeout=_SECONDS)
        for parent, folders, files in os.walk(state):
            for name in folders + files:
                os.chown(os.path.join(parent, name), _USER, _USER)
        # As a runtime would: an ordinary user, nothing to gain. The whole of the image and nothing beside it.
        server = subprocess.Popen(["setpriv", "--no-new-privs", "/usr/sbin/chroot", "--userspec=%d:%d" % (_USER, _USER), root,
                                   "/usr/bin/carouseld", "--state_dir", "/var/lib/carousel", "--listen", "127.0.0.1:0",
                                   "--http_listen", "127.0.0.1:0", "--port_file", "/tmp/ports"], env={})
        try:
            ports = os.path.join(root, "tmp/ports")
            deadline = time.monotonic() + _SECONDS
            while not os.path.exists(ports) or not os.path.getsize(ports):
                self.assertIsNone(server.poll(), "carouseld ended")
                self.assertLess(time.monotonic(), deadline, "carouseld did not start")
                time.sleep(0.05)
            with open(ports, encoding="utf-8") as file:
                address = dict(line.strip().split("=", 1) for line in file)["grpc"]

            def ctl(*words):
                return subprocess.run([os.environ["CAROUSELCTL"], "--address", address, "-q", *words], check=True, timeout=_SECONDS,
                                      stdout=subprocess.PIPE, text=True).stdout
            ctl("load", "A1", "drive0")
            image = ctl("image", "create").strip()
            self.assertIn("chosen: element 0", ctl("image", "set-multisession", image, "drive0"))
        finally:
            server.terminate()
            self.assertEqual(server.wait(_SECONDS), 0)


if __name__ == "__main__":
    unittest.main()
