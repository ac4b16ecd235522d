"""Values put at places: `tf.scatter_nd` and `tf.tensor_scatter_…`.

After gathering, whose opposite it is. Into variables: see state.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.naming import name_functions
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define

from . import array, gathering, rules
from .ranks import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def places(
    shape: tuple[int, ...], indices: Array, updates: Array
) -> tuple[Array, Array]:
    """The indices, of two dimensions at least, and the updates for them.

    TF 1.15: flat indices pass for one row each, and only the first of them counts.

    Args:
        shape: of what is changed.
        indices: what of it.
        updates: with which values.

    Raises:
        InvalidArgumentError: the updates have not the shape of these places.
    """
    if not shape:
        raise refusal("Output must be at least 1-D, got shape: []")
    before, flat = dims_text(indices.shape), indices.ndim < 2
    if not _all_or_nothing(math.prod(shape), indices.size, updates.size):
        raise refusal(
            f"Indices and updates specified for empty output.  indices shape: {before}"
        )
    if indices.ndim and updates.ndim and indices.shape[0] != updates.shape[0]:
        raise refusal(
            "The outermost dimension of updates and indices must match. Got "
            f"indices.shape {before}, updates.shape {dims_text(updates.shape)}"
        )
    if flat:
        indices = indices.reshape(-1, 1)
    depth = indices.shape[-1]
    if depth > len(shape) or updates.shape != indices.shape[:-1] + shape[depth:]:
        raise refusal(
            "Must have updates.shape = indices.shape[:batch_dim] + "
            f"params_shape[slice_dim:], got updates.shape: {dims_text(updates.shape)}, "
            f"indices.shape: {before}, params_shape: {dims_text(shape)}, "
            f"slice_dim: {depth}, and batch_dim: {indices.ndim - 1}"
        )
    return (indices[:1], updates[:1]) if flat else (indices, updates)


def _all_or_nothing(places: int, indices: int, updates: int) -> bool:
    return indices == updates == 0 or 0 not in (places, indices, updates)


def _place_all(
    change: Callable[..., Any], result: Array, indices: Array, updates: Array
) -> None:
    """Changes places; InvalidArgumentError if there are none such."""
    _check_scattered(result.shape, indices, updates)
    named, updates = places(result.shape, indices, updates)
    bad = gathering.bad_places(named, result.shape)
    if bad.any():
        raise gathering.bad_place(indices, bad, result.shape)
    change(result, tuple(np.moveaxis(named, -1, 0)), updates)


def _check_scattered(shape: tuple[int, ...], indices: Array, updates: Array) -> None:
    """InvalidArgumentError unless the updates fit, as TF 1.15 asks first."""
    outer, depth = indices.ndim - 1, indices.shape[-1]
    rows, inner, rest = updates.shape[:outer], updates.shape[outer:], shape[depth:]
    updates_text, shape_text = dims_text(updates.shape), dims_text(shape)
    if rows != indices.shape[:outer]:
        raise refusal(
            "Outer dimensions of indices and update must match. Indices shape: "
            f"{dims_text(indices.shape)}, updates shape:{updates_text}"
        )
    if len(inner) != len(shape) - depth:
        raise refusal(
            "Inner dimensions of output shape must match inner dimensions of updates "
            f"shape. Output: {shape_text} updates: {updates_text}"
        )
    if inner != rest:
        raise refusal(
            f"The inner {len(rest)} dimensions of output.shape={shape_text} must match "
            f"the inner {len(rest)} dimensions of updates.shape={updates_text}"
        )


def _scatter_shape(op: Operation) -> list[Dims]:
    indices, updates = op._inputs[0]._dims, op._inputs[1]._dims
    dims = shape_inference.sizes(op, 2)
    if indices is not None and updates is not None and dims is not None and indices:
        depth = indices[-1]
        if depth is not None:
            wanted = indices[:-1] + dims[depth:]
            try:
                rules.merge(wanted, updates)
            except ShapeError as error:
                raise ShapeError(str(error)) from None
    return [dims]


def _scatter_kernel(indices: Array, updates: Array, shape: Array) -> Array:
    if shape.ndim > 1:
        raise refusal("Shape must be a vector")
    sizes = tuple(shape.reshape(-1).tolist())
    if any(size < 0 for size in sizes):
        raise refusal(f"Dimension {min(sizes)} must be >= 0")
    _check_nothing(len(sizes), indices, updates)
    result = np.zeros(sizes, updates.dtype)
    _place_all(np.add.at, result, indices, updates)
    return result


def _check_nothing(count: int, indices: Array, updates: Array) -> None:
    """InvalidArgumentError if values are to be put into what holds none."""
    for word, array_ in (("Indices", indices), ("Updates", updates)):
        if not array_.ndim:
            raise refusal(f"{word} shape must have rank at least one. Found:[]")
    if not _all_or_nothing(count, indices.size, updates.size):
        raise refusal("Indices and updates specified for empty output shape")


define(
    "ScatterNd",
    shape=_scatter_shape,
    kernel=_scatter_kernel,
    gradient=lambda op, grad: [
        None, gathering.gather_nd(grad, op._inputs[0]), None,
    ],
)  # fmt: skip


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Any:
    """Zeros with values added at places."""
    return apply("ScatterNd", indices, updates, shape, name=name)


def _put(value: Array, where: Any, updates: Array) -> None:
    value[where] = updates


def _tensor_kernel(change: Callable[..., Any]) -> Any:
    def kernel(tensor: Array, indices: Array, updates: Array) -> Array:
        _check_nothing(tensor.size, indices, updates)
        result = tensor.copy()
        _place_all(change, result, indices, updates)
        return result

    return kernel


def _tensor_gradient(way: str) -> Callable[..., Any]:
    def gradient(op: Operation, grad: Any) -> list[Any]:
        indices = op._inputs[1]
        updates = gathering.gather_nd(grad, indices)
        tensor = array.identity(grad)
        if way == "Update":
            zeros = array.zeros_like(op._inputs[2], dtype=grad.dtype)
            tensor = tensor_scatter_update(tensor, indices, zeros)
        elif way == "Sub":
            updates = -updates
        return [tensor, None, updates]

    return gradient


for _way, _change in (
    ("Update", _put),
    ("Add", np.add.at),
    ("Sub", np.subtract.at),
):
    define(
        f"TensorScatter{_way}",
        shape=rules.unchanged,
        kernel=_tensor_kernel(_change),
        gradient=_tensor_gradient(_way),
    )


def _tensor_scatter(way: str, does: str) -> Callable[..., Any]:
    def scatter(
        tensor: Any, indices: Any, updates: Any, name: str | None = None
    ) -> Any:
        return apply(f"TensorScatter{way}", tensor, indices, updates, name=name)

    scatter.__doc__ = does
    return scatter


tensor_scatter_update = _tensor_scatter("Update", "A tensor with values put at places.")
tensor_scatter_add = _tensor_scatter("Add", "A tensor with values added at places.")
tensor_scatter_sub = _tensor_scatter("Sub", "A tensor with values taken off at places.")


name_functions(globals())
