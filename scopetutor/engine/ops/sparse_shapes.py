"""Sparse tensors in other shapes: reshaped, transposed, joined, cut.

After sparse; beside sparse_math. In the graph of TF 1.15 one of these is three tensors:
places, elements and a shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, reshaping, rules
from .sparse import as_sparse, rank_of, reorder_kernel, sparse_reorder
from .static import static_shape, static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


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
        (rules.with_rank(op._inputs[0]._dims, 2)[0], rank_of(op._inputs[2])),
        (rank_of(op._inputs[2]),),
    ],
    kernel=_reshape_kernel,
)


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """The same elements in another shape; -1 for the size that remains."""
    sp_input = as_sparse(sp_input)
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
        indices, joined = reorder_kernel(
            np.concatenate(moved), np.concatenate(values), shape
        )
        return indices, joined, shape

    return kernel


def _concat_shape(op: Operation) -> list[Dims]:
    count = op._attrs["N"]
    rank = rank_of(op._inputs[-1])
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
    inputs = [as_sparse(item) for item in sp_inputs]
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
        (None, rank_of(op._inputs[2])),
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
    sp_input = as_sparse(sp_input)
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
