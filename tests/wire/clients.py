"""Three clients of one service that have nothing in common but the wire: carouselctl (C++, generated code), buf curl (Go, the descriptor
set) and Debian's grpc for Python (classes made from the descriptor set).

Each has the methods of the main job; set_interfaces gives an Answer, the others fail unless the call succeeds.
"""

import base64
import json
import os
import subprocess
import time

import grpc

import answer
import schema

_CALL_SECONDS = 60
_OPERATION_SECONDS = 120
_IMAGES = "carousel.v1.FileSystemImageService"
_ROBOT = "carousel.v1.RobotService"
_FORMATS = "carousel.v1.DiscFormatService"
_OPERATIONS = "google.longrunning.Operations"


class Carouselctl:
    """Runs the command line and reads its JSON."""
    name = "carouselctl"

    def __init__(self, machine):
        self._machine = machine

    def _ok(self, *arguments):
        return self._machine.ctl_ok(*arguments)

    def drives(self):
        return self._ok("drives").get("drives", [])

    def discs(self):
        return self._ok("discs").get("discs", [])

    def load(self, disc, drive):
        return self._ok("load", disc, drive)["drive"]

    def unload(self, drive):
        return self._ok("unload", drive)["slot"]

    def interfaces(self, drive):
        return self._ok("multisession", drive)

    def create_image(self):
        return self._ok("image", "create")["name"]

    def delete_image(self, image):
        self._ok("image", "delete", image)

    def set_interfaces(self, image, interfaces):
        request = os.path.join(self._machine.folder, "request.json")
        with open(request, "w", encoding="utf-8") as file:
            json.dump(_set_request(image, interfaces), file)
        code, out, err = self._machine.ctl("-o", "json", "-q", "image", "set-multisession", image, "--request", request)
        if code == 0:
            return answer.Answer(response=json.loads(out))
        error = json.loads(err)["error"]
        if code != _ctl_exit_code(error["code"]):
            raise AssertionError("exit code %d for %s" % (code, error["code"]))
        return answer.Answer(error["code"], error["message"], error["reason"], error["metadata"])

    def import_file_system(self, image):
        return self._ok("image", "import", image)

    def tree(self, image):
        return self._ok("image", "ls", image, "/", "-R")["items"]


def _ctl_exit_code(code):
    """As `carouselctl --help` has it, for the codes that refusals have."""
    return 5 if code in ("INTERNAL", "DATA_LOSS", "UNKNOWN") else 3


def _set_request(image, interfaces):
    request = {"image": image}
    if interfaces is not None:
        request["multisession_interfaces"] = interfaces
    return request


class _RpcClient:
    """The main job by single calls; call(service, method, request) gives an Answer."""

    def call(self, service, method, request):
        raise NotImplementedError

    def _ok(self, service, method, request):
        result = self.call(service, method, request)
        if result.code != "OK":
            raise AssertionError("%s %s: %s" % (self.name, method, result))
        return result.response

    def _finish(self, operation):
        """Waits for the operation; its response."""
        deadline = time.monotonic() + _OPERATION_SECONDS
        while not operation.get("done"):
            if time.monotonic() > deadline:
                raise AssertionError("%s does not end" % operation["name"])
            operation = self._ok(_OPERATIONS, "WaitOperation", {"name": operation["name"], "timeout": "10s"})
        if "error" in operation:
            raise AssertionError("%s: %s" % (operation["name"], operation["error"]))
        return operation["response"]

    def drives(self):
        return self._ok(_ROBOT, "ListDrives", {}).get("drives", [])

    def discs(self):
        return self._ok(_ROBOT, "ListDiscs", {}).get("discs", [])

    def load(self, disc, drive):
        request = {"disc": "discs/" + disc, "drive": "drives/" + drive}
        return self._finish(self._ok(_ROBOT, "LoadDisc", request))["drive"]

    def unload(self, drive):
        return self._finish(self._ok(_ROBOT, "UnloadDisc", {"drive": "drives/" + drive}))["slot"]

    def interfaces(self, drive):
        return self._ok(_FORMATS, "GetMultisessionInterfaces", {"drive": "drives/" + drive})["multisession_interfaces"]

    def create_image(self):
        return self._ok(_IMAGES, "CreateImage", {})["name"]

    def delete_image(self, image):
        self._ok(_IMAGES, "DeleteImage", {"name": image})

    def set_interfaces(self, image, interfaces):
        return self.call(_IMAGES, "SetMultisessionInterfaces", _set_request(image, interfaces))

    def import_file_system(self, image):
        return self._finish(self._ok(_IMAGES, "ImportFileSystem", {"image": image}))

    def tree(self, image):
        items, directories = [], ["/"]
        while directories:
            request = {"image": image, "directory": directories.pop()}
            while True:
                page = self._ok(_IMAGES, "ListItems", request)
                items += page.get("items", [])
                directories += [item["path"] for item in page.get("items", []) if item["type"] == "DIRECTORY"]
                if not page.get("next_page_token"):
                    break
                request["page_token"] = page["next_page_token"]
        return sorted(items, key=lambda item: item["path"])


