"""`tf.keras.backend`: convolutions, pooling, and adding a bias.

TF 1.15 on a machine without GPU: where channels come first, they are moved last for the
time being.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from scopetutor.engine.ops import array, atrous, conv, depthwise, nn, pool
from scopetutor.engine.ops.joining import stack
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import reshape, transpose

from .backend_math import batch_dot
from .backend_shaping import checked_format, concatenate
from .nodes import int_shape

if TYPE_CHECKING:
    from collections.abc import Callable

_LAST = {1: "NWC", 2: "NHWC", 3: "NDHWC"}


def _op_padding(padding: Any) -> str:
    if padding not in ("same", "valid"):
        raise ValueError(f"Invalid padding: {padding}")
    found: str = padding.upper()
    return found


def _channels_last(
    x: Any, rank: int, data_format: Any, make: Callable[[Any], Any]
) -> Any:
    """What is made of some inputs whose channels are last, in the inputs' format."""
    if checked_format(data_format) == "channels_last":
        return make(x)
    x = make(transpose(x, (0, *range(2, rank + 2), 1)))
    return transpose(x, (0, rank + 1, *range(1, rank + 1)))


# -- convolution -----------------------------------------------------------------------


def _convolution(
    x: Any,
    kernel: Any,
    rank: int,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
) -> Any:
    checked_format(data_format)
    kind = _op_padding(padding)

    def convolved(x: Any) -> Any:
        return atrous.convolution(
            x,
            kernel,
            kind,
            strides=strides,
            dilation_rate=dilation_rate,
            data_format=_LAST[rank],
        )

    return _channels_last(x, rank, data_format, convolved)


def conv1d(
    x: Any,
    kernel: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
) -> Any:
    """A convolution of sequences."""
    if padding == "causal":
        before = dilation_rate * (kernel.shape.as_list()[0] - 1)
        x = pad(x, [[0, 0], [before, 0], [0, 0]])
        padding = "valid"
    strides, dilation_rate = _listed(strides), _listed(dilation_rate)
    return _convolution(x, kernel, 1, strides, padding, data_format, dilation_rate)


def _listed(number: Any) -> Any:
    return (number,) if isinstance(number, int) else number


def conv2d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """A convolution of images."""
    return _convolution(x, kernel, 2, strides, padding, data_format, dilation_rate)


def conv3d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1, 1),
) -> Any:
    """A convolution of volumes."""
    return _convolution(x, kernel, 3, strides, padding, data_format, dilation_rate)


