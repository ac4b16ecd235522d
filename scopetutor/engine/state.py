"""Where values live: the state that belongs to one session.

Before the operations that use it. A variable of the graph is only an operation; its
value is a Cell here, and another session has another one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np


class Cell:
    """The value of one variable in one session.

    Attributes:
        name: of the variable's operation.
        op: the variable's operation that was run first; None if a value was fed.
        container: where resource variables of that name are.
        value: an array of its own; None before initialization. TF 1.15: assigning to a
            ref variable changes it in place, which everything sees that read the
            variable in the same run and did not compute anything from it yet; a
            resource variable gets another array.
        shape: what the runtime takes for the present shape.
        changes: how often the array was changed in place.
    """

    __slots__ = ("changes", "container", "name", "op", "shape", "value")

    def __init__(
        self, name: str, shape: tuple[int, ...], container: str = "", op: Any = None
    ) -> None:
        self.op = op
        self.name = name
        self.container = container or "localhost"
        self.value: np.ndarray[Any, Any] | None = None
        self.shape = shape
        self.changes = 0


class State:
    """Everything a session remembers between two runs.

    Attributes:
        cells: the variables' values, by container and name.
        resources: anything else an operation keeps, by the operation's name.
    """

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], Cell] = {}
        self.resources: dict[Any, Any] = {}

    def cell(self, op: Any) -> Cell:
        """The cell of a variable's operation; made empty when first asked for."""
        attrs = op._attrs
        key = attrs["container"], attrs["shared_name"] or op._name
        found = self.cells.get(key)
        if found is None:
            dims = attrs["shape"]
            known = () if dims is None or None in dims else dims
            found = self.cells[key] = Cell(op._name, known, attrs["container"], op)
        return found

    def resource(self, op: Any, make: Callable[[], Any]) -> Any:
        """What an operation keeps between runs; made when first asked for."""
        key = op._name
        if key not in self.resources:
            self.resources[key] = make()
        return self.resources[key]


def _from_system() -> int:
    return int.from_bytes(os.urandom(8), "little")


entropy: Callable[[], int] = _from_system
"""Where random numbers without a seed begin: 64 bits. A replay puts its own here."""


def set_entropy(source: Callable[[], int] | None) -> None:
    """Says where random numbers without a seed begin; None: the system."""
    global entropy  # noqa: PLW0603 - one of the two settings a workspace makes
    entropy = source or _from_system
