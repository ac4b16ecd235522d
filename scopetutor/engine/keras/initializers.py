"""`tf.keras.initializers`: those of TensorFlow, some with other defaults, by name.

After ``engine/initializers.py``; every layer with weights asks `get`. TF 1.15: normal
and uniform numbers are 0.05 wide here, and not 1.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine import initializers as tf_initializers
from scopetutor.engine.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    Identity,
    Ones,
    Orthogonal,
    VarianceScaling,
    Zeros,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)

from . import lookup


class TruncatedNormal(tf_initializers.TruncatedNormal):
    """Normal numbers cut off at two standard deviations, which are small."""

    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 0.05,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(mean=mean, stddev=stddev, seed=seed, dtype=dtype)


class RandomUniform(tf_initializers.RandomUniform):
    """Small uniform numbers."""

    def __init__(
        self,
        minval: Any = -0.05,
        maxval: Any = 0.05,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(minval=minval, maxval=maxval, seed=seed, dtype=dtype)


class RandomNormal(tf_initializers.RandomNormal):
    """Normal numbers with a small standard deviation."""

    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 0.05,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(mean=mean, stddev=stddev, seed=seed, dtype=dtype)


_BY_CALL: dict[str, Any] = {
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
}
_CLASSES = {
    Zeros: "zero zeros",
    Ones: "one ones",
    Constant: "constant",
    RandomUniform: "uniform random_uniform",
    RandomNormal: "normal random_normal",
    TruncatedNormal: "truncated_normal",
    VarianceScaling: "",
    Identity: "identity",
    Orthogonal: "orthogonal",
    GlorotNormal: "glorot_normal",
    GlorotUniform: "glorot_uniform",
}
_KNOWN: dict[str, Any] = _BY_CALL | {
    name: made
    for made, names in _CLASSES.items()
    for name in (made.__name__, *names.split())
}


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The initializer of a name or of what `serialize` gave."""
    return lookup.find(config, {**_KNOWN, **(custom_objects or {})}, "initializer")


def serialize(initializer: Any) -> Any:
    """The name and arguments of an initializer."""
    return lookup.serialize(initializer)


def get(identifier: Any) -> Any:
    """The initializer that is meant: None, a name, a config, or itself."""
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str):
        if identifier in _BY_CALL:
            return _BY_CALL[identifier]()
        return deserialize(identifier)
    if isinstance(identifier, dict):
        return deserialize(identifier)
    raise ValueError(f"Could not interpret initializer identifier: {identifier}")
