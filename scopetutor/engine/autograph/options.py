"""The settings of AutoGraph, and whether it is at work.

Before calls, which ask. TF 1.15: `tf.autograph.experimental.Feature`, and a stack of
what was decided about the code that runs now.
"""

from __future__ import annotations

import enum
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Feature(enum.Enum):
    """What else is rewritten, if it is asked for.

    ALL: all of these. AUTO_CONTROL_DEPS: operations that act run in the order of the
    program. ASSERT_STATEMENTS: `assert`. BUILTIN_FUNCTIONS: `print`.
    EQUALITY_OPERATORS: `==` and `!=`. LISTS: lists. NAME_SCOPES: each function opens a
    name scope.
    """

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"

    @classmethod
    def all(cls) -> tuple[Feature, ...]:
        """All of them."""
        return tuple(cls.__members__.values())

    @classmethod
    def all_but(cls, exclude: object) -> tuple[Feature, ...]:
        """All but some."""
        left_out = exclude if isinstance(exclude, (list, tuple, set)) else (exclude,)
        return tuple(set(cls.all()) - set(left_out) - {cls.ALL})


@dataclass(frozen=True, slots=True)
class Options:
    """How a function is rewritten.

    Attributes:
        recursive: whether the functions it calls are, too.
        user_requested: whether the program asked for this very function.
        converts_user_code: whether it is rewritten at all.
        features: what else is rewritten.
    """

    recursive: bool = False
    user_requested: bool = False
    converts_user_code: bool = True
    features: frozenset[Feature] = frozenset()

    def uses(self, feature: Feature) -> bool:
        """Whether something else is rewritten."""
        return Feature.ALL in self.features or feature in self.features

    @property
    def callopts(self) -> Options:
        """Those of the functions that are called."""
        return Options(self.recursive, False, self.recursive, self.features)

    def as_code(self) -> str:
        """How code says it; TF 1.15 has a short name for what is usual."""
        if self == STANDARD:
            return "ag__.STD"
        features = sorted(f"ag__.{feature}" for feature in self.features)
        return (
            f"ag__.ConversionOptions(recursive={self.recursive}, "
            f"user_requested={self.user_requested}, "
            f"optional_features=({', '.join(features)}), "
            f"internal_convert_user_code={self.converts_user_code})"
        )


STANDARD = Options(recursive=True)


def options_of(
    recursive: bool = False,
    user_requested: bool = False,
    internal_convert_user_code: bool = True,
    optional_features: object = Feature.ALL,
) -> Options:
    """The settings, by TensorFlow's names of them."""
    features: object = optional_features
    if features is None:
        features = ()
    elif isinstance(features, Feature):
        features = (features,)
    found: frozenset[Feature] = frozenset(features)  # type: ignore[call-overload]
    return Options(recursive, user_requested, internal_convert_user_code, found)


class Status(enum.Enum):
    """What was decided about the code that runs now."""

    UNSPECIFIED = 0
    ENABLED = 1
    DISABLED = 2


_decided = [Status.UNSPECIFIED]


def status() -> Status:
    """What was decided about the code that runs now."""
    return _decided[-1]


@contextmanager
def decided(new: Status) -> Iterator[None]:
    """Decides about the code that runs in it."""
    _decided.append(new)
    try:
        yield
    finally:
        _decided.pop()
