"""The six ways a message can hold a field, and how each travels as bytes.

A ``Field`` knows its name and number; its class knows how to read it, write it,
start it, assign it and merge it. ``message.py`` comes next and gives the whole
its face; ``schema.py`` makes fields from a table.
"""

from __future__ import annotations

import math
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .containers import MessageList, MessageMap, ScalarList, ScalarMap
from .wire import KINDS, LENGTH, MalformedError, get_varint, put_varint, skip

if TYPE_CHECKING:
    from .message import Message

# protobuf's own limit; more can only be an attack on the stack
DEEPEST = 100

Reader = Callable[["Message", bytes, int, int], int]
MessageClass = Callable[[], "type[Message]"]


def parse(
    message: Message,
    data: bytes,
    start: int,
    end: int,
    *,
    depth: int = DEEPEST,
    readers: Mapping[int, Reader] | None = None,
) -> None:
    """Add to ``message`` the fields that lie in ``data[start:end]``.

    With ``readers`` only those fields are read and everything else is dropped;
    without, a field the schema does not know is kept as it is.

    Raises:
        MalformedError, IndexError, struct.error, UnicodeDecodeError: the bytes
            are no such message.
    """
    if not depth:
        raise MalformedError(f"messages are nested more than {DEEPEST} deep")
    chosen = message.schema.readers if readers is None else readers
    unknown = bytearray()
    position = start
    while position < end:
        begin = position
        tag = data[position]
        if tag < 128:
            position += 1
        else:
            tag, position = get_varint(data, position)
        read = chosen.get(tag)
        if read is not None:
            position = read(message, data, position, depth - 1)
            continue
        if tag < 8:
            raise MalformedError("a field has the number 0")
        position = skip(data, position, tag & 7)
        unknown += data[begin:position]
    if position != end:
        raise MalformedError("a field reaches beyond its message")
    if unknown and readers is None:
        message._keep_unknown(unknown)


class Field(ABC):
    """One named field of a message.

    Attributes:
        name, number: as in the .proto file.
        kind: a key of ``wire.KINDS``, or "message".
        type_name: the message's or enum's name; empty for other kinds.
        oneof: the name of the choice this field is part of; empty if none.
        rivals: the other fields of that choice.
        enum_names: number -> name, for an enum.
        repeated: whether it is a list or a map.
    """

    repeated = False

    def __init__(self, name: str, number: int, kind: str, type_name: str = "") -> None:
        self.name = name
        self.number = number
        self.kind = kind
        self.type_name = type_name
        self.oneof = ""
        self.rivals: tuple[Field, ...] = ()
        self.enum_names: dict[int, str] = {}
        # a message and a map's entry travel as bytes do
        self.scalar = KINDS.get(kind, KINDS["bytes"])
        self.tag = put_varint(number << 3 | self.scalar.wire_type)

    def readers(self) -> dict[int, Reader]:
        """Every tag this field can come under, with what reads it."""
        return {self.number << 3 | self.scalar.wire_type: self.read}

    def is_set(self, value: Any) -> bool:
        """Whether ``value``, which is there, counts as set."""
        return bool(value)

    @abstractmethod
    def read(self, message: Message, data: bytes, position: int, depth: int) -> int:
        """Read one occurrence into ``message``; the position behind it."""

    @abstractmethod
    def write(self, value: Any, parts: list[bytes]) -> None:
        """Append the bytes of ``value``, tags included."""

    @abstractmethod
    def start(self, message: Message) -> Any:
        """What reading the field gives when it is not there."""

    def assign(self, _message: Message, _value: Any) -> None:
        """``message.field = value``."""
        raise AttributeError(
            f'Assignment not allowed to repeated field "{self.name}" '
            "in protocol message object."
        )

    @abstractmethod
    def merge(self, message: Message, value: Any) -> None:
        """Add ``value`` to what ``message`` has: a keyword, or MergeFrom."""


