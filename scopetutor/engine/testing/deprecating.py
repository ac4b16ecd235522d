"""Parts of `tensorflow.python.util.deprecation` for programs' own functions.

After ``deprecation.py``, which warns for TensorFlow's own functions. It is reached by
that path only (``evaluator/old_paths.py``); programs decorate their own code with it.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import re
from typing import TYPE_CHECKING, Any

from scopetutor.engine import deprecation, tf_logging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

deprecated_argument_lookup = deprecation.either


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Context manager: nothing is warned of."""
    before = deprecation._PRINT_DEPRECATION_WARNINGS
    deprecation._PRINT_DEPRECATION_WARNINGS = False
    try:
        yield
    finally:
        deprecation._PRINT_DEPRECATION_WARNINGS = before


def deprecated(
    date: str | None, instructions: str, warn_once: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: calls warn that a function will go away.

    Args:
        date: after which it may, such as "2016-07-04"; None: it is not known.
        instructions: what to do instead.
        warn_once: whether only the first call warns.

    Raises:
        ValueError: the date is no such text, or there are no instructions.
    """
    if date is not None and not re.match(r"20\d\d-[01]\d-[0123]\d", date):
        raise ValueError("Date must be YYYY-MM-DD.")
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")

    def decorate(func: Callable[..., Any]) -> Callable[..., Any]:
        called = False

        @functools.wraps(func)
        def warns(*args: Any, **kwargs: Any) -> Any:
            nonlocal called
            if deprecation._PRINT_DEPRECATION_WARNINGS and not (called and warn_once):
                called = True
                tf_logging.warning(
                    "From %s: %s (from %s) is deprecated and will be removed %s.\n"
                    "Instructions for updating:\n%s",
                    deprecation.place(1),
                    getattr(func, "__qualname__", func),
                    func.__module__,
                    deprecation.when(date),
                    instructions,
                )
            return func(*args, **kwargs)

        warns.__doc__ = _documented(func, date, instructions)
        return warns

    return decorate


def _documented(func: Callable[..., Any], date: str | None, instructions: str) -> str:
    """A function's own words, with those of its end after the first line."""
    removed = deprecation.when(date)
    lines = (inspect.getdoc(func) or "").splitlines()
    first = f"{lines[0]} (deprecated)" if lines else "DEPRECATED FUNCTION"
    notice = [
        "",
        f"Warning: THIS FUNCTION IS DEPRECATED. It will be removed {removed}.",
        "Instructions for updating:",
        instructions,
    ]
    if lines[1:] and lines[1].strip():
        notice.append("")
    return "\n".join([first, *notice, *lines[1:]])
