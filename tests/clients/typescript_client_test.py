"""The client for Node.js as its users have it: built by tsc, and its example run against a service on the virtual robot."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/clients"))
from appending import Appending  # noqa: E402  pylint: disable=wrong-import-position
from cutting_proxy import CuttingProxy  # noqa: E402  pylint: disable=wrong-import-position

_UPLOAD = """
const [, package, address, path] = process.argv;
const {Client} = require(package);
(async () => {
  const client = new Client(address);
  const {name} = await client.call(client.images, "CreateImage", {});
  await client.upload(name, path, "/large");
  console.log((await client.call(client.images, "GetItem", {image: name, path: "/large"})).size_bytes);
  client.close();
})();
"""


class TypescriptClient(Appending, unittest.TestCase):
    source = "clients/typescript/README.md"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
        cls.addClassCleanup(shutil.rmtree, folder)
        # npm's packages lie in the clone, which no sandbox copies.
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath("clients/typescript/package.json"))))
        cls.package = shutil.copytree("clients/typescript", os.path.join(folder, "package"))
        os.symlink(os.path.join(root, "node_modules"), os.path.join(folder, "node_modules"))
        subprocess.run([os.path.join(cls.package, "build")], env={**os.environ, "CAROUSEL_ROOT": root}, check=True, timeout=300)

    def example(self, *arguments):
        return subprocess.run(["node", os.path.join(self.package, "dist/examples/append.js"), self.server.address, *arguments],
                              capture_output=True, text=True, timeout=120, check=False)

    def test_the_package_says_its_types(self):
        self.assertTrue(os.path.exists(os.path.join(self.package, "dist/src/index.d.ts")))

    def test_an_upload_that_breaks_goes_on_where_it_ended(self):
        path = os.path.join(self.server.folder, "large")
        with open(path, "wb") as file:
            file.write(os.urandom(8 << 20))
        with CuttingProxy(self.server.address, 4 << 20) as proxy:
            done = subprocess.run(["node", "-e", _UPLOAD, os.path.join(self.package, "dist/src/index.js"), proxy.address, path],
                                  capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(proxy.cuts, 1)
        self.assertEqual((done.returncode, done.stdout.strip()), (0, str(8 << 20)), done.stderr)


if __name__ == "__main__":
    unittest.main()
