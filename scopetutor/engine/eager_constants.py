"""Python values as eager tensors: their types, and what is refused.

After eager, where eager tensors are; loaded with it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from . import constants, dtypes, shapes
from .dtypes import runtime_name
from .eager import EagerTensor
from .operation import Tensor

if TYPE_CHECKING:
    from .dtypes import DType


# -- constants -------------------------------------------------------------------------


def constant(value: Any, dtype: Any, shape: Any, verify_shape: bool) -> EagerTensor:
    """The tensor of a value.

    Raises:
        TypeError: the value cannot fill the shape.
        ValueError: it is no value.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    tensor = _convert_value(value, wanted)
    if shape is None or tensor.shape == shapes.TensorShape(shape):
        return tensor
    shape = shapes.as_shape(shape)
    if verify_shape:
        raise TypeError(
            f"Expected Tensor's shape: {tuple(shape)}, got {tuple(tensor.shape)}."
        )
    sizes = tuple(shape.as_list())
    count = int(np.prod(sizes))
    array = np.asarray(tensor._value)
    if array.size == count:
        return EagerTensor(array.reshape(sizes), tensor._dtype)
    if array.ndim == 0:
        return EagerTensor(np.full(sizes, array[()], array.dtype), tensor._dtype)
    raise TypeError(
        "Eager execution of tf.constant with unsupported shape (value has "
        f"{array.size} elements, shape is {shape} with {count} elements)."
    )


def _convert_value(value: Any, dtype: DType | None) -> EagerTensor:
    if isinstance(value, EagerTensor):
        if dtype is not None and value._dtype is not dtype:
            raise TypeError(f"Expected tensor with type {dtype!r} not {value._dtype!r}")
        return value
    if isinstance(value, range):
        value = list(value)
    if not constants._is_array_like(value):
        sizes = _sizes_by_the_first(value)
        if 0 in sizes:  # TF 1.15: nothing after the empty list is looked at.
            kind = dtype or dtypes.float32
            return EagerTensor(np.zeros(sizes, kind.as_numpy_dtype), kind)
        _check_elements(value, sizes, _followers(value, dtype))
        dtype = _checked_numbers(value, dtype)
    try:
        found, kind = constants.literal(value, dtype)
    except (TypeError, ValueError) as error:
        raise _refusal(value, dtype, error) from None
    return EagerTensor(found.array, kind)


def _sizes_by_the_first(value: Any) -> tuple[int, ...]:
    """The sizes that TF 1.15's runtime reads off the first of the nested lists."""
    sizes = []
    while isinstance(value, _SEQUENCES):
        sizes.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(sizes)


def _followers(value: Any, dtype: DType | None) -> set[str]:
    """Which kinds of values may follow the first; ValueError if it is of none."""
    while isinstance(value, _SEQUENCES):
        value = value[0]
    first = _kind_of(value)
    if not first:
        raise ValueError(
            f"Attempt to convert a value ({value!r}) with an unsupported type "
            f"({type(value)}) to a Tensor."
        )
    if first == "bool" and dtype is not None:
        first = (
            "float" if dtype.is_floating else "integer" if dtype.is_integer else first
        )
    return _FOLLOWS[first]


def _check_elements(value: Any, sizes: tuple[int, ...], followers: set[str]) -> None:
    """ValueError at the first element that does not fit those before it."""
    if not sizes:
        if _kind_of(value) not in followers:
            raise ValueError(
                "Can't convert Python sequence with mixed types to Tensor."
            )
        return
    if not isinstance(value, _SEQUENCES) or len(value) != sizes[0]:
        raise ValueError("Can't convert non-rectangular Python sequence to Tensor.")
    for element in value:
        _check_elements(element, sizes[1:], followers)


def _checked_numbers(value: Any, dtype: DType | None) -> DType | None:
    """The type to convert numbers to; None: what NumPy makes of them.

    TF 1.15: whole numbers are read as such until a float comes.

    Raises:
        ValueError: a number does not fit in 64 bits, or is no float32.
    """
    if dtype is not None and not dtype.is_integer:
        return dtype
    for number in (numbers := list(constants._items(value))):
        if type(number) is float:
            break
        if type(number) is int and not -_BEYOND <= number < _BEYOND:
            raise ValueError(
                "Can't convert Python sequence with out-of-range integer to Tensor."
            )
    else:
        return dtype
    if dtype is not None:
        return dtype
    if any(type(x) is float and _LARGEST < abs(x) < math.inf for x in numbers):
        raise ValueError(
            "Can't convert Python sequence with a value out of range for a "
            "double-precision float."
        )
    return dtypes.float32


_BEYOND = 1 << 63
_LARGEST = float(np.finfo(np.float32).max)

_SEQUENCES = (list, tuple, range)

# Which kinds of numbers may come after the first of a sequence.
_FOLLOWS = {
    "bool": {"bool"},
    "integer": {"bool", "int"},  # asked for by dtype
    "int": {"bool", "int", "float"},
    "float": {"bool", "int", "float"},
    "complex": {"complex"},
    "str": {"str"},
}


def _kind_of(value: Any) -> str:
    """What a single value is; "" if it is nothing that a tensor holds."""
    if isinstance(value, (bool, np.bool_)):
        return "bool"
    for kind, types in (
        ("int", (int, np.integer)),
        ("float", (float, np.floating)),
        ("complex", (complex, np.complexfloating)),
        ("str", (str, bytes)),
    ):
        if isinstance(value, types):
            return kind
    if isinstance(value, (Tensor, np.ndarray)) or hasattr(value, "__array__"):
        return "float"
    return ""


def _refusal(value: Any, dtype: DType | None, error: Exception) -> Exception:
    """What TF 1.15 says in eager mode of a value that is not of a type."""
    if dtype is None and isinstance(value, np.ndarray) and value.dtype == object:
        kind = type(value.reshape(-1)[0]).__name__ if value.size else "object"
        return ValueError(
            "Failed to convert a NumPy array to a Tensor (Unsupported object type "
            f"{kind})."
        )
    if isinstance(value, np.ndarray):
        return error
    if dtype is not None and isinstance(error, TypeError):
        name = runtime_name(dtype)
        return TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {name}")
    return error
