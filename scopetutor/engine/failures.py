"""What a run says when an operation fails.

Between the kernels and the session. Kernels raise TensorFlow's errors where they know
them; what NumPy raises of its own is said here as TF 1.15's runtime would.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from .op_errors import (
    InternalError,
    InvalidArgumentError,
    OpError,
    ResourceExhaustedError,
)
from .plan import Retval

if TYPE_CHECKING:
    from .operation import Operation

# TF 1.15 runs the operations of a branch, a loop or a function in their place.
_REPLACED = frozenset(
    {
        *("If", "StatelessIf", "Case", "While", "StatelessWhile"),
        *("PartitionedCall", "StatefulPartitionedCall"),
    }
)
KERNEL_ERRORS = (ArithmeticError, LookupError, TypeError, ValueError, MemoryError)


def located(error: OpError, op: Operation | Retval) -> OpError:
    """The error with the operation it happened in."""
    message = error.message
    made_in: Operation | None = None
    if isinstance(op, Retval):
        message = f"{message}\n\t [[{{{{node {op.name}}}}}]]"
    elif op.type in _REPLACED:
        return error
    elif op.graph.building_function:
        graph: Any = op.graph
        name = graph.shown_name(op)
        message = f"{graph.preface}{message}\n\t [[{{{{node {name}}}}}]]"
    else:
        made_in = op
        if "[[{{node " in message:
            message = f"{message}\n\t [[{op._name}]]"
        elif "[[node " not in message:
            message = f"{message}\n\t [[node {op._name}{defined_at(op)} ]]"
    made: OpError = type(error)(None, made_in, message)  # type: ignore[call-arg]
    return made


_LOCATED = re.compile(r"\[\[node (\S+)(?: \(defined at [^)]*\))? \]\]")


def unlocated(error: OpError) -> OpError:
    """The error as the runtime itself says it: with the node's name, not its place."""
    message = _LOCATED.sub(r"[[{{node \1}}]]", error.message)
    made: OpError = type(error)(None, None, message)  # type: ignore[call-arg]
    return made


def defined_at(op: Operation) -> str:
    """Where an operation was made, as errors say it; "" if nobody watched."""
    return f" (defined at {op._site})" if op._site is not None else ""


def translated(error: Exception, op: Any, inputs: list[Any]) -> OpError:
    """What TF 1.15's runtime says where NumPy raised something of its own."""
    if isinstance(error, MemoryError):
        dims = [list(np.shape(value)) for value in inputs]
        return ResourceExhaustedError(
            None, op, f"OOM when allocating tensor for inputs of shapes {dims}"
        )
    if isinstance(error, ValueError) and "broadcast" in str(error) and len(inputs) == 2:
        first, second = (_sizes_text(value) for value in inputs)
        return InvalidArgumentError(
            None, op, f"Incompatible shapes: {first} vs. {second}"
        )
    if isinstance(error, ValueError):
        return InvalidArgumentError(None, op, str(error))
    return InternalError(None, op, f"{type(error).__name__}: {error}")


def _sizes_text(value: Any) -> str:
    return "[" + ",".join(map(str, np.shape(value))) + "]"
