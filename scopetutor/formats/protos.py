# ruff: noqa: N802 - programs call Google's methods by Google's names
"""Every message of TensorFlow 1.15 we know, as a class: ``protos.GraphDef()``.

The classes are made from the tables beside this file, each when it is first
asked for. Nested ones hang on their parent: ``Summary.Value``; so do the values
of its enums: ``SaverDef.V2``, ``RunOptions.FULL_TRACE``.

``graph_files.py``, ``tensors.py`` and ``events.py`` come next.
"""

from __future__ import annotations

# `Any` is one of the messages.
import typing
from functools import cache

from . import file_tables, graph_tables, meta_tables, run_tables
from .message import Message
from .packed import Packed
from .schema import Schema

MESSAGES = (
    graph_tables.MESSAGES
    | meta_tables.MESSAGES
    | file_tables.MESSAGES
    | run_tables.MESSAGES
)


class Enum(dict[str, int]):
    """The values of one enum, by name.

    Attributes:
        name: the enum's own name, without a package or a message before it.
    """

    def __init__(self, name: str, text: str) -> None:
        pairs = (pair.split() for pair in text.split(","))
        super().__init__({value: int(number) for value, number in pairs})
        self.name = name.rpartition(".")[2]

    def Name(self, number: int) -> str:
        """The name of the value ``number``.

        Raises:
            ValueError: there is none.
        """
        for name, value in self.items():
            if value == number:
                return name
        raise ValueError(f"Enum {self.name} has no name defined for value {number}")

    def Value(self, name: str) -> int:
        """The number of the value ``name``.

        Raises:
            ValueError: there is none.
        """
        if name not in self:
            raise ValueError(f"Enum {self.name} has no value defined for name {name!r}")
        return self[name]


ENUMS = {
    name: Enum(name, text)
    for table in (graph_tables, meta_tables, file_tables, run_tables)
    for name, text in table.ENUMS.items()
}


@cache
def message_class(name: str, text: str = "") -> type[Message]:
    """The class of the message ``name``, such as ``"Summary.Value"``.

    Args:
        name: without a package.
        text: the fields, for a message that no table lists: a map's entry.

    Raises:
        KeyError: there is no such message.
    """
    schema = Schema(name, text or MESSAGES[name], ENUMS, message_class)
    members: dict[str, object] = {
        "__doc__": f"The protocol message {name} of TensorFlow 1.15.",
        "__module__": __name__,
        "__qualname__": name,
        "schema": schema,
    }
    for inner in MESSAGES:
        if inner.rpartition(".")[0] == name:
            members[inner.rpartition(".")[2]] = message_class(inner)
    for enum, values in ENUMS.items():
        if enum.rpartition(".")[0] == name:
            members[enum.rpartition(".")[2]] = values
            members.update(values)
    base = Packed if name == "Any" else Message
    return type(name.rpartition(".")[2], (base,), members)


def __getattr__(name: str) -> typing.Any:
    if name in ENUMS:
        return ENUMS[name]
    for enum, values in ENUMS.items():
        if name in values and "." not in enum:
            return values[name]
    if name not in MESSAGES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return message_class(name)
