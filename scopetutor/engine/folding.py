"""What a run need not do: what is the same each time, or is just passed on, or unused.

Part of planning. TF 1.15's runtime simplifies a graph before it runs it, too. The
operations stay in the graph; a plan has no steps for them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .contexts import CONTROL_FLOW
from .dtypes import string

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .operation import Operation, Tensor

Array = np.ndarray[Any, Any]

# TF 1.15: these run even if nobody takes what they give.
_CHECKS = frozenset({"Assert", "CheckNumerics", "ControlTrigger", "Placeholder"})
_PASSING = frozenset({"Identity", "StopGradient", "PreventGradient"})
_REDUCTIONS = frozenset({"Max", "Mean", "Min", "Prod", "Sum"})
_SHAPES = frozenset({"Shape", "ShapeN"})
# Of known values, what is larger is computed each time: a plan should stay small.
_MOST_ELEMENTS = 1 << 14


def idle(
    ops: Sequence[Operation], fetches: Iterable[Tensor], targets: Iterable[Operation]
) -> set[Operation]:
    """The operations of a run that nobody takes a value of and that change nothing.

    TF 1.15: they become NoOps. What they wait for still runs before what waits for
    them; an error that they would raise does not come.

    Args:
        ops: all of the run, each after what it takes.
        fetches: the tensors that are wanted.
        targets: the operations that are wanted.
    """
    used, wanted = set(fetches), set(targets)
    found = set()
    for op in reversed(ops):
        if op in wanted or not used.isdisjoint(op._outputs) or _matters(op):
            used.update(op._inputs)
        else:
            found.add(op)
    return found


def _matters(op: Operation) -> bool:
    """Whether running an operation does more than computing its outputs."""
    definition = op._definition
    return (
        not definition.is_pure
        or definition.name in CONTROL_FLOW
        or definition.name in _CHECKS
        or "Queue" in definition.name
        or any(tensor._dtype._is_ref_dtype for tensor in op._inputs)
    )


def passes_on(op: Operation) -> bool:
    """Whether an operation's output is its input as it is, and no reference.

    Text is not: what is fed may be text that is not encoded yet.
    """
    if op._definition.name not in _PASSING:
        return False
    dtype = op._inputs[0]._dtype
    return not dtype._is_ref_dtype and dtype is not string


def keeps_value(op: Operation, inputs: Sequence[Any]) -> bool:
    """Whether the first input comes out as it is: nothing is added up or reshaped.

    Args:
        op: the operation.
        inputs: for each input its value if that is the same in every run, else None.
    """
    kind = op._definition.name
    if kind in _REDUCTIONS:
        return inputs[1] is not None and not inputs[1].size
    if kind != "Reshape":
        return False
    dims = op._inputs[0]._dims
    return dims is not None and None not in dims and dims == op._outputs[0]._dims


def folded(op: Operation, inputs: Sequence[Any]) -> list[Any] | None:
    """The outputs of an operation, if they are the same in every run.

    Args:
        op: the operation.
        inputs: for each input its value if that is the same in every run, else None.
    """
    definition = op._definition
    if definition.name in _SHAPES:
        sizes = _known_sizes(op)
        if sizes is not None:
            return sizes
    if not inputs or not definition.is_pure:
        return None
    for value in inputs:  # `in` would compare arrays
        if value is None:
            return None
    if not all(_is_small(tensor) for tensor in op._outputs):
        return None
    kernel = definition.kernel or (definition.build and definition.build(op))
    if kernel is None:
        return None
    try:
        with np.errstate(all="ignore"):
            result = kernel(*inputs)
    except Exception:  # it will be said when the step runs
        return None
    return [result] if len(op._outputs) == 1 else list(result)


def _is_small(tensor: Tensor) -> bool:
    """Whether a value is known not to be large; where sizes are unknown, it is not."""
    dims = tensor._dims
    return (
        dims is not None and None not in dims and math.prod(dims) <= _MOST_ELEMENTS  # type: ignore[arg-type]
    )


def _known_sizes(op: Operation) -> list[Any] | None:
    """The outputs of Shape and ShapeN, if all sizes are known from the graph."""
    found = []
    kind = op._outputs[0]._dtype.as_numpy_dtype
    for taken in op._inputs:
        if taken._dims is None or None in taken._dims or _is_read(taken):
            return None
        found.append(np.array(taken._dims, kind))
    return found


def _is_read(tensor: Tensor) -> bool:
    """Whether it is a variable's value: assigning may change a variable's shape."""
    op = tensor._op
    return tensor._dtype._is_ref_dtype or (
        bool(op._inputs) and op._inputs[0]._dtype._is_ref_dtype
    )
