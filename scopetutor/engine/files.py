"""Files by name and pattern, as TensorFlow's file functions see them.

What `tf.gfile`, checkpoints and the operations on files stand on; it knows no graph.
Errors are those of `tf.errors`, in the words of TF 1.15.5 on Linux.
"""

from __future__ import annotations

import errno
import glob
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .op_errors import (
    AlreadyExistsError,
    FailedPreconditionError,
    NotFoundError,
    OpError,
    PermissionDeniedError,
    ResourceExhaustedError,
    UnknownError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_CLASSES: dict[int, Callable[..., OpError]] = {
    errno.ENOENT: NotFoundError,
    errno.ENOTDIR: FailedPreconditionError,
    errno.EISDIR: FailedPreconditionError,
    errno.ENOTEMPTY: FailedPreconditionError,
    errno.EEXIST: AlreadyExistsError,
    errno.EACCES: PermissionDeniedError,
    errno.EPERM: PermissionDeniedError,
    errno.ENOSPC: ResourceExhaustedError,
}


def refusal(error: OSError, path: str) -> OpError:
    """What TF 1.15 raises where the system refuses something."""
    make = _CLASSES.get(error.errno or 0, UnknownError)
    return make(None, None, f"{path}; {error.strerror}")


def status_text(error: OpError) -> str:
    """An error as the runtime writes it inside another one's text."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__[: -len("Error")])
    return f"{words.capitalize()}: {error.message}"


def text_path(path: Any) -> str:
    """A path as text, from text, bytes or a path object.

    Raises:
        TypeError: it is none of them.
    """
    try:
        return os.fsdecode(path)
    except TypeError:
        raise TypeError(f"Expected binary or unicode string, got {path!r}") from None


# Where a pattern stops being a plain name; "\\" is Windows' own separator.
_MAGIC = re.compile(r"[*?\[]" if os.sep == "\\" else r"[*?\[\\]")


def matching(pattern: Any) -> list[str]:
    """The files and folders whose names match a pattern, sorted.

    TF 1.15: `*`, `?` and `[…]` match within one name, a leading dot as well; what is
    in the current folder comes with "./" before it.

    Raises:
        NotFoundError, FailedPreconditionError: the folder to look in is not there.
    """
    text = text_path(pattern)
    first = _MAGIC.search(text)
    folder, name = os.path.split(text[: first.start()] if first else text)
    if not folder:
        folder, text = os.curdir, f"./{text}"
    try:
        os.scandir(folder).close()
    except PermissionError:
        return []
    except OSError as error:
        raise refusal(error, folder) from None
    if first is None:
        return [text] if name and os.path.lexists(text) else []
    if os.sep != "\\":
        text = re.sub(r"\\(.)", r"[\1]", text)
    return sorted(glob.glob(text, include_hidden=True))


def first_matching(*patterns: str) -> str | None:
    """A file that matches one of some patterns; None if their folder is not there."""
    for pattern in patterns:
        with suppress(OpError):
            for found in matching(pattern):
                return found
    return None
