"""Operations on sparse tensors.

After scattering. An operation takes and gives the three parts of a sparse tensor:
indices [n, rank], values [n] and the dense shape [rank].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes, shape_inference, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import IndexedSlices, SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, reshaping, rules, slicing
from .sorting import invert_permutation, list_diff
from .static import static_shape, static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _as_sparse(value: Any) -> SparseTensor:
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value


def _dense(indices: Array, values: Array, shape: Array) -> Array:
    result = np.zeros(tuple(shape.tolist()), values.dtype)
    np.add.at(result, tuple(indices.T), values)
    return result


def _rank_of(tensor: Any) -> int | None:
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
    sp_input = _as_sparse(sp_input)
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


def _reorder_kernel(indices: Array, values: Array, shape: Array) -> Any:
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
    kernel=_reorder_kernel,
    gradient=_reorder_gradient,
)


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor with its elements in the order of a dense one."""
    sp_input = _as_sparse(sp_input)
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
    sp_input = _as_sparse(sp_input)
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
        (None, _rank_of(op._inputs[2])),
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
    sp_input = _as_sparse(sp_input)
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


# -- other shapes --------------------------------------------------------------------


def _reshape_kernel(indices: Array, old: Array, new: Array) -> Any:
    sizes = new.copy()
    total = int(np.prod(old))
    if (sizes == -1).any():
        sizes[sizes == -1] = total // max(int(np.prod(sizes[sizes != -1])), 1)
    if int(np.prod(sizes)) != total:
        raise InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {total} dense values, but the "
            f"requested shape has {int(np.prod(sizes))}. "
            f"input_shape={dims_text(old.tolist())} "
            f"output_shape={dims_text(sizes.tolist())}",
        )
    flat = np.ravel_multi_index(tuple(indices.T), tuple(old.tolist()))
    places = np.unravel_index(flat, tuple(sizes.tolist()))
    return np.stack(places, 1).astype(np.int64), sizes


define(
    "SparseReshape",
    shape=lambda op: [
        (rules.with_rank(op._inputs[0]._dims, 2)[0], _rank_of(op._inputs[2])),
        (_rank_of(op._inputs[2]),),
    ],
    kernel=_reshape_kernel,
)


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """The same elements in another shape; -1 for the size that remains."""
    sp_input = _as_sparse(sp_input)
    shape = math.cast(shape, dtype=dtypes.int64)
    with name_scope(name, "SparseReshape", [sp_input.values]) as scope:
        indices, sizes = apply(
            "SparseReshape", sp_input.indices, sp_input.dense_shape, shape, name=scope
        )
        known = static_shape(shape)
        wanted = None if known.ndims is None else known.as_list()
        if wanted is not None and sp_input.get_shape().is_fully_defined():
            found = _known_sizes(wanted, sp_input.get_shape().as_list(), shape)
            if found is not None:
                sizes = constants.constant(found, dtype=dtypes.int64)
        return SparseTensor(indices, array.identity(sp_input.values), sizes)


def _known_sizes(wanted: list[Any], old: list[int], shape: Any) -> list[int] | None:
    value = static_value(shape)
    if value is not None and (value == -1).sum() > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {value}")
    total = int(np.prod(old))
    gaps = [i for i, size in enumerate(wanted) if size is None]
    if len(gaps) > 1:
        return None
    filled = list(wanted)
    if gaps:
        rest = int(np.prod([size for size in wanted if size is not None]))
        filled[gaps[0]] = total // rest
    if int(np.prod(filled)) != total:
        raise ValueError(
            f"Cannot reshape a tensor with {total} elements to shape {wanted} "
            f"({int(np.prod(filled))} elements)."
        )
    return filled


