"""Values put at places: `tf.scatter_nd` and `tf.tensor_scatter_…`.

After gathering, whose opposite it is. Into variables: see state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define

from . import array, gathering, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _check_places(indices: Array, shape: tuple[int, ...]) -> None:
    depth = indices.shape[-1]
    bad = ((indices < 0) | (indices >= np.array(shape[:depth]))).any(-1)
    if bad.any():
        first = np.unravel_index(int(np.argmax(bad)), bad.shape)
        where = ",".join(map(str, first)) or "0"
        raise InvalidArgumentError(
            None,
            None,
            f"indices[{where}] = [{', '.join(map(str, indices[first].tolist()))}] does "
            f"not index into shape {dims_text(shape)}",
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
    sizes = tuple(shape.tolist())
    result = np.zeros(sizes, updates.dtype)
    _check_places(indices, sizes)
    np.add.at(result, tuple(np.moveaxis(indices, -1, 0)), updates)
    return result


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
        _check_places(indices, tensor.shape)
        result = tensor.copy()
        change(result, tuple(np.moveaxis(indices, -1, 0)), updates)
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
