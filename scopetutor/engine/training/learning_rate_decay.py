"""Learning rates that fall while a model is trained, as a function of the step.

Before the optimizers, which take the tensor that comes out. In eager mode they are
functions without arguments that compute the rate at that time.
"""

from __future__ import annotations

import functools
import math as numbers
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_n_to_tensor, convert_to_tensor
from scopetutor.engine.ops import (
    math,
    operators,  # noqa: F401 - operators of tensors
    random,
)
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.cases import case
from scopetutor.engine.surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.dtypes import DType


def _now_or_later(rate: Callable[[], Any]) -> Any:
    """The rate as a tensor; in eager mode the function that computes it."""
    return rate if defaults.state.eager else rate()


def _as_rate(learning_rate: Any) -> Any:
    return convert_to_tensor(learning_rate, name="initial_learning_rate")


def _progress(step: Any, decay_steps: Any, dtype: DType, staircase: bool) -> Any:
    """How many times `decay_steps` have been made; only whole times in stairs."""
    times = math.cast(step, dtype) / decay_steps
    return math.floor(times) if staircase else times


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Any:
    """learning_rate * decay_rate ** (global_step / decay_steps).

    Args:
        learning_rate: the first one.
        global_step: how many steps were made.
        decay_steps: after how many the rate is multiplied with `decay_rate` once.
        decay_rate: what it is multiplied with.
        staircase: whether it stays the same in between.
        name: of the scope; None: "ExponentialDecay".
    """

    def rate() -> Any:
        with name_scope(name or "ExponentialDecay") as scope:
            first = _as_rate(learning_rate)
            dtype = first.dtype
            steps = math.cast(decay_steps, dtype)
            factor = math.cast(decay_rate, dtype)
            times = _progress(global_step, steps, dtype, staircase)
            return math.multiply(first, math.pow(factor, times), name=scope)

    return _now_or_later(rate)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Any:
    """learning_rate * exp(-decay_rate * global_step / decay_steps)."""
    factor = math.exp(math.negative(decay_rate))
    return exponential_decay(
        learning_rate, global_step, decay_steps, factor, staircase, name
    )


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Any:
    """learning_rate / (1 + decay_rate * global_step / decay_steps)."""

    def rate() -> Any:
        with name_scope(name or "InverseTimeDecay") as scope:
            first = _as_rate(learning_rate)
            dtype = first.dtype
            steps = math.cast(decay_steps, dtype)
            factor = math.cast(decay_rate, dtype)
            times = _progress(global_step, steps, dtype, staircase)
            one = math.cast(constant(1), dtype)
            return math.divide(
                first, math.add(one, math.multiply(factor, times)), name=scope
            )

    return _now_or_later(rate)


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Any:
    """From `learning_rate` to `end_learning_rate` in `decay_steps`.

    Args:
        learning_rate: the first one.
        end_learning_rate: the last one.
        global_step: how many steps were made.
        decay_steps: after how many the end is reached.
        power: 1 for a straight line.
        cycle: whether `decay_steps` is doubled, tripled, … when it is passed, so that
            the rate rises again.
        name: of the scope; None: "PolynomialDecay".
    """

    def rate() -> Any:
        with name_scope(name or "PolynomialDecay") as scope:
            first = _as_rate(learning_rate)
            dtype = first.dtype
            last = math.cast(end_learning_rate, dtype)
            exponent = math.cast(power, dtype)
            step = math.cast(global_step, dtype)
            steps = math.cast(decay_steps, dtype)
            if cycle:
                times = cond(
                    math.equal(step, 0),
                    lambda: 1.0,
                    lambda: math.ceil(step / decay_steps),
                )
                steps = math.multiply(steps, times)
            else:
                step = math.minimum(step, decay_steps)
            done = math.divide(step, steps)
            drop = first - last
            left = math.multiply(drop, math.pow(1 - done, exponent))
            return math.add(left, last, name=scope)

    return _now_or_later(rate)


def piecewise_constant(
    x: Any, boundaries: Any, values: Any, name: str | None = None
) -> Any:
    """One of some values, by where a step lies between boundaries.

    Args:
        x: the step.
        boundaries: in rising order; each is the last step of its value.
        values: one more than boundaries.
        name: of the scope; None: "PiecewiseConstant".

    Raises:
        ValueError: types or counts do not fit.
    """
    boundaries = convert_n_to_tensor(boundaries)
    values = convert_n_to_tensor(values)
    step_type = convert_to_tensor(x).dtype.base_dtype
    for i, boundary in enumerate(boundaries):
        kind = boundary.dtype.base_dtype
        if kind == dtypes.int32 and step_type == dtypes.int64:
            boundaries[i] = math.cast(boundary, step_type)
        elif kind != step_type:
            raise ValueError(
                f"Boundaries ({kind}) must have the same dtype as x ({step_type})."
            )
    first_type = values[0].dtype.base_dtype
    for value in values[1:]:
        kind = value.dtype.base_dtype
        if kind != first_type:
            raise ValueError(
                "Values must have elements all with the same dtype "
                f"({first_type} vs {kind})."
            )
    if len(boundaries) != len(values) - 1:
        raise ValueError(
            "The length of boundaries should be 1 less than the length of values"
        )
    return _now_or_later(functools.partial(_value_between, x, boundaries, values, name))