def sparse_transpose(
    sp_input: Any, perm: Any = None, name: str | None = None
) -> SparseTensor:
    """A sparse tensor with its axes in another order."""
    with name_scope(name, "SparseTranspose", [sp_input.values]):
        if perm is None:
            rank = array.rank(sp_input)
            perm = (rank - 1) - math.range_(0, rank, 1)
        columns = reshaping.transpose(sp_input.indices)
        indices = reshaping.transpose(gathering.gather(columns, perm))
        order = static_value(convert_to_tensor(perm))
        if order is not None and sp_input.get_shape().is_fully_defined():
            old = sp_input.get_shape().as_list()
            shape: Any = [old[place] for place in order]
        else:
            shape = gathering.gather(sp_input.dense_shape, perm)
        return sparse_reorder(SparseTensor(indices, sp_input.values, shape))


def _concat_kernel(op: Operation) -> Callable[..., Any]:
    axis, count = op._attrs["concat_dim"], op._attrs["N"]

    def kernel(*inputs: Array) -> Any:
        all_indices = inputs[:count]
        values = inputs[count : 2 * count]
        sizes = inputs[2 * count :]
        place = axis % len(sizes[0])
        offset, moved = 0, []
        for indices, size in zip(all_indices, sizes, strict=True):
            shifted = indices.copy()
            shifted[:, place] += offset
            offset += int(size[place])
            moved.append(shifted)
        shape = np.max(sizes, 0)
        shape[place] = offset
        indices, joined = _reorder_kernel(
            np.concatenate(moved), np.concatenate(values), shape
        )
        return indices, joined, shape

    return kernel


def _concat_shape(op: Operation) -> list[Dims]:
    count = op._attrs["N"]
    rank = _rank_of(op._inputs[-1])
    counts = [rules.with_rank(taken._dims, 2)[0] for taken in op._inputs[:count]]
    total = None if None in counts else sum(counts)  # type: ignore[arg-type]
    return [(total, rank), (total,), (rank,)]


define(
    "SparseConcat",
    shape=_concat_shape,
    build=_concat_kernel,
    gradient=None,
)


def sparse_concat(
    axis: int,
    sp_inputs: Any,
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: Any = None,
    expand_nonconcat_dims: Any = None,
) -> SparseTensor:
    """Sparse tensors joined along an axis."""
    axis = deprecation.either("axis", axis, "concat_dim", concat_dim)
    expand_nonconcat_dim = deprecation.either(
        "expand_nonconcat_dims",
        expand_nonconcat_dims,
        "expand_nonconcat_dim",
        expand_nonconcat_dim,
    )
    inputs = [_as_sparse(item) for item in sp_inputs]
    if len(inputs) == 1:
        return inputs[0]
    sizes = [item.dense_shape for item in inputs]
    if expand_nonconcat_dim:
        largest = math.reduce_max(joining.concat(
            [reshaping.reshape(size, [1, -1]) for size in sizes], 0), 0)  # fmt: skip
        sizes = [
            joining.concat(
                [largest[:axis], size[axis : axis + 1], largest[axis + 1 :]]
                if axis != -1
                else [largest[:-1], size[-1:], []],
                axis=0,
            )
            for size in sizes
        ]
    indices, values, shape = apply(
        "SparseConcat",
        [item.indices for item in inputs],
        [item.values for item in inputs],
        sizes,
        concat_dim=axis,
        name=name,
    )
    known = [static_value(size) for size in sizes]
    if all(size is not None for size in known):
        whole = known[0].copy()
        whole[axis] = sum(size[axis] for size in known)
        shape = convert_to_tensor(whole)
    return SparseTensor(indices, values, shape)


def _slice_kernel(
    indices: Array, values: Array, shape: Array, start: Array, size: Array
) -> Any:
    end = np.minimum(start + size, shape)
    keep = ((indices >= start) & (indices < end)).all(1)
    return indices[keep] - start, values[keep], end - start


def _slice_grad_kernel(grad: Array, indices: Array, start: Array, out: Array) -> Array:
    result = np.zeros(len(indices), grad.dtype)
    kept = {tuple(place): i for i, place in enumerate((out + start).tolist())}
    for i, place in enumerate(indices.tolist()):
        found = kept.get(tuple(place))
        if found is not None:
            result[i] = grad[found]
    return result


