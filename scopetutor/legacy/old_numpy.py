"""Names that NumPy had in TensorFlow 1's time, for scripts that use them.

NumPy 1.24 and 2.0 took them away; code from before stumbles over them long before it
comes to TensorFlow. `host` gives them back before a script runs.
"""

from __future__ import annotations

import ctypes
import gc
import warnings
from typing import Any

import numpy as np

_PYTHON = {
    "bool": bool, "int": int, "float": float, "complex": complex, "object": object,
    "str": str, "long": int, "unicode": str,
}  # fmt: skip
_RENAMED = {
    "float_": "float64", "complex_": "complex128", "string_": "bytes_",
    "unicode_": "str_", "Inf": "inf", "Infinity": "inf", "PINF": "inf", "NaN": "nan",
    "infty": "inf", "product": "prod", "cumproduct": "cumprod", "alltrue": "all",
    "sometrue": "any", "round_": "round", "row_stack": "vstack", "in1d": "isin",
    "trapz": "trapezoid", "mat": "asmatrix",
}  # fmt: skip


def _itemset(array: Any, *place_and_value: Any) -> None:
    *place, value = place_and_value
    if len(place) == 1 and not isinstance(place[0], tuple):
        array.flat[place[0]] = value
    else:
        array[tuple(place[0]) if len(place) == 1 else tuple(place)] = value


def _tostring(array: Any, order: Any = "C") -> bytes:
    data: bytes = array.tobytes(order)
    return data


def _ptp(array: Any, *args: Any, **options: Any) -> Any:
    return np.ptp(array, *args, **options)


_METHODS = {
    (np.ndarray, "tostring"): _tostring,
    (np.generic, "tostring"): _tostring,
    (np.ndarray, "itemset"): _itemset,
    (np.ndarray, "ptp"): _ptp,
}


def restore() -> None:
    """Gives NumPy the names back that it does not have any more."""
    for name, kind in _PYTHON.items():
        # NumPy 2 has a `bool` of its own again, which serves as well.
        _give(name, kind)
    for name, now in _RENAMED.items():
        _give(name, getattr(np, now, None))
    _give("NINF", -np.inf)
    _give("asscalar", lambda a: a.item())
    for (kind, name), method in _METHODS.items():
        _give_method(kind, name, method)
    _read_bytes_by_fromstring()


def _give(name: str, value: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # asking for some of them warns
        if value is not None and not hasattr(np, name):
            setattr(np, name, value)


def _give_method(kind: type, name: str, method: Any) -> None:
    # A class that is written in C takes no new attributes: they go into the
    # dictionary behind the one that it shows. Pipelines of images call
    # `image.tostring()`, and there is no place to stand in for the array.
    if not hasattr(kind, name):
        (inside,) = gc.get_referents(kind.__dict__)
        inside[name] = method
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _read_bytes_by_fromstring() -> None:
    """Lets `np.fromstring` read bytes, where it reads numbers in words only."""
    reads_words: Any = np.fromstring

    def fromstring(
        string: Any, dtype: Any = float, count: int = -1, *, sep: str = "", **like: Any
    ) -> Any:
        if sep:
            return reads_words(string, dtype, count, sep=sep, **like)
        data = string.encode("latin-1") if isinstance(string, str) else string
        return np.frombuffer(data, dtype, count, **like).copy()

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reads_words(b"\0", np.uint8)
    except ValueError:
        setattr(np, "fromstring", fromstring)  # noqa: B010 - it is typed otherwise
