"""Text format, written: what ``str(graph_def)`` prints, a ``.pbtxt`` file holds.

``fields.py`` comes before, ``message.py`` after; ``pbtxt_reader.py`` reads.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.errors import FileFormatError

from .fields import Field, MapField

if TYPE_CHECKING:
    from .message import Message


def shortest(number: float) -> str:
    """The fewest digits that give the same single-precision number.

    Protobuf 3.20: six digits, then more until it fits; ``123456792`` therefore
    prints as ``123456790.0``. ``text_format`` does so, ``str`` does not.
    """
    if not math.isfinite(number):
        return repr(number)
    for digits in range(6, 9):
        rounded = float(f"{number:.{digits}g}")
        if struct.unpack("<f", struct.pack("<f", rounded))[0] == number:
            return repr(rounded)
    return repr(float(f"{number:.9g}"))


class _Style(NamedTuple):
    """What the two printers of protobuf 3.20 do differently.

    Attributes:
        floats: how single-precision numbers print.
        spare: whether a map's entry leaves out a key or value that is the
            default, and whether an ``Any`` shows what is inside it.
    """

    floats: Callable[[float], str]
    spare: bool


def write(message: Message, *, floats: Callable[[float], str] = shortest) -> str:
    """``message`` as ``text_format.MessageToString`` prints it.

    Args:
        message: any message.
        floats: ``repr`` gives what TF 1.15's ``tf.train.write_graph`` writes:
            0.10000000149011612 for a single-precision 0.1.
    """
    return "".join(_lines(message, "", _Style(floats, spare=True)))


def show(message: Message) -> str:
    """``message`` as ``str(message)`` prints it: protobuf's C++ printer."""
    return "".join(_lines(message, "", _Style(repr, spare=False)))


def _lines(message: Message, indent: str, style: _Style) -> Iterator[str]:
    inner = _packed_in_any(message) if style.spare else None
    if inner is not None:
        yield f"{indent}[{message.type_url}] {{\n"
        yield from _lines(inner, indent + "  ", style)
        yield f"{indent}}}\n"
        return
    for field, value in message.ListFields():
        if isinstance(field, MapField):
            yield from _map_lines(field, value, indent, style)
        else:
            for each in value if field.repeated else (value,):
                yield from _field_lines(field, each, indent, style)


def _map_lines(
    field: MapField, value: Any, indent: str, style: _Style
) -> Iterator[str]:
    for key in sorted(value):
        yield f"{indent}{field.name} {{\n"
        for part, each in ((field.key, key), (field.value, value[key])):
            if not style.spare or part.is_set(each):
                yield from _field_lines(part, each, indent + "  ", style)
        yield f"{indent}}}\n"


def _field_lines(field: Field, value: Any, indent: str, style: _Style) -> Iterator[str]:
    if field.kind == "message":
        yield f"{indent}{field.name} {{\n"
        yield from _lines(value, indent + "  ", style)
        yield f"{indent}}}\n"
    elif field.kind == "enum":
        yield f"{indent}{field.name}: {field.enum_names.get(value, value)}\n"
    elif field.kind == "float":
        yield f"{indent}{field.name}: {style.floats(value)}\n"
    else:
        yield f"{indent}{field.name}: {_SPELLINGS.get(type(value), repr)(value)}\n"


_ESCAPES = {
    byte: chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in range(256)
} | {ord(c): "\\" + e for c, e in zip("\n\r\t\"'\\", "nrt\"'\\", strict=True)}


def quote(value: bytes) -> str:
    """A quoted string: ASCII as it is, everything else escaped, mostly octal."""
    return '"' + "".join([_ESCAPES[byte] for byte in value]) + '"'


_SPELLINGS: dict[type, Callable[[Any], str]] = {
    bytes: quote,
    str: lambda value: quote(value.encode()),
    bool: lambda value: "true" if value else "false",
}


def _packed_in_any(message: Message) -> Message | None:
    """The message inside an ``Any`` if we can read it."""
    if message.schema.name != "Any":
        return None
    inner = class_of_url(message, message.type_url)
    try:
        return inner.decode(message.value) if inner else None
    except FileFormatError:
        return None


def class_of_url(message: Message, url: str) -> type[Message] | None:
    """The class that the ``type_url`` of an ``Any`` names, if we have it."""
    try:
        return message.schema.message_class(url.rpartition("/tensorflow.")[2])
    except KeyError:
        return None