def _slice_gradient(op: Operation, *grads: Any) -> list[Any]:
    grad = apply(
        "SparseSliceGrad", grads[1], op._inputs[0], op._inputs[3], op._outputs[0]
    )
    grad.set_shape(op._inputs[1].get_shape())
    return [None, grad, None, None, None]


define(
    "SparseSlice",
    shape=lambda op: [
        (None, _rank_of(op._inputs[2])),
        (None,),
        op._inputs[2]._dims,
    ],
    kernel=_slice_kernel,
    gradient=_slice_gradient,
)
define(
    "SparseSliceGrad",
    shape=lambda op: [(rules.with_rank(op._inputs[1]._dims, 2)[0],)],
    kernel=_slice_grad_kernel,
)


def sparse_slice(
    sp_input: Any, start: Any, size: Any, name: str | None = None
) -> SparseTensor:
    """The part of a sparse tensor that starts at `start` and has `size`."""
    sp_input = _as_sparse(sp_input)
    start = convert_to_tensor(start, dtypes.int64)
    size = convert_to_tensor(size, dtypes.int64)
    with name_scope(name, "SparseSlice", [sp_input.values]) as scope:
        parts = apply(
            "SparseSlice",
            sp_input.indices,
            sp_input.values,
            sp_input.dense_shape,
            start,
            size,
            name=scope,
        )
        return SparseTensor(*parts)


# -- arithmetic ----------------------------------------------------------------------


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
    sp_a = _as_sparse(sp_a)
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
        (None, _rank_of(op._inputs[2])), (None,), (_rank_of(op._inputs[2]),),
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
        a, b = _as_sparse(a), _as_sparse(b)
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


def _reduce_kernel(op: Operation) -> Callable[..., Array]:
    keep = op._attrs["keep_dims"]

    def kernel(indices: Array, values: Array, shape: Array, axes: Array) -> Array:
        axis = tuple(axes.reshape(-1).tolist())
        dense = _dense(indices, values, shape)
        return np.sum(dense, axis=axis, keepdims=keep)  # type: ignore[no-any-return]

    return kernel


def _reduce_gradient(op: Operation, grad: Any) -> list[Any]:
    from .math_gradients import reduced_shape  # noqa: PLC0415 - loaded with gradients

    indices, _, shape, axes = op._inputs
    kept = reduced_shape(shape, axes)
    grad = reshaping.reshape(grad, kept)
    scale = shape // math.cast(kept, dtypes.int64)
    return [None, gathering.gather_nd(grad, indices // scale), None, None]


def _reduce_shape(op: Operation) -> list[Dims]:
    sizes, axes = shape_inference.value(op, 2), shape_inference.value(op, 3)
    if sizes is None or axes is None:
        return [None]
    dims = sizes.tolist()
    gone = {axis % len(dims) for axis in axes.reshape(-1).tolist()}
    if op._attrs["keep_dims"]:
        return [tuple(1 if i in gone else size for i, size in enumerate(dims))]
    return [tuple(size for i, size in enumerate(dims) if i not in gone)]


define(
    "SparseReduceSum",
    shape=_reduce_shape,
    build=_reduce_kernel,
    gradient=_reduce_gradient,
)


def sparse_reduce_sum(
    sp_input: Any,
    axis: Any = None,
    keepdims: Any = None,
    reduction_axes: Any = None,
    keep_dims: Any = None,
) -> Any:
    """The sum of the elements of a sparse tensor along axes, as a dense one."""
    keep = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    axis = axis if axis is not None else reduction_axes
    if axis is None:
        rank = sp_input.dense_shape.shape[0].value
        axis = (
            constants.constant(np.arange(rank), dtype=dtypes.int32)
            if rank is not None
            else math.range_(0, array.rank(sp_input))
        )
    return apply(
        "SparseReduceSum",
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        axis,
        keep_dims=False if keep is None else keep,
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
