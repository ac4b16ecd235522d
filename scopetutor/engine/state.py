"""Where values live: the state that belongs to one session.

Before the operations that use it. A variable of the graph is only an operation; its
value is a Cell here, and another session has another one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Container:
    """Where the variables of a session are by their names.

    Attributes:
        name: "localhost" if the program names none.
        begun: whether anything was put there; TF 1.15: before, it does not exist.
    """

    __slots__ = ("begun", "name")

    def __init__(self, name: str = "") -> None:
        self.name = name or "localhost"
        self.begun = False


class Cell:
    """The value of one variable in one session.

    Attributes:
        name: of the variable's operation; of a resource, what it shares it by.
        op: the variable's operation that was run first; None if a value was fed.
        container: where variables of that name are.
        value: an array of its own; None before initialization. TF 1.15: assigning to a
            ref variable changes it in place, which everything sees that read the
            variable in the same run and did not compute anything from it yet; a
            resource variable gets another array.
        shape: what the runtime takes for the present shape.
        changes: how often the array was changed in place.
    """

    __slots__ = ("changes", "container", "name", "op", "shape", "value")

    def __init__(
        self, name: str, shape: tuple[int, ...], container: Container, op: Any = None
    ) -> None:
        self.op = op
        self.name = name
        self.container = container
        self.value: np.ndarray[Any, Any] | None = None
        self.shape = shape
        self.changes = 0


class State:
    """Everything a session remembers between two runs.

    Attributes:
        cells: the variables' values, by container and name.
        containers: where variables are, by name.
        resources: anything else an operation keeps, by the operation's name.
        feeds: the tensors that are fed to the plan that is being made.
    """

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], Cell] = {}
        self.containers: dict[str, Container] = {}
        self.resources: dict[Any, Any] = {}
        self.feeds: Sequence[Any] = ()

    def cell(self, op: Any) -> Cell:
        """The cell of a variable's operation; made empty when first asked for."""
        attrs = op._attrs
        key = attrs["container"], attrs["shared_name"] or op._name
        found = self.cells.get(key)
        if found is None:
            dims = attrs["shape"]
            known = () if dims is None or None in dims else dims
            container = self.container(attrs["container"])
            is_ref = op._definition.name != "VarHandleOp"
            name = op._name if is_ref else key[1]
            found = self.cells[key] = Cell(name, known, container, op)
            if is_ref:
                container.begun = True  # TF 1.15: ref variables are there at once
                if 0 in known:  # and no element of them is missing
                    found.value = np.empty(known, attrs["dtype"].as_numpy_dtype)
        return found

    def container(self, name: str) -> Container:
        """Where the variables of a container are."""
        found = self.containers.get(name)
        if found is None:
            found = self.containers[name] = Container(name)
        return found

    def input_name(self, tensor: Any) -> str:
        """What the runtime calls a tensor; TF 1.15: what is fed gets a new name."""
        if not hasattr(tensor, "_op"):
            return "dummy_input"  # TF 1.15: in eager mode
        if tensor not in self.feeds:
            name: str = tensor._as_node_def_input()
            return name
        names = sorted(fed.name for fed in self.feeds)
        return f"_arg_{tensor._op._name}_{tensor._index}_{names.index(tensor.name)}"

    def end(self) -> None:
        """The session is closed: who waits for a queue is told so."""
        for kept in list(self.resources.values()):
            end = getattr(kept, "end", None)
            if end is not None:
                end()

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
