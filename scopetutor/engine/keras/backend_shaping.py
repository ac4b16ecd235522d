"""`tf.keras.backend`: the same numbers in other shapes and places, and more of them.

After ``backend_tensors.py``; layers that enlarge images, and the backend's
convolutions, use them. Where channels lie is the setting of ``settings.py`` unless it
is said.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import constants
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.gathering import gather as tf_gather
from scopetutor.engine.ops.gathering import one_hot as tf_one_hot
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.ops.joining import stack as tf_stack
from scopetutor.engine.ops.joining import tile as tf_tile
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.padding import reverse as tf_reverse
from scopetutor.engine.ops.reshaping import expand_dims as tf_expand_dims
from scopetutor.engine.ops.reshaping import reshape as tf_reshape
from scopetutor.engine.ops.reshaping import squeeze as tf_squeeze
from scopetutor.engine.ops.reshaping import transpose as tf_transpose
from scopetutor.engine.ops.resize import resize_bilinear, resize_nearest_neighbor
from scopetutor.engine.ops.sparse_shapes import sparse_concat
from scopetutor.engine.surroundings import name_scope

from .backend_tensors import is_sparse, to_dense
from .settings import image_data_format

RESIZERS = {"nearest": resize_nearest_neighbor, "bilinear": resize_bilinear}


def checked_format(data_format: Any) -> str:
    """The format that is meant; None: the setting.

    Raises:
        ValueError: there is no such format.
    """
    found: str = data_format or image_data_format()
    if found not in ("channels_first", "channels_last"):
        raise ValueError(f"Unknown data_format: {found}")
    return found


# -- shapes ----------------------------------------------------------------------------


def reshape(x: Any, shape: Any) -> Any:
    """The same numbers in another shape."""
    return tf_reshape(x, shape)


def flatten(x: Any) -> Any:
    """The same numbers in one axis."""
    return tf_reshape(x, [-1])


def batch_flatten(x: Any) -> Any:
    """The same numbers as [batch, everything else]."""
    rest = math.reduce_prod(array.shape(x)[1:], None, False)
    return tf_reshape(x, tf_stack([-1, rest]))


def expand_dims(x: Any, axis: int = -1) -> Any:
    """With another axis of one number."""
    return tf_expand_dims(x, axis)


def squeeze(x: Any, axis: int) -> Any:
    """Without an axis of one number."""
    return tf_squeeze(x, [axis])


def permute_dimensions(x: Any, pattern: Any) -> Any:
    """The axes in another order."""
    return tf_transpose(x, perm=pattern)


def transpose(x: Any) -> Any:
    """The axes the other way round."""
    return tf_transpose(x)


# -- putting together, and choosing ----------------------------------------------------


def concatenate(tensors: Any, axis: int = -1) -> Any:
    """Tensors side by side along an axis."""
    if axis < 0:
        rank = tensors[0].shape.ndims
        axis = axis % rank if rank else 0
    if all(is_sparse(x) for x in tensors):
        return sparse_concat(axis, tensors)
    return concat([to_dense(x) for x in tensors], axis)


def stack(x: Any, axis: int = 0) -> Any:
    """Tensors along a new axis."""
    return tf_stack(x, axis=axis)


def gather(reference: Any, indices: Any) -> Any:
    """Rows by their numbers."""
    return tf_gather(reference, indices)


def one_hot(indices: Any, num_classes: Any) -> Any:
    """Vectors of zeros with a one at a place."""
    return tf_one_hot(indices, depth=num_classes, axis=-1)


def reverse(x: Any, axes: Any) -> Any:
    """The other way round along some axes."""
    return tf_reverse(x, [axes] if isinstance(axes, int) else axes)


# -- repeating -------------------------------------------------------------------------


def tile(x: Any, n: Any) -> Any:
    """Copies side by side, n of them along each axis."""
    return tf_tile(x, [n] if isinstance(n, int) else n)


def repeat(x: Any, n: Any) -> Any:
    """Each vector n times: [batch, size] becomes [batch, n, size]."""
    assert x.shape.ndims == 2
    return tf_tile(tf_expand_dims(x, 1), tf_stack([1, n, 1]))


def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Each slice of an axis several times, one after the other."""
    sizes = x.shape.as_list()
    if sizes[axis] is not None:
        parts = split(x, sizes[axis], axis=axis)
        return concatenate([one for one in parts for _ in range(rep)], axis)
    shape = array.shape(x)
    times = np.ones(len(sizes) + 1)
    times[axis + 1] = rep
    longer = tf_tile(tf_expand_dims(x, axis + 1), times.astype("int32"))
    times = np.ones(len(sizes))
    times[axis] = rep
    shape *= constants.constant(times, dtype="int32")
    found = tf_reshape(longer, shape)
    found.set_shape(sizes)
    return found


def resize_volumes(
    x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str
) -> Any:
    """Volumes made larger by whole numbers.

    Raises:
        ValueError: there is no such format.
    """
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Invalid data_format: {data_format}")
    first = 2 if data_format == "channels_first" else 1
    for i, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = repeat_elements(x, factor, axis=first + i)
    return x


def resize_images(
    x: Any,
    height_factor: int,
    width_factor: int,
    data_format: str,
    interpolation: str = "nearest",
) -> Any:
    """Images made larger by whole numbers.

    Raises:
        ValueError: there is no such format or interpolation.
    """
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Invalid `data_format` argument: {data_format}")
    first = data_format == "channels_first"
    rows = 2 if first else 1
    factors = (height_factor, width_factor)
    sizes = x.shape.as_list()[rows : rows + 2]
    shape = array.shape(x)[rows : rows + 2]
    shape *= constants.constant(np.array(factors, dtype="int32"))
    if first:
        x = tf_transpose(x, [0, 2, 3, 1])
    if interpolation not in RESIZERS:
        raise ValueError('interpolation should be one of "nearest" or "bilinear".')
    with name_scope("resize"):
        x = RESIZERS[interpolation](x, shape, half_pixel_centers=True)
    if first:
        x = tf_transpose(x, [0, 3, 1, 2])
    known = [n and n * times for n, times in zip(sizes, factors, strict=True)]
    x.set_shape([None, None, *known] if first else [None, *known, None])
    return x


# -- zeros around ----------------------------------------------------------------------


def temporal_padding(x: Any, padding: Any = (1, 1)) -> Any:
    """Sequences with moments of zeros before and after."""
    assert len(padding) == 2
    return pad(x, [[0, 0], list(padding), [0, 0]])


def _spatial(x: Any, padding: Any, data_format: Any) -> Any:
    assert all(len(one) == 2 for one in padding)
    sides = [list(one) for one in padding]
    if checked_format(data_format) == "channels_first":
        return pad(x, [[0, 0], [0, 0], *sides])
    return pad(x, [[0, 0], *sides, [0, 0]])


def spatial_2d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1)), data_format: Any = None
) -> Any:
    """Images with rows and columns of zeros around."""
    assert len(padding) == 2
    return _spatial(x, padding, data_format)


def spatial_3d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: Any = None
) -> Any:
    """Volumes with zeros around."""
    assert len(padding) == 3
    return _spatial(x, padding, data_format)
