"""Sizes, strides, paddings and formats of layers that work in space.

What every convolution and pooling layer does with its arguments, and how long an axis
is afterwards.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.shapes import TensorShape

from .settings import image_data_format

_FORMATS = {
    "channels_last": {3: "NWC", 4: "NHWC", 5: "NDHWC"},
    "channels_first": {3: "NCW", 4: "NCHW", 5: "NCDHW"},
}


def normalize_data_format(value: str | None) -> str:
    """Which of "channels_first" and "channels_last" is meant; None: the setting.

    Raises:
        ValueError: it is something else.
    """
    data_format = (value or image_data_format()).lower()
    if data_format not in _FORMATS:
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", '
            f'"channels_last". Received: {value}'
        )
    return data_format


def convert_data_format(data_format: str, ndim: int) -> str:
    """The format as operations call it, such as "NHWC"."""
    if data_format not in _FORMATS:
        raise ValueError("Invalid data_format:", data_format)
    by_rank = _FORMATS[data_format]
    if ndim not in by_rank:
        raise ValueError("Input rank not supported:", ndim)
    return by_rank[ndim]


def normalize_padding(value: Any) -> Any:
    """Which of "valid", "same" and "causal" is meant; a list stays as it is.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, (list, tuple)):
        return value
    padding = value.lower()
    if padding not in ("valid", "same", "causal"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or '
            f'"causal", only for `Conv1D). Received: {padding}'
        )
    return padding


def normalize_tuple(value: Any, n: int, name: str) -> tuple[Any, ...]:
    """One number for each axis, from one number or several.

    Raises:
        ValueError: it is not n whole numbers.
    """
    if isinstance(value, int):
        return (value,) * n
    problem = (
        f"The `{name}` argument must be a tuple of {n} integers. Received: {value}"
    )
    try:
        values = tuple(value)
    except TypeError:
        raise ValueError(problem) from None
    if len(values) != n:
        raise ValueError(problem)
    for single in values:
        try:
            int(single)
        except (ValueError, TypeError):
            raise ValueError(
                f"{problem} including element {single} of type {type(single)}"
            ) from None
    return values


def conv_output_length(
    length: int | None, window: int, padding: str, stride: int, dilation: int = 1
) -> int | None:
    """How long an axis is after windows were moved along it."""
    if length is None:
        return None
    if padding == "valid":
        length -= (window - 1) * dilation
    return (length + stride - 1) // stride


def deconv_output_length(
    length: Any,
    window: int,
    padding: str,
    output_padding: int | None = None,
    stride: int = 0,
    dilation: int = 1,
) -> Any:
    """How long an axis is after a transposed convolution.

    Args:
        length: a number, a tensor (then operations are added), or None: unknown.
        window: its size.
        padding: "valid" or "same".
        output_padding: what is added at the end; None: as little as possible.
        stride: how far apart windows are.
        dilation: how far apart the window's own points are.
    """
    if length is None:
        return None
    window += (window - 1) * (dilation - 1)
    if output_padding is None:
        longer = length * stride
        return longer + max(window - stride, 0) if padding == "valid" else longer
    pad = window // 2 if padding == "same" else 0
    return (length - 1) * stride + window - 2 * pad + output_padding


def changed_sizes(
    shape: Any, data_format: str, times: Any = None, plus: Any = None
) -> TensorShape:
    """A shape whose axes of space are multiplied or added to.

    Args:
        shape: with batch and channels.
        data_format: "channels_last" or "channels_first".
        times: a factor for each axis of space; None: 1.
        plus: what is added to each; None: 0.
    """
    sizes = TensorShape(shape).as_list()
    first = 2 if data_format == "channels_first" else 1
    for i in range(len(sizes) - 2):
        if sizes[first + i] is not None:
            factor, more = times[i] if times else 1, plus[i] if plus else 0
            sizes[first + i] = sizes[first + i] * factor + more
    return TensorShape(sizes)
