"""What TF 1.15 warns of: functions and arguments that it calls deprecated.

Each warning comes once, with the file and line of the caller and what to use instead.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any

from . import tf_logging

if TYPE_CHECKING:
    from collections.abc import Callable

_warned: set[str] = set()
_INSTALLED = __file__[: -len(os.path.join("scopetutor", "engine", "deprecation.py"))]


def reset() -> None:
    """Forgets what was warned of, as a new process would."""
    _warned.clear()


# Whether to warn. Programs of the time turn it off by this name.
_PRINT_DEPRECATION_WARNINGS = True


def place(depth: int) -> str:
    """The caller's line; a file of ours without the folder it is installed in."""
    frame = sys._getframe(depth + 1)
    return f"{frame.f_code.co_filename.removeprefix(_INSTALLED)}:{frame.f_lineno}"


def when(date: str | None) -> str:
    """When something is removed, in TensorFlow's words."""
    return "in a future version" if date is None else f"after {date}"


def deprecated(
    function: str, module: str, instructions: str, date: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the first call warns.

    Args:
        function: TensorFlow's name of it, such as "Variable.initialized_value".
        module: where TensorFlow has it, below `tensorflow.python.ops`, or a full name.
        instructions: what to do instead, in TensorFlow's words.
        date: after which it was to disappear, or None.
    """

    def decorate(implementation: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(implementation)
        def warns(*args: Any, **kwargs: Any) -> Any:
            if function not in _warned and _PRINT_DEPRECATION_WARNINGS:
                _warned.add(function)
                tf_logging.warn(
                    "From %s: %s (from %s) is deprecated and will be removed %s.\n"
                    "Instructions for updating:\n%s",
                    place(1),
                    function,
                    _full(module),
                    when(date),
                    instructions,
                )
            return implementation(*args, **kwargs)

        warns._tf_decorator = True  # type: ignore[attr-defined]
        return warns

    return decorate


def _full(module: str) -> str:
    return module if "." in module else f"tensorflow.python.ops.{module}"


def warn_argument(
    function: str, module: str, argument: str, instructions: str, *, depth: int = 2
) -> None:
    """Warns, once, that an argument of a function is deprecated.

    Args:
        function: TensorFlow's name of it.
        module: where TensorFlow has it, as for `deprecated`.
        argument: its name, or `name=value` where only a value is deprecated.
        instructions: what to do instead.
        depth: how many frames above this one the user's call is.
    """
    key = f"{function}({argument})"
    if key in _warned or not _PRINT_DEPRECATION_WARNINGS:
        return
    _warned.add(key)
    tf_logging.warn(
        "From %s: calling %s (from %s) with %s is deprecated and will be removed in a "
        "future version.\nInstructions for updating:\n%s",
        place(depth),
        function,
        _full(module),
        argument,
        instructions,
    )


def undecorated(function: Any) -> Any:
    """The function that is behind warnings, as TensorFlow looks at signatures."""
    while getattr(function, "_tf_decorator", False):
        function = function.__wrapped__
    return function


def deprecated_argument(
    function: str, module: str, argument: str, instructions: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the first call that gives an argument warns.

    Args:
        function: TensorFlow's name of it, such as "Zeros.__init__".
        module: where TensorFlow has it, as for `deprecated`.
        argument: its name.
        instructions: what to do instead.
    """

    def decorate(implementation: Callable[..., Any]) -> Callable[..., Any]:
        code = undecorated(implementation).__code__
        position = code.co_varnames[: code.co_argcount].index(argument)

        @functools.wraps(implementation)
        def warns(*args: Any, **kwargs: Any) -> Any:
            if argument in kwargs or len(args) > position:
                warn_argument(function, module, argument, instructions)
            return implementation(*args, **kwargs)

        warns._tf_decorator = True  # type: ignore[attr-defined]
        return warns

    return decorate


def either(new_name: str, new_value: Any, old_name: str, old_value: Any) -> Any:
    """The value of an argument that has an old and a new name.

    Raises:
        ValueError: both were given.
    """
    if old_value is not None:
        if new_value is not None:
            raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
        return old_value
    return new_value


def warn_function(
    function: str, module: str, instructions: str, *, depth: int = 2
) -> None:
    """Warns, once, that a function is deprecated, from inside it."""
    if function in _warned or not _PRINT_DEPRECATION_WARNINGS:
        return
    _warned.add(function)
    tf_logging.warn(
        "From %s: %s (from %s) is deprecated and will be removed in a future version.\n"
        "Instructions for updating:\n%s",
        place(depth),
        function,
        _full(module),
        instructions,
    )
