"""Arithmetic on sparse tensors: products, sums, softmax.

After sparse, which has the class and its conversions; sparse_shapes is beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, reshaping, rules, slicing
from .sparse import as_sparse, rank_of
from .sparse_reductions import sparse_reduce_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _matmul_kernel(op: Operation) -> Callable[..., Array]:
    adjoint_a, adjoint_b = op._attrs["adjoint_a"], op._attrs["adjoint_b"]

    def kernel(indices: Array, values: Array, shape: Array, b: Array) -> Array:
        b = np.conj(b.T) if adjoint_b else b
        rows, columns = indices.T
        count = int(shape[0])
        if adjoint_a:
            rows, columns, values = columns, rows, np.conj(values)
            count = int(shape[1])
        result = np.zeros((count, b.shape[1]), b.dtype)
        np.add.at(result, rows, values[:, None] * b[columns])
        return result

    return kernel


def _matmul_shape(op: Operation) -> list[Dims]:
    b = rules.with_rank(op._inputs[3]._dims, 2)
    a = rules.with_rank(shape_inference.sizes(op, 2), 2)
    inner, columns = b[::-1] if op._attrs["adjoint_b"] else b
    rows, depth = a[::-1] if op._attrs["adjoint_a"] else a
    rules.merge_dim(depth, inner)
    return [(rows, columns)]


def _matmul_gradient(op: Operation, grad: Any) -> list[Any]:
    indices, values, shape, b = op._inputs
    adjoint_a, adjoint_b = op._attrs["adjoint_a"], op._attrs["adjoint_b"]
    b_grad = apply(
        "SparseTensorDenseMatMul", indices, values, shape, grad, adjoint_a=not adjoint_a
    )
    if adjoint_b:
        b_grad = reshaping.transpose(b_grad)
    rows, columns = indices[:, 0], indices[:, 1]  # type: ignore[index]
    first = gathering.gather(grad, columns if adjoint_a else rows)
    other = reshaping.transpose(b) if adjoint_b else b
    second = gathering.gather(other, rows if adjoint_a else columns)
    return [None, math.reduce_sum(first * second, axis=1), None, b_grad]


define(
    "SparseTensorDenseMatMul",
    shape=_matmul_shape,
    build=_matmul_kernel,
    gradient=_matmul_gradient,
)


def sparse_tensor_dense_matmul(
    sp_a: Any,
    b: Any,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    name: str | None = None,
) -> Any:
    """A sparse matrix times a dense one."""
    sp_a = as_sparse(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sp_a.indices, sp_a.values, b]):
        b = convert_to_tensor(b, name="b")
        return apply(
            "SparseTensorDenseMatMul",
            sp_a.indices,
            sp_a.values,
            sp_a.dense_shape,
            b,
            adjoint_a=adjoint_a,
            adjoint_b=adjoint_b,
        )


def _add_kernel(
    a_indices: Array, a_values: Array, a_shape: Array,
    b_indices: Array, b_values: Array, b_shape: Array, threshold: Array,
) -> Any:  # fmt: skip
    sums: dict[tuple[int, ...], Any] = {}
    for indices, values in ((a_indices, a_values), (b_indices, b_values)):
        for place, value in zip(indices.tolist(), values, strict=True):
            key = tuple(place)
            sums[key] = sums[key] + value if key in sums else value
    kept = sorted(key for key, value in sums.items() if abs(value) >= threshold)
    indices = np.array(kept, np.int64).reshape(len(kept), a_indices.shape[1])
    return indices, np.array([sums[key] for key in kept], a_values.dtype), a_shape


def _add_grad_kernel(grad: Array, a: Array, b: Array, both: Array) -> Any:
    places = {tuple(place): i for i, place in enumerate(both.tolist())}

    def part(indices: Array) -> Array:
        found = [places.get(tuple(place), -1) for place in indices.tolist()]
        values = [grad[i] if i >= 0 else 0 for i in found]
        return np.array(values, grad.dtype)

    return part(a), part(b)


def _add_gradient(op: Operation, *grads: Any) -> list[Any]:
    a, b = apply(
        "SparseAddGrad", grads[1], op._inputs[0], op._inputs[3], op._outputs[0]
    )
    a.set_shape(op._inputs[1].get_shape())
    b.set_shape(op._inputs[4].get_shape())
    return [None, a, None, None, b, None, None]


define(
    "SparseAdd",
    shape=lambda op: [
        (None, rank_of(op._inputs[2])), (None,), (rank_of(op._inputs[2]),),
    ],
    kernel=_add_kernel,
    gradient=_add_gradient,
)  # fmt: skip
define(
    "SparseAddGrad",
    shape=lambda op: [(rules.with_rank(op._inputs[i]._dims, 2)[0],) for i in (1, 2)],
    kernel=_add_grad_kernel,
    gradient=None,
)


def _add_dense_kernel(
    indices: Array, values: Array, shape: Array, dense: Array
) -> Array:
    result = dense.copy()
    np.add.at(result, tuple(indices.T), values)
    return result


define(
    "SparseTensorDenseAdd",
    shape=rules.same_as(3),
    kernel=_add_dense_kernel,
    gradient=lambda op, grad: [
        None, gathering.gather_nd(grad, op._inputs[0]), None, grad,
    ],
)  # fmt: skip


def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """The sum of two tensors of which at least one is sparse."""
    threshold = deprecation.either("threshold", threshold, "thresh", thresh)
    threshold = 0 if threshold is None else threshold
    kinds = (SparseTensor, SparseTensorValue)
    if not any(isinstance(item, kinds) for item in (a, b)):
        raise TypeError("At least one input should be SparseTensor; do you mean to use "
                        "tf.add()?")  # fmt: skip
    if all(isinstance(item, kinds) for item in (a, b)):
        a, b = as_sparse(a), as_sparse(b)
        threshold = convert_to_tensor(
            threshold, dtype=a.values.dtype.real_dtype.base_dtype, name="threshold"
        )
        parts = apply(
            "SparseAdd",
            a.indices,
            a.values,
            a.dense_shape,
            b.indices,
            b.values,
            b.dense_shape,
            threshold,
        )
        a.get_shape().assert_is_compatible_with(b.get_shape())
        known = array.broadcast_static_shape(a.get_shape(), b.get_shape())
        shape = known.as_list() if known.is_fully_defined() else parts[2]
        return SparseTensor(parts[0], parts[1], shape)
    if isinstance(b, kinds):
        a, b = b, a
    return apply("SparseTensorDenseAdd", a.indices, a.values, a.dense_shape, b)


def _cwise_kernel(function: Callable[[Array, Array], Array]) -> Any:
    def kernel(indices: Array, values: Array, shape: Array, dense: Array) -> Array:
        wide = np.broadcast_to(dense, tuple(shape.tolist()))
        return function(values, wide[tuple(indices.T)])

    return kernel


def _places_in(y: Any, indices: Any, shape: Any) -> Any:
    """Where the elements at `indices` of a `shape` are in what is broadcast to it."""
    size = math.cast(array.shape(y), dtypes.int64)
    more = reshaping.expand_dims(array.size(shape) - array.size(size), 0)
    wide = joining.concat([array.ones(more, dtypes.int64), size], 0)
    scaled = indices // (shape // wide)
    return slicing.slice(scaled, joining.concat([[0], more], 0), [-1, -1]), size


def _cwise_gradient(op: Operation, grad: Any) -> list[Any]:
    """Of a product or a quotient of a sparse and a dense tensor."""
    indices, values, shape, y = op._inputs
    places, size = _places_in(y, indices, shape)
    there = gathering.gather_nd(y, places)
    if op.type == "SparseDenseCwiseMul":
        dx, dy = grad * there, grad * values
    else:
        dx, dy = grad / there, grad * (math.negative(values) / math.square(there))
    of_y = sparse_add(array.zeros_like(y), SparseTensor(places, dy, size))
    return [None, dx, None, of_y]


def _no_gradient(op: Operation, _grad: Any) -> list[Any]:
    raise NotImplementedError(
        f"Gradient for {op.type} is currently not implemented yet."
    )


for _type, _function, _gradient in (
    ("SparseDenseCwiseAdd", np.add, _no_gradient),
    ("SparseDenseCwiseMul", np.multiply, _cwise_gradient),
    ("SparseDenseCwiseDiv", np.divide, _cwise_gradient),
):
    define(
        _type,
        shape=rules.same_as(1),
        kernel=_cwise_kernel(_function),
        gradient=_gradient,
    )


def _softmax_kernel(indices: Array, values: Array, shape: Array) -> Array:
    rows = np.ravel_multi_index(tuple(indices[:, :-1].T), tuple(shape[:-1].tolist()))
    count = int(np.prod(shape[:-1]))
    largest = np.full(count, -np.inf, values.dtype)
    np.maximum.at(largest, rows, values)
    powers = np.exp(values - largest[rows])
    sums = np.zeros(count, values.dtype)
    np.add.at(sums, rows, powers)
    return powers / sums[rows]  # type: ignore[no-any-return]


def _softmax_gradient(op: Operation, grad: Any) -> list[Any]:
    indices, _, shape = op._inputs
    y = SparseTensor(indices, op._outputs[0], shape)
    dy = SparseTensor(indices, grad, shape)
    product = SparseTensor(indices, y.values * dy.values, shape)
    sums = -sparse_reduce_sum(product, [-1], keepdims=True)
    values = apply("SparseDenseCwiseAdd", dy.indices, dy.values, dy.dense_shape, sums)
    total = SparseTensor(dy.indices, values, dy.dense_shape)
    return [None, total.values * y.values, None]


define(
    "SparseSoftmax",
    shape=rules.same_as(1),
    kernel=_softmax_kernel,
    gradient=_softmax_gradient,
)


def sparse_softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The softmax along the last axis, of the elements that are there."""
    with name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]):
        values = apply(
            "SparseSoftmax", sp_input.indices, sp_input.values, sp_input.dense_shape
        )
        return SparseTensor(sp_input.indices, values, sp_input.dense_shape)
