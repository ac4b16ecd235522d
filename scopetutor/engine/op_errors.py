"""What can go wrong while a graph runs: ``tf.errors``.

::

    OpError                     an operation failed; knows the operation and a code
    ├── CancelledError              ├── PermissionDeniedError
    ├── UnknownError                ├── ResourceExhaustedError
    ├── InvalidArgumentError        ├── FailedPreconditionError
    ├── DeadlineExceededError       ├── AbortedError
    ├── NotFoundError               ├── OutOfRangeError
    ├── AlreadyExistsError          ├── UnimplementedError
    ├── UnauthenticatedError        ├── InternalError
    └── UnavailableError            └── DataLossError

Building a graph raises Python's own ValueError and TypeError instead.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor of a graph was used where Python wants a value at once."""

    __module__ = "tensorflow.python.framework.errors_impl"


class InaccessibleTensorError(ValueError):
    """A tensor was used outside the function that made it."""


class OpError(Exception):
    """An operation failed while the graph ran.

    Attributes:
        message: what happened, in TensorFlow's words.
        op: the Operation that failed, or None.
        node_def: its description, or None.
        error_code: a number of `tf.errors`.
    """

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int) -> None:
        super().__init__()
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = error_code

    @property
    def message(self) -> str:
        """What happened."""
        return self._message

    @property
    def op(self) -> Any:
        """The operation that failed, or None."""
        return self._op

    @property
    def error_code(self) -> int:
        """The kind of failure, as a number of `tf.errors`."""
        return self._error_code

    @property
    def node_def(self) -> Any:
        """The failed operation as TensorFlow's files describe it, or None."""
        if self._node_def is None and self._op is not None:
            return self._op.node_def
        return self._node_def

    def __str__(self) -> str:
        # TF 1.15 appends the whole stack under which the operation was made. Ours
        # travels beside the text: see Operation.traceback.
        return self._message

    def __reduce__(self) -> tuple[Any, ...]:
        return make_specific, (None, None, self._message, self._error_code)


class _SpecificError(OpError):
    """An OpError of one fixed code."""

    code: ClassVar[int]

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, self.code)


class CancelledError(_SpecificError):
    """The operation was cancelled."""

    code = 1


class UnknownError(OpError):
    """Nothing more is known."""

    def __init__(
        self, node_def: Any, op: Any, message: str, error_code: int = 2
    ) -> None:
        super().__init__(node_def, op, message, error_code)


class InvalidArgumentError(_SpecificError):
    """A value does not fit, such as a shape fed to a placeholder."""

    code = 3


class DeadlineExceededError(_SpecificError):
    """It took too long."""

    code = 4


class NotFoundError(_SpecificError):
    """A file, or a key of a checkpoint, is not there."""

    code = 5


class AlreadyExistsError(_SpecificError):
    """What was to be made is there already."""

    code = 6


class PermissionDeniedError(_SpecificError):
    """The system does not allow it."""

    code = 7


class ResourceExhaustedError(_SpecificError):
    """Memory or another resource ran out."""

    code = 8


class FailedPreconditionError(_SpecificError):
    """Something had to happen first: a variable was read before it had a value."""

    code = 9


class AbortedError(_SpecificError):
    """The operation was given up, as when a session was closed."""

    code = 10


class OutOfRangeError(_SpecificError):
    """The end was reached, as of a dataset or `count_up_to`."""

    code = 11


class UnimplementedError(_SpecificError):
    """The operation has no such kernel."""

    code = 12


class InternalError(_SpecificError):
    """The system broke a promise to itself."""

    code = 13


class UnavailableError(_SpecificError):
    """The runtime is not there at the moment."""

    code = 14


class DataLossError(_SpecificError):
    """A file is damaged."""

    code = 15


class UnauthenticatedError(_SpecificError):
    """Who asks is not known."""

    code = 16


OK = 0
CODES = {
    "OK": OK,
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "DATA_LOSS": 15,
    "UNAUTHENTICATED": 16,
}
_CLASSES: dict[int, Any] = {cls.code: cls for cls in _SpecificError.__subclasses__()}
_CLASSES[2] = UnknownError


def make_specific(node_def: Any, op: Any, message: str, error_code: int) -> OpError:
    """The exception for a code; an unknown code warns and gives an UnknownError."""
    found = _CLASSES.get(error_code)
    if found is None:
        warnings.warn(f"Unknown error code: {error_code}", stacklevel=2)
        return UnknownError(node_def, op, message, error_code)
    error: OpError = found(node_def, op, message)
    return error


def exception_type_from_error_code(error_code: int) -> Any:
    """The class for a code of `tf.errors`; KeyError for others."""
    return _CLASSES[error_code]


def error_code_from_exception_type(cls: Any) -> int | None:
    """The code of a class; None, with a warning, for others."""
    for code, known in _CLASSES.items():
        if known is cls:
            return code
    warnings.warn("Unknown class exception", stacklevel=2)
    return None
