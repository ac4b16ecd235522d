"""Windows that slide over images: what convolution and pooling have in common.

Before conv and pool. Images are [batch, *space, channels] here, whatever the format of
the operation. The windows of an image are a view of it; written out as a matrix, a
convolution is one matrix product.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.registry import ShapeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


Array = np.ndarray[Any, Any]

# How many elements of windows are written out at once: 2 MB of floats stay in the
# cache, and one buffer serves all. Measured: 16 % to 40 % faster than a fresh array
# per image.
_AT_ONCE = 1 << 19
# From how many input channels on the gradient of the images is a convolution with the
# turned filters; below, one product per place of the filter is faster.
_MANY_CHANNELS = 8


def output_size(
    size: int | None, window: int | None, stride: int, padding: str, dilation: int = 1
) -> int | None:
    """How many windows fit along an axis."""
    if size is None or (window is None and padding != "SAME"):
        return None
    if padding == "SAME":
        return -(-size // stride)
    assert window is not None
    reach = (window - 1) * dilation + 1
    if size < reach:
        raise ShapeError(
            f"Negative dimension size caused by subtracting {reach} from {size}"
        )
    return (size - reach + stride) // stride


def same_padding(size: int, reach: int, stride: int) -> tuple[int, int]:
    """How many zeros TF puts before and after an axis for SAME."""
    total = max((-(-size // stride) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


class Geometry:
    """How windows lie in images, from the attributes of an operation.

    Attributes:
        channels_first: whether the format is [batch, channels, *space].
        strides, dilations: along the axes of space.
        padding: "SAME", "VALID" or "EXPLICIT".
    """

    def __init__(self, attrs: dict[str, Any]) -> None:
        form = attrs.get("data_format", "NHWC")
        self.channels_first = form.startswith("NC")
        axes = self.axes(len(form))
        rank = len(form)
        self.strides = tuple(attrs["strides"][axis] for axis in axes)
        dilations = attrs.get("dilations") or [1] * rank
        self.dilations = tuple(dilations[axis] for axis in axes)
        self.padding = attrs["padding"]
        explicit = attrs.get("explicit_paddings") or [0] * (2 * rank)
        self.explicit = [
            (int(explicit[2 * axis]), int(explicit[2 * axis + 1])) for axis in axes
        ]

    def axes(self, rank: int) -> range:
        """The axes of space."""
        return range(2, rank) if self.channels_first else range(1, rank - 1)

    def space(self, dims: Sequence[Any]) -> tuple[Any, ...]:
        """The sizes in space of a shape."""
        return tuple(dims[axis] for axis in self.axes(len(dims)))

    def channels(self, dims: Sequence[Any]) -> Any:
        """The number of channels in a shape."""
        return dims[1] if self.channels_first else dims[-1]

    def shape(
        self, batch: Any, space: Sequence[Any], channels: Any
    ) -> tuple[int | None, ...]:
        """A shape in the operation's format."""
        if self.channels_first:
            return (batch, channels, *space)
        return (batch, *space, channels)

    def output_space(self, sizes: Sequence[Any], window: Sequence[Any]) -> list[Any]:
        """How many windows fit along each axis of space."""
        result = []
        for i, (size, width) in enumerate(zip(sizes, window, strict=True)):
            padding, whole = self.padding, size
            if padding == "EXPLICIT":
                padding = "VALID"
                whole = None if size is None else size + sum(self.explicit[i])
            stride, dilation = self.strides[i], self.dilations[i]
            result.append(output_size(whole, width, stride, padding, dilation))
        return result

    def pads(
        self, sizes: Sequence[int], window: Sequence[int]
    ) -> list[tuple[int, int]]:
        """What is added before and after each axis of space."""
        if self.padding == "VALID":
            return [(0, 0)] * len(self.strides)
        if self.padding == "EXPLICIT":
            return self.explicit
        return [
            same_padding(size, (width - 1) * dilation + 1, stride)
            for size, width, stride, dilation in zip(
                sizes, window, self.strides, self.dilations, strict=True
            )
        ]

    def to_last(self, x: Array) -> Array:
        """Images with their channels last."""
        return np.moveaxis(x, 1, -1) if self.channels_first else x

    def from_last(self, x: Array) -> Array:
        """Images with their channels where the format has them."""
        return np.moveaxis(x, -1, 1) if self.channels_first else x


def padded(x: Array, pads: Sequence[tuple[int, int]], value: Any = 0) -> Array:
    """Images with a border; as they are if there is none."""
    if not any(before or after for before, after in pads):
        return x
    space = [
        size + before + after
        for size, (before, after) in zip(x.shape[1:-1], pads, strict=True)
    ]
    result = np.full((x.shape[0], *space, x.shape[-1]), value, x.dtype)
    inside = tuple(
        slice(before, before + size)
        for size, (before, _) in zip(x.shape[1:-1], pads, strict=True)
    )
    result[(slice(None), *inside)] = x
    return result


