"""Short texts for values, made without running any code of the learner's.

A summary is made after every entry. A `__repr__` that hangs, or one that changes the
program, must not be called for it; so only types of Python, NumPy and the engine are
looked into, and of everything else only the type is said.

`observe`, `inspection` and the explanations of `why` put these texts into what they
say.
"""

from __future__ import annotations

from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np

from scopetutor.engine.dtypes import DType
from scopetutor.engine.graph import Graph
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.scopes import VariableScope
from scopetutor.engine.session import BaseSession
from scopetutor.engine.shapes import Dimension, TensorShape
from scopetutor.engine.variables import Variable
from scopetutor.snapshot import ValueView

from . import public_names
from .class_names import OURS

LONGEST = 120
"""Characters of a text."""
MOST_ITEMS = 8
MOST_LISTED = 5
DEEPEST = 3
BINS = 10
MOST_BINNED = 100_000
"""Elements that are looked at for the bins; of larger arrays a sample is taken."""

_NUMPY_STYLE: dict[str, Any] = {
    "threshold": 12,
    "edgeitems": 2,
    "precision": 4,
    "linewidth": 10_000,
    "suppress": False,
    "nanstr": "nan",
    "infstr": "inf",
    "sign": "-",
    "floatmode": "maxprec",
    "formatter": None,  # the learner may have set one
    "legacy": False,
}
_ENGINE = (Variable, Tensor, Operation, TensorShape, Dimension, DType)
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}


def short(value: Any, depth: int = 0) -> str:
    """A text of at most `LONGEST` characters for a value."""
    text = _text(value, depth)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _text(value: Any, depth: int) -> str:
    kind = type(value)
    if kind in _SIMPLE:
        return str(_SIMPLE[kind](value))
    if kind in _BRACKETS:
        return _container(value, kind, depth)
    if kind is np.ndarray:
        return array(value)
    if issubclass(kind, np.generic) and kind.__module__ == "numpy":
        return repr(value)
    if issubclass(kind, _ENGINE):
        return repr(value)
    if issubclass(kind, VariableScope):
        return f"<variable scope '{value.name}'>"
    if issubclass(kind, (BaseSession, Graph)):
        return f"<{public_names.public_class(kind)}>"
    if issubclass(kind, type):
        return f"<class '{type.__getattribute__(value, '__qualname__')}'>"
    return f"<{kind.__qualname__} object>"


def _integer(value: int) -> str:
    if value.bit_length() > 400:
        return f"<int of {value.bit_length():,} bits>"
    return str(value)


def _string(value: str | bytes) -> str:
    return repr(value[:LONGEST])


def _container(value: Any, kind: type, depth: int) -> str:
    opening, closing = _BRACKETS[kind]
    if depth >= DEEPEST:
        return f"{opening}…{closing}"
    parts: list[str] = []
    try:
        for item in value.items() if kind is dict else value:
            if len(parts) == MOST_ITEMS:
                parts.append(f"… {len(value):,} in all")
                break
            inside = item if kind is dict else (item,)
            parts.append(": ".join(short(one, depth + 1) for one in inside))
    except RuntimeError:  # another thread changes it
        parts.append("…")
    if kind is tuple and len(parts) == 1:
        return f"({parts[0]},)"
    return f"{opening}{', '.join(parts)}{closing}"


_SIMPLE: dict[type, Any] = {
    type(None): repr,
    type(...): repr,
    bool: repr,
    float: repr,
    complex: repr,
    range: repr,
    int: _integer,
    str: _string,
    bytes: _string,
    FunctionType: lambda value: f"<function {value.__name__}>",
    BuiltinFunctionType: lambda value: f"<built-in {value.__name__}>",
    MethodType: lambda value: f"<method {getattr(value.__func__, '__name__', '?')}>",
    ModuleType: lambda value: f"<module {module_name(value)}>",
}


def module_name(module: ModuleType) -> str:
    """A module's name; of ours, as the learner imports it."""
    name = str(vars(module).get("__name__", "?"))
    return name.replace("scopetutor.tf", "tensorflow", 1)


def listed(names: list[str]) -> str:
    """Names in a row; of many, the first and how many more there are."""
    if len(names) <= MOST_LISTED:
        return ", ".join(names)
    more = len(names) - MOST_LISTED
    return f"{', '.join(names[:MOST_LISTED])} and {more} more"


def array(value: Any) -> str:
    """An array on one line: type, shape, and the values at its edges."""
    head = f"{value.dtype.name} {value.shape}"
    if value.dtype.hasobject:
        return f"<array {head}>"
    return f"<array {head}: {numbers(value)}>"


def numbers(value: Any) -> str:
    """The values at an array's edges, on one line."""
    if value.dtype == object:
        flat = [_string(item) for item in value.reshape(-1)[:MOST_ITEMS]]
        more = ", …" if value.size > MOST_ITEMS else ""
        return f"[{', '.join(flat)}{more}]" if value.ndim else flat[0]
    with np.printoptions(**_NUMPY_STYLE):
        return " ".join(np.array2string(value).split())


def value_view(session: int, value: Any) -> ValueView:
    """What a variable holds in a session; `value` is None if it holds nothing."""
    if value is None:
        return ValueView(session, "", initialized=False)
    value = np.asarray(value)
    text = numbers(value)
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if value.dtype.kind not in "fiu" or not value.size:
        return ValueView(session, text, initialized=True)
    flat = value.reshape(-1)
    if value.dtype.kind == "f":
        flat = flat.astype(np.float64)
        finite = np.isfinite(flat)
        if not finite.all():
            flat = flat[finite]
            if not flat.size:
                return ValueView(session, text, initialized=True)
    low, high = flat.min().item(), flat.max().item()
    return ValueView(
        session, text, True, float(low), float(high), float(flat.mean()),
        _bins(flat, float(low), float(high)),
    )  # fmt: skip


def _bins(flat: Any, low: float, high: float) -> tuple[int, ...]:
    """How many elements lie in each of `BINS` equal steps."""
    width = high - low
    if flat.size == 1 or not 0 < width < float("inf"):
        return ()
    sample = flat[:: max(1, flat.size // MOST_BINNED)]
    steps = (sample.astype(np.float64) - low) * (BINS / width)
    places = np.minimum(steps.astype(np.intp), BINS - 1)
    return tuple(np.bincount(places, minlength=BINS).tolist())


def initializer(recipe: Any) -> str:
    """A recipe for a first value as the learner would write it, shortened."""
    kind = type(recipe)
    if kind is FunctionType:
        return str(recipe.__name__)
    if issubclass(kind, (Tensor, Variable)):
        # A tensor of eager mode has no name; its repr holds the value.
        return short(recipe) if kind.__name__ == "EagerTensor" else str(recipe.name)
    if issubclass(kind, type):
        return _without_suffix(public_names.public_class(recipe))
    if not kind.__module__.startswith(OURS):
        return short(recipe)
    name = _without_suffix(public_names.public_class(kind))
    config = recipe.get_config() if hasattr(kind, "get_config") else {}
    given = ", ".join(
        f"{key}={short(value)}"
        for key, value in config.items()
        if key not in ("dtype", "seed", "verify_shape") and value is not None
    )
    return f"{name}({given})" if given else name


def _without_suffix(name: str) -> str:
    return name.rpartition(".")[2].removesuffix("_initializer")
