# ruff: noqa: N802 - programs call Google's methods by Google's names
"""A protocol message: attributes by field name, bytes and text at either end.

``NodeDef(name="a", op="Const")``, ``graph.node.add()``, ``node.attr["T"].type``,
``str(graph)``, ``GraphDef.decode(data)``, ``graph.encode()``, and the methods of
Google's library under their own names, because programs call them.

A field that is not there reads as its default. A message inside a message
exists from the moment something in it is set, not when it is looked at.

``protos.py`` comes next: all classes by name. Text format is ``pbtxt.py``.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scopetutor.errors import FileFormatError

from . import pbtxt
from .fields import Field, parse
from .schema import Schema
from .wire import MalformedError

if TYPE_CHECKING:
    from pathlib import Path

# Google's limit: sizes travel as 32-bit integers
LARGEST = (1 << 31) - 1


class Message:
    """The base of every message class; a subclass adds only its schema."""

    schema: ClassVar[Schema]
    # (the message this one is part of, its field there), for as long as this
    # message was only looked at and does not count yet
    _parent: tuple[Message, Field] | None = None
    # fields the schema does not know, as they came, written back at the end
    _unknown: bytes | bytearray = b""
    # a message changes, so it cannot be a key
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, *positional: object, **fields: Any) -> None:
        if positional:
            raise TypeError("No positional arguments allowed")
        if fields:
            self.set_fields(fields)

    def set_fields(self, fields: dict[str, Any]) -> None:
        """Set several fields as the constructor does; None leaves one alone.

        Raises:
            ValueError: there is no field of that name.
            TypeError: a value of the wrong type.
        """
        for name, value in fields.items():
            field = self.schema.by_name.get(name)
            if field is None:
                raise ValueError(
                    f'Protocol message {self.schema.name} has no "{name}" field.'
                )
            if value is not None:
                field.merge(self, value)

    def __getattr__(self, name: str) -> Any:
        field = self.schema.by_name.get(name)
        if field is None:
            raise AttributeError(name, name=name, obj=self)
        return field.start(self)

    def __setattr__(self, name: str, value: Any) -> None:
        field = self.schema.by_name.get(name)
        if field is None:
            raise AttributeError(
                f"'{type(self).__name__}' object has no attribute '{name}'"
            )
        field.assign(self, value)

    # -- bytes -------------------------------------------------------------

    @classmethod
    def decode(
        cls,
        data: bytes,
        *,
        path: str | Path = "bytes in memory",
        only: tuple[str, ...] = (),
    ) -> Self:
        """The message these bytes are.

        Args:
            data: the whole message, under 2 GiB.
            path: where the bytes come from, for the error.
            only: the fields to read, at the top level; everything else is
                passed over unread and forgotten. Empty reads all.

        Raises:
            FileFormatError: the bytes are no such message.
        """
        message = cls()
        message._merge_bytes(bytes(data), path, only)
        return message

    def encode(self) -> bytes:
        """The bytes of this message, fields in order of their numbers.

        What ``decode`` read from a file of TensorFlow's gives that file's bytes.
        """
        parts: list[bytes] = []
        values = self.__dict__
        for field in self.schema.fields:
            value = values.get(field.name)
            if value is not None and field.is_set(value):
                field.write(value, parts)
        parts.append(bytes(self._unknown))
        return b"".join(parts)

    def _keep_unknown(self, data: bytes | bytearray) -> None:
        self.__dict__.setdefault("_unknown", bytearray()).extend(data)

    def _merge_bytes(
        self, data: bytes, path: str | Path, only: tuple[str, ...] = ()
    ) -> None:
        readers = self.schema.readers_of(only) if only else None
        try:
            if len(data) > LARGEST:
                raise MalformedError("a message cannot be larger than 2 GiB")
            parse(self, data, 0, len(data), readers=readers)
        except (MalformedError, IndexError, struct.error, UnicodeDecodeError) as error:
            reason = str(error)
            if isinstance(error, (IndexError, struct.error)):
                reason = "the data ends too early"
            raise FileFormatError(
                f"this is not a {self.schema.name} message: {reason}",
                path=path,
                hint="it may be cut short, or be a file of another kind",
            ) from error

    # -- presence ----------------------------------------------------------

    def _if_detached(self) -> Self | None:
        """This message if it was only looked at so far, else None."""
        return self if "_parent" in self.__dict__ else None

    def _claim(self, field: Field) -> None:
        """``field`` is being set: this message exists, and rivals do not."""
        self.SetInParent()
        for rival in field.rivals:
            value = self.__dict__.get(rival.name)
            if value is not None and rival.is_set(value):
                del self.__dict__[rival.name]

    def SetInParent(self) -> None:
        """Make this message count as set in the one it is part of."""
        parent = self.__dict__.pop("_parent", None)
        if parent is not None:
            message, field = parent
            message._claim(field)
            message.__dict__[field.name] = self

    # -- the methods of Google's library -------------------------------------

    def ListFields(self) -> list[tuple[Field, Any]]:
        """(field, value) for every field that is set, by number."""
        values = self.__dict__
        return [
            (field, values[field.name])
            for field in self.schema.fields
            if field.name in values and field.is_set(values[field.name])
        ]

    def HasField(self, name: str) -> bool:
        """Whether a message field, or a choice or one of its fields, is set.

        Raises:
            ValueError: there is no such field, or its zero is its absence.
        """
        kind = self.schema.name
        if name in self.schema.oneofs:
            return self.WhichOneof(name) is not None
        field = self.schema.by_name.get(name)
        if field is None:
            raise ValueError(f"Protocol message {kind} has no field {name}.")
        if field.repeated:
            raise ValueError(f'Protocol message {kind} has no singular "{name}" field.')
        if field.kind != "message" and not field.oneof:
            raise ValueError(
                f'Can\'t test non-optional, non-submessage field "{kind}.{name}" '
                "for presence in proto3."
            )
        return name in self.__dict__ and field.is_set(self.__dict__[name])

    def WhichOneof(self, name: str) -> str | None:
        """The field of this choice that is set, or None."""
        if name not in self.schema.oneofs:
            raise ValueError(f'Protocol message has no oneof "{name}" field.')
        for field in self.schema.oneofs[name]:
            if self.HasField(field.name):
                return field.name
        return None

    def ClearField(self, name: str) -> None:
        """Unset one field, or whichever field of a choice is set."""
        if name in self.schema.oneofs:
            chosen = self.WhichOneof(name)
            if chosen is not None:
                self.ClearField(chosen)
            return
        if name not in self.schema.by_name:
            raise ValueError(f'Protocol message has no "{name}" field.')
        self.SetInParent()
        value = self.__dict__.pop(name, None)
        if isinstance(value, Message):
            value.__dict__.pop("_parent", None)

    def Clear(self) -> None:
        """Unset everything."""
        self.SetInParent()
        self.__dict__.clear()

    def MergeFrom(self, other: Self) -> None:
        """Set what ``other`` has set; lists grow, messages merge."""
        self._same_class(other, "MergeFrom")
        self.SetInParent()
        for field, value in other.ListFields():
            field.merge(self, value)
        if other._unknown:
            self._keep_unknown(other._unknown)

    def CopyFrom(self, other: Self) -> None:
        """Become a copy of ``other``."""
        self._same_class(other, "CopyFrom")
        if other is not self:
            self.Clear()
            self.MergeFrom(other)

    def _same_class(self, other: object, method: str) -> None:
        if type(other) is not type(self):
            got = type(other).__name__
            if isinstance(other, Message):
                got = f"tensorflow.{other.schema.name}"
            raise TypeError(
                f"Parameter to {method}() must be instance of same class: "
                f"expected tensorflow.{self.schema.name} got {got}."
            )

    def ParseFromString(self, data: bytes) -> int:
        """Become the message these bytes are; how many bytes there were."""
        self.Clear()
        return self.MergeFromString(data)

    def MergeFromString(self, data: bytes) -> int:
        """Merge the message these bytes are; how many bytes there were."""
        self.SetInParent()
        self._merge_bytes(bytes(data), "bytes in memory")
        return len(data)

    @classmethod
    def FromString(cls, data: bytes) -> Self:
        """The message these bytes are."""
        return cls.decode(data)

    def SerializeToString(self, **_options: bool) -> bytes:
        """The bytes of this message."""
        return self.encode()

    SerializePartialToString = SerializeToString

    def ByteSize(self) -> int:
        """How many bytes this message has."""
        return len(self.encode())

    def IsInitialized(self) -> bool:
        """True: nothing is required in proto3."""
        return True

    def DiscardUnknownFields(self) -> None:
        """Forget the fields the schema does not know, here and below."""
        self.__dict__.pop("_unknown", None)
        for field, value in self.ListFields():
            if not field.repeated:
                inner = [value]
            else:
                inner = list(value.values() if isinstance(value, dict) else value)
            for each in inner:
                if isinstance(each, Message):
                    each.DiscardUnknownFields()

    # -- Python ------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = self.ListFields(), other.ListFields()
        pairs = zip(mine, theirs, strict=False)
        return (
            len(mine) == len(theirs)
            and all(a is b and x == y for (a, x), (b, y) in pairs)
            and self._unknown == other._unknown
        )

    def __str__(self) -> str:
        return pbtxt.show(self)

    __repr__ = __str__

    def __copy__(self) -> Self:
        copy = type(self)()
        copy.MergeFrom(self)
        return copy

    def __deepcopy__(self, _memo: object) -> Self:
        return self.__copy__()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).decode, (self.encode(),)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.schema.by_name]
