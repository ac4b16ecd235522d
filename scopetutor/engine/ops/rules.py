"""Rules for static shapes that many operations share.

A rule takes an Operation and gives the Dims of each output. What does not fit raises
ShapeError in the words of TF 1.15's runtime; the graph adds which operation it was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scopetutor.engine import shape_inference
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

    Rule = Callable[[Operation], Sequence[Dims]]

_TOO_MANY = 2**63


def unchanged(op: Operation) -> list[Dims]:
    """The output has the shape of the first input."""
    return [op._inputs[0]._dims]


def scalar(op: Operation) -> list[Dims]:
    """Every output is a scalar."""
    return [()] * len(op._outputs)


def unknown(op: Operation) -> list[Dims]:
    """Nothing is known before it runs."""
    return [None] * len(op._outputs)


def no_outputs(op: Operation) -> list[Dims]:
    """There is no output."""
    return []


def attribute(name: str) -> Rule:
    """The output has the shape that an attribute says."""
    return lambda op: [op._attrs[name]]


def kept_size(name: str) -> Rule:
    """The same, of what is kept somewhere: it has to be countable."""

    def rule(op: Operation) -> list[Dims]:
        dims: Dims = op._attrs[name]
        if dims and None not in dims and math.prod(dims) >= _TOO_MANY:  # type: ignore[arg-type]
            raise ShapeError(
                f"Shape {dims_text(dims)} is too large (more than 2**63 - 1 entries)"
            )
        return [dims]

    return rule


def of_value(index: int) -> Rule:
    """The output has the shape that an input's value says."""
    return lambda op: [shape_inference.sizes(op, index)]


def merge_dim(a: int | None, b: int | None) -> int | None:
    """A size that must be the same in two places."""
    if a is None or b is None or a == b:
        return b if a is None else a
    raise ShapeError(f"Dimensions must be equal, but are {a} and {b}")


def merge(a: Dims, b: Dims) -> Dims:
    """A shape that must be the same in two places."""
    if a is None or b is None:
        return b if a is None else a
    if len(a) != len(b):
        raise ShapeError(f"Shapes must be equal rank, but are {len(a)} and {len(b)}")
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if x is not None and y is not None and x != y:
            raise ShapeError(
                f"Dimension {i} in both shapes must be equal, but are {x} and {y}. "
                f"Shapes are {dims_text(a)} and {dims_text(b)}."
            )
    return tuple(y if x is None else x for x, y in zip(a, b, strict=True))


def merge_prefix(dims: tuple[int | None, ...], prefix: tuple[int | None, ...]) -> None:
    """A shape must begin with another one."""
    at_least_rank(dims, len(prefix))
    for a, b in zip(dims, prefix, strict=False):
        merge_dim(a, b)


def with_rank(dims: Dims, rank: int) -> tuple[int | None, ...]:
    """The shape, known to have a rank."""
    if dims is None:
        return (None,) * rank
    if len(dims) != rank:
        raise ShapeError(f"Shape must be rank {rank} but is rank {len(dims)}")
    return dims


def with_size(size: int | None, wanted: int) -> int:
    """A size that must be a certain one."""
    if size not in (None, wanted):
        raise ShapeError(f"Dimension must be {wanted} but is {size}")
    return wanted


def at_least_rank(dims: Dims, rank: int) -> Dims:
    """The shape, whose rank may not be lower."""
    if dims is not None and len(dims) < rank:
        raise ShapeError(f"Shape must be at least rank {rank} but is rank {len(dims)}")
    return dims


def at_most_rank(dims: Dims, rank: int) -> Dims:
    """The shape, whose rank may not be higher."""
    if dims is not None and len(dims) > rank:
        raise ShapeError(f"Shape must be at most rank {rank} but is rank {len(dims)}")
    return dims


def all_the_same(op: Operation) -> list[Dims]:
    """All inputs and the output have one shape."""
    dims = op._inputs[-1]._dims
    for index in reversed(range(len(op._inputs) - 1)):
        try:
            dims = merge(op._inputs[index]._dims, dims)
        except ShapeError as error:
            raise ShapeError(
                f"{error}\n\tFrom merging shape {index} with other shapes."
            ) from None
    return [dims]


def merged_inputs(op: Operation) -> list[Dims]:
    """Both inputs and the output have one shape."""
    return [merge(op._inputs[0]._dims, op._inputs[1]._dims)]


def broadcast(a: Dims, b: Dims) -> Dims:
    """The shape of two shapes combined element by element."""
    if a == b and a is not None and None not in a:
        return a
    if a is None or b is None:
        return None
    rank = max(len(a), len(b))
    long_a = (1,) * (rank - len(a)) + a
    long_b = (1,) * (rank - len(b)) + b
    return tuple(_broadcast_dim(x, y) for x, y in zip(long_a, long_b, strict=True))


def _broadcast_dim(x: int | None, y: int | None) -> int | None:
    if x is None or y is None:
        if x is not None and x > 1:
            return x
        if y is not None and y > 1:
            return y
        if x == 1:
            return y
        return x if y == 1 else None
    if x == 1:
        return y
    if y == 1:
        return x
    return merge_dim(x, y)


def broadcast_inputs(op: Operation) -> list[Dims]:
    """The inputs are combined element by element."""
    return [broadcast(op._inputs[0]._dims, op._inputs[1]._dims)]


def reduction(op: Operation) -> list[Dims]:
    """Sizes along the axes of the second input disappear, or become 1."""
    dims = op._inputs[0]._dims
    at_most_rank(op._inputs[1]._dims, 1)
    axes = shape_inference.value(op, 1)
    keep = op._attrs["keep_dims"]
    if axes is None or dims is None:
        return [(None,) * len(dims) if keep and dims is not None else None]
    gone = set()
    for axis in axes.reshape(-1).tolist():
        if not -len(dims) <= axis < len(dims):
            raise ShapeError(
                f"Invalid reduction dimension {axis} for input with {len(dims)} "
                "dimensions."
            )
        gone.add(axis % len(dims))
    if keep:
        return [tuple(1 if i in gone else d for i, d in enumerate(dims))]
    return [tuple(d for i, d in enumerate(dims) if i not in gone)]


def same_as(*indices: int) -> Rule:
    """Output i has the shape of the input at indices[i]."""
    return lambda op: [op._inputs[i]._dims for i in indices]


def divide(total: int | None, count: int) -> int | None:
    """A size divided into equal parts."""
    if total is None:
        return None
    if total % count:
        raise ShapeError(
            f"Dimension size must be evenly divisible by {count} but is {total}"
        )
    return total // count


def elements(dims: Dims) -> int | None:
    """How many elements a tensor of a shape has, if that is known."""
    if dims is None or None in dims:
        return None
    return math.prod(dims)  # type: ignore[arg-type]


def size_in(op: Operation, index: int) -> int | None:
    """The size that a scalar input says, if its value is known."""
    value = shape_inference.value(op, index)
    if value is None:
        return None
    if value.ndim:
        raise ShapeError(f"Input must be scalar but has rank {value.ndim}")
    size = int(value)
    if size < 0:
        raise ShapeError(
            f"Dimension size, given by scalar input {index}, must be non-negative but "
            f"is {size}"
        )
    return size
