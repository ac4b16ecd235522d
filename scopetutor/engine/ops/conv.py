"""Convolution of images with filters: `tf.nn.conv2d` and its kin.

After conv_kernels. Filters are [*window, channels in, channels out]; formats are NHWC
(the usual one) and NCHW, NDHWC and NCDHW in three dimensions.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.operation import Tensor
from scopetutor.engine.surroundings import name_scope

from . import (
    conv_kernels,  # noqa: F401 - defines the operations
    joining,
    reshaping,
)

Array = np.ndarray[Any, Any]

# -- arguments ---------------------------------------------------------------------


def spatial_sequence(
    value: Any, count: int, channel_index: int, name: str
) -> list[Any]:
    """Sizes for all axes, of one number, of those for the axes of space, or of all.

    Raises:
        ValueError: there are neither one, nor `count`, nor `count + 2`.
    """
    if value is None:
        value = [1]
    elif not isinstance(value, Sized):
        value = [value]
    if len(value) == count + 2:
        return list(value)
    if len(value) == 1:
        value = [value[0]] * count
    elif len(value) != count:
        raise ValueError(
            f"{name} should be of length 1, {count} or {count + 2} but was {len(value)}"
        )
    values = list(value)
    return [1, 1, *values] if channel_index == 1 else [1, *values, 1]


def channel_index(data_format: str, count: int) -> int:
    """Which axis the channels are on, for so many axes of space."""
    return 1 if data_format.startswith("NC") else count + 1


def convert_padding(padding: Any) -> tuple[Any, list[int]]:
    """The name of a padding, and explicit numbers if it is a list.

    Raises:
        ValueError: it is not four pairs of numbers.
    """
    if isinstance(padding, str) and padding == "EXPLICIT":
        raise ValueError(
            '"EXPLICIT" is not a valid value for the padding parameter. To use '
            "explicit padding, the padding parameter must be a list."
        )
    if not isinstance(padding, (list, tuple)):
        return padding, []
    explicit: list[int] = []
    each = (
        "When padding is a list, each element of padding must be a list/tuple of size "
        "2."
    )
    for i, pair in enumerate(padding):
        if not isinstance(pair, (list, tuple)):
            raise ValueError(
                f"{each} Element with index {i} of padding is not a list/tuple"
            )
        if len(pair) != 2:
            raise ValueError(
                f"{each} Element with index {i} of padding has size {len(pair)}"
            )
        explicit.extend(pair)
    if len(padding) != 4:
        raise ValueError(
            "When padding is a list, it must be of size 4. Got padding of size: "
            f"{len(padding)}"
        )
    return "EXPLICIT", explicit


# -- one and two dimensions --------------------------------------------------------


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
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
    channel = channel_index(data_format, 2)
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


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
) -> Any:
    """The gradient of conv2d with respect to its filters."""
    padding, explicit = convert_padding(padding)
    return apply(
        "Conv2DBackpropFilter",
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
    filters: Any = None,
) -> Any:
    """The gradient of conv2d with respect to its images."""
    filter = deprecation.either("filters", filters, "filter", filter)
    padding, explicit = convert_padding(padding)
    return apply(
        "Conv2DBackpropInput",
        input_sizes,
        filter,
        out_backprop,
        strides=strides,
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Any:
    """The transpose of conv2d: images grow by the strides.

    Args:
        value: [batch, height, width, in channels].
        filter: [height, width, out channels, in channels].
        output_shape: of the result; several sizes give one value with these strides.
        strides: one number, two, or four.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        name: of the operation.
        input: another name for value.
        filters: another name for filter.
        dilations: as strides.
    """
    value = deprecation.either("input", input, "value", value)
    filter = deprecation.either("filters", filters, "filter", filter)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        return conv2d_transpose_v2(
            value,
            filter,
            output_shape,
            strides,
            padding=padding,
            data_format=data_format,
            dilations=dilations,
            name=scope,
        )


def conv2d_transpose_v2(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """`tf.nn.conv2d_transpose` as in TF 2."""
    with name_scope(name, "conv2d_transpose", [input, output_shape]) as scope:
        data_format = data_format or "NHWC"
        channel = channel_index(data_format, 2)
        return apply(
            "Conv2DBackpropInput",
            output_shape,
            filters,
            input,
            strides=spatial_sequence(strides, 2, channel, "strides"),
            padding=padding,
            data_format=data_format,
            dilations=spatial_sequence(dilations, 2, channel, "dilations"),
            name=scope,
        )


def _format_1d(data_format: str | None, allowed: dict[Any, str]) -> tuple[str, int]:
    """The format in two dimensions, and where the axis of space is."""
    if data_format not in allowed:
        raise ValueError('data_format must be "NWC" or "NCW".')
    wide = allowed[data_format]
    return wide, 2 if wide == "NCHW" else 1


_FORMATS_1D = {None: "NHWC", "NWC": "NHWC", "NCW": "NCHW"}


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: Any = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Any:
    """Sequences convolved with filters; TF 1.15: a conv2d of height 1.

    Args:
        value: [batch, width, channels].
        filters: [width, in channels, out channels].
        stride: a number.
        padding: "SAME" or "VALID".
        use_cudnn_on_gpu: kept as an attribute.
        data_format: "NWC" or "NCW".
        name: of the operation.
        input: another name for value.
        dilations: as stride.
    """
    for old, new in (("NCHW", "NCW"), ("NHWC", "NWC")):
        if data_format == old:
            deprecation.warn_argument(
                "conv1d",
                "nn_ops",
                f"data_format={old}",
                f"`{old}` for data_format is deprecated, use `{new}` instead",
            )
    value = deprecation.either("input", input, "value", value)
    with name_scope(name, "conv1d", [value, filters]) as scope:
        formats = _FORMATS_1D | {"NHWC": "NHWC", "NCHW": "NCHW"}
        wide, place = _format_1d(data_format, formats)
        channel = channel_index(wide, 1)
        strides = [1, *spatial_sequence(stride, 1, channel, "stride")]
        spread = [1, *spatial_sequence(dilations, 1, channel, "dilations")]
        result = apply(
            "Conv2D",
            reshaping.expand_dims(value, place),
            reshaping.expand_dims(filters, 0),
            strides=strides,
            padding=padding,
            use_cudnn_on_gpu=use_cudnn_on_gpu,
            data_format=wide,
            dilations=spread,
            name=scope,
        )
        return reshaping.squeeze(result, [place])


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """The transpose of conv1d: sequences grow by the stride."""
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        wide, place = _format_1d(data_format, _FORMATS_1D)
        channel = channel_index(wide, 1)
        steps = [1, *spatial_sequence(strides, 1, channel, "stride")]
        spread = [1, *spatial_sequence(dilations, 1, channel, "dilations")]
        images = reshaping.expand_dims(input, place)
        filters = reshaping.expand_dims(filters, 0)
        if not isinstance(output_shape, Tensor):
            output_shape = list(output_shape)
        sizes = joining.concat([output_shape[:place], [1], output_shape[place:]], 0)
        result = apply(
            "Conv2DBackpropInput",
            sizes,
            filters,
            images,
            strides=steps,
            padding=padding,
            data_format=wide,
            dilations=spread,
            name=scope,
        )
        return reshaping.squeeze(result, place)


# -- three dimensions --------------------------------------------------------------


def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str | None = "NDHWC",
    dilations: Any = [1, 1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
    filters: Any = None,
) -> Any:
    """Volumes convolved with filters.

    Args:
        input: [batch, depth, height, width, channels].
        filter: [depth, height, width, in channels, out channels].
        strides: five numbers.
        padding: "SAME" or "VALID".
        data_format: "NDHWC" or "NCDHW".
        dilations: five numbers.
        name: of the operation.
        filters: another name for filter.
    """
    filter = deprecation.either("filters", filters, "filter", filter)
    return apply(
        "Conv3D",
        input,
        filter,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv3d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NDHWC",
    dilations: Any = [1, 1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
) -> Any:
    """The gradient of conv3d with respect to its filters."""
    return apply(
        "Conv3DBackpropFilterV2",
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Any:
    """The transpose of conv3d; see conv2d_transpose."""
    filter = deprecation.either("filters", filters, "filter", filter)
    value = deprecation.either("input", input, "value", value)
    return conv3d_transpose_v2(
        value, filter, output_shape, strides, padding, data_format, dilations, name
    )


def conv3d_transpose_v2(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """`tf.nn.conv3d_transpose` as in TF 2."""
    with name_scope(name, "conv3d_transpose", [input, output_shape]) as scope:
        data_format = data_format or "NDHWC"
        channel = channel_index(data_format, 3)
        return apply(
            "Conv3DBackpropInputV2",
            output_shape,
            filters,
            input,
            strides=spatial_sequence(strides, 3, channel, "strides"),
            padding=padding,
            data_format=data_format,
            dilations=spatial_sequence(dilations, 3, channel, "dilations"),
            name=scope,
        )


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """The transpose of a convolution in one, two or three dimensions.

    Raises:
        ValueError: output_shape does not say how many there are.
    """
    with name_scope(name, "conv_transpose", [input, output_shape]) as scope:
        if is_tensor(output_shape):
            count = output_shape.shape[0].value - 2
        elif isinstance(output_shape, Sized):
            count = len(output_shape) - 2
        else:
            raise ValueError("output_shape must be a tensor or sized collection.")
        if not 1 <= count <= 3:
            raise ValueError(
                f"output_shape must be of length 3, 4 or 5 but was {count + 2}."
            )
        functions: tuple[Any, ...] = (
            conv1d_transpose,
            conv2d_transpose_v2,
            conv3d_transpose_v2,
        )
        return functions[count - 1](
            input,
            filters,
            output_shape,
            strides,
            padding=padding,
            data_format=data_format,
            dilations=dilations,
            name=scope,
        )


name_functions(
    globals(), conv3d="conv3d_v1", conv3d_backprop_filter="conv3d_backprop_filter_v2"
)