class BufCurl(_RpcClient):
    """Runs buf curl. Its errors are JSON with the details in base64, which the descriptor set decodes."""
    name = "buf curl"

    def __init__(self, machine):
        self._machine = machine
        self._path = os.environ["DESCRIPTOR_SET"]
        self._schema = schema.Schema(self._path)

    def _run(self, path, *arguments):
        return subprocess.run(
            [os.environ["BUF"], "curl", "--protocol", "grpc", *arguments, "http://%s/%s" % (self._machine.address, path)],
            capture_output=True, text=True, timeout=_CALL_SECONDS, check=False,
            env=dict(os.environ, HOME=self._machine.folder, BUF_CACHE_DIR=self._machine.folder))

    def services(self):
        """Names of the services, by reflection."""
        done = self._run("", "--list-services")
        if done.returncode != 0:
            raise AssertionError("buf curl: %s" % done.stderr)
        return done.stdout.split()

    def reflected_call(self, service, method, request):
        """The response of a call whose messages are known by reflection alone."""
        done = self._run("%s/%s" % (service, method), "--data", json.dumps(request))
        if done.returncode != 0:
            raise AssertionError("buf curl: %s" % done.stderr)
        return json.loads(done.stdout)

    def call(self, service, method, request):
        done = self._run("%s/%s" % (service, method), "--schema", self._path, "--data", json.dumps(request))
        if done.returncode == 0:
            _, response = self._schema.method(service, method)
            message = self._schema.from_dict(json.loads(done.stdout), response)
            return answer.Answer(response=self._schema.to_dict(message))
        # Below 8 it did not come to a call.
        if done.returncode < 8:
            raise AssertionError("buf curl: %s" % done.stderr)
        return self._error(done.returncode >> 3, json.loads(done.stderr))

    def _error(self, code, error):
        details = [self._schema.detail(each["type"], _from_base64(each["value"])) for each in error.get("details", [])]
        name = error["code"].upper()
        if name != answer.CODES[code]:
            raise AssertionError("exit code of %s for %s" % (answer.CODES[code], name))
        return answer.Answer.of_error(name, error["message"], details)


def _from_base64(text):
    """Connect leaves the padding out."""
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


class PythonGrpc(_RpcClient):
    """Calls by generic stubs. Details are in the trailer grpc-status-details-bin."""
    name = "Python"

    def __init__(self, machine):
        self._schema = schema.Schema(os.environ["DESCRIPTOR_SET"])
        self._channel = grpc.insecure_channel(machine.address)

    def close(self):
        self._channel.close()

    def call(self, service, method, request):
        request_class, response_class = self._schema.method(service, method)
        call = self._channel.unary_unary(
            "/%s/%s" % (service, method), request_serializer=request_class.SerializeToString,
            response_deserializer=response_class.FromString)
        try:
            response = call(self._schema.from_dict(request, request_class), timeout=_CALL_SECONDS)
        except grpc.RpcError as error:
            return self._error(error)
        return answer.Answer(response=self._schema.to_dict(response))

    def _error(self, error):
        trailers = dict(error.trailing_metadata())
        code, message, details = self._schema.status(trailers["grpc-status-details-bin"])
        if (answer.CODES[code], message) != (error.code().name, error.details()):
            raise AssertionError("the trailer says %s '%s', the call %s" % (answer.CODES[code], message, error))
        return answer.Answer.of_error(error.code().name, message, details)
