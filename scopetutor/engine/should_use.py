"""Results that must be used: what TF 1.15 logs of those that never are.

After doubles. The result of `tf.assert_variables_initialized()` does nothing until it
is run, and a program that forgets to do so checks nothing. So such results come
wrapped: whatever is asked of one marks it as used, and one that is thrown away unused
is logged.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, TypeVar, cast

from . import defaults, tf_logging
from .doubles import wrappers
from .program_lines import program_lines, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

Function = TypeVar("Function", bound="Callable[..., Any]")
_LINE = "=================================="
_FRAMES = 4
"""How many lines of the program are shown; TF 1.15: five, and one is its own."""


class _Watch:
    """Knows whether a result was used; logs it at its end, if not."""

    def __init__(self, true_value: Any, frame: FrameType) -> None:
        self._type, self._repr = type(true_value), repr(true_value)
        self._frame: FrameType | None = frame

    def sate(self) -> None:
        """The result was used."""
        self._frame = None

    def __del__(self) -> None:
        if self._frame is None or sys.is_finalizing():
            return
        # Where the lines of the frame are by now.
        lines = "".join(told(line) for line in program_lines(self._frame, _FRAMES))
        tf_logging.error(
            f"{_LINE}\nObject was never used (type {self._type}):\n{self._repr}\nIf "
            'you want to mark it as used call its "mark_used()" method.\nIt was '
            f"originally created here:\n{lines}\n{_LINE}"
        )


def _init(self: Any, true_value: Any, watch: _Watch) -> None:
    object.__setattr__(self, "_true_value", true_value)
    object.__setattr__(self, "_watch", watch)


def _get(self: Any, key: str) -> Any:
    object.__getattribute__(self, "_watch").sate()
    if key == "mark_used":
        return object.__getattribute__(self, key)
    return getattr(object.__getattribute__(self, "_true_value"), key)


def _set(self: Any, key: str, value: Any) -> None:
    setattr(object.__getattribute__(self, "_true_value"), key, value)


def _mark_used(self: Any) -> None:
    """Says that the result is not to be logged."""


@functools.cache
def _wrapper(kind: Any) -> Any:
    """A class like another one, whose objects hand on what they are asked for.

    TF 1.15: it is no subclass, and that `isinstance` asks for the class is a use, too.
    """
    own = {"__dict__", "__new__", "__slots__", "__weakref__"}
    own.update(getattr(kind, "__slots__", ()))
    inside = {key: value for key, value in vars(kind).items() if key not in own}
    inside |= {"__init__": _init, "__getattribute__": _get, "__setattr__": _set}
    inside |= {"mark_used": _mark_used, "__hash__": object.__hash__}
    made = type(kind.__name__, kind.__bases__, inside)
    wrappers.add(made)
    return made


def watched(true_value: Any, frame: FrameType) -> Any:
    """A result, wrapped so that it is logged if it is never used.

    TF 1.15: not in eager mode and not in functions.
    """
    if true_value is None or true_value == [] or type(true_value) in wrappers:
        return true_value
    if defaults.state.eager or defaults.get_default_graph().building_function:
        return true_value
    kind: Any = type(true_value)
    return _wrapper(kind)(true_value, _Watch(true_value, frame))


def should_use_result(function: Function) -> Function:
    """Decorates a function whose result must be used."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return watched(function(*args, **kwargs), sys._getframe(1))

    wrapped._tf_decorator = True  # type: ignore[attr-defined]
    return cast("Function", wrapped)
