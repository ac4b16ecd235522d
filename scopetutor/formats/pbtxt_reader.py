"""Text format, read: a ``.pbtxt`` file, the ``checkpoint`` file.

``merge`` sets in a message what a text says; errors carry line and column.
``message.py`` comes before, ``graph_files.py`` and ``checkpoint_state.py`` after;
``pbtxt.py`` writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.errors import FileFormatError

from .fields import DEEPEST, Field, MapField
from .pbtxt import class_of_url
from .wire import MalformedError

if TYPE_CHECKING:
    from pathlib import Path

    from .message import Message


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


_BETWEEN = re.compile(r"(?:\s++|#[^\n]*+)*+")
_TOKENS = re.compile(
    r"(?P<name>[A-Za-z_]\w*)"
    r"|(?P<number>[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?"
    r"|(?i:inf(?:inity)?|nan))(?![\w.]))"
    r"|(?P<string>\"(?:[^\"\\\n]++|\\.)*+\"|'(?:[^'\\\n]++|\\.)*+')"
    r"|(?P<sign>[{}<>\[\]:;,/.-])"
    r"|(?P<end>\Z)",
    re.ASCII,
)
_UNESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_UNESCAPED = {
    letter.encode(): byte.encode()
    for letter, byte in zip("abfnrtv\\'\"", "\a\b\f\n\r\t\v\\'\"", strict=True)
}
_FLOAT_SUFFIX = re.compile(r"(?<=[\d.])f$")
# a wrong name can be a megabyte; an error should be a sentence
_LONGEST = 300
_CLOSING = {"{": "}", "<": ">"}
_BOOLEANS = {"true": True, "t": True, "True": True, "1": True} | {
    "false": False,
    "f": False,
    "False": False,
    "0": False,
}


def merge(
    text: str | bytes,
    message: Message,
    *,
    path: str | Path = "text in memory",
    repeats: bool = True,
) -> None:
    """Set in ``message`` what ``text`` says.

    Args:
        text: text format, as written by any program.
        message: gets the fields.
        path: where the text comes from, for the error.
        repeats: whether a field may be set twice (``text_format.Merge``) or not
            (``text_format.Parse``).

    Raises:
        FileFormatError: with line and column; ``message`` is then half set.
    """
    place = ""
    try:
        source = text.decode() if isinstance(text, bytes) else text
        reader = _Reader(source, repeats=repeats)
        try:
            reader.fields_of(message, "", DEEPEST)
        except (MalformedError, TypeError, ValueError):
            place = reader.place()
            raise
    except (MalformedError, TypeError, ValueError) as error:
        reason = str(error)[:_LONGEST]
        raise FileFormatError(
            f"this is not the text of a {message.schema.name}: {place}{reason}",
            path=path,
            hint="binary files end in .pb or .meta, text files in .pbtxt",
        ) from error


class _Reader:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, *, repeats: bool) -> None:
        self._text = text
        self._repeats = repeats
        self._token = _Token("", "", 0)
        self._next = self._scan(0)

    def place(self) -> str:
        """``line:column: `` of the token read last."""
        offset = self._token.offset
        line = self._text.count("\n", 0, offset) + 1
        column = offset - self._text.rfind("\n", 0, offset)
        return f"line {line}, column {column}: "

    def _scan(self, offset: int) -> tuple[_Token, int]:
        between = _BETWEEN.match(self._text, offset)
        offset = between.end() if between else offset
        match = _TOKENS.match(self._text, offset)
        if match is None or match.lastgroup is None:
            self._token = _Token("", "", offset)
            raise MalformedError("this is neither a name nor a value")
        kind = match.lastgroup
        return _Token(kind, match[kind], match.start(kind)), match.end()

    def _take(self) -> _Token:
        self._token, offset = self._next
        if self._token.kind != "end":
            self._next = self._scan(offset)
        return self._token

    def _accept(self, *signs: str) -> str:
        """The next token if it is one of these signs, else nothing."""
        token = self._next[0]
        return self._take().text if token.kind == "sign" and token.text in signs else ""

    def _expect(self, *signs: str) -> str:
        found = self._accept(*signs)
        if not found:
            self._take()
            wanted = " or ".join(f'"{sign}"' for sign in signs)
            raise MalformedError(f"expected {wanted}")
        return found

    def fields_of(self, message: Message, closing: str, depth: int) -> None:
        """Read fields up to the sign ``closing``, or to the end of the text."""
        if not depth:
            raise MalformedError(f"messages are nested more than {DEEPEST} deep")
        seen: set[str] = set()
        while True:
            token = self._take()
            if token.kind == "end" and not closing:
                return
            if closing and token.text == closing and token.kind == "sign":
                return
            if token.kind == "sign" and token.text == "[":
                self._any(message, depth)
            elif token.kind == "name":
                self._field(self._named(message, token.text, seen), message, depth)
            else:
                wanted = f'a field or "{closing}"' if closing else "a field"
                raise MalformedError(f"expected {wanted}")
            self._accept(",", ";")

    def _named(self, message: Message, name: str, seen: set[str]) -> Field:
        kind, field = message.schema.name, message.schema.by_name.get(name)
        if field is None:
            raise MalformedError(f'message type "{kind}" has no field named "{name}"')
        if not field.repeated and not self._repeats:
            if name in seen:
                raise MalformedError(
                    f'"{kind}" should not have multiple "{name}" fields'
                )
            for rival in field.rivals:
                if rival.name in seen:
                    raise MalformedError(
                        f'field "{name}" is specified along with field "{rival.name}", '
                        f'another member of oneof "{field.oneof}"'
                    )
        seen.add(name)
        return field

    def _field(self, field: Field, message: Message, depth: int) -> None:
        is_message = field.kind in ("message", "map")
        if not self._accept(":") and not is_message:
            self._take()
            raise MalformedError('expected ":"')
        read = self._message if is_message else self._scalar
        if not (field.repeated and self._accept("[")):
            read(field, message, depth)
            return
        if not self._accept("]"):
            read(field, message, depth)
            while self._expect(",", "]") == ",":
                read(field, message, depth)

    def _message(self, field: Field, message: Message, depth: int) -> None:
        closing = _CLOSING[self._expect("{", "<")]
        if isinstance(field, MapField):
            entry = field.entry()()
            self.fields_of(entry, closing, depth - 1)
            target = field.values(message)
            if field.value.kind == "message":
                target[entry.key].CopyFrom(entry.value)
            else:
                target[entry.key] = entry.value
            return
        value = getattr(message, field.name)
        inner = value.add() if field.repeated else value
        inner.SetInParent()
        self.fields_of(inner, closing, depth - 1)

    def _any(self, message: Message, depth: int) -> None:
        """``[type.googleapis.com/tensorflow.X] { ... }`` inside an ``Any``."""
        names = []
        while not self._accept("]"):
            token = self._take()
            if token.kind == "end":
                raise MalformedError('expected "]"')
            names.append(token.text)
        url = "".join(names)
        inner = class_of_url(message, url) if message.schema.name == "Any" else None
        if inner is None:
            raise MalformedError(f'"{message.schema.name}" cannot hold [{url}]')
        self._accept(":")
        packed = inner()
        self.fields_of(packed, _CLOSING[self._expect("{", "<")], depth - 1)
        message.set_fields({"type_url": url, "value": packed.encode()})

    def _scalar(self, field: Field, message: Message, _depth: int) -> None:
        value = _VALUES.get(field.kind, _integer)(self._take(), field)
        if field.kind in ("string", "bytes"):
            pieces = [value]
            while self._next[0].kind == "string":
                pieces.append(_quoted(self._take(), field))
            value = b"".join(pieces)
        if field.repeated:
            getattr(message, field.name).append(value)
        else:
            field.assign(message, value)


def _quoted(token: _Token, _field: Field) -> bytes:
    if token.kind != "string":
        raise MalformedError(f"expected a string, found {token.text or 'the end'}")

    def one(match: re.Match[bytes]) -> bytes:
        octal, hexadecimal, letter = match.groups()
        if letter is None:
            return bytes((int(octal, 8) & 255 if octal else int(hexadecimal, 16),))
        # protobuf 3.20: what is no escape stands for itself
        return _UNESCAPED.get(letter, match[0])

    return _UNESCAPE.sub(one, token.text[1:-1].encode())


def _integer(token: _Token, _field: Field) -> int:
    digits = token.text.lstrip("+-")
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[:1] == "0" else 10
    try:
        return int(token.text, base)
    except ValueError:
        raise MalformedError(f"not an integer: {token.text[:80]}") from None


def _float(token: _Token, _field: Field) -> float:
    try:
        return float(_FLOAT_SUFFIX.sub("", token.text))
    except ValueError:
        raise MalformedError(f"not a number: {token.text[:80]}") from None


def _boolean(token: _Token, _field: Field) -> bool:
    if token.text not in _BOOLEANS:
        raise MalformedError('expected "true" or "false"')
    return _BOOLEANS[token.text]


def _enum(token: _Token, field: Field) -> int:
    if token.kind == "number":
        return _integer(token, field)
    for number, name in field.enum_names.items():
        if name == token.text:
            return number
    raise MalformedError(f'enum "{field.type_name}" has no value named {token.text}')


_VALUES: dict[str, Callable[[_Token, Field], Any]] = {
    "string": _quoted,
    "bytes": _quoted,
    "float": _float,
    "double": _float,
    "bool": _boolean,
    "enum": _enum,
}
