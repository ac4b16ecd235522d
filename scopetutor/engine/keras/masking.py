"""`tf.keras.layers.Masking`: moments at which all numbers are one value are masked.

Before recurrent layers, which make no step where the mask is False.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import math
from scopetutor.engine.ops.reshaping import squeeze

from .activation_layers import SameShape


class Masking(SameShape):
    """Masks the moments at which all inputs are `mask_value`."""

    _compute_output_and_mask_jointly = True

    def __init__(self, mask_value: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Where an input differs from the value."""
        return self._differs(inputs)

    def _differs(self, inputs: Any, *, keepdims: bool = False) -> Any:
        found = math.not_equal(inputs, self.mask_value)
        return math.reduce_any(found, axis=-1, keepdims=keepdims)

    def call(self, inputs: Any) -> Any:
        """The inputs, with zeros where they are masked."""
        found = self._differs(inputs, keepdims=True)
        outputs = inputs * math.cast(found, inputs.dtype)
        outputs._keras_mask = squeeze(found, axis=-1)
        return outputs

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "mask_value": self.mask_value}
