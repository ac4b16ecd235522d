"""`tf.keras.layers.GaussianNoise`, `SpatialDropout2D`: chance in training.

After ``core.py`` and ``learning_phase.py``: outside of training they give what they
take.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine.ops import array, math

from .activation_layers import SameShape
from .activations import SELU_ALPHA, SELU_SCALE
from .backend_tensors import random_normal, random_uniform
from .core import Dropout
from .input_spec import InputSpec
from .learning_phase import in_train_phase
from .settings import floatx, image_data_format


class GaussianNoise(SameShape):
    """Adds normal numbers of a standard deviation while training."""

    def __init__(self, stddev: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = stddev

    def call(self, inputs: Any, training: Any = None) -> Any:
        """The inputs, with noise if `training`."""

        def noised() -> Any:
            noise = random_normal(
                shape=array.shape(inputs), mean=0.0, stddev=self.stddev
            )
            return inputs + noise

        return in_train_phase(noised, inputs, training=training)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "stddev": self.stddev}


class GaussianDropout(SameShape):
    """Multiplies with normal numbers around 1 while training."""

    def __init__(self, rate: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, inputs: Any, training: Any = None) -> Any:
        """The inputs, with noise if `training`."""
        if not 0 < self.rate < 1:
            return inputs

        def noised() -> Any:
            stddev = np.sqrt(self.rate / (1.0 - self.rate))
            noise = random_normal(shape=array.shape(inputs), mean=1.0, stddev=stddev)
            return inputs * noise

        return in_train_phase(noised, inputs, training=training)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "rate": self.rate}


class AlphaDropout(SameShape):
    """Dropout after which mean and variance are what they were: for `selu`.

    Args:
        rate: the share that is dropped.
        noise_shape: where the shape of what is drawn differs from the inputs'.
        seed: of the random numbers.
        kwargs: as for every layer.
    """

    def __init__(
        self, rate: Any, noise_shape: Any = None, seed: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Any, training: Any = None) -> Any:
        """The inputs, some of them dropped if `training`."""
        if not 0.0 < self.rate < 1.0:
            return inputs
        shape = self.noise_shape or array.shape(inputs)
        low = -SELU_ALPHA * SELU_SCALE

        def dropped() -> Any:
            rate = self.rate
            drawn = random_uniform(shape, seed=self.seed)
            kept = math.cast(math.greater_equal(drawn, rate), floatx())
            a = ((1 - rate) * (1 + rate * low**2)) ** -0.5
            b = -a * low * rate
            return a * (inputs * kept + low * (1 - kept)) + b

        return in_train_phase(dropped, inputs, training=training)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "rate": self.rate}


class _SpatialDropout(Dropout):
    """Leaves out whole channels of a random share while training."""

    _rank: int
    data_format = "channels_last"

    def __init__(self, rate: Any, **kwargs: Any) -> None:
        super().__init__(rate, **kwargs)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def _get_noise_shape(self, inputs: Any) -> Any:
        shape = array.shape(inputs)
        ones = (1,) * self._rank
        if self.data_format == "channels_first":
            return (shape[0], shape[1], *ones)
        return (shape[0], *ones, shape[self._rank + 1])


class SpatialDropout1D(_SpatialDropout):
    """Leaves out whole channels of sequences."""

    _rank = 1


class _WithFormat(_SpatialDropout):
    def __init__(
        self, rate: Any, data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, **kwargs)
        data_format = data_format or image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                'data_format must be in {"channels_last", "channels_first"}'
            )
        self.data_format = data_format


class SpatialDropout2D(_WithFormat):
    """Leaves out whole channels of images."""

    _rank = 2


class SpatialDropout3D(_WithFormat):
    """Leaves out whole channels of volumes."""

    _rank = 3
