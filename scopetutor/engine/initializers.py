"""Initializers: recipes that make a first value of a shape.

After ops/random, before the store. Each is a class, as in TF 1.15; the names of `tf`
(`tf.zeros_initializer`, …) are these classes, and the class itself may be given where
an object is wanted.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from . import constants, deprecation, dtypes
from .apply import apply
from .naming import name_functions
from .ops import array, random, reshaping, slicing
from .ops import math as math_ops
from .shapes import TensorShape

if TYPE_CHECKING:
    from collections.abc import Callable

# The standard deviation of normal numbers that are cut off at 2 (scipy.stats:
# truncnorm.std(-2, 2)).
_TRUNCATED_STDDEV = 0.87962566103423978


def _dtype_is_deprecated(class_name: str) -> Callable[..., Callable[..., Any]]:
    """The decorator of a constructor that is better not told a type."""
    return deprecation.deprecated_argument(
        f"{class_name}.__init__",
        "init_ops",
        "dtype",
        "Call initializer instance with the dtype argument instead of passing it to "
        "the constructor",
    )


class Initializer:
    """A recipe for a first value."""

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        """A tensor of the shape."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """An initializer of what `get_config` gave."""
        return cls(**config)


class TypedInitializer(Initializer):
    """An initializer with a type of its own, for when none is said."""

    dtype: dtypes.DType

    def _set_dtype(self, dtype: Any, *, floats_only: bool = False) -> None:
        self.dtype = dtypes.as_dtype(dtype)
        if floats_only and not self.dtype.is_floating:
            raise ValueError(f"Expected floating point type, got {self.dtype}.")


class Zeros(TypedInitializer):
    """Zeros."""

    @_dtype_is_deprecated("Zeros")
    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self._set_dtype(dtype)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        return array.zeros(shape, self.dtype if dtype is None else dtype)

    def get_config(self) -> dict[str, Any]:
        return {"dtype": self.dtype.name}


class Ones(TypedInitializer):
    """Ones."""

    @_dtype_is_deprecated("Ones")
    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self._set_dtype(dtype)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        return array.ones(shape, self.dtype if dtype is None else dtype)

    def get_config(self) -> dict[str, Any]:
        return {"dtype": self.dtype.name}


class Constant(TypedInitializer):
    """One value everywhere, or the values of a list; the last one fills the rest."""

    @_dtype_is_deprecated("Constant")
    @deprecation.deprecated_argument(
        "Constant.__init__",
        "init_ops",
        "verify_shape",
        "Objects must now be the required shape or no shape can be specified",
    )
    def __init__(
        self, value: Any = 0, dtype: Any = dtypes.float32, verify_shape: bool = False
    ) -> None:
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python "
                "scalar, list or tuple of values, or numpy.ndarray)."
            )
        self.value = value
        self._set_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        partition_info: Any = None,
        verify_shape: bool | None = None,
    ) -> Any:
        return constants.constant(
            self.value,
            dtype=self.dtype if dtype is None else dtype,
            shape=shape,
            verify_shape=self._verify_shape if verify_shape is None else verify_shape,
        )

    def get_config(self) -> dict[str, Any]:
        return {"value": self.value, "dtype": self.dtype.name}


class RandomUniform(TypedInitializer):
    """Numbers between minval and maxval."""

    @_dtype_is_deprecated("RandomUniform")
    def __init__(
        self,
        minval: Any = 0,
        maxval: Any = None,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        self.minval, self.maxval, self.seed = minval, maxval, seed
        self._set_dtype(dtype)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        kind = self.dtype if dtype is None else dtype
        return random.random_uniform(
            shape, self.minval, self.maxval, kind, seed=self.seed
        )

    def get_config(self) -> dict[str, Any]:
        return {
            "minval": self.minval,
            "maxval": self.maxval,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


class RandomNormal(TypedInitializer):
    """Normal numbers."""

    _draw = staticmethod(random.random_normal)

    @_dtype_is_deprecated("RandomNormal")
    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        self.mean, self.stddev, self.seed = mean, stddev, seed
        self._set_dtype(dtype, floats_only=True)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        kind = self.dtype if dtype is None else dtype
        return self._draw(shape, self.mean, self.stddev, kind, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "mean": self.mean,
            "stddev": self.stddev,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


class TruncatedNormal(RandomNormal):
    """Normal numbers; those beyond two standard deviations are drawn again."""

    # The same constructor, warning under its own name.
    __init__ = _dtype_is_deprecated("TruncatedNormal")(
        vars(RandomNormal.__init__)["__wrapped__"]
    )

    _draw = staticmethod(random.truncated_normal)


class UniformUnitScaling(TypedInitializer):
    """Uniform numbers that keep the scale of what they are multiplied with."""

    @_dtype_is_deprecated("UniformUnitScaling")
    def __init__(
        self, factor: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        deprecation.warn_function(
            "UniformUnitScaling.__init__",
            "init_ops",
            "Use tf.initializers.variance_scaling instead with distribution=uniform to "
            "get equivalent behavior.",
        )
        self.factor, self.seed = factor, seed
        self._set_dtype(dtype, floats_only=True)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        whole = shape if partition_info is None else partition_info.full_shape
        input_size = max(math.prod(float(size) for size in whole[:-1]), 1.0)
        limit = math.sqrt(3 / input_size) * self.factor
        kind = self.dtype if dtype is None else dtype
        return random.random_uniform(shape, -limit, limit, kind, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "seed": self.seed, "dtype": self.dtype.name}


def _fans(shape: Any) -> tuple[int, int]:
    """How many inputs and outputs a unit of a layer of this shape has."""
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return int(shape[0]), int(shape[0])
    if len(shape) == 2:
        return int(shape[0]), int(shape[1])
    field = math.prod(shape[:-2])
    return int(shape[-2] * field), int(shape[-1] * field)


class VarianceScaling(TypedInitializer):
    """Random numbers whose scale fits the number of inputs or outputs."""

    @_dtype_is_deprecated("VarianceScaling")
    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in {"fan_in", "fan_out", "fan_avg"}:
            raise ValueError("Invalid `mode` argument:", mode)
        if distribution == "normal":
            deprecation.warn_argument(
                "VarianceScaling.__init__",
                "init_ops",
                "distribution=normal",
                "`normal` is a deprecated alias for `truncated_normal`",
            )
        distribution = distribution.lower()
        known = {"normal", "uniform", "truncated_normal", "untruncated_normal"}
        if distribution not in known:
            raise ValueError("Invalid `distribution` argument:", distribution)
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.seed = seed
        self._set_dtype(dtype, floats_only=True)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        kind = self.dtype if dtype is None else dtype
        whole = shape if partition_info is None else partition_info.full_shape
        fan_in, fan_out = _fans(whole)
        fan = {
            "fan_in": fan_in,
            "fan_out": fan_out,
            "fan_avg": (fan_in + fan_out) / 2.0,
        }[self.mode]
        scale = self.scale / max(1.0, fan)
        if self.distribution in ("normal", "truncated_normal"):
            stddev = math.sqrt(scale) / _TRUNCATED_STDDEV
            return random.truncated_normal(shape, 0.0, stddev, kind, seed=self.seed)
        if self.distribution == "untruncated_normal":
            stddev = math.sqrt(scale)
            return random.random_normal(shape, 0.0, stddev, kind, seed=self.seed)
        limit = math.sqrt(3.0 * scale)
        return random.random_uniform(shape, -limit, limit, kind, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


class GlorotUniform(VarianceScaling):
    """Uniform numbers for layers with as many inputs as outputs: the default."""

    @_dtype_is_deprecated("GlorotUniform")
    def __init__(
        self,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed=seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed, "dtype": self.dtype.name}


class GlorotNormal(VarianceScaling):
    """Normal numbers for layers with as many inputs as outputs."""

    @_dtype_is_deprecated("GlorotNormal")
    def __init__(
        self,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed=seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed, "dtype": self.dtype.name}


class Orthogonal(TypedInitializer):
    """A random matrix whose rows or columns are orthogonal."""

    @_dtype_is_deprecated("Orthogonal")
    def __init__(
        self, gain: Any = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.gain, self.seed = gain, seed
        self._set_dtype(dtype, floats_only=True)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        kind = self.dtype if dtype is None else dtype
        if len(shape) < 2:
            raise ValueError(
                "The tensor to initialize must be at least two-dimensional"
            )
        rows, columns = int(math.prod(shape[:-1])), int(shape[-1])
        flat = (columns, rows) if rows < columns else (rows, columns)
        drawn = random.random_normal(flat, dtype=kind, seed=self.seed)
        q, r = apply("Qr", drawn, full_matrices=False)
        q = q * math_ops.sign(apply("DiagPart", r))
        if rows < columns:
            q = reshaping.matrix_transpose(q)
        return self.gain * reshaping.reshape(q, shape)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "seed": self.seed, "dtype": self.dtype.name}


class Identity(TypedInitializer):
    """A matrix of ones on the diagonal."""

    @_dtype_is_deprecated("Identity")
    def __init__(self, gain: Any = 1.0, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self._set_dtype(dtype, floats_only=True)

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        from .ops import linalg  # noqa: PLC0415 - used here only

        whole = shape if partition_info is None else partition_info.full_shape
        if len(whole) != 2:
            raise ValueError(
                "Identity matrix initializer can only be used for 2D matrices."
            )
        kind = self.dtype if dtype is None else dtypes.as_dtype(dtype)
        if isinstance(whole, TensorShape):
            whole = whole.as_list()
        initializer = linalg.eye(whole[0], whole[1], dtype=kind)
        if partition_info is not None:
            initializer = slicing.slice(initializer, partition_info.var_offset, shape)
        return self.gain * initializer

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "dtype": self.dtype.name}


def _scaled(scale: float, mode: str, distribution: str, doc: str) -> Any:
    def initializer(seed: int | None = None) -> VarianceScaling:
        return VarianceScaling(scale, mode, distribution, seed=seed)

    initializer.__doc__ = doc
    return initializer


lecun_normal = _scaled(1.0, "fan_in", "truncated_normal", "LeCun's normal numbers.")
lecun_uniform = _scaled(1.0, "fan_in", "uniform", "LeCun's uniform numbers.")
he_normal = _scaled(2.0, "fan_in", "truncated_normal", "He's normal numbers.")
he_uniform = _scaled(2.0, "fan_in", "uniform", "He's uniform numbers.")


name_functions(globals())
