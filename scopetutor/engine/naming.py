"""The names of functions that Python says when they are called wrongly.

Before everything that makes functions. Python's TypeErrors and reprs give a function's
own name: one made in a factory would be called after the factory, and TensorFlow calls
some otherwise than they are known (`tf.constant` is "constant_v1").
"""

from __future__ import annotations

import builtins
from types import FunctionType
from typing import Any


def rename(function: Any, name: str) -> None:
    """Gives a function, and what it wraps, a name."""
    while isinstance(function, FunctionType):
        function.__name__ = function.__qualname__ = name
        function = getattr(function, "__wrapped__", None)


def name_functions(module: dict[str, Any], **otherwise: str) -> None:
    """Names the functions of a module as they are bound there.

    Args:
        module: its globals, at its end.
        otherwise: names in TensorFlow 1.15 that differ from those in the module,
            where they are entered too, as pickles look functions up by their names,
            but for those of Python's own functions.
    """
    for bound, value in module.items():
        if not isinstance(value, FunctionType) or bound in otherwise:
            continue
        if "<locals>" in value.__qualname__ and value.__module__ == module["__name__"]:
            rename(value, bound)
    for bound, name in otherwise.items():
        rename(module[bound], name)
        if not hasattr(builtins, name):
            module.setdefault(name, module[bound])
