"""What the text of a flag means: numbers, truth, one of several words, lists.

Before flags. TF 1.15 takes these from absl.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class ArgumentParser:
    """Turns a text into the value of a flag.

    Attributes:
        syntactic_help: what values it takes, for `--help`.
    """

    syntactic_help = ""

    def parse(self, argument: Any) -> Any:
        """The value; a text is what it is."""
        if not isinstance(argument, str):
            raise TypeError(f"flag value must be a string, found {type(argument)!r}")
        return argument


class _NumberParser(ArgumentParser):
    """Numbers between two bounds."""

    kind: type
    words = ("", "")

    def __init__(self, lower_bound: Any = None, upper_bound: Any = None) -> None:
        self.lower_bound, self.upper_bound = lower_bound, upper_bound
        self.syntactic_help = self._described()

    def _described(self) -> str:
        low, high = self.lower_bound, self.upper_bound
        article, word = self.words[:2]
        if low is not None and high is not None:
            return f"{article} {word} in the range [{low}, {high}]"
        special = {
            (1, None): "positive", (None, -1): "negative",
            (0, None): "non-negative", (None, 0): "non-positive",
        }.get((low, high))  # fmt: skip
        if special and self.kind is int:
            return f"a {special} {word}"
        if special and (low, high) in ((0, None), (None, 0)):
            return f"a {special} {word}"
        if high is not None:
            return f"{word} <= {high}" if self.kind is int else f"a {word} <= {high}"
        if low is not None:
            return f"{word} >= {low}" if self.kind is int else f"a {word} >= {low}"
        return f"{article} {word}"

    def parse(self, argument: Any) -> Any:
        """The number, if it is one between the bounds."""
        value = self._converted(argument)
        below = self.lower_bound is not None and value < self.lower_bound
        above = self.upper_bound is not None and value > self.upper_bound
        if below or above:
            raise ValueError(f"{value} is not {self.syntactic_help}")
        return value

    def _converted(self, argument: Any) -> Any:
        return self.kind(argument)


class IntegerParser(_NumberParser):
    """Whole numbers, also as 0x10 and 0o17."""

    kind = int
    words = ("an", "integer")

    def _converted(self, argument: Any) -> Any:
        if not isinstance(argument, str):
            if isinstance(argument, bool) or not isinstance(argument, int):
                kind = type(argument)
                raise TypeError(f"Expect argument to be a string or int, found {kind}")
            return argument
        base = {"0x": 16, "0o": 8}.get(argument[:2].lower(), 10)
        return int(argument, base)


class FloatParser(_NumberParser):
    """Numbers."""

    kind = float
    words = ("a", "number")


class BooleanParser(ArgumentParser):
    """Yes or no."""

    def parse(self, argument: Any) -> bool:
        """True or False."""
        if isinstance(argument, str):
            if argument.lower() in ("true", "t", "1"):
                return True
            if argument.lower() in ("false", "f", "0"):
                return False
        elif argument in (0, 1):
            return bool(argument)
        raise ValueError("Non-boolean argument to boolean flag", argument)


class EnumParser(ArgumentParser):
    """One of some words."""

    def __init__(self, enum_values: Sequence[str], case_sensitive: bool = True) -> None:
        if not enum_values:
            raise ValueError(f"enum_values cannot be empty, found {enum_values}")
        self.enum_values = list(enum_values)
        self.case_sensitive = case_sensitive

    def parse(self, argument: Any) -> str:
        """The word as it was listed."""
        for word in self.enum_values:
            same = word == argument
            if same or (not self.case_sensitive and word.lower() == argument.lower()):
                return word
        raise ValueError(f"value should be one of <{'|'.join(self.enum_values)}>")


class ListParser(ArgumentParser):
    """Words with commas."""

    syntactic_help = "a comma separated list"

    def parse(self, argument: Any) -> list[str]:
        """The words."""
        if isinstance(argument, list):
            return argument
        if not argument:
            return []
        return [word.strip() for word in next(csv.reader([argument], strict=True))]


class WhitespaceSeparatedListParser(ListParser):
    """Words with spaces."""

    syntactic_help = "a whitespace separated list"

    def parse(self, argument: Any) -> list[str]:
        """The words."""
        return argument if isinstance(argument, list) else (argument or "").split()
