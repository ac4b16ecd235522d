"""`tf.keras.constraints`: what is done to weights after each step of training.

Given to layers by name or as objects; an optimizer calls them on the new weights after
it has applied its gradients.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import math

from . import lookup

_EPSILON = 1e-7


class Constraint:
    """A function that gives the nearest allowed value of a variable."""

    def __call__(self, w: Any) -> Any:
        """The nearest allowed value."""
        return w

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {}


def _sqrt(x: Any) -> Any:
    """The root of numbers that rounding may have made negative."""
    from scopetutor.engine import constants  # noqa: PLC0415 - used here only
    from scopetutor.engine.ops.clip import clip_by_value  # noqa: PLC0415 - as above

    dtype = x.dtype.base_dtype
    zero = constants.constant(0.0, dtype)
    infinite = constants.constant(float("inf"), dtype)
    return math.sqrt(clip_by_value(x, zero, infinite))


def _norms(w: Any, axis: Any) -> Any:
    return _sqrt(math.reduce_sum(math.square(w), axis=axis, keepdims=True))


def _clip(x: Any, low: float, high: float) -> Any:
    from scopetutor.engine import constants  # noqa: PLC0415 - used here only
    from scopetutor.engine.ops.clip import clip_by_value  # noqa: PLC0415 - as above

    dtype = x.dtype.base_dtype
    high = max(high, low)
    return clip_by_value(
        x, constants.constant(low, dtype), constants.constant(high, dtype)
    )


class MaxNorm(Constraint):
    """Weights of each unit no longer than a number."""

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """The nearest allowed value."""
        norms = _norms(w, self.axis)
        desired = _clip(norms, 0, self.max_value)
        return w * (desired / (_EPSILON + norms))

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Weights that are not negative."""

    def __call__(self, w: Any) -> Any:
        """The nearest allowed value."""
        return w * math.cast(math.greater_equal(w, 0.0), "float32")


class UnitNorm(Constraint):
    """Weights of each unit of length 1."""

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """The nearest allowed value."""
        return w / (_EPSILON + _norms(w, self.axis))

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Weights of each unit with a length between two numbers."""

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: Any = 0,
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """The nearest allowed value."""
        norms = _norms(w, self.axis)
        desired = (
            self.rate * _clip(norms, self.min_value, self.max_value)
            + (1 - self.rate) * norms
        )
        return w * (desired / (_EPSILON + norms))

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


_KNOWN: dict[str, Any] = {
    **dict.fromkeys(("MaxNorm", "max_norm", "maxnorm"), MaxNorm),
    **dict.fromkeys(("NonNeg", "non_neg", "nonneg"), NonNeg),
    **dict.fromkeys(("UnitNorm", "unit_norm", "unitnorm"), UnitNorm),
    **dict.fromkeys(("MinMaxNorm", "min_max_norm"), MinMaxNorm),
}


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The constraint of a name or of what `serialize` gave."""
    return lookup.find(config, {**_KNOWN, **(custom_objects or {})}, "constraint")


def serialize(constraint: Any) -> Any:
    """The name and arguments of a constraint."""
    return lookup.serialize(constraint)


def get(identifier: Any) -> Any:
    """The constraint that is meant: None, a name, a config, or itself."""
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str):
        identifier = {"class_name": identifier, "config": {}}
    if isinstance(identifier, dict):
        return deserialize(identifier)
    raise ValueError(f"Could not interpret constraint identifier: {identifier}")
