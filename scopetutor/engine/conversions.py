"""Conversions to tensors as programs ask for them, with all names of the arguments.

After convert and sparse, which do the work, and which the engine itself calls; `tf`
lists these.
"""

from __future__ import annotations

from typing import Any

from . import convert, sparse
from .deprecation import either


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
) -> Any:
    """The tensor that a value stands for; see `convert.convert_to_tensor`.

    Args:
        value: a tensor, a variable, a number, an array, a list of these, …
        dtype: the type it must have; None: what it has.
        name: of the operation that may have to be made.
        preferred_dtype: a type to try first; ignored if the value cannot be of it.
        dtype_hint: the same under its later name.

    Raises:
        ValueError: it is a tensor of another type, or both names were used.
        TypeError: nobody knows how to convert it.
    """
    preferred = either("dtype_hint", dtype_hint, "preferred_dtype", preferred_dtype)
    return convert.convert_to_tensor(value, dtype, name, preferred)


def convert_to_tensor_or_indexed_slices(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """IndexedSlices and SparseTensors as they are, anything else as a tensor."""
    return sparse.to_tensor_or_indexed_slices(value, dtype, name)
