"""Operations on sparse tensors.

After scattering. An operation takes and gives the three parts of a sparse tensor:
indices [n, rank], values [n] and the dense shape [rank].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import IndexedSlices, SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, math, reshaping, rules
from .sorting import invert_permutation, list_diff

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def as_sparse(value: Any) -> SparseTensor:
    """A sparse tensor as it is, or one of a value; TypeError if it is neither."""
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value


def to_dense(indices: Array, values: Array, shape: Array) -> Array:
    """The array that the three parts stand for; values at the same place add up."""
    result = np.zeros(tuple(shape.tolist()), values.dtype)
    np.add.at(result, tuple(indices.T), values)
    return result


def rank_of(tensor: Any) -> int | None:
    """The rank that a shape tensor describes."""
    dims = tensor._dims
    return dims[0] if dims else None


# -- to and from dense tensors -------------------------------------------------------


def _to_dense_shape(op: Operation) -> list[Dims]:
    return rules.of_value(1)(op)  # type: ignore[return-value]


def _to_dense_kernel(op: Operation) -> Callable[..., Array]:
    validate = op._attrs["validate_indices"]

    def kernel(indices: Array, shape: Array, values: Array, default: Array) -> Array:
        sizes = tuple(np.atleast_1d(shape).tolist())
        places = indices.reshape(-1, len(sizes)) if indices.ndim < 2 else indices
        if validate:
            _check_order(places, sizes)
        result = np.full(sizes, default, np.asarray(default).dtype)
        result[tuple(places.T)] = values
        return result

    return kernel


def _check_order(places: Array, sizes: tuple[int, ...]) -> None:
    outside = np.any((places < 0) | (places >= np.array(sizes)), axis=1)
    later = [tuple(row) for row in places.tolist()]
    for i, place in enumerate(later):
        text = "[" + ",".join(map(str, place)) + "]"
        if outside[i]:
            shape = ",".join(map(str, sizes))
            problem = f"{text} is out of bounds: need 0 <= index < [{shape}]"
        elif i and place < later[i - 1]:
            problem = f"{text} is out of order. Many sparse ops require sorted indices."
            problem += (
                "\n    Use `tf.sparse.reorder` to create a correctly ordered copy."
            )
        elif i and place == later[i - 1]:
            problem = f"{text} is repeated"
        else:
            continue
        raise InvalidArgumentError(None, None, f"indices[{i}] = {problem}")


def _to_dense_gradient(op: Operation, grad: Any) -> list[Any]:
    indices, shape = op._inputs[:2]
    values = gathering.gather_nd(grad, indices)
    default = math.reduce_sum(grad) - math.reduce_sum(values)
    zeros = array.zeros_like(indices), array.zeros_like(shape)
    return [*zeros, values, default]


define(
    "SparseToDense",
    shape=_to_dense_shape,
    build=_to_dense_kernel,
    gradient=_to_dense_gradient,
)


@deprecation.deprecated(
    "sparse_to_dense",
    "sparse_ops",
    "Create a `tf.sparse.SparseTensor` and use `tf.sparse.to_dense` instead.",
)
def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Any:
    """A tensor with values at some places and one value everywhere else."""
    return apply(
        "SparseToDense",
        sparse_indices,
        output_shape,
        sparse_values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )


def sparse_tensor_to_dense(
    sp_input: Any,
    default_value: Any = None,
    validate_indices: bool = True,
    name: str | None = None,
) -> Any:
    """A sparse tensor as a dense one."""
    sp_input = as_sparse(sp_input)
    if default_value is None:
        default_value = array.zeros([], dtype=sp_input.dtype)
    return apply(
        "SparseToDense",
        sp_input.indices,
        sp_input.dense_shape,
        sp_input.values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )


def sparse_mask(a: Any, mask_indices: Any, name: str | None = None) -> Any:
    """IndexedSlices without some of their rows."""
    with name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        indices, places = list_diff(a.indices, mask_indices)
        values = gathering.gather(a.values, places, name=scope)
        return IndexedSlices(values, indices, a.dense_shape)


# -- choosing and ordering -----------------------------------------------------------


def reorder_kernel(indices: Array, values: Array, shape: Array) -> Any:
    """Indices and values in the order of rows."""
    order = np.lexsort(indices.T[::-1]) if indices.shape[1] else np.arange(len(indices))
    return indices[order], values[order]


def _reorder_gradient(op: Operation, _indices: Any, grad: Any) -> list[Any]:
    indices, _, shape = op._inputs
    numbers = math.range_(array.shape(indices)[0])
    ordered = sparse_reorder(SparseTensor(indices, numbers, shape))
    back = invert_permutation(ordered.values)
    return [None, gathering.gather(grad, back), None]


define(
    "SparseReorder",
    shape=rules.same_as(0, 1),
    kernel=reorder_kernel,
    gradient=_reorder_gradient,
)


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor with its elements in the order of a dense one."""
    sp_input = as_sparse(sp_input)
    indices, values = apply(
        "SparseReorder",
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        name=name,
    )
    shape: Any = array.identity(sp_input.dense_shape) \
        if not sp_input.get_shape().is_fully_defined() \
        else sp_input.get_shape().as_list()  # fmt: skip
    return SparseTensor(indices, values, shape)


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """The elements for which a vector is True."""
    sp_input = as_sparse(sp_input)
    keep = convert_to_tensor(to_retain)
    keep.shape.assert_has_rank(1)
    if sp_input.values.shape.dims is not None:
        sp_input.values.shape[0].merge_with(shapes.dimension_at_index(keep.shape, 0))
    places = reshaping.reshape(gathering.where_v2(keep), [-1])
    return SparseTensor(
        gathering.gather(sp_input.indices, places),
        gathering.gather(sp_input.values, places),
        array.identity(sp_input.dense_shape),
    )


