"""`tf.keras.layers.Activation`, `ReLU` and their kin: activations that are layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine.ops import math

from . import activations
from .layer import Layer


class _SameShape(Layer):
    """A layer whose outputs have the shape of its inputs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' shape."""
        return input_shape


class Activation(_SameShape):
    """An activation, by its name or as a function."""

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        return self.activation(inputs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        serialized = activations.serialize(self.activation)
        return {**super().get_config(), "activation": serialized}


class LeakyReLU(_SameShape):
    """Itself above 0; below, alpha times itself."""

    def __init__(self, alpha: Any = 0.3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha: Any = np.asarray(alpha, np.float32)

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        return activations.relu(inputs, alpha=self.alpha)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "alpha": float(self.alpha)}


class ELU(_SameShape):
    """Itself above 0; below, it goes to -alpha."""

    def __init__(self, alpha: Any = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha: Any = np.asarray(alpha, np.float32)

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        return activations.elu(inputs, self.alpha)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "alpha": float(self.alpha)}


class ThresholdedReLU(_SameShape):
    """Itself above theta, otherwise 0."""

    def __init__(self, theta: Any = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.theta: Any = np.asarray(theta, np.float32)

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        return inputs * math.cast(math.greater(inputs, self.theta), "float32")

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "theta": float(self.theta)}


class Softmax(_SameShape):
    """Numbers above 0 that add up to 1 along an axis."""

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        return activations.softmax(inputs, axis=self.axis)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "axis": self.axis}


class ReLU(_SameShape):
    """Itself above a threshold, up to a maximum; below it, a slope.

    Raises:
        ValueError: maximum or slope are negative.
    """

    def __init__(
        self,
        max_value: Any = None,
        negative_slope: Any = 0,
        threshold: Any = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.supports_masking = False
        for value in (max_value, negative_slope):
            if value is not None and value < 0.0:
                name = "max_value" if value is max_value else "negative_slope"
                raise ValueError(
                    f"{name} of Relu layer cannot be negative value: {value}"
                )
        self.max_value: Any = (
            None if max_value is None else np.asarray(max_value, "float32")
        )
        self.negative_slope: Any = np.asarray(negative_slope, np.float32)
        self.threshold: Any = np.asarray(threshold, np.float32)

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        return activations.relu(
            inputs,
            alpha=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }
