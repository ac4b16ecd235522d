"""`google.protobuf.text_format` for TensorFlow's messages.

After ``pbtxt.py`` and ``pbtxt_reader.py``, which do the work; `legacy.companions` gives
it to scripts that import Google's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from . import pbtxt, pbtxt_reader

if TYPE_CHECKING:
    from .message import Message

_M = TypeVar("_M", bound="Message")


def Merge(text: str | bytes, message: _M, **_: Any) -> _M:  # noqa: N802 - Google's name
    """Adds what a text says to a message; a field may be said twice."""
    pbtxt_reader.merge(text, message)
    return message


def Parse(text: str | bytes, message: _M, **_: Any) -> _M:  # noqa: N802 - Google's name
    """Adds what a text says to a message; a field may be said once."""
    pbtxt_reader.merge(text, message, repeats=False)
    return message


def MessageToString(message: Message, **_: Any) -> str:  # noqa: N802 - Google's name
    """A message as text."""
    return pbtxt.write(message)
