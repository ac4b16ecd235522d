"""Sums and largest elements of sparse tensors along axes.

After sparse. TF 1.15: only the elements that are given count, so a largest element may
be negative; where none is given, a dense result has 0 and a sparse one nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from . import array, gathering, math, reshaping, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


# -- the kernels -----------------------------------------------------------------------


def _kept_axes(axes: Array, rank: int) -> list[int]:
    """The axes that are not reduced.

    Raises:
        tf.errors.InvalidArgumentError: these are no axes.
    """
    if axes.ndim > 1:
        raise InvalidArgumentError(
            None,
            None,
            "Expected reduction_axes to be a scalar or a vector; got shape: "
            f"{dims_text(axes.shape).replace(' ', '')}",
        )
    for axis in axes.reshape(-1).tolist():
        if not -rank <= axis < rank:
            raise InvalidArgumentError(
                None,
                None,
                f"Invalid reduction dimension {axis}, for input with {rank} "
                "dimensions.",
            )
    gone = {axis % rank for axis in axes.reshape(-1).tolist()}
    return [axis for axis in range(rank) if axis not in gone]


def _sums(values: Array, groups: Array, count: int) -> Array:
    result = np.zeros(count, values.dtype)
    np.add.at(result, groups, values)
    return result


def _largest(values: Array, groups: Array, count: int) -> Array:
    lowest = -np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).min
    result = np.full(count, lowest, values.dtype)
    np.maximum.at(result, groups, values)
    return result


def _grouped(
    reduce: Callable[[Array, Array, int], Array],
    indices: Array,
    values: Array,
    kept: list[int],
) -> tuple[Array, Array]:
    """The places along the kept axes that have elements, and what these reduce to."""
    if not len(indices):
        return indices[:, kept], values
    places, groups = np.unique(indices[:, kept], axis=0, return_inverse=True)
    return places, reduce(values, groups.reshape(-1), len(places))


def _dense_kernel(reduce: Callable[[Array, Array, int], Array]) -> Any:
    def build(op: Operation) -> Callable[..., Array]:
        keeps = op._attrs["keep_dims"]

        def kernel(indices: Array, values: Array, shape: Array, axes: Array) -> Array:
            kept = _kept_axes(axes, len(shape))
            places, found = _grouped(reduce, indices, values, kept)
            result = np.zeros(tuple(shape[kept].tolist()), values.dtype)
            result[tuple(places.T)] = found if kept else found.sum()
            return result.reshape(_with_ones(shape, kept)) if keeps else result

        return kernel

    return build


def _with_ones(shape: Array, kept: list[int]) -> list[int]:
    sizes: list[int] = shape.tolist()
    return [size if axis in kept else 1 for axis, size in enumerate(sizes)]


def _sparse_kernel(reduce: Callable[[Array, Array, int], Array]) -> Any:
    def build(op: Operation) -> Callable[..., Any]:
        keeps = op._attrs["keep_dims"]

        def kernel(indices: Array, values: Array, shape: Array, axes: Array) -> Any:
            kept = _kept_axes(axes, len(shape))
            places, found = _grouped(reduce, indices, values, kept)
            if not keeps:
                return places, found, shape[kept]
            whole = np.zeros((len(places), len(shape)), np.int64)
            whole[:, kept] = places
            return whole, found, np.array(_with_ones(shape, kept), np.int64)

        return kernel

    return build


def _dense_shape(op: Operation) -> list[Dims]:
    sizes, axes = shape_inference.value(op, 2), shape_inference.value(op, 3)
    if sizes is None or axes is None:
        return [None]
    dims = sizes.tolist()
    gone = {axis % len(dims) for axis in axes.reshape(-1).tolist()}
    if op._attrs["keep_dims"]:
        return [tuple(1 if i in gone else size for i, size in enumerate(dims))]
    return [tuple(size for i, size in enumerate(dims) if i not in gone)]


def _sum_gradient(op: Operation, grad: Any) -> list[Any]:
    from .reduction_gradients import reduced_shape  # noqa: PLC0415 - loaded with gradients

    indices, _, shape, axes = op._inputs
    kept = reduced_shape(shape, axes)
    grad = reshaping.reshape(grad, kept)
    scale = shape // math.cast(kept, dtypes.int64)
    return [None, gathering.gather_nd(grad, indices // scale), None, None]


for _type, _function, _gradient in (
    ("SparseReduceSum", _sums, _sum_gradient),
    ("SparseReduceMax", _largest, ""),
):
    define(
        _type,
        shape=_dense_shape,
        build=_dense_kernel(_function),
        gradient=_gradient,
    )
    define(f"{_type}Sparse", shape=rules.unknown, build=_sparse_kernel(_function))


# -- the functions ---------------------------------------------------------------------


def _reduced(
    op_type: str, sp_input: Any, axis: Any, keepdims: Any, keep_dims: Any
) -> Any:
    keep = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    if axis is None:
        rank = sp_input.dense_shape.shape[0].value
        axis = (
            constants.constant(np.arange(rank), dtype=dtypes.int32)
            if rank is not None
            else math.range_(0, array.rank(sp_input))
        )
    return apply(
        op_type,
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        axis,
        keep_dims=False if keep is None else keep,
    )


def _reducing(op_type: str, does: str, *, gives_sparse: bool) -> Callable[..., Any]:
    def reduce(
        sp_input: Any,
        axis: Any = None,
        keepdims: Any = None,
        reduction_axes: Any = None,
        keep_dims: Any = None,
    ) -> Any:
        axis = reduction_axes if axis is None else axis
        found = _reduced(op_type, sp_input, axis, keepdims, keep_dims)
        return SparseTensor(*found) if gives_sparse else found

    result = "a sparse tensor" if gives_sparse else "a dense tensor"
    reduce.__doc__ = f"{does} of a sparse tensor along axes, as {result}."
    return reduce


sparse_reduce_sum = _reducing("SparseReduceSum", "Sums", gives_sparse=False)
sparse_reduce_sum_sparse = _reducing("SparseReduceSumSparse", "Sums", gives_sparse=True)
sparse_reduce_max = _reducing(
    "SparseReduceMax", "The largest elements", gives_sparse=False
)
sparse_reduce_max_sparse = _reducing(
    "SparseReduceMaxSparse", "The largest elements", gives_sparse=True
)

name_functions(globals())
