"""Convolution: `tf.nn.conv2d`.

After array. One image at a time: windows are a view of the padded image, and one matrix
product does the rest. Formats are NHWC (the usual one) and NCHW.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def spatial_sequence(
    value: Any, count: int, channel_index: int, name: str
) -> list[int]:
    """Sizes for all axes, of one number, of those for the axes of space, or of all."""
    if value is None:
        value = [1]
    elif not isinstance(value, (list, tuple)):
        value = [value]
    values = [int(v) for v in value]
    if len(values) == count + 2:
        return values
    if len(values) == 1:
        values = values * count
    elif len(values) != count:
        raise ValueError(
            f"{name} should be of length 1, {count} or {count + 2} but was {len(values)}"
        )
    if channel_index == 1:
        return [1, 1, *values]
    return [1, *values, 1]


def convert_padding(padding: Any) -> tuple[str, list[int]]:
    """The name of a padding, and explicit numbers if it is a list."""
    explicit: list[int] = []
    if isinstance(padding, (list, tuple)):
        for i, pair in enumerate(padding):
            if not isinstance(pair, (list, tuple)):
                raise ValueError(
                    "When padding is a list, each element of padding must be a list/"
                    f"tuple of size 2. Element with index {i} of padding is not a list/"
                    "tuple"
                )
            if len(pair) != 2:
                raise ValueError(
                    "When padding is a list, each element of padding must be a list/"
                    f"tuple of size 2. Element with index {i} of padding has size "
                    f"{len(pair)}"
                )
            explicit.extend(pair)
        if len(padding) != 4:
            raise ValueError(
                "When padding is a list, it must be of size 4. Got padding of size: "
                f"{len(padding)}"
            )
        return "EXPLICIT", explicit
    if padding == "EXPLICIT":
        raise ValueError(
            '"EXPLICIT" is not a valid value for the padding parameter. To use explicit '
            "padding, the padding parameter must be a list."
        )
    return padding, explicit


def output_size(
    size: int | None, window: int | None, stride: int, padding: str, dilation: int = 1
) -> int | None:
    """How many windows fit along an axis."""
    if size is None or (window is None and padding != "SAME"):
        return None
    if padding == "SAME":
        return -(-size // stride)
    reach = (window - 1) * dilation + 1  # type: ignore[operator]
    result = (size - reach + stride) // stride
    if result < 0:
        raise ShapeError(
            f"Negative dimension size caused by subtracting {reach} from {size}"
        )
    return result


def same_padding(size: int, window: int, stride: int) -> tuple[int, int]:
    """How many zeros TF puts before and after an axis for SAME."""
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def _axes(data_format: str) -> tuple[int, int, int]:
    """Where height, width and channels are."""
    return (2, 3, 1) if data_format == "NCHW" else (1, 2, 3)


def _conv2d_shape(op: Operation) -> list[Dims]:
    image = rules.with_rank(op._inputs[0]._dims, 4)
    kernel = rules.with_rank(op._inputs[1]._dims, 4)
    attrs = op._attrs
    height, width, channels = _axes(attrs["data_format"])
    depth, wanted = image[channels], kernel[2]
    if depth is not None and wanted is not None and (not wanted or depth % wanted):
        raise ShapeError(f"Dimensions must be equal, but are {depth} and {wanted}")
    sizes = []
    for axis, window in ((height, kernel[0]), (width, kernel[1])):
        stride, dilation = attrs["strides"][axis], attrs["dilations"][axis]
        size, padding = image[axis], attrs["padding"]
        if padding == "EXPLICIT":
            before, after = attrs["explicit_paddings"][2 * axis : 2 * axis + 2]
            size = None if size is None else size + before + after
            padding = "VALID"
        sizes.append(output_size(size, window, stride, padding, dilation))
    if attrs["data_format"] == "NCHW":
        return [(image[0], kernel[3], *sizes)]
    return [(image[0], *sizes, kernel[3])]


class Geometry:
    """How the windows of a convolution lie: strides, dilations and padding in space."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        height, width, _ = _axes(attrs["data_format"])
        self.channels_first = attrs["data_format"] == "NCHW"
        self.strides = attrs["strides"][height], attrs["strides"][width]
        dilations = attrs.get("dilations", [1, 1, 1, 1])
        self.dilations = dilations[height], dilations[width]
        self.padding = attrs["padding"]
        explicit = attrs.get("explicit_paddings") or [0] * 8
        self.explicit = (
            tuple(explicit[2 * height : 2 * height + 2]),
            tuple(explicit[2 * width : 2 * width + 2]),
        )

    def pads(
        self, sizes: Sequence[int], windows: Sequence[int]
    ) -> list[tuple[int, int]]:
        """The zeros before and after, for height and width."""
        if self.padding == "VALID":
            return [(0, 0), (0, 0)]
        if self.padding == "EXPLICIT":
            return [(int(a), int(b)) for a, b in self.explicit]
        return [
            same_padding(size, (window - 1) * dilation + 1, stride)
            for size, window, stride, dilation in zip(
                sizes, windows, self.strides, self.dilations, strict=True
            )
        ]

    def to_last(self, x: Array) -> Array:
        """Images with their channels last."""
        return np.moveaxis(x, 1, -1) if self.channels_first else x

    def from_last(self, x: Array) -> Array:
        """Images with their channels where the format has them."""
        return np.moveaxis(x, -1, 1) if self.channels_first else x


