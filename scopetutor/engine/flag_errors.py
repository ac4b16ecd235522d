"""What can be wrong with a flag; texts and names of classes are absl's.

Before flag_parsers and flags, which raise them; programs reach them as `tf.flags.Error`
and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


_EXCEPTIONS = "absl.flags._exceptions"


class Error(Exception):
    """Something is wrong with a flag."""

    __module__ = _EXCEPTIONS


class DuplicateFlagError(Error):
    """Two flags have one name."""

    __module__ = _EXCEPTIONS


class IllegalFlagValueError(Error):
    """A flag cannot have this value."""

    __module__ = _EXCEPTIONS


class UnrecognizedFlagError(Error):
    """There is no such flag."""

    __module__ = _EXCEPTIONS

    def __init__(
        self,
        flagname: str,
        flagvalue: str = "",
        suggestions: Sequence[str] | None = None,
    ) -> None:
        self.flagname, self.flagvalue = flagname, flagvalue
        tip = f". Did you mean: {', '.join(suggestions)} ?" if suggestions else ""
        super().__init__(f"Unknown command line flag '{flagname}'{tip}")


class UnparsedFlagAccessError(Error):
    """A flag was asked for before the command line was read."""

    __module__ = _EXCEPTIONS


class ValidationError(Error):
    """A validator says no."""

    __module__ = _EXCEPTIONS
