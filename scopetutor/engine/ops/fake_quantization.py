"""Numbers rounded as if they were stored in a few bits, for training with it.

After math. TF 1.15 moves the given range a little so that 0 is one of the steps.
"""

from __future__ import annotations

import math as numbers
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.naming import name_functions
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]


class _Steps(NamedTuple):
    """The least and the most that can be stored, and the distance between steps."""

    low: Array
    high: Array
    size: Array


def _steps(low: Any, high: Any, attrs: dict[str, Any]) -> _Steps:
    low, high = np.float32(low), np.float32(high)
    first = np.float32(1 if attrs["narrow_range"] else 0)
    last = np.float32((1 << attrs["num_bits"]) - 1)
    size = (high - low) / (last - first)
    zero = first - low / size
    zero = np.clip(np.float32(numbers.floor(zero + 0.5)), first, last)
    return _Steps((first - zero) * size, (last - zero) * size, size)


def _rounded(x: Array, low: Any, high: Any, attrs: dict[str, Any]) -> Array:
    if low == 0 and high == 0:
        return np.zeros_like(x)
    steps = _steps(low, high, attrs)
    shifted = np.clip(x, steps.low, steps.high) - steps.low
    inverse = np.float32(1) / steps.size
    result = np.floor(shifted * inverse + np.float32(0.5)) * steps.size + steps.low
    return np.asarray(result, np.float32)


def _slopes(
    grad: Array, x: Array, low: Any, high: Any, attrs: dict[str, Any]
) -> tuple[Array, Any, Any]:
    """The gradients of the numbers, of the least and of the most."""
    zero = np.float32(0)
    if low == 0 and high == 0:
        return grad, zero, zero
    steps = _steps(low, high, attrs)
    below, above = x < steps.low, x > steps.high
    inside = np.where(below | above, zero, grad)
    return inside, grad[below].sum(dtype="f4"), grad[above].sum(dtype="f4")


def _args_kernel(op: Operation) -> Callable[[Array], Array]:
    attrs = op._attrs
    return lambda x: _rounded(x, attrs["min"], attrs["max"], attrs)


def _args_slopes(op: Operation) -> Callable[[Array, Array], Array]:
    attrs = op._attrs
    return lambda grad, x: _slopes(grad, x, attrs["min"], attrs["max"], attrs)[0]


def _vars_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    return lambda x, low, high: _rounded(x, low, high, op._attrs)


def _vars_slopes(op: Operation) -> Callable[..., Any]:
    return lambda grad, x, low, high: _slopes(grad, x, low, high, op._attrs)


def _channels_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    def kernel(x: Array, low: Array, high: Array) -> Array:
        ends = zip(low, high, strict=True)
        parts = [_rounded(x[..., i], *pair, op._attrs) for i, pair in enumerate(ends)]
        return np.stack(parts, -1)

    return kernel


def _channels_slopes(op: Operation) -> Callable[..., Any]:
    def kernel(grad: Array, x: Array, low: Array, high: Array) -> Any:
        ends = zip(low, high, strict=True)
        parts = [
            _slopes(grad[..., i], x[..., i], *pair, op._attrs)
            for i, pair in enumerate(ends)
        ]
        inside, below, above = zip(*parts, strict=True)
        return np.stack(inside, -1), np.array(below, "f4"), np.array(above, "f4")

    return kernel


def _given(op: Operation, *names: str) -> dict[str, Any]:
    return {name: op.get_attr(name) for name in (*names, "num_bits", "narrow_range")}


def _args_gradient(op: Operation, grad: Any) -> Any:
    return fake_quant_with_min_max_args_gradient(
        grad, op.inputs[0], **_given(op, "min", "max")
    )


def _vars_gradient(op: Operation, grad: Any) -> Any:
    return fake_quant_with_min_max_vars_gradient(grad, *op.inputs, **_given(op))


def _channels_gradient(op: Operation, grad: Any) -> Any:
    return fake_quant_with_min_max_vars_per_channel_gradient(
        grad, *op.inputs, **_given(op)
    )


for _suffix, _kernel, _back, _gradient, _of_gradient in (
    ("Args", _args_kernel, _args_slopes, _args_gradient, rules.unchanged),
    ("Vars", _vars_kernel, _vars_slopes, _vars_gradient, rules.same_as(0, 2, 3)),
    (
        "VarsPerChannel",
        _channels_kernel,
        _channels_slopes,
        _channels_gradient,
        rules.same_as(0, 2, 3),
    ),
):
    define(
        f"FakeQuantWithMinMax{_suffix}",
        shape=rules.unchanged,
        build=_kernel,
        gradient=_gradient,
    )
    define(f"FakeQuantWithMinMax{_suffix}Gradient", shape=_of_gradient, build=_back)


def fake_quant_with_min_max_args(
    inputs: Any,
    min: float = -6,
    max: float = 6,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Any:
    """Numbers as if they were stored in `num_bits`, between two fixed ends."""
    attrs = {"min": min, "max": max, "num_bits": num_bits, "narrow_range": narrow_range}
    return apply("FakeQuantWithMinMaxArgs", inputs, name=name, **attrs)


def fake_quant_with_min_max_args_gradient(
    gradients: Any,
    inputs: Any,
    min: float = -6,
    max: float = 6,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Any:
    """The gradient of `fake_quant_with_min_max_args`."""
    attrs = {"min": min, "max": max, "num_bits": num_bits, "narrow_range": narrow_range}
    op_type = "FakeQuantWithMinMaxArgsGradient"
    return apply(op_type, gradients, inputs, name=name, **attrs)


def _of_variables(op_type: str, what: str) -> Callable[..., Any]:
    def function(
        inputs: Any,
        min: Any,
        max: Any,
        num_bits: int = 8,
        narrow_range: bool = False,
        name: str | None = None,
    ) -> Any:
        attrs = {"num_bits": num_bits, "narrow_range": narrow_range}
        return apply(op_type, inputs, min, max, name=name, **attrs)

    function.__doc__ = f"Numbers as if they were stored in `num_bits`, between {what}."
    return function


def _of_gradients(op_type: str) -> Callable[..., Any]:
    def function(
        gradients: Any,
        inputs: Any,
        min: Any,
        max: Any,
        num_bits: int = 8,
        narrow_range: bool = False,
        name: str | None = None,
    ) -> Any:
        attrs = {"num_bits": num_bits, "narrow_range": narrow_range}
        return apply(op_type, gradients, inputs, min, max, name=name, **attrs)

    function.__doc__ = "The gradients of the numbers and of both ends."
    return function


fake_quant_with_min_max_vars = _of_variables("FakeQuantWithMinMaxVars", "two ends")
fake_quant_with_min_max_vars_per_channel = _of_variables(
    "FakeQuantWithMinMaxVarsPerChannel", "two ends for each channel"
)
fake_quant_with_min_max_vars_gradient = _of_gradients("FakeQuantWithMinMaxVarsGradient")
fake_quant_with_min_max_vars_per_channel_gradient = _of_gradients(
    "FakeQuantWithMinMaxVarsPerChannelGradient"
)


name_functions(globals())
