"""Graphs whose operations were given other inputs later: what a session refuses.

Beside plan, which asks before it puts operations in order. TF 1.15: exchanged inputs
are checked for their shape at once, for their type and for cycles when a session runs
the graph for the first time; those of the whole graph, not only what is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .contexts import MERGES, NEXTS
from .dtypes import runtime_name
from .op_errors import InvalidArgumentError, OutOfRangeError
from .operation import dims_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .dtypes import DType
    from .graph import Graph
    from .operation import Operation, Tensor

_NAMED = 3
"""How many operations of a cycle an error names."""


def check_exchange(op: Operation, index: int, tensor: Tensor) -> None:
    """Refuses an input that an operation has no place for.

    Raises:
        OutOfRangeError: it has not so many inputs.
        InvalidArgumentError: its shape contradicts that of the input before.
    """
    if index >= len(op._inputs):
        raise OutOfRangeError(
            None,
            None,
            f"Cannot update edge. Input index [{index}] is greater than the number of "
            f"total inputs [{len(op._inputs)}].",
        )
    old, new = op._inputs[index]._dims, tensor._dims
    if old is None or new is None:
        return
    if len(new) != len(old) or any(
        None not in (n, o) and n != o for n, o in zip(new, old, strict=True)
    ):
        raise InvalidArgumentError(
            None,
            None,
            f"Cannot update edge, incompatible shapes: {dims_text(new)} and "
            f"{dims_text(old)}.",
        )


def check_types(ops: Iterable[Operation]) -> None:
    """InvalidArgumentError if an exchanged input is of another type."""
    for op in ops:
        for index in op._rewired:
            wanted = _input_types(op)[index]
            taken = op._inputs[index]
            if taken._dtype.base_dtype is not wanted:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Input {index} of node {op.name} was passed "
                    f"{runtime_name(taken._dtype)} from {taken.name} incompatible with "
                    f"expected {runtime_name(wanted)}.",
                )


def check_whole(graph: Graph) -> None:
    """Looks at all operations of a graph, as TF 1.15 does before the first run.

    Raises:
        InvalidArgumentError: an input is of another type, or some operations wait for
            each other.
    """
    ops = graph.get_operations()
    check_types(ops)
    ordered: list[Operation] = []
    waits = {op: _before(op) for op in ops}
    followers: dict[Operation, list[Operation]] = {op: [] for op in ops}
    for op, before in waits.items():
        for other in before:
            followers[other].append(op)
    ready = [op for op, before in waits.items() if not before]
    while ready:
        op = ready.pop()
        ordered.append(op)
        for follower in followers[op]:
            waits[follower].discard(op)
            if not waits[follower]:
                ready.append(follower)
    if len(ordered) < len(ops):
        refuse_cycle(ops, ordered)


def _before(op: Operation) -> set[Operation]:
    """What an operation waits for, but for the iteration before in a loop."""
    before = {taken._op for taken in op._inputs}
    if op._definition.name in MERGES:
        before = {other for other in before if other.type not in NEXTS}
    return before | set(op._control_inputs)


def _input_types(op: Operation) -> list[DType]:
    found: list[DType] = []
    attrs: dict[str, Any] = op._attrs
    for argument in op._definition.inputs:
        if argument.type_list_attr:
            found.extend(attrs[argument.type_list_attr])
            continue
        count = attrs[argument.number_attr] if argument.number_attr else 1
        found.extend([argument.dtype or attrs[argument.type_attr]] * count)
    return found


def refuse_misplaced(graph: Graph) -> None:
    """Refuses a graph with operations that take tensors of another graph.

    TF 1.15: it waits for what never comes, and takes that for a cycle.

    Raises:
        InvalidArgumentError: always.
    """
    waiting = dict.fromkeys(graph._misplaced)
    for op in graph.get_operations():
        before = (*(taken._op for taken in op._inputs), *op._control_inputs)
        if any(other in waiting for other in before):
            waiting[op] = None
    refuse_cycle(waiting, ())


def refuse_cycle(ops: Iterable[Operation], ordered: Iterable[Any]) -> None:
    """Says which operations wait for each other.

    Raises:
        InvalidArgumentError: always.
    """
    done = set(ordered)
    waiting = sorted((op for op in ops if op not in done), key=lambda op: op._id)
    named = ", ".join(op.name for op in waiting[:_NAMED])
    raise InvalidArgumentError(
        None,
        None,
        f"Graph is invalid, contains a cycle with {len(waiting)} nodes, including: "
        f"{named}",
    )