def conv2d_transpose(
    x: Any,
    kernel: Any,
    output_shape: Any,
    strides: Any = (1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Each point of an image becomes a window of points; they are added up."""

    def convolved(x: Any) -> Any:
        shape = output_shape
        if checked_format(data_format) == "channels_first":
            shape = tuple(output_shape[axis] for axis in (0, 2, 3, 1))
        if shape[0] is None:
            shape = (array.shape(x)[0], *shape[1:])
        if isinstance(shape, (tuple, list)):
            shape = stack(list(shape))
        kind = _op_padding(padding)
        if dilation_rate == (1, 1):
            steps = (1, *strides, 1)
            return conv.conv2d_transpose(x, kernel, shape, steps, kind, "NHWC")
        assert dilation_rate[0] == dilation_rate[1]
        rate = dilation_rate[0]
        return atrous.atrous_conv2d_transpose(x, kernel, shape, rate, kind)

    return _channels_last(x, 2, data_format, convolved)


def depthwise_conv2d(
    x: Any,
    depthwise_kernel: Any,
    strides: Any = (1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Filters for each channel of images."""

    def convolved(x: Any) -> Any:
        return depthwise.depthwise_conv2d(
            x,
            depthwise_kernel,
            strides=(1, *strides, 1),
            padding=_op_padding(padding),
            rate=dilation_rate,
            data_format="NHWC",
        )

    return _channels_last(x, 2, data_format, convolved)


def separable_conv2d(
    x: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = (1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """A filter for each channel, and then a mixture of the channels at each place."""
    checked_format(data_format)
    if len(strides) != 2:
        raise ValueError("`strides` must be a tuple of 2 integers.")

    def convolved(x: Any) -> Any:
        return depthwise.separable_conv2d(
            x,
            depthwise_kernel,
            pointwise_kernel,
            strides=(1, *strides, 1),
            padding=_op_padding(padding),
            rate=dilation_rate,
            data_format="NHWC",
        )

    return _channels_last(x, 2, data_format, convolved)


# -- pooling ---------------------------------------------------------------------------

_POOLS = {
    ("max", 2): pool.max_pool,
    ("avg", 2): pool.avg_pool,
    ("max", 3): pool.max_pool3d,
    ("avg", 3): pool.avg_pool3d,
}


def _pooled(
    x: Any,
    rank: int,
    size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    mode: Any,
) -> Any:
    def pooled(x: Any) -> Any:
        kind = _op_padding(padding)
        if (mode, rank) not in _POOLS:
            raise ValueError(f"Invalid pooling mode: {mode}")
        return _POOLS[mode, rank](
            x, (1, *size, 1), (1, *strides, 1), padding=kind, data_format=_LAST[rank]
        )

    return _channels_last(x, rank, data_format, pooled)


def pool2d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    pool_mode: Any = "max",
) -> Any:
    """The largest number or the mean of windows of images."""
    checked_format(data_format)
    for name, given in (("pool_size", pool_size), ("strides", strides)):
        if len(given) != 2:
            raise ValueError(f"`{name}` must be a tuple of 2 integers.")
    return _pooled(x, 2, pool_size, strides, padding, data_format, pool_mode)


def pool3d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1, 1),
    padding: Any = "valid",
    data_format: Any = None,
    pool_mode: Any = "max",
) -> Any:
    """The largest number or the mean of windows of volumes."""
    return _pooled(x, 3, pool_size, strides, padding, data_format, pool_mode)


# -- filters of each place -------------------------------------------------------------


def _local_conv(
    inputs: Any,
    kernel: Any,
    kernel_size: Any,
    strides: Any,
    output_shape: Any,
    data_format: Any,
) -> Any:
    """A convolution with filters of its own at each place."""
    first = checked_format(data_format) == "channels_first"
    sizes = int_shape(kernel)
    assert sizes is not None
    rank = len(output_shape)
    windows = []
    for place in itertools.product(*(range(size) for size in output_shape)):
        corners = [place[i] * strides[i] for i in range(rank)]
        window = [slice(at, at + kernel_size[i]) for i, at in enumerate(corners)]
        everything = slice(None)
        index = (
            [everything, everything, *window]
            if first
            else [everything, *window, everything]
        )
        windows.append(reshape(inputs[index], (1, -1, sizes[1])))
    found = batch_dot(concatenate(windows, axis=0), kernel)
    found = reshape(found, (*output_shape, -1, sizes[-1]))
    space = list(range(rank))
    order = [rank, rank + 1, *space] if first else [rank, *space, rank + 1]
    return transpose(found, perm=order)


def local_conv1d(
    inputs: Any, kernel: Any, kernel_size: Any, strides: Any, data_format: Any = None
) -> Any:
    """A convolution of sequences with filters of its own at each place."""
    shape = (kernel.shape[0].value,)
    return _local_conv(inputs, kernel, kernel_size, strides, shape, data_format)


def local_conv2d(
    inputs: Any,
    kernel: Any,
    kernel_size: Any,
    strides: Any,
    output_shape: Any,
    data_format: Any = None,
) -> Any:
    """A convolution of images with filters of its own at each place."""
    return _local_conv(inputs, kernel, kernel_size, strides, output_shape, data_format)


# -- bias ------------------------------------------------------------------------------


def bias_add(x: Any, bias: Any, data_format: Any = None) -> Any:
    """With a number for each channel, or for each place and channel, added.

    Raises:
        ValueError: the bias has another number of axes.
    """
    data_format = checked_format(data_format)
    sizes, rank = bias.shape.as_list(), x.shape.ndims
    if len(sizes) not in (1, rank - 1):
        raise ValueError(
            f"Unexpected bias dimensions {len(sizes)}, expect to be 1 or {rank} "
            "dimensions"
        )
    last = data_format == "channels_last"
    if rank not in (3, 4, 5):
        return nn.bias_add(x, bias)
    if rank == 4 and last and len(sizes) == 1:
        return nn.bias_add(x, bias, data_format="NHWC")
    if len(sizes) > 1:
        wide = (1, *sizes) if last else (1, sizes[-1], *sizes[:-1])
    elif last:
        # TF 1.15 leaves out one axis in three dimensions of space.
        wide = (1,) * (3 if rank == 5 else rank - 1) + (sizes[0],)
    else:
        wide = (1, sizes[0], *(1,) * (rank - 2))
    return x + reshape(bias, wide)
