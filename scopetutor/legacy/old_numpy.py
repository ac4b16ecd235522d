"""Names that NumPy had in TensorFlow 1's time, for scripts that use them.

NumPy 1.24 and 2.0 took them away; code from before stumbles over them long before it
comes to TensorFlow. `host` gives them back before a script runs.
"""

from __future__ import annotations

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


def restore() -> None:
    """Gives NumPy the names back that it does not have any more."""
    for name, kind in _PYTHON.items():
        # NumPy 2 has a `bool` of its own again, which serves as well.
        _give(name, kind)
    for name, now in _RENAMED.items():
        _give(name, getattr(np, now, None))
    _give("NINF", -np.inf)
    _give("asscalar", lambda a: a.item())


def _give(name: str, value: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # asking for some of them warns
        if value is not None and not hasattr(np, name):
            setattr(np, name, value)
