"""`tf.keras.layers.LayerNormalization`: each example has mean 0 and variance 1.

After ``layer.py``; beside ``normalization.py``, whose mean and variance are of a batch,
with averages for later. Here there is nothing to keep.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops.normalize import batch_normalization, moments
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.shapes import TensorShape

from . import constraints, initializers, lookup, regularizers
from .activation_layers import SameShape

_OF_WEIGHTS = (
    "beta_initializer gamma_initializer beta_regularizer gamma_regularizer "
    "beta_constraint gamma_constraint"
)


class LayerNormalization(SameShape):
    """Takes mean and variance out of some axes, and puts learned ones in.

    Args:
        axis: one or several.
        epsilon: added to the variance.
        center: whether there is a `beta` to add.
        scale: whether there is a `gamma` to multiply with.
        beta_initializer, gamma_initializer: how they begin.
        beta_regularizer, gamma_regularizer: added to the losses.
        beta_constraint, gamma_constraint: applied after each training step.
        trainable: whether optimizers change the weights.
        name: of the layer.
        kwargs: as for every layer.

    Raises:
        ValueError: the axis is no number, or not one of the inputs'.
    """

    gamma: Any
    beta: Any

    def __init__(
        self,
        axis: Any = -1,
        epsilon: Any = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, trainable=trainable, **kwargs)
        if not isinstance(axis, (list, tuple, int)):
            raise ValueError(
                "Expected an int or a list/tuple of ints for the argument 'axis', but "
                f"received instead: {axis}"
            )
        self.axis: Any = axis if isinstance(axis, int) else axis[:]
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)

    def build(self, input_shape: Any) -> None:
        """Makes `gamma` and `beta`, in the shape of the axes."""
        sizes = TensorShape(input_shape).as_list()
        rank = len(sizes)
        given = [self.axis] if isinstance(self.axis, int) else self.axis
        self.axis = [rank + axis if axis < 0 else axis for axis in given]
        for axis in self.axis:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {tuple(self.axis)}")
        shape = [sizes[axis] for axis in self.axis]
        self.gamma = self._weight("gamma", shape) if self.scale else None
        self.beta = self._weight("beta", shape) if self.center else None
        self.built = True

    def _weight(self, name: str, shape: Any) -> Any:
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
            trainable=True,
        )

    def call(self, inputs: Any) -> Any:
        """The inputs, normalized."""
        shape = inputs.shape
        mean, variance = moments(inputs, self.axis, keep_dims=True)
        scale, offset = self._wide(self.gamma, shape), self._wide(self.beta, shape)
        outputs = batch_normalization(
            inputs,
            mean,
            variance,
            offset=offset,
            scale=scale,
            variance_epsilon=self.epsilon,
        )
        outputs.set_shape(shape)
        return outputs

    def _wide(self, weight: Any, shape: TensorShape) -> Any:
        """A weight that can be broadcast to the inputs."""
        rank = len(shape)
        if weight is None or weight.shape.ndims == rank or self.axis == [rank - 1]:
            return weight
        sizes = shape.as_list()
        return reshape(weight, [sizes[i] if i in self.axis else 1 for i in range(rank)])

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        own = {name: getattr(self, name) for name in ("axis", "epsilon", "center")}
        serialized = lookup.serialized(self, _OF_WEIGHTS)
        return {**super().get_config(), **own, "scale": self.scale, **serialized}
