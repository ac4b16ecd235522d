"""The table that says what a message holds: text in, fields out.

A message is one string of comma-separated fields, each ``number name type``::

    "1 name string, 3 input string*, 5 attr {string AttrValue}, 2 s bytes @value"

``*`` is many, ``{K V}`` a map, ``@c`` one of the alternatives of the choice *c*. A type
is a scalar kind of ``wire.py``, or the name of an enum or a message. The tables are
``graph_tables.py`` and its kin, ``fields.py`` has the fields; ``protos.py`` makes
classes of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from .fields import (
    Field,
    MapField,
    MessageField,
    PackedField,
    Reader,
    RepeatedField,
    RepeatedMessageField,
    ScalarField,
)
from .wire import KINDS, LENGTH

if TYPE_CHECKING:
    from .message import Message

_FIELD = re.compile(
    r"(?P<number>\d+) (?P<name>\w+) "
    r"(?:\{(?P<key>\w+) (?P<value>[\w.]+)\}|(?P<type>[\w.]+)(?P<many>\*?))"
    r"(?: @(?P<oneof>\w+))?"
)


class Schema:
    """The fields of one kind of message.

    Attributes:
        name: the message's name without a package, such as ``NodeDef``.
        text: its line of the table.
        enums: enum name -> {value's name: number}.
        message_class: name -> class, for the messages this one holds.
    """

    def __init__(
        self,
        name: str,
        text: str,
        enums: Mapping[str, Mapping[str, int]],
        message_class: Callable[..., type[Message]],
    ) -> None:
        self.name = name
        self.text = text
        self.enums = enums
        self.message_class = message_class

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in order of their numbers, as they are written."""
        fields = [self._field(match) for match in _FIELD.finditer(self.text)]
        for field in fields:
            field.rivals = tuple(
                other
                for other in fields
                if other is not field and field.oneof and other.oneof == field.oneof
            )
        return tuple(sorted(fields, key=lambda field: field.number))

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Field name -> field."""
        return {field.name: field for field in self.fields}

    @cached_property
    def readers(self) -> dict[int, Reader]:
        """Tag -> the function that reads what follows it."""
        return self.readers_of(self.by_name)

    @cached_property
    def oneofs(self) -> dict[str, list[Field]]:
        """Name of a choice -> its fields."""
        choices: dict[str, list[Field]] = {}
        for field in self.fields:
            if field.oneof:
                choices.setdefault(field.oneof, []).append(field)
        return choices

    def readers_of(
        self, names: Mapping[str, Field] | tuple[str, ...]
    ) -> dict[int, Reader]:
        """Tag -> reader for these fields only."""
        return {
            tag: reader
            for name in names
            for tag, reader in self.by_name[name].readers().items()
        }

    def _field(self, match: re.Match[str]) -> Field:
        name, number = match["name"], int(match["number"])
        if match["key"]:
            entry = f"1 key {match['key']}, 2 value {match['value']}"
            return MapField(name, number, self._later(f"{self.name}.{name}", entry))
        kind = "enum" if match["type"] in self.enums else match["type"]
        field: Field
        if kind not in KINDS:
            make = RepeatedMessageField if match["many"] else MessageField
            field = make(name, number, self._later(match["type"]), match["type"])
        elif not match["many"]:
            field = ScalarField(name, number, kind, match["type"])
        elif KINDS[kind].wire_type == LENGTH:
            field = RepeatedField(name, number, kind)
        else:
            field = PackedField(name, number, kind, match["type"])
        field.oneof = match["oneof"] or ""
        names = self.enums.get(match["type"], {})
        field.enum_names = {number: name for name, number in names.items()}
        return field

    def _later(self, *name: str) -> Callable[[], type[Message]]:
        """The class of that name, made when it is first needed: messages nest."""
        made: list[type[Message]] = []

        def make() -> type[Message]:
            if not made:
                made.append(self.message_class(*name))
            return made[0]

        return make
