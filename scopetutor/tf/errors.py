"""`tf.errors`: what `sess.run` raises, and the numbers of the errors.

Classes and codes are in ``engine/op_errors.py``. Nothing here is loaded late, since the
engine needs all of them anyway.
"""

# ruff: noqa: F401

from scopetutor.engine.op_errors import (
    CODES as _CODES,
)
from scopetutor.engine.op_errors import (
    AbortedError,
    AlreadyExistsError,
    CancelledError,
    DataLossError,
    DeadlineExceededError,
    FailedPreconditionError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    OpError,
    OutOfRangeError,
    PermissionDeniedError,
    ResourceExhaustedError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
    UnknownError,
    error_code_from_exception_type,
    exception_type_from_error_code,
)

globals().update(_CODES)