class ScalarField(Field):
    """One number, string or piece of bytes."""

    def is_set(self, value: Any) -> bool:
        """A zero is not written, unless it is a choice made, or -0.0."""
        if value or self.oneof:
            return True
        return self.scalar.packed in ("f", "d") and math.copysign(1, value) < 0

    def read(self, message: Message, data: bytes, position: int, _depth: int) -> int:
        """Read the value; the last one counts."""
        value, position = self.scalar.unpack(data, position)
        if self.oneof:
            message._claim(self)
        message.__dict__[self.name] = value
        return position

    def write(self, value: Any, parts: list[bytes]) -> None:
        """Tag and value."""
        parts.append(self.tag)
        parts.append(self.scalar.pack(value))

    def start(self, _message: Message) -> Any:
        """The default of the kind."""
        return self.scalar.default

    def assign(self, message: Message, value: Any) -> None:
        """Check and keep the value."""
        checked = self.scalar.check(value)
        message._claim(self)
        message.__dict__[self.name] = checked

    merge = assign


class RepeatedField(Field):
    """Many strings or pieces of bytes: a tag before each."""

    repeated = True

    def read(self, message: Message, data: bytes, position: int, _depth: int) -> int:
        """Read one value more."""
        value, position = self.scalar.unpack(data, position)
        list.append(self.values(message), value)
        return position

    def write(self, value: Any, parts: list[bytes]) -> None:
        """Tag and value, each time."""
        pack = self.scalar.pack
        for each in value:
            parts.append(self.tag)
            parts.append(pack(each))

    def values(self, message: Message) -> ScalarList:
        """The list, made now if the message has none."""
        values: ScalarList | None = message.__dict__.get(self.name)
        return self.start(message) if values is None else values

    def start(self, message: Message) -> ScalarList:
        """An empty list, kept from now on."""
        values = ScalarList(message._if_detached(), self.scalar.check)
        message.__dict__[self.name] = values
        return values

    def merge(self, message: Message, value: Any) -> None:
        """Add the values at the end."""
        self.values(message).extend(value)


class PackedField(RepeatedField):
    """Many numbers: one tag, then all of them in a row."""

    def __init__(self, name: str, number: int, kind: str, type_name: str = "") -> None:
        super().__init__(name, number, kind, type_name)
        self.tag = put_varint(number << 3 | LENGTH)

    def readers(self) -> dict[int, Reader]:
        """Packed, as proto3 writes, and one by one, as proto2 did."""
        single = self.number << 3 | self.scalar.wire_type
        return {single: self.read, self.number << 3 | LENGTH: self.read_packed}

    def read_packed(
        self, message: Message, data: bytes, position: int, _depth: int
    ) -> int:
        """Read all numbers of one packed occurrence."""
        end, position = _extent(data, position)
        values, letter = self.values(message), self.scalar.packed
        if letter:
            layout = f"<{(end - position) // struct.calcsize(letter)}{letter}"
            list.extend(values, struct.unpack(layout, data[position:end]))
            return end
        unpack = self.scalar.unpack
        while position < end:
            value, position = unpack(data, position)
            list.append(values, value)
        return position

    def write(self, value: Any, parts: list[bytes]) -> None:
        """One tag, one length, all values."""
        letter = self.scalar.packed
        if letter:
            body = struct.pack(f"<{len(value)}{letter}", *value)
        else:
            body = b"".join(map(self.scalar.pack, value))
        parts += (self.tag, put_varint(len(body)), body)


class MessageField(Field):
    """Another message, inside this one."""

    def __init__(self, name: str, number: int, of: MessageClass, type_name: str):
        super().__init__(name, number, "message", type_name)
        self.make = of

    def is_set(self, value: Any) -> bool:
        """A message that was only looked at is not there yet."""
        return value._if_detached() is None

    def read(self, message: Message, data: bytes, position: int, depth: int) -> int:
        """Read the message; what comes twice is merged."""
        end, position = _extent(data, position)
        child = message.__dict__.get(self.name)
        if child is None:
            child = message.__dict__[self.name] = self.make()()
        if self.oneof:
            message._claim(self)
        child.__dict__.pop("_parent", None)
        parse(child, data, position, end, depth=depth)
        return end

    def write(self, value: Any, parts: list[bytes]) -> None:
        """Tag, length, message."""
        body = value.encode()
        parts += (self.tag, put_varint(len(body)), body)

    def start(self, message: Message) -> Any:
        """An empty message that does not count yet."""
        child = self.make()()
        child.__dict__["_parent"] = (message, self)
        message.__dict__[self.name] = child
        return child

    def assign(self, _message: Message, _value: Any) -> None:
        """Refuse: a message is filled, not replaced."""
        raise AttributeError(
            f'Assignment not allowed to field "{self.name}" in protocol message object.'
        )

    def merge(self, message: Message, value: Any) -> None:
        """Merge a message, or fields by name, into the one that is there."""
        child = getattr(message, self.name)
        child.SetInParent()
        if isinstance(value, dict):
            child.set_fields(value)
        else:
            child.MergeFrom(value)