def view(
    x: Array,
    window: Sequence[int],
    space: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> Array:
    """The windows of padded images: [batch, *space, *window, channels], not a copy."""
    batch, *steps, channel = x.strides
    return np.lib.stride_tricks.as_strided(
        x,
        (x.shape[0], *space, *window, x.shape[-1]),
        (
            batch,
            *[step * stride for step, stride in zip(steps, strides, strict=True)],
            *[step * d for step, d in zip(steps, dilations, strict=True)],
            channel,
        ),
        writeable=False,
    )


def _matrices(windows: Array, rank: int) -> Iterator[tuple[tuple[slice, ...], Array]]:
    """The windows as matrices, one row per window, some at a time.

    Yields:
        Where the windows are in [batch, first axis of space], and the matrix. The next
        one overwrites it.
    """
    space, row = windows.shape[1 : rank + 1], math.prod(windows.shape[rank + 1 :])
    per_image = math.prod(space) * row
    if per_image <= _AT_ONCE:
        images, lines = max(1, _AT_ONCE // max(per_image, 1)), space[0]
    else:
        images, lines = 1, max(1, _AT_ONCE * space[0] // per_image)
    images = min(images, len(windows))
    buffer = np.empty((images, lines, *windows.shape[2:]), windows.dtype)
    for i in range(0, len(windows), images):
        for j in range(0, space[0], lines):
            place = slice(i, i + images), slice(j, j + lines)
            part = windows[place]
            written = buffer[: len(part), : part.shape[1]]
            np.copyto(written, part)
            yield place, written.reshape(-1, row)


def correlate(
    x: Array,
    filters: Array,
    space: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> Array:
    """Padded images with filters laid over each window.

    Args:
        x: [batch, *space, channels in].
        filters: [*window, channels in, channels out].
        space: how many windows there are along each axis.
        strides: along each axis.
        dilations: along each axis.

    Returns:
        [batch, *space, channels out].
    """
    window, out = filters.shape[:-2], filters.shape[-1]
    matrix = filters.reshape(-1, out)
    result = np.empty((len(x), *space, out), x.dtype)
    if not result.size or not matrix.size:
        result[...] = 0
        return result
    if math.prod(window) == 1 and math.prod(strides) == 1:
        flat = np.ascontiguousarray(x).reshape(-1, x.shape[-1])
        np.matmul(flat, matrix, out=result.reshape(-1, out))
        return result
    windows = view(x, window, space, strides, dilations)
    for place, rows in _matrices(windows, len(window)):
        np.matmul(rows, matrix, out=result[place].reshape(-1, out))
    return result


def correlate_filter_gradient(
    x: Array,
    grad: Array,
    window: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> Array:
    """The gradient of the filters of `correlate`: [*window, in, out]."""
    out = grad.shape[-1]
    total = np.zeros((math.prod(window) * x.shape[-1], out), x.dtype)
    if grad.size and total.size:
        windows = view(x, window, grad.shape[1:-1], strides, dilations)
        grad = np.ascontiguousarray(grad)
        for place, rows in _matrices(windows, len(window)):
            total += rows.T @ grad[place].reshape(-1, out)
    return total.reshape(*window, x.shape[-1], out)


def correlate_input_gradient(
    sizes: Sequence[int],
    pads: Sequence[tuple[int, int]],
    filters: Array,
    grad: Array,
    strides: Sequence[int],
    dilations: Sequence[int],
) -> Array:
    """The gradient of the images of `correlate`, before they were padded.

    Args:
        sizes: of the images in space.
        pads: what was added before and after each axis of space.
        filters: [*window, channels in, channels out].
        grad: [batch, *space, channels out].
        strides: along each axis.
        dilations: along each axis.

    Returns:
        [batch, *sizes, channels in].
    """
    channels, out = filters.shape[-2:]
    if channels >= _MANY_CHANNELS and math.prod(strides) == 1:
        edges = _edges(pads, filters.shape[:-2], dilations)
        if min(map(min, edges)) >= 0:
            return _with_turned_filters(sizes, edges, filters, grad, dilations)
    whole = [size + sum(pad) for size, pad in zip(sizes, pads, strict=True)]
    result = np.zeros((len(grad), *whole, channels), grad.dtype)
    flat = np.ascontiguousarray(grad).reshape(-1, out)
    for place in np.ndindex(*filters.shape[:-2]):
        product = flat @ filters[place].T
        result[touched(place, grad.shape[1:-1], strides, dilations)] += product.reshape(
            *grad.shape[:-1], channels
        )
    return without_pads(result, pads)


def _edges(
    pads: Sequence[tuple[int, int]], window: Sequence[int], dilations: Sequence[int]
) -> list[tuple[int, int]]:
    """What to add to the gradients so that turned windows lie on the images alone."""
    reach = [(w - 1) * d for w, d in zip(window, dilations, strict=True)]
    return [
        (edge - before, edge - after)
        for edge, (before, after) in zip(reach, pads, strict=True)
    ]


def _with_turned_filters(
    sizes: Sequence[int],
    edges: Sequence[tuple[int, int]],
    filters: Array,
    grad: Array,
    dilations: Sequence[int],
) -> Array:
    """The gradient as a convolution; for strides of 1."""
    window = filters.shape[:-2]
    turned = filters[(slice(None, None, -1),) * len(window)].swapaxes(-1, -2)
    ones = (1,) * len(window)
    return correlate(
        padded(grad, edges), np.ascontiguousarray(turned), sizes, ones, dilations
    )


def touched(
    place: Sequence[int],
    space: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> tuple[slice, ...]:
    """Which elements of padded images one place of all windows lies on."""
    slices = [slice(None)]
    for at, count, stride, dilation in zip(
        place, space, strides, dilations, strict=True
    ):
        start = at * dilation
        slices.append(slice(start, start + (count - 1) * stride + 1, stride))
    return tuple(slices)


def without_pads(x: Array, pads: Sequence[tuple[int, int]]) -> Array:
    """Images without a border."""
    inside = tuple(
        slice(before, size - after)
        for size, (before, after) in zip(x.shape[1:-1], pads, strict=True)
    )
    return x[(slice(None), *inside)]
