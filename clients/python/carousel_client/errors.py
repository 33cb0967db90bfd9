"""What the service says when it refuses or fails."""

from typing import Dict, Optional

import grpc
from google.protobuf import duration_pb2  # noqa: F401  a detail's field
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"


class CarouselError(Exception):
    """An error of the service. `reason` is what a program branches on: an IMAPI name ("IMAPI_E_DISC_MISMATCH") or one of the service's own."""

    def __init__(self, code: grpc.StatusCode, message: str, reason: str = "", metadata: Optional[Dict[str, str]] = None,
                 retry_seconds: Optional[float] = None) -> None:
        super().__init__("%s %s: %s" % (code.name, reason, message) if reason else "%s: %s" % (code.name, message))
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = metadata or {}
        # When to come back, where the service says so.
        self.retry_seconds = retry_seconds

    @property
    def hresult(self) -> Optional[int]:
        """The IMAPI code, 0xC0AAB158; None if the reason is the service's own."""
        text = self.metadata.get("hresult")
        return int(text, 16) if text else None

    @property
    def imapi_name(self) -> Optional[str]:
        """The reason, if it is IMAPI's."""
        return self.reason if self.hresult is not None else None

    @classmethod
    def from_status(cls, status: status_pb2.Status) -> "CarouselError":
        """Of an operation that has failed."""
        info, delay = error_details_pb2.ErrorInfo(), None
        for detail in status.details:
            retry = error_details_pb2.RetryInfo()
            detail.Unpack(info)
            if detail.Unpack(retry):
                delay = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        code = next(code for code in grpc.StatusCode if code.value[0] == status.code)
        return cls(code, status.message, info.reason, dict(info.metadata), delay)

    @classmethod
    def from_rpc(cls, error: grpc.RpcError) -> "CarouselError":
        """Of a call that has failed."""
        for key, value in error.trailing_metadata() or ():
            if key == _DETAILS:
                return cls.from_status(status_pb2.Status.FromString(value))
        return cls(error.code(), error.details() or "")
