"""Broadcasting by itself: `tf.broadcast_to` and the shapes that come out.

After ``apply.py``. Elementwise operations broadcast by themselves and don't need it;
``repeating.py`` and the distributions do. ``broadcast_gradients.py`` is the way back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _to_shape(op: Operation) -> list[Dims]:
    wanted, given = shape_inference.sizes(op, 1), op._inputs[0]._dims
    if wanted is None or given is None:
        return [wanted]
    rules.at_most_rank(given, len(wanted))
    sizes = list(wanted)
    for place, size in zip(range(-1, -len(given) - 1, -1), given[::-1], strict=True):
        if size is not None and size > 1:
            sizes[place] = rules.merge_dim(size, sizes[place])
    return [tuple(sizes)]


def _to_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    def kernel(x: Array, shape: Array) -> Array:
        sizes = tuple(shape.tolist())
        try:
            return np.broadcast_to(x, sizes).copy()
        except ValueError:
            if min(sizes, default=0) < 0:
                problem = f"Dimension {min(sizes)} must be >= 0"
                raise InvalidArgumentError(None, op, problem) from None
            if len(sizes) < x.ndim:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Rank of input ({x.ndim}) must be no greater than rank of output "
                    f"shape ({len(sizes)}).",
                ) from None
            raise InvalidArgumentError(
                None,
                op,
                f"Incompatible shapes: {dims_text(x.shape)} vs. {dims_text(sizes)}",
            ) from None

    return kernel


define(
    "BroadcastTo",
    shape=_to_shape,
    build=_to_kernel,
    gradient="array_gradients.broadcast_to",
)


def _args_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    def kernel(one: Array, other: Array) -> Array:
        try:
            sizes = np.broadcast_shapes(tuple(one.tolist()), tuple(other.tolist()))
        except ValueError:
            raise InvalidArgumentError(
                None,
                op,
                f"Incompatible shapes: {dims_text(tuple(one.tolist()))} vs. "
                f"{dims_text(tuple(other.tolist()))}",
            ) from None
        return np.array(sizes, one.dtype)

    return kernel


def _args_shape(op: Operation) -> list[Dims]:
    counts = [taken._dims and taken._dims[0] for taken in op._inputs]
    known = [count for count in counts if isinstance(count, int)]
    return [(max(known) if len(known) == len(counts) else None,)]


define("BroadcastArgs", shape=_args_shape, build=_args_kernel, gradient=None)


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Any:
    """A tensor repeated along the dimensions of size 1 until it has a shape."""
    return apply("BroadcastTo", input, shape, name=name)


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Any:
    """The shape of two tensors combined element by element, as a tensor."""
    return apply("BroadcastArgs", shape_x, shape_y)
