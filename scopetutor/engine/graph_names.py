"""The names in a graph: which are taken, which prefix new ones get.

Before graph, which is one of these. TF 1.15: names are made unique without regard to
case, and a graph remembers names even of operations that could not be made.
"""

from __future__ import annotations

import re
import threading
from typing import Any

VALID_OP_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$").match
_VALID_SCOPE_NAME = re.compile(r"^[A-Za-z0-9_.\-/]*$").match
# Names that are good in every scope; programs use the same ones again and again.
_good_names: set[Any] = set()
_MANY_NAMES = 10_000


def is_op_name(name: Any) -> bool:
    """Whether an operation may have this name."""
    return isinstance(name, str) and VALID_OP_NAME(name) is not None


class _ThreadState(threading.local):
    """What of a graph's surroundings belongs to one thread."""

    def __init__(self) -> None:
        self.name_stack: str | None = ""
        self.creators: list[tuple[int, Any]] = []


class Names:
    """The part of a graph that gives names."""

    def __init__(self) -> None:
        self._names_in_use: dict[str, int] = {}
        self._thread = _ThreadState()

    @property
    def _name_stack(self) -> str | None:
        return self._thread.name_stack

    @_name_stack.setter
    def _name_stack(self, name_stack: str | None) -> None:
        self._thread.name_stack = name_stack

    def get_name_scope(self) -> str | None:
        """The current name scope without its last "/"."""
        return self._thread.name_stack

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """The name in the current scope, with `_1`, `_2`, … if it is taken."""
        return self._unique_inside(self._thread.name_stack, name, mark_as_used)

    def _unique_inside(
        self, stack: str | None, name: str, mark_as_used: bool = True
    ) -> str:
        """The same, for who knows the current scope: looking it up takes time."""
        if stack:
            name = f"{stack}/{name}"
        in_use = self._names_in_use
        key = name.lower()
        if key not in in_use:
            if mark_as_used:
                # One string serves as key and name where it can.
                in_use[name if key == name else key] = 1
            return name
        count = in_use[key]
        if mark_as_used:
            in_use[key] = count + 1
        if count == 0:
            return name
        base, key = key, f"{key}_{count}"
        while key in in_use:
            count += 1
            key = f"{base}_{count}"
        if mark_as_used:
            in_use[key] = 1
        return key if base == name else f"{name}_{count}"

    def open_name(self, stack: str | None, name: Any) -> str | None:
        """What the name stack becomes when a name scope is entered.

        Raises:
            ValueError: it is not a valid scope name.
        """
        if not name:
            return None
        if type(name) is str and name in _good_names:
            return self._unique_inside(stack, name)
        name = self._checked_scope_name(stack, name)
        if name[-1] == "/":
            return str(name[:-1])
        return self._unique_inside(stack, name)

    def _checked_scope_name(self, stack: str | None, name: Any) -> str:
        """The name as text; ValueError if no name scope here may be called so."""
        if isinstance(name, bytes):
            name = name.decode()
        if VALID_OP_NAME(name):
            if len(_good_names) < _MANY_NAMES and name[-1] != "/":
                _good_names.add(name)
        elif not (stack and _VALID_SCOPE_NAME(name)):
            raise ValueError(f"'{name}' is not a valid scope name")
        return str(name)