def _fill_rows_kernel(
    indices: Array, values: Array, shape: Array, default: Array
) -> Any:
    count = int(shape[0])
    rows = indices[:, 0]
    present = np.bincount(rows, minlength=count) if len(rows) else np.zeros(count, int)
    empty = present == 0
    extra = np.zeros((int(empty.sum()), indices.shape[1]), indices.dtype)
    extra[:, 0] = np.flatnonzero(empty)
    everything = np.concatenate([indices, extra])
    order = np.argsort(everything[:, 0], kind="stable")
    filler = np.full(len(extra), default, values.dtype)
    reverse = np.argsort(order, kind="stable")[: len(rows)].astype(np.int64)
    return everything[order], np.concatenate([values, filler])[order], empty, reverse


def _fill_rows_gradient(
    op: Operation, _indices: Any, grad: Any, _empty: Any, _reverse: Any
) -> list[Any]:
    values, default = apply("SparseFillEmptyRowsGrad", op._outputs[3], grad)
    return [None, values, None, default]


def _fill_rows_grad_kernel(reverse: Array, grad: Array) -> Any:
    rest = np.ones(len(grad), bool)
    rest[reverse] = False
    return grad[reverse], grad[rest].sum(dtype=grad.dtype)


define(
    "SparseFillEmptyRows",
    shape=lambda op: [
        (None, rank_of(op._inputs[2])),
        (None,),
        (rules.with_rank(constants.shape_of_value(op._inputs[2]), 2)[0],),
        (rules.with_rank(op._inputs[0]._dims, 2)[0],),
    ],
    kernel=_fill_rows_kernel,
    gradient=_fill_rows_gradient,
)
define(
    "SparseFillEmptyRowsGrad",
    shape=lambda op: [op._inputs[0]._dims, ()],
    kernel=_fill_rows_grad_kernel,
)


def sparse_fill_empty_rows(
    sp_input: Any, default_value: Any, name: str | None = None
) -> tuple[SparseTensor, Any]:
    """A sparse matrix with something in each row, and which rows were empty."""
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sp_input.values]):
        default = convert_to_tensor(default_value, dtype=sp_input.values.dtype)
        indices, values, empty, _ = apply(
            "SparseFillEmptyRows",
            sp_input.indices,
            sp_input.values,
            sp_input.dense_shape,
            default,
        )
        filled = SparseTensor(indices, values, sp_input.dense_shape)
        return filled, empty
