"""Makes the classes of the API from its .proto files, with protoc, while the package is built."""

import os
import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py

_HERE = os.path.dirname(os.path.abspath(__file__))
_NAMES = ("common", "disc_format", "image", "multisession", "robot")


def _google_protos():
    """The folder with google/api, google/rpc and google/longrunning: CAROUSEL_GOOGLE_PROTOS, the project's own, or googleapis-common-protos'."""
    places = [os.environ.get("CAROUSEL_GOOGLE_PROTOS", ""), os.path.join(_HERE, "../../node_modules/google-proto-files"), *sys.path]
    for place in places:
        if place and os.path.exists(os.path.join(place, "google/api/field_behavior.proto")):
            return place
    raise SystemExit("google/api/field_behavior.proto is nowhere: pip install googleapis-common-protos, or set CAROUSEL_GOOGLE_PROTOS")


class BuildWithProtos(build_py):
    """carousel/v1/*_pb2.py, their .pyi, and the stubs."""

    def run(self):
        super().run()
        protos = os.environ.get("CAROUSEL_PROTOS") or os.path.join(_HERE, "../../proto")
        subprocess.run(["protoc", "-I" + protos, "-I" + _google_protos(), "--python_out=" + self.build_lib, "--pyi_out=" + self.build_lib,
                        "--plugin=protoc-gen-grpc=" + os.environ.get("GRPC_PYTHON_PLUGIN", "/usr/bin/grpc_python_plugin"),
                        "--grpc_out=" + self.build_lib, *("carousel/v1/%s.proto" % name for name in _NAMES)], check=True)


setup(cmdclass={"build_py": BuildWithProtos})
