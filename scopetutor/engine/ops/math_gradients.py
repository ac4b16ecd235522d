"""Gradients of arithmetic on one number or two, and of choosing.

After broadcast_gradients; reductions and matrices have files of their own beside this.
Loaded when a gradient is first asked for. A function takes the operation and the
gradients of its outputs, and gives those of its inputs; None where none flows. The
operations are those of TF 1.15, in its order, with the formulas it had then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import control_dependencies

from . import array, gathering, math, reshaping, rules
from .broadcast_gradients import (
    all_the_same,
    broadcast_axes,
    reduced_back,
    reductions_back,
    summed,
)
from .elementwise import one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]

# -- one number at a time ----------------------------------------------------------


def nothing(op: Operation, *_grads: Any) -> list[Any]:
    """Of operations that are flat almost everywhere."""
    return [None] * len(op._inputs)


def abs_(op: Operation, grad: Any) -> Any:
    return grad * math.sign(op._inputs[0])


def neg(_: Operation, grad: Any) -> Any:
    return -grad


def _by_output(op_type: str) -> Callable[[Any, Any], Any]:
    """The gradient that an operation computes from the result."""
    return lambda op, grad: apply(op_type, op._outputs[0], grad)


reciprocal, sqrt = _by_output("ReciprocalGrad"), _by_output("SqrtGrad")
rsqrt = _by_output("RsqrtGrad")
define(
    "ReciprocalGrad",
    shape=rules.unchanged,
    kernel=lambda y, dy: -dy * y * y,
    gradient="math_gradients.reciprocal_grad",
)
define(
    "InvGrad",
    shape=rules.unchanged,
    kernel=lambda y, dy: -dy * y * y,
    gradient="math_gradients.reciprocal_grad",
)
define(
    "SqrtGrad",
    shape=rules.unchanged,
    kernel=lambda y, dy: dy * np.asarray(0.5, y.dtype) / y,
    gradient="math_gradients.sqrt_grad",
)
define(
    "RsqrtGrad",
    shape=rules.unchanged,
    kernel=lambda y, dy: np.asarray(-0.5, y.dtype) * dy * (y * y * y),
    gradient="math_gradients.rsqrt_grad",
)


def _sigmoid_grad_kernel(y: Array, dy: Array) -> Any:
    result = dy * y
    result *= one_of(y.dtype) - y
    return result


def _tanh_grad_kernel(y: Array, dy: Array) -> Any:
    result = y * y
    one = one_of(y.dtype)
    if not y.ndim:
        return dy * (one - result)
    np.subtract(one, result, result)
    np.multiply(dy, result, result)
    return result


define(
    "SigmoidGrad",
    shape=rules.unchanged,
    kernel=_sigmoid_grad_kernel,
    gradient="math_gradients.sigmoid_grad",
)
define(
    "TanhGrad",
    shape=rules.unchanged,
    kernel=_tanh_grad_kernel,
    gradient="math_gradients.tanh_grad",
)


def reciprocal_grad(op: Operation, grad: Any) -> tuple[Any, Any]:
    b = op._inputs[1]
    with control_dependencies([grad]):
        ca, cg = math.conj(op._inputs[0]), math.conj(grad)
        return cg * -2.0 * b * ca, apply("ReciprocalGrad", ca, grad)


def sqrt_grad(op: Operation, grad: Any) -> tuple[Any, Any]:
    a, y = op._inputs[0], op._outputs[0]
    with control_dependencies([grad]):
        ga = grad / a
        return -math.conj(ga) * y, 0.5 * ga


def rsqrt_grad(op: Operation, grad: Any) -> tuple[Any, Any]:
    a, b = op._inputs
    with control_dependencies([grad]):
        ca, cg = math.conj(a), math.conj(grad)
        return -1.5 * cg * b * math.square(ca), apply("RsqrtGrad", ca, grad)


def square(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        x = math.conj(op._inputs[0])
        two = constants.constant(2.0, dtype=x.dtype)
        return math.multiply(grad, math.multiply(x, two))


def exp(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.conj(op._outputs[0])


def expm1(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.exp(math.conj(op._inputs[0]))


def log(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.reciprocal(math.conj(op._inputs[0]))


def log1p(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.reciprocal(1 + math.conj(op._inputs[0]))


def _times(slope: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The gradient times a function of the input."""

    def gradient(op: Operation, grad: Any) -> Any:
        with control_dependencies([grad]):
            return grad * slope(math.conj(op._inputs[0]))

    return gradient


