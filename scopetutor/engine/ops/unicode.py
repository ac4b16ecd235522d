"""`tf.strings.unicode_transcode`: texts of one encoding in another one.

After text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define

from . import rules
from .text import each

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

    from .text import Array

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_REPLACED = "\ufffd"
_MARKS = (b"\xfe\xff", b"\xff\xfe")  # of UTF-16; TF 1.15: without one, big-endian


def unicode_transcode(
    input: Any,
    input_encoding: str,
    output_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> Any:
    """Texts in another encoding.

    Args:
        input: texts.
        input_encoding: "UTF-8", "UTF-16-BE" or another one that Python knows, too.
        output_encoding: "UTF-8", "UTF-16-BE" or "UTF-32-BE".
        errors: what happens to what is no text: "strict", "replace" or "ignore".
        replacement_char: what "replace" puts in its place.
        replace_control_characters: whether control characters are no text.
        name: of the operation.
    """
    return apply(
        "UnicodeTranscode",
        input,
        input_encoding=input_encoding,
        output_encoding=output_encoding,
        errors=errors,
        replacement_char=replacement_char,
        replace_control_characters=replace_control_characters,
        name=name,
    )


def _refused(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)


def _build(op: Operation) -> Callable[[Any], Array]:
    attrs = op._attrs
    given, wanted, errors = (
        attrs[name] for name in ("input_encoding", "output_encoding", "errors")
    )
    instead = chr(attrs["replacement_char"]) if errors == "replace" else ""
    try:
        "".encode(given)
    except LookupError:
        raise _refused(
            f"Could not create converter for input encoding: {given}"
        ) from None

    def transcoded(text: bytes) -> bytes:
        kind = given
        if given == "UTF-16" and not text.startswith(_MARKS):
            kind = "UTF-16-BE"
        try:
            found = text.decode(kind, "replace" if errors == "replace" else errors)
        except UnicodeDecodeError:
            raise _refused("Invalid formatting on input string") from None
        if instead and instead != _REPLACED:
            found = found.replace(_REPLACED, instead)
        if attrs["replace_control_characters"]:
            found = _CONTROLS.sub(instead, found)
        return found.encode(wanted)

    return lambda texts: each(transcoded, texts)


define("UnicodeTranscode", shape=rules.unchanged, build=_build)
