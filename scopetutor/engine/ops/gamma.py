"""Random numbers of gamma and Poisson distributions, bit for bit.

After random and special. TF 1.15 gives each number 256 blocks of the stream for itself,
and takes pairs of doubles out of them, the second one first, until one is accepted.
"""

from __future__ import annotations

import math as numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, random, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import array, joining, math, reshaping, rules, special
from .random import generator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]

_AT_ONCE = 4  # blocks of each number that are made together: more are seldom needed


class _Stream:
    """The part of the stream that belongs to one number."""

    def __init__(self, stretch: random.Stretch, first: int, ready: Array) -> None:
        self._stretch, self._first, self._ready = stretch, first, ready
        self._at = 0
        self._uniform: list[float] = []
        self._normal: list[float] = []

    def _block(self) -> Array:
        at, self._at = self._at, self._at + 1
        if at < _AT_ONCE:
            return self._ready[at : at + 1]
        stretch = self._stretch._replace(first=self._first + at, numbers=1)
        return random.blocks([stretch], 1)[0]

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._uniform:
            self._uniform = random.uniform_of(self._block(), np.dtype("f8")).tolist()
        return self._uniform.pop()

    def normal(self) -> float:
        """A number of mean 0 and standard deviation 1."""
        if not self._normal:
            self._normal = random.normal_of(self._block()).reshape(-1).tolist()
        return self._normal.pop()


def _streams(stretch: random.Stretch) -> Iterator[_Stream]:
    """The streams of all numbers, one after the other."""
    reserved = random.BLOCKS_PER_NUMBER
    firsts = stretch.first + np.arange(stretch.numbers, dtype=np.uint64) * np.uint64(
        reserved
    )
    lows = firsts[:, None] + np.arange(_AT_ONCE, dtype=np.uint64)
    key, counter = (np.array([x], np.uint64) for x in (stretch.key, stretch.stream))
    ready = random.many_blocks(key, counter, lows.reshape(-1))
    ready = ready.reshape(-1, _AT_ONCE, 4)
    for first, blocks in zip(firsts.tolist(), ready, strict=True):
        yield _Stream(stretch, first, blocks)


# -- the distributions -------------------------------------------------------------


def _gamma(stream: _Stream, alpha: float) -> float:
    """Marsaglia and Tsang, "A simple method for generating gamma variables", 2000."""
    if alpha == 1:
        return -numbers.log1p(-stream.uniform())
    d = alpha + (2 / 3 if alpha < 1 else -1 / 3)
    c = 1 / 3 / numbers.sqrt(d)
    while True:
        x = stream.normal()
        v = 1 + c * x
        if v <= 0:
            continue
        v = v * v * v
        u = stream.uniform()
        if u < 1 - 0.0331 * (x * x) * (x * x) or (
            _log(u) < 0.5 * x * x + d * (1 - v + numbers.log(v))
        ):
            return float(
                d * v * (stream.uniform() ** (1 / alpha) if alpha < 1 else 1.0)
            )


def _log(x: float) -> float:
    return numbers.log(x) if x else -numbers.inf


def _poisson(stream: _Stream, rate: float) -> float:
    if not numbers.isfinite(rate):
        return numbers.nan  # TF 1.15 would draw for ever
    return _counted(stream, rate) if rate < 10 else _rejected(stream, rate)


def _counted(stream: _Stream, rate: float) -> float:
    """Knuth: how many factors it takes to come below e to the power of -rate."""
    end, product, count = numbers.exp(-rate), 1.0, 0
    while True:
        product *= stream.uniform()
        if product <= end:
            return float(count)
        count += 1


def _rejected(stream: _Stream, rate: float) -> float:
    """Hormann, "The transformed rejection method for Poisson variables", 1993."""
    b = 0.931 + 2.53 * numbers.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    while True:
        u, v = stream.uniform() - 0.5, stream.uniform()
        left = 0.5 - abs(u)
        k = numbers.floor((2 * a / left + b) * u + rate + 0.43)
        if left >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
            return float(k)
        if k < 0 or (left < 0.013 and v > left):
            continue
        high = _log(v * inverse / (a / (left * left) + b))
        if high <= -rate + k * numbers.log(rate) - numbers.lgamma(k + 1):
            return float(k)


# -- the operations ----------------------------------------------------------------


def _drawing(draw: Callable[[_Stream, float], float], dtype: str) -> Any:
    def bind(op: Operation, state: State) -> Callable[[Array, Array], Array]:
        generator = generator_of(op, state)
        kind = op._attrs[dtype].as_numpy_dtype

        def kernel(shape: Array, parameters: Array) -> Array:
            sizes = tuple(shape.tolist())
            count = numbers.prod(sizes)
            flat = np.repeat(np.asarray(parameters, np.float64).reshape(-1), count)
            streams = _streams(generator.reserve(flat.size)) if flat.size else ()
            pairs = zip(streams, flat.tolist(), strict=True)
            drawn = np.array([draw(*pair) for pair in pairs], np.float64)
            turned = drawn.reshape(-1, count).T if count else drawn
            return turned.reshape(sizes + np.shape(parameters)).astype(kind)

        return kernel

    return bind


def _shape(op: Operation) -> list[Dims]:
    first, second = shape_inference.sizes(op, 0), op._inputs[1]._dims
    return [None if first is None or second is None else (*first, *second)]


def _gamma_gradient(op: Operation, grad: Any) -> tuple[None, Any]:
    shape, alpha = op.inputs
    sample = op.outputs[0]
    with control_dependencies([grad]):
        count = array.shape(shape)[0]
        ones = array.ones([count], dtype=dtypes.int32)
        wide = joining.concat([ones, array.shape(alpha)], axis=0)
        slope = apply("RandomGammaGrad", reshaping.reshape(alpha, wide), sample)
        return None, math.reduce_sum(grad * slope, axis=math.range_(count))


define(
    "RandomGamma",
    shape=_shape,
    bind=_drawing(_gamma, "T"),
    gradient=_gamma_gradient,
)
define("RandomPoissonV2", shape=_shape, bind=_drawing(_poisson, "dtype"))
define(
    "RandomGammaGrad",
    shape=rules.broadcast_inputs,
    kernel=special.gamma_sample_slope,
)


def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Numbers of gamma distributions.

    Args:
        shape: how many of each distribution.
        alpha: the shapes of the distributions.
        beta: their rates; None: 1.
        dtype: floating.
        seed: of the operation.
        name: of the name scope.

    Returns:
        [*shape, *those of alpha and beta].
    """
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert_to_tensor(shape, name="shape", dtype=dtypes.int32)
        alpha = convert_to_tensor(alpha, name="alpha", dtype=dtype)
        rate = 1 if beta is None else beta
        rate = convert_to_tensor(rate, name="beta", dtype=dtype)
        alpha += array.zeros_like(rate)
        seed1, seed2 = random.get_seed(seed)
        least = np.finfo(alpha.dtype.as_numpy_dtype).tiny
        drawn = apply("RandomGamma", shape, alpha, seed=seed1, seed2=seed2)
        return math.maximum(least, drawn / rate)


def random_poisson(
    lam: Any,
    shape: Any,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Numbers of Poisson distributions.

    Args:
        lam: the means of the distributions.
        shape: how many of each.
        dtype: of the numbers.
        seed: of the operation.
        name: of the name scope.

    Returns:
        [*shape, *that of lam].
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert_to_tensor(shape, name="shape", dtype=dtypes.int32)
        seed1, seed2 = random.get_seed(seed)
        return apply(
            "RandomPoissonV2", shape, lam, dtype=dtype, seed=seed1, seed2=seed2
        )


name_functions(globals())