def windows_of(
    image: Array,
    window: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> Array:
    """A view of a padded image [h, w, c]: [out_h, out_w, window_h, window_w, c]."""
    reach = [(w - 1) * d + 1 for w, d in zip(window, dilations, strict=True)]
    view = np.lib.stride_tricks.sliding_window_view(image, reach, axis=(0, 1))
    view = view[:: strides[0], :: strides[1], :, :: dilations[0], :: dilations[1]]
    return view.transpose(0, 1, 3, 4, 2)


def _conv2d_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    geometry = Geometry(op._attrs)

    def kernel(images: Array, filters: Array) -> Array:
        x = geometry.to_last(images)
        height, width, depth, out = filters.shape
        if x.shape[-1] != depth:
            raise InvalidArgumentError(
                None,
                op,
                "input depth must be evenly divisible by filter depth: "
                f"{x.shape[-1]} vs {depth}",
            )
        pads = geometry.pads(x.shape[1:3], (height, width))
        padded = np.pad(x, [(0, 0), *pads, (0, 0)]) if any(map(any, pads)) else x
        matrix = filters.reshape(-1, out)
        results = []
        for image in padded:
            view = windows_of(image, (height, width), geometry.strides,
                              geometry.dilations)  # fmt: skip
            rows = view.reshape(view.shape[0] * view.shape[1], -1)
            results.append((rows @ matrix).reshape(*view.shape[:2], out))
        return geometry.from_last(np.stack(results))

    return kernel


define("Conv2D", shape=_conv2d_shape, build=_conv2d_kernel)


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Any:
    """Images convolved with filters.

    Args:
        input: [batch, height, width, channels].
        filter: [height, width, in channels, out channels].
        strides: one number, two, or four.
        padding: "SAME", "VALID", or four pairs of numbers.
        use_cudnn_on_gpu: kept as an attribute.
        data_format: "NHWC" or "NCHW".
        dilations: as strides.
        name: of the operation.
        filters: another name for filter.
    """
    filter = deprecation.either("filters", filters, "filter", filter)
    padding, explicit = convert_padding(padding)
    data_format = data_format or "NHWC"
    channel = 1 if data_format.startswith("NC") else 3
    return apply(
        "Conv2D",
        input,
        filter,
        strides=spatial_sequence(strides, 2, channel, "strides"),
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit,
        data_format=data_format,
        dilations=spatial_sequence(dilations, 2, channel, "dilations"),
        name=name,
    )