def _value_between(
    x: Any, boundaries: list[Any], values: list[Any], name: str | None
) -> Any:
    with name_scope(name or "PiecewiseConstant"):
        step = convert_to_tensor(x)
        pairs = [
            (step <= boundaries[0], _giving(values[0])),
            (step > boundaries[-1], _giving(values[-1])),
        ]
        for low, high, value in zip(
            boundaries[:-1], boundaries[1:], values[1:-1], strict=True
        ):
            is_here = (step > low) & (step <= high)
            pairs.append((is_here, _giving(value)))
        return case(pairs, _giving(values[0]), exclusive=True)


def _giving(value: Any) -> Callable[[], Any]:
    return lambda: value


def _half_wave(fraction: Any) -> Any:
    """From 1 to 0 along a cosine, while the fraction goes from 0 to 1."""
    return 0.5 * (1.0 + math.cos(constant(numbers.pi) * fraction))


def cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    alpha: float = 0.0,
    name: str | None = None,
) -> Any:
    """From `learning_rate` to its `alpha`-th part in `decay_steps`, along a cosine."""

    def rate() -> Any:
        with name_scope(name or "CosineDecay"):
            first = _as_rate(learning_rate)
            steps = math.cast(decay_steps, first.dtype)
            step = math.minimum(math.cast(global_step, first.dtype), steps)
            decayed = (1 - alpha) * _half_wave(step / steps) + alpha
            return math.multiply(first, decayed)

    return _now_or_later(rate)


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Any:
    """Falls along a cosine again and again.

    Args:
        learning_rate: the first one.
        global_step: how many steps were made.
        first_decay_steps: how many steps the first fall takes.
        t_mul: how many times as long each fall is as the one before.
        m_mul: with what part of the rate it begins.
        alpha: what part of the rate remains in the end.
        name: of the scope; None: "SGDRDecay".
    """

    def rate() -> Any:
        with name_scope(name or "SGDRDecay") as scope:
            first = _as_rate(learning_rate)
            dtype = first.dtype
            steps = math.cast(first_decay_steps, dtype)
            least = math.cast(alpha, dtype)
            longer = math.cast(t_mul, dtype)
            lower = math.cast(m_mul, dtype)
            fraction = math.cast(global_step, dtype) / steps
            restarts, fraction = cond(
                math.equal(longer, 1.0),
                lambda: _fall_of_equal_length(fraction),
                lambda: _fall_of_growing_length(fraction, longer),
            )
            decayed = 0.5 * lower**restarts
            decayed = decayed * (1.0 + math.cos(constant(numbers.pi) * fraction))
            return math.multiply(first, (1 - least) * decayed + least, name=scope)

    return _now_or_later(rate)


def _fall_of_equal_length(fraction: Any) -> tuple[Any, Any]:
    """Which fall it is, and how much of it is done."""
    restarts = math.floor(fraction)
    return restarts, fraction - restarts


def _fall_of_growing_length(fraction: Any, longer: Any) -> tuple[Any, Any]:
    restarts = math.floor(math.log(1.0 - fraction * (1.0 - longer)) / math.log(longer))
    before = (1.0 - longer**restarts) / (1.0 - longer)
    return restarts, (fraction - before) / longer**restarts


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Any:
    """A straight line times a cosine of `num_periods`; `beta` always remains."""

    def rate() -> Any:
        with name_scope(name or "LinearCosineDecay") as scope:
            first = _as_rate(learning_rate)
            dtype = first.dtype
            steps = math.cast(decay_steps, dtype)
            periods = math.cast(num_periods, dtype)
            plus = math.cast(alpha, dtype)
            least = math.cast(beta, dtype)
            step = math.minimum(math.cast(global_step, dtype), steps)
            linear = (steps - step) / steps
            done = step / steps
            wave = _half_wave(2.0 * periods * done)
            return math.multiply(first, (plus + linear) * wave + least, name=scope)

    return _now_or_later(rate)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Any:
    """As `linear_cosine_decay`, with noise on the line that gets less."""

    def rate() -> Any:
        with name_scope(name or "NoisyLinearCosineDecay") as scope:
            first = _as_rate(learning_rate)
            dtype = first.dtype
            steps = math.cast(decay_steps, dtype)
            variance = math.cast(initial_variance, dtype)
            exponent = math.cast(variance_decay, dtype)
            periods = math.cast(num_periods, dtype)
            plus = math.cast(alpha, dtype)
            least = math.cast(beta, dtype)
            step = math.minimum(math.cast(global_step, dtype), steps)
            linear = (steps - step) / steps
            spread = math.sqrt(variance / math.pow(1.0 + step, exponent))
            noisy = linear + random.random_normal(linear.shape, stddev=spread)
            done = step / steps
            wave = _half_wave(2.0 * periods * done)
            return math.multiply(first, (plus + noisy) * wave + least, name=scope)

    return _now_or_later(rate)