sinh, cosh, sin = _times(math.cosh), _times(math.sinh), _times(math.cos)


def cos(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        x = math.conj(op._inputs[0])
        return -grad * math.sin(x)


def tan(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        secant = math.reciprocal(math.cos(math.conj(op._inputs[0])))
        return math.square(secant) * grad


def tanh(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return apply("TanhGrad", math.conj(op._outputs[0]), grad)


def tanh_grad(op: Operation, grad: Any) -> tuple[Any, Any]:
    with control_dependencies([grad]):
        a, b = math.conj(op._inputs[0]), math.conj(op._inputs[1])
        return grad * -2.0 * b * a, apply("TanhGrad", a, grad)


def sigmoid(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return apply("SigmoidGrad", math.conj(op._outputs[0]), grad)


def sigmoid_grad(op: Operation, grad: Any) -> tuple[Any, Any]:
    with control_dependencies([grad]):
        a, b = math.conj(op._inputs[0]), math.conj(op._inputs[1])
        gb = grad * b
        return gb - 2.0 * gb * a, apply("SigmoidGrad", a, grad)


def sign(op: Operation, _: Any) -> Any:
    x = op._inputs[0]
    return array.zeros(array.shape(x), dtype=x.dtype)


def asin(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.reciprocal(_cosine_of(op, grad))


def acos(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        inverse = math.reciprocal(_cosine_of(op, grad))
        return -grad * inverse


def _cosine_of(op: Operation, grad: Any) -> Any:
    """The square root of 1 - x^2."""
    squared = math.square(math.conj(op._inputs[0]))
    one = constants.constant(1, dtype=grad.dtype)
    return math.sqrt(math.subtract(one, squared))


def atan(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        squared = math.square(math.conj(op._inputs[0]))
        one = constants.constant(1, dtype=grad.dtype)
        return grad * math.reciprocal(math.add(one, squared))


def atanh(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        squared = math.square(math.conj(op._inputs[0]))
        one = constants.constant(1, dtype=grad.dtype)
        return grad * math.reciprocal(math.subtract(one, squared))


def asinh(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad / math.cosh(math.conj(op._outputs[0]))


def acosh(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad / math.sinh(math.conj(op._outputs[0]))


def _erf(sign_: int) -> Callable[[Any, Any], Any]:
    def gradient(op: Operation, grad: Any) -> Any:
        factor = sign_ * 2 / np.sqrt(np.pi)
        two_over_root_pi = constants.constant(factor, dtype=grad.dtype)
        with control_dependencies([grad]):
            x = math.conj(op._inputs[0])
            return grad * two_over_root_pi * math.exp(-math.square(x))

    return gradient


erf, erfc = _erf(1), _erf(-1)


def digamma(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        x = math.conj(op._inputs[0])
        one = constants.constant(1, dtype=x.dtype)
        return grad * apply("Polygamma", one, x)


def lgamma(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.digamma(math.conj(op._inputs[0]))


def conj(_: Operation, grad: Any) -> Any:
    return math.conj(grad)


def complex_(op: Operation, grad: Any) -> tuple[Any, Any]:
    sx, rx, sy, ry = broadcast_axes(*op._inputs)
    return summed(math.real(grad), rx, sx), summed(math.imag(grad), ry, sy)


def real(_: Operation, grad: Any) -> Any:
    return math.complex(grad, constants.constant(0, dtype=grad.dtype))


def imag(_: Operation, grad: Any) -> Any:
    return math.complex(constants.constant(0, dtype=grad.dtype), grad)


def angle(op: Operation, grad: Any) -> Any:
    x = op._inputs[0]
    with control_dependencies([grad]):
        re, im = math.real(x), math.imag(x)
        z = math.reciprocal(math.complex(im, re))
        zero = constants.constant(0, dtype=grad.dtype)
        return -math.complex(grad, zero) * z


def complex_abs(op: Operation, grad: Any) -> Any:
    x, y = op._inputs[0], op._outputs[0]
    above = math.complex(grad, array.zeros_like(grad)) * x
    return math.div_no_nan(above, math.complex(y, array.zeros_like(y)))


_CAST_THROUGH = frozenset(
    {
        dtypes.float16,
        dtypes.float32,
        dtypes.float64,
        dtypes.bfloat16,
        dtypes.complex64,
        dtypes.complex128,
    }
)


def cast(op: Operation, grad: Any) -> Any:
    source, target = op._inputs[0].dtype.base_dtype, grad.dtype.base_dtype
    if source in _CAST_THROUGH and target in _CAST_THROUGH:
        return math.cast(grad, source)
    return None


# -- two numbers at a time ---------------------------------------------------------


def _unwanted(op: Any) -> Any:
    """The inputs whose gradients nobody asks for; only tapes say so."""
    return getattr(op, "skip_input_indices", ())


def add(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    unwanted = _unwanted(op)
    if 1 in unwanted and y._dims == ():
        return grad, None
    if all_the_same(x, y, grad):
        return grad, grad
    to_x, to_y = reductions_back(x, y, grad)
    gx = None if 0 in unwanted else reduced_back(grad, to_x)
    return gx, None if 1 in unwanted else reduced_back(grad, to_y)


def sub(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    unwanted = _unwanted(op)
    if 1 in unwanted and y._dims == ():
        return grad, None
    if all_the_same(x, y, grad):
        return grad, -grad
    to_x, to_y = reductions_back(x, y, grad)
    gx = None if 0 in unwanted else reduced_back(grad, to_x)
    return gx, None if 1 in unwanted else reduced_back(-grad, to_y)


def mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    unwanted = _unwanted(op)
    if 1 in unwanted and y._dims == ():
        return apply("Mul", grad, math.conj(y)), None
    if all_the_same(x, y, grad) and grad.dtype in (dtypes.int32, dtypes.float32):
        return apply("Mul", grad, y), apply("Mul", grad, x)
    to_x, to_y = reductions_back(x, y, grad)
    cx, cy = math.conj(x), math.conj(y)
    gx = None if 0 in unwanted else reduced_back(apply("Mul", grad, cy), to_x)
    return gx, None if 1 in unwanted else reduced_back(apply("Mul", cx, grad), to_y)


def mul_no_nan(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    if all_the_same(x, y, grad):
        return apply("MulNoNan", grad, y), apply("MulNoNan", x, grad)
    sx, rx, sy, ry = broadcast_axes(x, y)
    gx = summed(apply("MulNoNan", grad, y), rx, sx)
    return gx, summed(apply("MulNoNan", x, grad), ry, sy)


def _quotient(divide: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
        sx, rx, sy, ry = broadcast_axes(*op._inputs)
        x, y = math.conj(op._inputs[0]), math.conj(op._inputs[1])
        gx = summed(divide(grad, y), rx, sx)
        return gx, summed(grad * divide(divide(-x, y), y), ry, sy)

    return gradient


div, real_div = _quotient(math.divide), _quotient(math.realdiv)
div_no_nan = _quotient(math.div_no_nan)


def floor_mod(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = math.conj(op._inputs[0]), math.conj(op._inputs[1])
    sx, rx, sy, ry = broadcast_axes(x, y)
    floored = math.floor_div(x, y)
    gx = summed(grad, rx, sx)
    return gx, summed(grad * math.negative(floored), ry, sy)


def pow_(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    to_x, to_y = reductions_back(x, y, grad)
    x, y = math.conj(x), math.conj(y)
    gx = reduced_back(grad * y * math.pow(x, y - 1), to_x)
    z = math.conj(op._outputs[0])
    positive = math.not_equal(x, 0) if x.dtype.is_complex else x > 0
    safe = gathering.where_no_warning(positive, x, array.ones_like(x))
    logarithm = gathering.where_no_warning(
        positive, math.log(safe), array.zeros_like(x)
    )
    return gx, reduced_back(grad * z * logarithm, to_y)


def _choice(test: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
        x, y = op._inputs
        sx, sy = array.shape(x), array.shape(y)
        zeros = array.zeros(array.shape(grad), grad.dtype)
        first = test(x, y)
        rx, ry = apply("BroadcastGradientArgs", sx, sy)
        gx = summed(gathering.where_no_warning(first, grad, zeros), rx, sx)
        return gx, summed(gathering.where_no_warning(first, zeros, grad), ry, sy)

    return gradient


maximum, minimum = _choice(math.greater_equal), _choice(math.less_equal)


def squared_difference(op: Operation, grad: Any) -> tuple[Any, Any]:
    x: Any
    y: Any
    x, y = op._inputs
    with control_dependencies([grad]):
        x_grad = math.scalar_mul(2.0, grad) * (x - y)
    if all_the_same(x, y, grad):
        return x_grad, -x_grad
    to_x, to_y = reductions_back(x, y, grad)
    gx = reduced_back(x_grad, to_x)
    return gx, -reduced_back(x_grad, to_y)


def xlogy(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    sx, rx, sy, ry = broadcast_axes(x, y)
    with control_dependencies([grad]):
        other = math.not_equal(x, math.cast(0.0, dtype=x.dtype))
        slope_x = apply("Xlogy", math.cast(other, dtype=x.dtype), y)
        slope_y = apply("Xdivy", x, y)
        gx = summed(slope_x * grad, rx, sx)
        return gx, summed(slope_y * grad, ry, sy)


def xdivy(op: Operation, grad: Any) -> tuple[Any, Any]:
    x: Any
    y: Any
    x, y = op._inputs
    sx, rx, sy, ry = broadcast_axes(x, y)
    with control_dependencies([grad]):
        other = math.not_equal(x, math.cast(0.0, dtype=x.dtype))
        slope_x = apply("Xdivy", math.cast(other, dtype=x.dtype), y)
        slope_y = apply("Xdivy", math.negative(x), y**2)
        gx = summed(slope_x * grad, rx, sx)
        return gx, summed(slope_y * grad, ry, sy)


def atan2(op: Operation, grad: Any) -> tuple[Any, Any]:
    y: Any
    x: Any
    y, x = op._inputs
    with control_dependencies([grad]):
        inverse = grad / (math.square(x) + math.square(y))
        return x * inverse, -y * inverse


# -- choosing ----------------------------------------------------------------------


def select(op: Operation, grad: Any) -> tuple[None, Any, Any]:
    condition, x, _ = op._inputs
    zeros = array.zeros_like(x)
    gx = gathering.where_no_warning(condition, grad, zeros)
    return None, gx, gathering.where_no_warning(condition, zeros, grad)


def select_v2(op: Operation, grad: Any) -> tuple[None, Any, Any]:
    condition, x, y = op._inputs
    zeros = array.zeros([], dtype=grad.dtype.base_dtype)
    gx = gathering.where_v2(condition, grad, zeros)
    sx, size = array.shape(x), array.shape(op._outputs[0])
    rx, _ = apply("BroadcastGradientArgs", sx, size)
    gx = reshaping.reshape(math.reduce_sum(gx, keepdims=True, axis=rx), sx)
    gy = gathering.where_v2(condition, zeros, grad)
    sy = array.shape(y)
    ry, _ = apply("BroadcastGradientArgs", sy, size)
    gy = reshaping.reshape(math.reduce_sum(gy, keepdims=True, axis=ry), sy)
    return None, gx, gy
