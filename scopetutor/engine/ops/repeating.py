"""`tf.repeat`: elements along an axis several times.

After padding, whose mask it uses: TF 1.15 tiles every element as often as the most
repeated one, and throws away what is too much.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import name_scope

from . import array, joining, reshaping, slicing
from .broadcasting import broadcast_to
from .padding import sequence_mask


def repeat(input: Any, repeats: Any, axis: int | None = None, name: Any = None) -> Any:
    """Each element as often as `repeats` says: one number, or one for each.

    Args:
        input: of any shape.
        repeats: whole numbers.
        axis: along which; None: all elements in a row.
        name: of the name scope.

    Raises:
        TypeError: the axis is no number, or `repeats` are not whole.
        ValueError: there is no such axis.
    """
    if axis is None:
        input, axis = reshaping.reshape(input, [-1]), 0
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an int; got {type(axis).__name__}")
    with name_scope(name, "Repeat", [input, repeats]):
        data = convert_to_tensor(input, name="data")
        repeats = _whole(repeats)
        repeats.shape.with_rank_at_most(1)
        data = _with_an_axis(data)
        shape = array.shape(data)
        axis = _from_the_front(axis, data.shape.ndims)
        if repeats.shape.ndims == 1:
            data.shape.dims[axis].assert_is_compatible_with(repeats.shape[0])
        if repeats.shape.ndims == 0:
            tiled = _tiled(reshaping.expand_dims(data, axis + 1), axis + 1, repeats)
            return reshaping.reshape(tiled, _flattened(shape, axis))
        return _each(data, shape, repeats, axis)


def _each(data: Any, shape: Any, repeats: Any, axis: int) -> Any:
    if repeats.shape.ndims != axis + 1:
        had = array.shape(repeats)
        wanted = joining.concat([shape[: axis + 1 - array.rank(repeats)], had], axis=0)
        repeats = broadcast_to(repeats, wanted)
        repeats.set_shape([None] * (axis + 1))
    most = apply("Maximum", 0, apply("Max", repeats, _all_axes(repeats)))
    mask = sequence_mask(repeats, most)
    tiled = _tiled(reshaping.expand_dims(data, axis + 1), axis + 1, most)
    result = slicing.boolean_mask(tiled, mask)
    if axis:
        result = reshaping.reshape(result, _flattened(shape, axis))
    if data.shape.ndims is not None:
        size = 0 if repeats.shape[0] == 0 else None
        known = data.shape[:axis].concatenate([size])
        result.set_shape(known.concatenate(data.shape[axis + 1 :]))
    return result


def _whole(repeats: Any) -> Any:
    tensor = convert_to_tensor(repeats, name="repeats", preferred_dtype=dtypes.int32)
    if not tensor.dtype.is_integer:
        raise TypeError(f"repeats must be an integer tensor; dtype={tensor.dtype}")
    return apply("Cast", tensor, DstT=dtypes.int32)


def _with_an_axis(data: Any) -> Any:
    """A scalar becomes a vector."""
    if data.shape.ndims is None:
        shape, rank = array.shape(data), array.rank(data)
        return reshaping.reshape(data, joining.concat([[1], shape], axis=0)[-rank:])
    return data if data.shape.ndims else joining.stack([data])


def _from_the_front(axis: int, rank: int | None) -> int:
    if rank is None:
        if axis < 0:
            raise ValueError("axis may only be negative if ndims is statically known.")
        return axis
    if not -rank <= axis < rank:
        raise ValueError(f"axis={axis} out of bounds: expected {-rank}<=axis<{rank}")
    return axis % rank


def _tiled(data: Any, axis: int, times: Any) -> Any:
    if data.shape.ndims is not None:
        multiples: Any = [1] * data.shape.ndims
        multiples[axis] = times
    else:
        ones = array.ones(array.rank(data), dtypes.int32)
        multiples = joining.concat([ones[:axis], [times], ones[axis + 1 :]], axis=0)
    return joining.tile(data, multiples)


def _flattened(shape: Any, axis: int) -> Any:
    return joining.concat([shape[:axis], [-1], shape[axis + 1 :]], axis=0)


def _all_axes(tensor: Any) -> Any:
    if tensor.shape.ndims is not None:
        return constant(np.arange(tensor.shape.ndims), dtype=dtypes.int32)
    return apply("Range", 0, array.rank(tensor), 1)
