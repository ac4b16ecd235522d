"""The ledger: for every public name of TensorFlow 1.15.5, whether scopetutor has it.

`scopetutor coverage` shows it. What is here is found by asking for it; what is here and
not quite the same is written in ``differences.txt``.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any, Literal, NamedTuple

from .missing import symbols

State = Literal["faithful", "partial", "absent"]


class Line(NamedTuple):
    """What is known of one name.

    Attributes:
        name: such as "tf.nn.relu".
        kind: "module", "class", "function" or "value".
        signature: TensorFlow's, or "".
        state: "faithful", "partial" (here, with a difference) or "absent".
        differences: in what it is not the same.
    """

    name: str
    kind: str
    signature: str
    state: State
    differences: tuple[str, ...] = ()


def lines(prefix: str = "") -> list[Line]:
    """The lines of all names, or of those that are `prefix` or below it."""
    return [
        line(name)
        for name in symbols()
        if not prefix or name == prefix or name.startswith(f"{prefix}.")
    ]


def line(name: str) -> Line:
    """The line of one name.

    Raises:
        KeyError: TensorFlow 1.15.5 has no such public name.
    """
    kind, _, signature = symbols()[name].partition(" ")
    if not is_here(name):
        return Line(name, kind, signature, "absent")
    known = tuple(text for where, text in differences() if _concerns(where, name))
    state: State = "partial" if known else "faithful"
    return Line(name, kind, signature, state, known)


def general_differences() -> list[str]:
    """What differs and belongs to no one name."""
    return [text for where, text in differences() if where == "*"]


@cache
def is_here(name: str) -> bool:
    """Whether scopetutor has a name of TensorFlow's."""
    return found(name) is not None


def found(name: str) -> Any:
    """What a name such as "tf.nn.relu" stands for; None if it is not here."""
    value: Any = importlib.import_module("scopetutor.tf")
    for part in name.split(".")[1:]:
        try:
            value = getattr(value, part)
        except (AttributeError, ImportError):
            return None
    # `tf.newaxis` is None, and here.
    return Ellipsis if value is None else value


def public_part(name: str) -> str:
    """The longest beginning of a name that is public; "" if only `tf` is."""
    parts = name.split(".")
    for end in range(len(parts), 1, -1):
        beginning = ".".join(parts[:end])
        if beginning in symbols():
            return beginning
    return ""


@cache
def differences() -> list[tuple[str, str]]:
    """The known differences: the name (or "*", or "tf.x.*"), and the sentence."""
    # By the loader: we may lie in a zip file.
    text = (pkgutil.get_data("scopetutor.tf", "differences.txt") or b"").decode()
    told: list[tuple[str, str]] = []
    for row in text.splitlines():
        if not row.strip() or row.startswith("#"):
            continue
        if row.startswith(" "):
            where, sentence = told.pop()
            told.append((where, f"{sentence} {row.strip()}".strip()))
        else:
            told.append((row.strip(), ""))
    return told


def _concerns(where: str, name: str) -> bool:
    if where == "*":
        return False
    if where.endswith(".*"):
        return name.startswith(where[:-1])
    return where == name
