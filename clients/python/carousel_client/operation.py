"""Long work of the service: waiting for it, watching it, asking for its end."""

import time
from typing import Any, Callable, Optional

import grpc
from google.longrunning import operations_pb2
from google.protobuf import any_pb2, symbol_database
from google.protobuf.message import Message

from carousel_client.errors import CarouselError

_POLL_SECONDS = 1
_CALL_SECONDS = 30
# A service that restarts, or a network that is gone for a while, does not end the wait; the operation goes on or is told after the restart.
_GIVE_UP_SECONDS = 60
_TRANSIENT = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


def _unpack(value: any_pb2.Any) -> Optional[Message]:
    if not value.type_url:
        return None
    message = symbol_database.Default().GetSymbol(value.TypeName())()
    value.Unpack(message)
    return message


class Operation:
    """One operation, as it was last seen. Not thread-safe."""

    def __init__(self, stub: Any, seen: operations_pb2.Operation) -> None:
        self._stub = stub
        self._seen = seen

    @property
    def name(self) -> str:
        """`operations/{operation}`: whoever has it can wait for it from another process."""
        return self._seen.name

    @property
    def done(self) -> bool:
        return self._seen.done

    @property
    def metadata(self) -> Optional[Message]:
        """How far it is: MoveDiscMetadata, WriteImageMetadata ..."""
        return _unpack(self._seen.metadata)

    def wait(self, progress: Optional[Callable[[Optional[Message]], None]] = None, timeout: Optional[float] = None) -> Message:
        """Waits for its end and returns its response; calls `progress` with the metadata about each second. CarouselError: it has failed.
        TimeoutError: `timeout` seconds have passed; it goes on.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        last_answer = time.monotonic()
        while not self._seen.done:
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError("%s is not done after %g s" % (self.name, timeout))
            request = operations_pb2.WaitOperationRequest(name=self.name)
            request.timeout.seconds = _POLL_SECONDS
            try:
                self._seen = self._stub.WaitOperation(request, timeout=_CALL_SECONDS)
                last_answer = time.monotonic()
            except grpc.RpcError as error:
                if error.code() not in _TRANSIENT or time.monotonic() - last_answer > _GIVE_UP_SECONDS:
                    raise CarouselError.from_rpc(error) from error
                time.sleep(_POLL_SECONDS)
                continue
            if progress is not None:
                progress(self.metadata)
        if self._seen.HasField("error"):
            raise CarouselError.from_status(self._seen.error)
        response = _unpack(self._seen.response)
        assert response is not None
        return response

    def cancel(self) -> None:
        """Asks for its end at the next safe point; wait() tells what came of it."""
        self._stub.CancelOperation(operations_pb2.CancelOperationRequest(name=self.name), timeout=_CALL_SECONDS)
