"""The service's methods with deadlines, errors with names, and repetition where it is safe."""

import hashlib
import os
import random
import time
import uuid
from dataclasses import dataclass
from typing import Any, Iterator, Optional

import grpc
from carousel.v1 import disc_format_pb2_grpc, image_pb2, image_pb2_grpc, robot_pb2_grpc
from google.longrunning import operations_pb2, operations_pb2_grpc

from carousel_client.errors import CarouselError
from carousel_client.operation import Operation

_PIECE = 256 * 1024
_ATTEMPTS = 5
_FIRST_PAUSE = 0.2
# Reading again changes nothing.
_READS = ("Get", "List", "Describe", "Identify", "Calculate", "Wait")


@dataclass(frozen=True)
class Credentials:
    """Files in PEM: the authority of the service's certificate, and one's own certificate and key."""
    ca: str
    certificate: str
    key: str
    # The name in the service's certificate, if it is not the address's.
    server_name: Optional[str] = None

    def _channel(self, address: str) -> grpc.Channel:
        contents = []
        for path in (self.ca, self.key, self.certificate):
            with open(path, "rb") as file:
                contents.append(file.read())
        options = [("grpc.ssl_target_name_override", self.server_name)] if self.server_name else []
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(*contents), options=options)


class _Service:
    """A stub whose methods have a deadline, raise CarouselError, and are repeated on UNAVAILABLE if that can do nothing twice: those that
    read, and those that start something by a request_id, which gets one if it has none. What starts an operation returns an Operation.
    """

    def __init__(self, stub: Any, operations: Any, timeout: float) -> None:
        self._stub, self._operations, self._timeout = stub, operations, timeout

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._stub, name)

        def call(request: Any, timeout: Optional[float] = None) -> Any:
            repeatable = name.startswith(_READS)
            if "request_id" in request.DESCRIPTOR.fields_by_name:
                repeatable = True
                if not request.request_id:
                    request.request_id = str(uuid.uuid4())
            answer = _with_retries(lambda: method(request, timeout=timeout or self._timeout), repeatable)
            return Operation(self._operations, answer) if isinstance(answer, operations_pb2.Operation) else answer
        return call


def _with_retries(call: Any, repeatable: bool) -> Any:
    for attempt in range(_ATTEMPTS):
        try:
            return call()
        except grpc.RpcError as error:
            failure = CarouselError.from_rpc(error)
            last = attempt + 1 == _ATTEMPTS or not repeatable or failure.code != grpc.StatusCode.UNAVAILABLE
            # A drive that is in use stays so for hours: that is the caller's to wait for.
            if last or failure.reason == "E_IMAPI_RECORDER_LOCKED":
                raise failure from error
            pause = failure.retry_seconds if failure.retry_seconds is not None else _FIRST_PAUSE * 2**attempt
            time.sleep(pause * random.uniform(0.8, 1.2))
    raise AssertionError("unreachable")


class Client:
    """A connection to one robot's service. Thread-safe; a context manager.

    `robot`, `formats` and `images` have the methods of RobotService, DiscFormatService and FileSystemImageService, with their messages
    (carousel.v1.robot_pb2 ...). `credentials` None: without certificates, for a service on this machine.
    """

    def __init__(self, address: str, credentials: Optional[Credentials] = None, timeout: float = 60) -> None:
        self._channel = grpc.insecure_channel(address) if credentials is None else credentials._channel(address)
        self._operations = operations_pb2_grpc.OperationsStub(self._channel)
        self._images_stub = image_pb2_grpc.FileSystemImageServiceStub(self._channel)
        self.robot = _Service(robot_pb2_grpc.RobotServiceStub(self._channel), self._operations, timeout)
        self.formats = _Service(disc_format_pb2_grpc.DiscFormatServiceStub(self._channel), self._operations, timeout)
        self.images = _Service(self._images_stub, self._operations, timeout)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        self._channel.close()

    def operation(self, name: str) -> Operation:
        """One that was started before, by its name."""
        request = operations_pb2.GetOperationRequest(name=name)
        return Operation(self._operations, _with_retries(lambda: self._operations.GetOperation(request, timeout=60), True))

    def upload(self, image: str, source: str, path: str) -> image_pb2.Image:
        """Puts the file `source` into the image at `path`. A stream that breaks is gone on with where it ended. The image after it."""
        digest = hashlib.sha256()
        with open(source, "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
        start = image_pb2.UploadStart(image=image, path=path, upload_id=str(uuid.uuid4()), size_bytes=os.path.getsize(source),
                                      sha256=digest.digest())
        for attempt in range(_ATTEMPTS):
            try:
                offset = self._received(start) if attempt else 0
                return self._images_stub.UploadFile(_messages(start, source, offset)).image
            except grpc.RpcError as error:
                failure = CarouselError.from_rpc(error)
                # The first stream's end may not have been noticed yet.
                broken = failure.code == grpc.StatusCode.UNAVAILABLE or failure.reason == "UPLOAD_BUSY"
                if not broken or attempt + 1 == _ATTEMPTS:
                    raise failure from error
                time.sleep(_FIRST_PAUSE * 2**attempt)
        raise AssertionError("unreachable")

    def _received(self, start: image_pb2.UploadStart) -> int:
        """How much of an upload is safe with the service."""
        request = image_pb2.GetUploadRequest(image=start.image, upload_id=start.upload_id)
        try:
            return self._images_stub.GetUpload(request, timeout=60).durable_offset
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.NOT_FOUND:
                return 0
            raise


def _messages(start: image_pb2.UploadStart, source: str, offset: int) -> Iterator[image_pb2.UploadFileRequest]:
    yield image_pb2.UploadFileRequest(start=start)
    with open(source, "rb") as file:
        file.seek(offset)
        for piece in iter(lambda: file.read(_PIECE), b""):
            yield image_pb2.UploadFileRequest(chunk=image_pb2.UploadChunk(offset=offset, data=piece))
            offset += len(piece)
