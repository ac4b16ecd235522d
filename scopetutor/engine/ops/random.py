"""Random operations: uniform and normal numbers, shuffling, choosing.

After math. TF 1.15: a float is drawn from [0, 1) by one operation and stretched by
others (`mul`, `add`), so these are in the graph too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, random, shape_inference, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import operators, rules  # noqa: F401 - operators: `*` of tensors

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]


def generator_of(op: Operation, state: State) -> random.Generator:
    """The generator of a random operation in a session."""
    found: random.Generator = state.resource(
        op, lambda: random.Generator(op._attrs["seed"], op._attrs["seed2"])
    )
    return found


def sizes_of(shape: Array) -> tuple[int, ...]:
    """The sizes that a random operation is given as its first input."""
    if shape.ndim != 1:
        problem = "shape must be a vector of {int32,int64}, got shape "
        raise InvalidArgumentError(None, None, problem + dims_text(shape.shape))
    sizes = tuple(shape.tolist())
    if any(size < 0 for size in sizes):
        raise InvalidArgumentError(None, None, f"Dimension {min(sizes)} must be >= 0")
    return sizes


class _Drawing(random.Draw):
    """The kernel of a random operation; its input is the shape."""

    __slots__ = ()

    def __call__(self, shape: Any) -> Array:
        return super().__call__(sizes_of(shape))


def _drawing(method: str) -> Any:
    def bind(op: Operation, state: State) -> Callable[[Array], Array]:
        kind = op._attrs["dtype"].as_numpy_dtype
        return _Drawing(generator_of(op, state), method, kind)

    return bind


def _drawing_int(op: Operation, state: State) -> Callable[..., Array]:
    generator = generator_of(op, state)
    kind = op._attrs["Tout"].as_numpy_dtype

    def kernel(shape: Array, low: Array, high: Array) -> Array:
        if low >= high:
            raise InvalidArgumentError(
                None, op, f"Need minval < maxval, got {low} >= {high}"
            )
        return generator.uniform_int(sizes_of(shape), int(low), int(high), kind)

    return kernel


_SHAPED = rules.of_value(0)
define("RandomUniform", shape=_SHAPED, bind=_drawing("uniform"), gradient=None)
define("RandomStandardNormal", shape=_SHAPED, bind=_drawing("normal"), gradient=None)
define(
    "TruncatedNormal", shape=_SHAPED, bind=_drawing("truncated_normal"), gradient=None
)


def _whole_shape(op: Operation) -> list[Dims]:
    for limit in op._inputs[1:]:
        rules.with_rank(limit._dims, 0)
    return list(_SHAPED(op))


define("RandomUniformInt", shape=_whole_shape, bind=_drawing_int)


def shape_tensor(shape: Any) -> Any:
    """The shape as a tensor called "shape"."""
    kind = None
    if isinstance(shape, (tuple, list)):
        if not shape:
            kind = dtypes.int32
        else:
            shape = tuple([shapes.dimension_value(size) for size in shape])
    return convert_to_tensor(shape, kind, name="shape")


def _normal(op_type: str, default: str) -> Callable[..., Any]:
    def normal(
        shape: Any,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        dtype: Any = dtypes.float32,
        seed: int | None = None,
        name: str | None = None,
    ) -> Any:
        with name_scope(name, default, [shape, mean, stddev]) as scope:
            sizes = shape_tensor(shape)
            mean = convert_to_tensor(mean, dtype=dtype, name="mean")
            stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
            seed1, seed2 = random.get_seed(seed)
            drawn = apply(op_type, sizes, dtype=dtype, seed=seed1, seed2=seed2)
            return apply("Add", drawn * stddev, mean, name=scope)

    normal.__doc__ = f"Normal numbers ({op_type}) of a mean and standard deviation."
    return normal


random_normal = _normal("RandomStandardNormal", "random_normal")
truncated_normal = _normal("TruncatedNormal", "truncated_normal")
_UNIFORM_TYPES = (
    dtypes.float16,
    dtypes.bfloat16,
    dtypes.float32,
    dtypes.float64,
    dtypes.int32,
    dtypes.int64,
)


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Numbers between minval and maxval, each as likely as another.

    Raises:
        ValueError: the type is neither float nor int, or an int's maxval is missing.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in _UNIFORM_TYPES:
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        sizes = shape_tensor(shape)
        low = convert_to_tensor(minval, dtype=dtype, name="min")
        high = convert_to_tensor(maxval, dtype=dtype, name="max")
        seed1, seed2 = random.get_seed(seed)
        seeds: dict[str, Any] = {"seed": seed1, "seed2": seed2}
        if dtype.is_integer:
            return apply("RandomUniformInt", sizes, low, high, name=scope, **seeds)
        drawn = apply("RandomUniform", sizes, dtype=dtype, **seeds)
        return apply("Add", drawn * (high - low), low, name=scope)


def _shuffling(op: Operation, state: State) -> Callable[[Array], Array]:
    generator = generator_of(op, state)

    def kernel(x: Array) -> Array:
        x = np.asarray(x)
        if x.ndim == 0 or x.shape[0] <= 1:
            return x
        order = np.arange(x.shape[0])
        for i, word in enumerate(generator.words(x.shape[0] - 1)):
            other = i + word % (x.shape[0] - i)
            order[i], order[other] = order[other], order[i]
        return x[order]

    return kernel


define("RandomShuffle", shape=rules.unchanged, bind=_shuffling)


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Any:
    """The rows of a tensor in a random order."""
    seed1, seed2 = random.get_seed(seed)
    return apply("RandomShuffle", value, seed=seed1, seed2=seed2, name=name)


def random_crop(
    value: Any, size: Any, seed: int | None = None, name: str | None = None
) -> Any:
    """A part of a tensor, of a size, at a random place."""
    from . import array  # noqa: PLC0415 - used here only
    from .checks import Assert  # noqa: PLC0415 - used here only

    with name_scope(name, "random_crop", [value, size]) as scope:
        value = convert_to_tensor(value, name="value")
        size = convert_to_tensor(size, dtype=dtypes.int32, name="size")
        sizes = array.shape(value)
        fits = Assert(
            apply("All", apply("GreaterEqual", sizes, size), _first_axis()),
            ["Need value.shape >= size, got ", sizes, size],
            summarize=1000,
        )
        from .control_flow import with_dependencies  # noqa: PLC0415 - used here only

        sizes = with_dependencies([fits], sizes)
        limit = sizes - size + 1
        offset = (
            random_uniform(
                array.shape(sizes), dtype=size.dtype, maxval=size.dtype.max, seed=seed
            )
            % limit
        )
        return apply("Slice", value, offset, size, name=scope)


def _first_axis() -> Any:
    from scopetutor.engine.constants import constant  # noqa: PLC0415 - used here only

    return constant(np.arange(1), dtype=dtypes.int32)


def sample_shape(op: Operation) -> list[Dims]:
    """Of what is drawn from the rows of a matrix."""
    logits = rules.with_rank(op._inputs[0]._dims, 2)
    rules.with_rank(op._inputs[1]._dims, 0)
    samples = shape_inference.value(op, 1)
    return [(logits[0], None if samples is None else int(samples))]


def _choosing(op: Operation, state: State) -> Callable[[Array, Array], Array]:
    generator = generator_of(op, state)
    return lambda logits, samples: chosen(op, generator, logits, samples)


def chosen(
    op: Operation, generator: random.Generator, logits: Array, samples: Array
) -> Array:
    """Indices drawn from the distribution that each row of logits describes."""
    problem = ""
    if logits.ndim != 2:
        problem = f"logits should be a matrix, got shape {dims_text(logits.shape)}"
    elif samples < 0:
        problem = f"num_samples should be nonnegative, got {samples}"
    if problem:
        raise InvalidArgumentError(None, op, problem)
    weights = np.exp(logits - logits.max(1, keepdims=True)).astype(np.float64)
    sums = np.cumsum(weights, 1)
    rows, count = logits.shape[0], int(samples)
    # TF 1.15: what a row leaves out is counted in groups of four samples.
    blocks = rows * -(-count // 4) * 4 * 2 * random.BLOCKS_PER_NUMBER
    stretch = generator.reserve(rows * count, blocks)
    (drawn,) = random.uniform([stretch], np.dtype(np.float64))
    aims = drawn.reshape(rows, count) * sums[:, -1:]
    found = [
        np.searchsorted(row, aim, side="right")
        for row, aim in zip(sums, aims, strict=True)
    ]
    kind = op._attrs["output_dtype"].as_numpy_dtype
    return np.array(found, dtype=kind).reshape(rows, count)


define("Multinomial", shape=sample_shape, bind=_choosing, gradient=None)


@deprecation.deprecated(
    "multinomial", "random_ops", "Use `tf.random.categorical` instead."
)
def multinomial(
    logits: Any,
    num_samples: Any,
    seed: int | None = None,
    name: str | None = None,
    output_dtype: Any = None,
) -> Any:
    """Indices drawn from the distribution that each row of logits describes."""
    with name_scope(name, "multinomial", [logits]):
        return _categorical(logits, num_samples, output_dtype, seed)


def categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Indices drawn from the distribution that each row of logits describes."""
    with name_scope(name, "categorical", [logits]):
        return _categorical(logits, num_samples, dtype, seed)


def _categorical(logits: Any, num_samples: Any, dtype: Any, seed: Any) -> Any:
    logits = convert_to_tensor(logits, name="logits")
    seed1, seed2 = random.get_seed(seed)
    return apply(
        "Multinomial", logits, num_samples, seed=seed1, seed2=seed2, output_dtype=dtype
    )


name_functions(globals())
