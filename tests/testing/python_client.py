"""clients/python as its users have it: a wheel that is built and unpacked."""

import glob
import os
import shutil
import subprocess
import sys
import zipfile

_GOOGLE = ("api/annotations", "api/client", "api/field_behavior", "api/field_info", "api/http", "api/launch_stage", "api/resource",
           "longrunning/operations", "rpc/error_details", "rpc/status")


def install(folder):
    """Builds the wheel and unpacks it below `folder`; for sys.path. FIELD_BEHAVIOR_PROTO names googleapis' file of that name."""
    tree = shutil.copytree("clients/python", os.path.join(folder, "source"))
    google = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(os.environ["FIELD_BEHAVIOR_PROTO"]))))
    environment = {**os.environ, "CAROUSEL_PROTOS": os.path.realpath("proto"), "CAROUSEL_GOOGLE_PROTOS": google, "PYTHONPATH": ""}
    # Links into the runfiles: protoc wants the .proto files below the folder that it is told.
    protos = shutil.copytree("proto/carousel", os.path.join(folder, "protos/carousel"))
    environment["CAROUSEL_PROTOS"] = os.path.dirname(protos)
    subprocess.run([sys.executable, "setup.py", "-q", "bdist_wheel"], cwd=tree, env=environment, check=True, timeout=120)
    (wheel,) = glob.glob(os.path.join(tree, "dist/*.whl"))
    installed = os.path.join(folder, "installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    # googleapis-common-protos, of which Debian has no package.
    subprocess.run(["protoc", "-I" + google, "--python_out=" + installed, "--grpc_out=" + installed,
                    "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin", *("google/%s.proto" % name for name in _GOOGLE)],
                   check=True, timeout=120)
    return installed
