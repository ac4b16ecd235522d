"""Random numbers that depend on nothing but their seed: `tf.random.stateless_...`.

After random. TF 1.15 encrypts the two numbers of the seed with a key of its own, which
gives the key and the stream that the numbers are drawn from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, random
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import math, rules
from .random import chosen, sample_shape, shape_tensor, sizes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

_KEY = 0x02461E293EC8F720


def _generator(seed: Array) -> random.Generator:
    """The generator of a seed: the encrypted numbers are its own."""
    first, second = (int(part) & 0xFFFFFFFFFFFFFFFF for part in seed)
    words = random.blocks([random.Stretch(_KEY, second, first, 1)], 1)[0][0].tolist()
    return random.Generator(words[0] | words[1] << 32, words[2] | words[3] << 32)


def _shape(op: Operation) -> list[Dims]:
    (count,) = rules.with_rank(op._inputs[1]._dims, 1)
    if count not in (None, 2):
        raise ShapeError(f"Dimension must be 2 but is {count}")
    return rules.of_value(0)(op)  # type: ignore[return-value]


def _whole_shape(op: Operation) -> list[Dims]:
    for limit in op._inputs[2:]:
        rules.with_rank(limit._dims, 0)
    return _shape(op)


def _kernel(distribution: str) -> Any:
    def build(op: Operation) -> Callable[[Array, Array], Array]:
        kind = op._attrs["dtype"].as_numpy_dtype

        def kernel(shape: Array, seed: Array) -> Array:
            draw = random.Draw(_generator(seed), distribution, kind)
            return draw(sizes_of(shape))

        return kernel

    return build


def _whole_kernel(op: Operation) -> Callable[..., Array]:
    kind = op._attrs["dtype"].as_numpy_dtype

    def kernel(shape: Array, seed: Array, low: Array, high: Array) -> Array:
        if low >= high:
            text = f"Need minval < maxval, got {low} >= {high}"
            raise InvalidArgumentError(None, op, text)
        sizes = sizes_of(shape)
        return _generator(seed).uniform_int(sizes, int(low), int(high), kind)

    return kernel


define("StatelessRandomUniform", shape=_shape, build=_kernel("uniform"), gradient=None)
define("StatelessRandomNormal", shape=_shape, build=_kernel("normal"), gradient=None)
define(
    "StatelessTruncatedNormal",
    shape=_shape,
    build=_kernel("truncated_normal"),
    gradient=None,
)
define(
    "StatelessRandomUniformInt",
    shape=_whole_shape,
    build=_whole_kernel,
    gradient=None,
)


def stateless_random_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """Numbers in [minval, maxval).

    Args:
        shape: of the result.
        seed: two whole numbers.
        minval: the least.
        maxval: what is not reached; None: 1, of floating types only.
        dtype: floating, int32 or int64.
        name: of the operations.

    Raises:
        ValueError: the type is another, or `maxval` is missing.
    """
    dtype = dtypes.as_dtype(dtype)
    if not (dtype.is_floating or dtype in (dtypes.int32, dtypes.int64)):
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    values = [shape, seed, minval, maxval]
    with name_scope(name, "stateless_random_uniform", values) as scope:
        shape = shape_tensor(shape)
        low = convert_to_tensor(minval, dtype=dtype, name="min")
        high = convert_to_tensor(maxval, dtype=dtype, name="max")
        if dtype.is_integer:
            return apply(
                "StatelessRandomUniformInt", shape, seed, low, high, name=scope
            )
        drawn = apply("StatelessRandomUniform", shape, seed, dtype=dtype)
        return math.add(drawn * (high - low), low, name=scope)


def _normal(op_type: str, default_name: str) -> Callable[..., Any]:
    def normal(
        shape: Any,
        seed: Any,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        dtype: Any = dtypes.float32,
        name: str | None = None,
    ) -> Any:
        values = [shape, seed, mean, stddev]
        with name_scope(name, default_name, values) as scope:
            shape = shape_tensor(shape)
            mean = convert_to_tensor(mean, dtype=dtype, name="mean")
            stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
            drawn = apply(op_type, shape, seed, dtype=dtype)
            return math.add(drawn * stddev, mean, name=scope)

    normal.__doc__ = f"Normal numbers ({op_type}) that depend on the seed alone."
    return normal


stateless_random_normal = _normal("StatelessRandomNormal", "stateless_random_normal")
stateless_truncated_normal = _normal(
    "StatelessTruncatedNormal", "stateless_truncated_normal"
)


# -- choosing ----------------------------------------------------------------------


def _choose_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    return lambda logits, samples, seed: chosen(op, _generator(seed), logits, samples)


define("StatelessMultinomial", shape=sample_shape, build=_choose_kernel, gradient=None)


@deprecation.deprecated(
    "stateless_multinomial",
    "stateless_random_ops",
    "Use `tf.random.stateless_categorical` instead.",
)
def stateless_multinomial(
    logits: Any,
    num_samples: Any,
    seed: Any,
    output_dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Any:
    """`stateless_categorical` under its older name."""
    with name_scope(name, "stateless_multinomial", [logits, seed]):
        return _categorical(logits, num_samples, output_dtype, seed)


def stateless_categorical(
    logits: Any,
    num_samples: Any,
    seed: Any,
    dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Any:
    """Indices drawn from the distribution that each row of logits describes."""
    with name_scope(name, "stateless_categorical", [logits, seed]):
        return _categorical(logits, num_samples, dtype, seed)


def _categorical(logits: Any, num_samples: Any, dtype: Any, seed: Any) -> Any:
    logits = convert_to_tensor(logits, name="logits")
    return apply("StatelessMultinomial", logits, num_samples, seed, output_dtype=dtype)


name_functions(globals())
