"""`tf.batch_gather`, and `tf.gather_nd` in batches: leading axes are the same in both.

After padding: built of the other operations on arrays.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, padding, reshaping


@deprecation.deprecated(
    "batch_gather",
    "array_ops",
    "`tf.batch_gather` is deprecated, please use `tf.gather` with `batch_dims=-1` "
    "instead.",
    "2017-10-25",
)
@takes_ragged("params", "indices")
def batch_gather(params: Any, indices: Any, name: str | None = None) -> Any:
    """Slices of the last axis of `indices`; those before are the same in both.

    Raises:
        ValueError: the rank of `indices` is not known, or `params` have fewer axes.
    """
    with name_scope(name, "BatchGather", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        rank = indices.shape.ndims
        if rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        count = _checked_batch(params, rank)
        wanted, shape = array.shape(indices), array.shape(params)
        places = _flat_places(indices, shape, count, rank)
        outer = shape[count + 1 :]
        rows = apply("Prod", shape[: count + 1], [0], keep_dims=False)
        flat = reshaping.reshape(params, joining.concat([[rows], outer], axis=0))
        found = gathering.gather(flat, places)
        result = reshaping.reshape(found, joining.concat([wanted, outer], axis=0))
        known = indices.get_shape()[:count].merge_with(params.get_shape()[:count])
        known = known.concatenate(indices.get_shape().dims[count:])
        result.set_shape(known.concatenate(params.get_shape()[count + 1 :]))
        return result


def _checked_batch(params: Any, rank: int) -> int:
    count = rank - 1
    if not 0 <= count < rank:
        raise ValueError(
            f"batch_dims = {count} must be less than rank(indices) = {rank}"
        )
    if params.shape.ndims is not None and count >= params.shape.ndims:
        raise ValueError(
            f"batch_dims = {count} must be less than rank(params) = "
            f"{params.shape.ndims}"
        )
    return count


def _flat_places(indices: Any, shape: Any, count: int, rank: int) -> Any:
    """Where the elements lie if all batches are one after the other."""
    dtype = indices.dtype.base_dtype
    stride = array.ones((), dtype=dtype)
    sizes = apply("Cast", shape, DstT=dtype)
    for axis in range(count, 0, -1):
        size = sizes[axis - 1]
        stride *= sizes[axis]
        start, step = array.zeros((), dtype=dtype), array.ones((), dtype=dtype)
        begins = apply("Range", start, size, step)
        begins *= stride
        ones = [1] * (axis - 1), [1] * (rank - axis)
        along = joining.stack([*ones[0], size, *ones[1]], axis=0)
        indices += reshaping.reshape(begins, along)
    return reshaping.reshape(indices, [-1])


def gather_nd_in_batches(
    params: Any, indices: Any, batch_dims: Any, name: str | None
) -> Any:
    """As gather_nd, with the place in the leading axes put before each index."""
    with name_scope(name, "BatchGatherND", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        _check_batch_dims(params, indices, batch_dims)
        shape, wanted = array.shape(params), array.shape(indices)
        batch = shape[:batch_dims]
        count = apply("Prod", batch, [0])
        between = array.rank(indices) - batch_dims - 1
        inner = wanted[batch_dims:-1]
        places = _batch_places(batch, indices.dtype, between)
        times = joining.concat(((1,), inner, (1,)), axis=0)
        places = joining.tile(places, multiples=times)
        flat = joining.concat(([count], wanted[batch_dims:]), axis=0)
        indices = reshaping.reshape(indices, shape=flat)
        found = apply("GatherNd", params, joining.concat((places, indices), axis=-1))
        rest = array.shape(found)[1:]
        return reshaping.reshape(found, joining.concat((batch, rest), axis=0))


def _batch_places(batch: Any, dtype: dtypes.DType, between: Any) -> Any:
    """The indices of all places in the leading axes, one in each row."""
    ranges = [
        apply("Cast", apply("Range", 0, size, 1), DstT=dtype)
        for size in joining.unstack(batch, axis=0)
    ]
    grid = padding.meshgrid(*ranges, indexing="ij") if ranges else []
    columns = [reshaping.reshape(part, (-1,)) for part in grid]
    places = reshaping.transpose(joining.stack(columns, axis=0))
    sizes = array.shape(places)
    parts = [sizes[:1], array.ones(between, dtype=dtypes.int32), sizes[1:]]
    return reshaping.reshape(places, joining.concat(parts, axis=0))


def _check_batch_dims(params: Any, indices: Any, batch_dims: Any) -> None:
    if not isinstance(batch_dims, int):
        raise TypeError(f"batch_dims must be an int; got {batch_dims!r}")
    if batch_dims < 0:
        raise ValueError("tf.gather_nd does not allow negative batch_dims.")
    for name, tensor in (("indices", indices), ("params", params)):
        rank = tensor.shape.ndims
        if rank is not None and batch_dims >= rank:
            raise ValueError(
                f"batch_dims = {batch_dims} must be less than rank({name}) = {rank}"
            )
