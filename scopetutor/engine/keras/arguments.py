"""Long signatures, written out once and handed on.

TensorFlow's signatures are long, and a layer's class, its base class and its function
share one. Each writes its own out, for readers and for Python's own error messages, and
hands it on as its `locals()`.
"""

from __future__ import annotations

import inspect
from typing import Any

_OF_PYTHON = frozenset({"self", "__class__", "kwargs"})


def arguments(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of an `__init__`, from the `locals()` of its first line."""
    named = {key: value for key, value in given.items() if key not in _OF_PYTHON}
    return {**named, **given.get("kwargs", {})}


def takes(function: Any, name: str) -> bool:
    """Whether a function has an argument of a name."""
    spec = inspect.getfullargspec(function)
    return name in spec.args or name in spec.kwonlyargs