class RepeatedMessageField(MessageField):
    """Many messages."""

    repeated = True

    is_set = Field.is_set
    assign = Field.assign

    def read(self, message: Message, data: bytes, position: int, depth: int) -> int:
        """Read one message more."""
        end, position = _extent(data, position)
        child = self.make()()
        parse(child, data, position, end, depth=depth)
        list.append(self.values(message), child)
        return end

    def write(self, value: Any, parts: list[bytes]) -> None:
        """Tag, length, message, each time."""
        for each in value:
            super().write(each, parts)

    def values(self, message: Message) -> MessageList:
        """The list, made now if the message has none."""
        values: MessageList | None = message.__dict__.get(self.name)
        return self.start(message) if values is None else values

    def start(self, message: Message) -> MessageList:
        """An empty list, kept from now on."""
        values = MessageList(message._if_detached(), self.make())
        message.__dict__[self.name] = values
        return values

    def merge(self, message: Message, value: Any) -> None:
        """Add copies of the messages at the end."""
        self.values(message).extend(value)


class MapField(Field):
    """A dictionary: on the wire, a repeated message of key and value."""

    repeated = True

    def __init__(self, name: str, number: int, entry: MessageClass) -> None:
        super().__init__(name, number, "map")
        self.entry = entry

    @property
    def key(self) -> Field:
        """The field the keys are."""
        return self.entry().schema.fields[0]

    @property
    def value(self) -> Field:
        """The field the values are."""
        return self.entry().schema.fields[1]

    def read(self, message: Message, data: bytes, position: int, depth: int) -> int:
        """Read one entry."""
        end, position = _extent(data, position)
        entry = self.entry()()
        parse(entry, data, position, end, depth=depth)
        value = entry.value
        if isinstance(self.value, MessageField):
            value.SetInParent()
        dict.__setitem__(self.values(message), entry.key, value)
        return end

    def write(self, value: Any, parts: list[bytes]) -> None:
        """Tag, length, and an entry of key and value, each time."""
        write_key, write_value = self.key.write, self.value.write
        for key, each in value.items():
            entry: list[bytes] = []
            write_key(key, entry)
            write_value(each, entry)
            body = b"".join(entry)
            parts += (self.tag, put_varint(len(body)), body)

    def values(self, message: Message) -> ScalarMap | MessageMap:
        """The map, made now if the message has none."""
        values: ScalarMap | MessageMap | None = message.__dict__.get(self.name)
        return self.start(message) if values is None else values

    def start(self, message: Message) -> ScalarMap | MessageMap:
        """An empty dictionary, kept from now on."""
        owner, check = message._if_detached(), self.key.scalar.check
        value = self.value
        values: ScalarMap | MessageMap
        if isinstance(value, MessageField):
            values = MessageMap(owner, check, value.make())
        else:
            values = ScalarMap(owner, check, value.scalar.check, value.scalar.default)
        message.__dict__[self.name] = values
        return values

    def merge(self, message: Message, value: Any) -> None:
        """Set each key to a copy of its value."""
        self.values(message).update(value)


def _extent(data: bytes, position: int) -> tuple[int, int]:
    """(end, start) of what the length at ``position`` announces."""
    size, start = get_varint(data, position)
    end = start + size
    if end > len(data):
        raise MalformedError(f"{size} bytes are announced, fewer are left")
    return end, start
