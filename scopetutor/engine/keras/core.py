"""`tf.keras.layers.Dropout`, `Flatten`, `ActivityRegularization`: without weights.

After ``layer.py`` and ``learning_phase.py``, which dropout asks if nobody says whether
this is training. `tf.layers.dropout` and `flatten` are made of the same classes.
"""

from __future__ import annotations

import math
from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, nn
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.smart_cond import smart_cond

from . import regularizers
from .activation_layers import SameShape
from .input_spec import InputSpec
from .layer import Layer
from .learning_phase import learning_phase
from .spaces import normalize_data_format


class Dropout(Layer):
    """Leaves out a random share of the inputs while training.

    Args:
        rate: the share, 0 to 1.
        noise_shape: where the shape of what is drawn differs from the inputs'.
        seed: of the random numbers.
        kwargs: as for every layer.
    """

    def __init__(
        self, rate: Any, noise_shape: Any = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed
        self.supports_masking = True

    def _get_noise_shape(self, inputs: Any) -> Any:
        if self.noise_shape is None:
            return None
        shape = array.shape(inputs)
        return convert_to_tensor(
            [
                shape[i] if size is None else size
                for i, size in enumerate(self.noise_shape)
            ]
        )

    def call(self, inputs: Any, training: Any = None) -> Any:
        """The inputs, some of them 0 if `training`."""
        if training is None:
            training = learning_phase()

        def dropped() -> Any:
            return nn.dropout(
                inputs,
                noise_shape=self._get_noise_shape(inputs),
                seed=self.seed,
                rate=self.rate,
            )

        return smart_cond(training, dropped, lambda: array.identity(inputs))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "rate": self.rate,
            "noise_shape": self.noise_shape,
            "seed": self.seed,
        }


class Flatten(Layer):
    """Makes one axis of all but the first."""

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Any:
        """The inputs as [batch, everything else]."""
        rank = inputs.shape.ndims
        if self.data_format == "channels_first" and rank is not None and rank > 1:
            inputs = transpose(inputs, perm=[0, *range(2, rank), 1])
        batch = inputs.shape[0].value or array.shape(inputs)[0]
        outputs = reshape(inputs, (batch, -1))
        if not defaults.state.eager:
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The first size, and the product of the others if they are known."""
        sizes = TensorShape(input_shape).as_list()
        rest = sizes[1:]
        return TensorShape([sizes[0], math.prod(rest) if all(rest) else None])

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "data_format": self.data_format}


class ActivityRegularization(SameShape):
    """Adds the sizes of its inputs to the losses, and changes nothing.

    Args:
        l1: of the sum of the sizes.
        l2: of the sum of the squares.
        kwargs: as for every layer.
    """

    def __init__(self, l1: Any = 0.0, l2: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "l1": self.l1, "l2": self.l2}
