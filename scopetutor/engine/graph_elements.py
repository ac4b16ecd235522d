"""The operations and tensors in a graph: found by name, and what may be done to them.

Before graph, which is one of these; sessions and files ask it for what is fetched.
"""

from __future__ import annotations

from typing import Any

from .operation import Operation, Tensor


class Elements:
    """The part of a graph that holds its operations."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}
        self._changes = 0  # of operations already made; outdates a session's plans
        self._consumers: dict[Tensor, list[Operation]] = {}
        self._consumers_at = (-1, -1)
        self._unfeedable: dict[int, Any] = {}  # by their ids
        self._unfetchable: set[Any] = set()

    def get_operations(self) -> list[Operation]:
        """All operations, in the order they were made."""
        return list(self._operations.values())

    def consumers(self, tensor: Tensor) -> list[Operation]:
        """The operations that take a tensor as an input, once for each input."""
        now = (len(self._operations), self._changes)
        if self._consumers_at != now:
            self._consumers = {}
            for op in self._operations.values():
                for taken in op._inputs:
                    self._consumers.setdefault(taken, []).append(op)
            self._consumers_at = now
        return list(self._consumers.get(tensor, ()))

    def _touch(self) -> None:
        self._changes += 1

    # -- names ---------------------------------------------------------------------

    def get_operation_by_name(self, name: Any) -> Operation:
        """The operation of a name; KeyError or ValueError if there is none."""
        if not isinstance(name, str):
            raise TypeError(
                f"Operation names are strings (or similar), not {type(name).__name__}."
            )
        found: Operation = self.as_graph_element(name, allow_tensor=False)
        return found

    def get_tensor_by_name(self, name: Any) -> Tensor:
        """The tensor of a name like ``w:0``; KeyError or ValueError if none."""
        if not isinstance(name, str):
            raise TypeError(
                f"Tensor names are strings (or similar), not {type(name).__name__}."
            )
        found: Tensor = self.as_graph_element(name, allow_operation=False)
        return found

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Any:
        """The Tensor or Operation that an object or a name stands for.

        Raises:
            TypeError: it cannot stand for one.
            ValueError: it is of another graph, or the name is malformed.
            KeyError: there is nothing of that name.
        """
        if not (allow_tensor or allow_operation):
            raise ValueError("allow_tensor and allow_operation can't both be False.")
        convert = getattr(obj, "_as_graph_element", None)
        if callable(convert):
            found = convert()
            obj = obj if found is None else found
        if isinstance(obj, (str, bytes)):
            text = obj.decode() if isinstance(obj, bytes) else obj
            return self._element_of_name(text, allow_tensor, allow_operation)
        if isinstance(obj, Tensor) and allow_tensor:
            if obj.graph is not self:
                raise ValueError(f"Tensor {obj} is not an element of this graph.")
            return obj
        if isinstance(obj, Operation) and allow_operation:
            if obj.graph is not self:
                raise ValueError(f"Operation {obj} is not an element of this graph.")
            return obj
        wanted = _kinds(allow_tensor, allow_operation)
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")

    def _element_of_name(
        self, name: str, allow_tensor: bool, allow_operation: bool
    ) -> Any:
        if ":" in name:
            if not allow_tensor:
                raise ValueError(
                    f"Name {name!r} appears to refer to a Tensor, not a Operation."
                )
            return self._tensor_of_name(name)
        if allow_operation:
            if name not in self._operations:
                raise KeyError(
                    f"The name {name!r} refers to an Operation not in the graph."
                )
            return self._operations[name]
        raise _no_tensor_name(name, exists=name in self._operations)

    def _tensor_of_name(self, name: str) -> Tensor:
        op_name, _, index = name.partition(":")
        try:
            output = int(index)
        except ValueError:
            raise ValueError(
                f"The name {name!r} looks a like a Tensor name, but is not a valid one."
                ' Tensor names must be of the form "<op_name>:<output_index>".'
            ) from None
        op = self._operations.get(op_name)
        if op is None:
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. The "
                f"operation, {op_name!r}, does not exist in the graph."
            )
        try:
            return op._outputs[output]
        except IndexError:
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. The "
                f"operation, {op_name!r}, exists but only has {len(op._outputs)} "
                "outputs."
            ) from None

    # -- what may be fed and fetched ------------------------------------------------

    def prevent_feeding(self, tensor: Tensor) -> None:
        """Makes feeding the tensor an error."""
        self._unfeedable[id(tensor)] = tensor

    def is_feedable(self, tensor: Tensor) -> bool:
        """Whether the tensor may be fed."""
        return id(tensor) not in self._unfeedable

    def prevent_fetching(self, op: Any) -> None:
        """Makes fetching the operation an error."""
        self._unfetchable.add(op)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether a tensor or operation may be fetched."""
        op = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
        return op not in self._unfetchable


def _kinds(allow_tensor: bool, allow_operation: bool) -> str:
    if allow_tensor and allow_operation:
        return "Tensor or Operation"
    return "Tensor" if allow_tensor else "Operation"


def _no_tensor_name(name: str, *, exists: bool) -> ValueError:
    problem = (
        f"The name {name!r} refers to an Operation, not a Tensor."
        if exists
        else f"The name {name!r} looks like an (invalid) Operation name, not a Tensor."
    )
    return ValueError(
        f'{problem} Tensor names must be of the form "<op_name>:<output_index>".'
    )
