"""`tf.gather_nd` whose leading axes are the same in both tensors.

After padding: built of the other operations on arrays.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import name_scope

from . import array, joining, padding, reshaping


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
