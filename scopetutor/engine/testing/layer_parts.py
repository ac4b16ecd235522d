"""What of `tensorflow.python.layers.utils` is not Keras's own.

After ``keras/spaces.py``, which does most of it. Layers that people wrote themselves
import it from that path, next to `smart_cond`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.keras import spaces

_FORMATS = {
    "channels_last": {3: "NWC", 4: "NHWC", 5: "NDHWC"},
    "channels_first": {3: "NCW", 4: "NCHW", 5: "NCDHW"},
}


def convert_data_format(data_format: str, ndim: int) -> str:
    """The short name of an order of dimensions: "NHWC".

    Raises:
        ValueError: there is no such order, or none of so many dimensions.
    """
    if data_format not in _FORMATS:
        raise ValueError("Invalid data_format:", data_format)
    if ndim not in _FORMATS[data_format]:
        raise ValueError("Input rank not supported:", ndim)
    return _FORMATS[data_format][ndim]


def normalize_tuple(value: Any, n: int, name: str) -> tuple[Any, ...]:
    """A number as so many of it, or a tuple of so many numbers.

    Raises:
        ValueError: it is none.
    """
    return spaces.normalize_tuple(value, n, name)


def normalize_data_format(value: str) -> str:
    """The order of dimensions in small letters; ValueError if there is none such."""
    found = value.lower()
    if found not in _FORMATS:
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", '
            f'"channels_last". Received: {value}'
        )
    return found


def normalize_padding(value: str) -> str:
    """The kind of padding in small letters; ValueError if there is none such."""
    padding = value.lower()
    if padding not in ("valid", "same"):
        raise ValueError(
            'The `padding` argument must be one of "valid", "same". Received: '
            f"{padding}"
        )
    return padding


def conv_output_length(
    input_length: int | None,
    filter_size: int,
    padding: str,
    stride: int,
    dilation: int = 1,
) -> int | None:
    """The size of what a convolution gives."""
    if input_length is None:
        return None
    window = (filter_size - 1) * dilation
    length = input_length + {"same": 0, "valid": -window, "full": window}[padding]
    return (length + stride - 1) // stride


def conv_input_length(
    output_length: int | None, filter_size: int, padding: str, stride: int
) -> int | None:
    """The size of what a convolution took, from the size of what it gave."""
    if output_length is None:
        return None
    pad = {"same": filter_size // 2, "valid": 0, "full": filter_size - 1}[padding]
    return (output_length - 1) * stride - 2 * pad + filter_size


def deconv_output_length(
    input_length: int | None, filter_size: int, padding: str, stride: int
) -> int | None:
    """The size of what a transposed convolution gives."""
    if input_length is None:
        return None
    length = input_length * stride
    if padding == "valid":
        length += max(filter_size - stride, 0)
    elif padding == "full":
        length -= stride + filter_size - 2
    return length


def static_shape(x: Any) -> tuple[Any, ...] | None:
    """The shape as a tuple; None if it is not known."""
    if x is None or x.get_shape().ndims is None:
        return None
    return tuple(x.get_shape().as_list())
