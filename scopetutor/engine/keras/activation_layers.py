"""`tf.keras.layers.Activation`, `ReLU` and their kin: activations that are layers.

After ``activations.py``; the functions are the same. Layers whose outputs have the
shape of the inputs (dropout, noise, masking) take `SameShape` from here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine.ops import math
from scopetutor.engine.shapes import TensorShape

from . import activations, constraints, initializers, lookup, regularizers
from .input_spec import InputSpec
from .layer import Layer


class SameShape(Layer):
    """A layer whose outputs have the shape of its inputs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' shape."""
        return input_shape


class Activation(SameShape):
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


class LeakyReLU(SameShape):
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


class PReLU(SameShape):
    """Itself above 0; below, a learned number times itself.

    Args:
        alpha_initializer: how that number begins.
        alpha_regularizer: added to the losses.
        alpha_constraint: applied after each training step.
        shared_axes: axes along which there is one number only.
        kwargs: as for every layer.
    """

    alpha: Any

    def __init__(
        self,
        alpha_initializer: Any = "zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        if shared_axes is not None and not isinstance(shared_axes, (list, tuple)):
            shared_axes = [shared_axes]
        self.shared_axes = None if shared_axes is None else list(shared_axes)

    def build(self, input_shape: Any) -> None:
        """Makes `alpha`, in the inputs' shape without the batch."""
        sizes = TensorShape(input_shape).as_list()
        shared = self.shared_axes or []
        shape = [1 if i in shared else sizes[i] for i in range(1, len(sizes))]
        self.alpha = self.add_weight(
            shape=shape,
            name="alpha",
            initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )
        fixed = [i for i in range(1, len(sizes)) if shared and i not in shared]
        axes = {i: sizes[i] for i in fixed}
        self.input_spec = InputSpec(ndim=len(sizes), axes=axes)
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The activation of the inputs."""
        above = activations.relu(inputs)
        return above + -self.alpha * activations.relu(-inputs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        names = "alpha_initializer alpha_regularizer alpha_constraint"
        own = {**lookup.serialized(self, names), "shared_axes": self.shared_axes}
        return {**super().get_config(), **own}


class ELU(SameShape):
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


class ThresholdedReLU(SameShape):
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


class Softmax(SameShape):
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


class ReLU(SameShape):
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
