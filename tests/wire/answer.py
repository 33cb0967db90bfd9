"""What a call answered, in a form that is the same for every client."""

import dataclasses

# google.rpc.Code by number.
CODES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
    "UNAUTHENTICATED",
)

_ERROR_INFO = "google.rpc.ErrorInfo"


@dataclasses.dataclass
class Answer:
    """`details` is None where the client does not show them, else every detail as (type, JSON value)."""
    code: str = "OK"
    message: str = ""
    reason: str = ""
    metadata: dict = dataclasses.field(default_factory=dict)
    details: list = None
    response: dict = None

    @staticmethod
    def of_error(code, message, details):
        """`details`: (type, JSON value) of each. Exactly one of them is an ErrorInfo, as the API promises."""
        infos = [value for name, value in details if name == _ERROR_INFO]
        if len(infos) != 1:
            raise AssertionError("%s: %d ErrorInfos in %s" % (message, len(infos), details))
        info, = infos
        if info["domain"] != "carousel.v1":
            raise AssertionError("domain %s" % info["domain"])
        return Answer(code, message, info["reason"], info.get("metadata", {}), details)
