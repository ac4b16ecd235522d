"""What stands for a value that a program has not given yet.

Before the operators, which refuse it where TensorFlow needs a value.
"""

from __future__ import annotations

from typing import Any


class Undefined:
    """A symbol without a value.

    Attributes:
        symbol_name: the symbol.
    """

    def __init__(self, symbol_name: str) -> None:
        self.symbol_name = symbol_name


class UndefinedReturnValue:
    """What a function gives that has not returned yet."""


def retval(value: Any) -> Any:
    """What a function gives."""
    return None if isinstance(value, UndefinedReturnValue) else value


def symbols_in(values: tuple[Any, ...]) -> tuple[str, ...]:
    """The symbols among some values that have none."""
    return tuple(v.symbol_name for v in values if isinstance(v, Undefined))


def has_no_return(values: tuple[Any, ...]) -> bool:
    """Whether one of the values is of a function that has not returned."""
    return any(isinstance(value, UndefinedReturnValue) for value in values)
