"""Gradients of arithmetic, reductions and products.

Loaded when a gradient is first asked for. A function takes the operation and the
gradients of its outputs, and gives those of its inputs; None where none flows. The
operations are those of TF 1.15, in its order, with the formulas it had then.
"""

from __future__ import annotations

import math as scalar_math
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.operation import Tensor
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import colocate_with, control_dependencies, device

from . import array, gathering, joining, math, reshaping, rules, sorting
from .dynamic import dynamic_stitch
from .elementwise import one_of
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.graph import Graph
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- broadcasting ------------------------------------------------------------------


def _reduction_axes(x: Array, y: Array) -> tuple[Array, Array]:
    """The axes along which two shapes were broadcast, for each of them."""
    if np.array_equal(x, y):
        return x[:0], y[:0]
    rank = max(len(x), len(y))
    wide_x = [1] * (rank - len(x)) + x.tolist()
    wide_y = [1] * (rank - len(y)) + y.tolist()
    axes_x, axes_y = [], []
    for axis, (a, b) in enumerate(zip(wide_x, wide_y, strict=True)):
        # TF 1.15: where both are 1, both are reduced; nothing changes.
        if a == 1:
            axes_x.append(axis)
        if b == 1:
            axes_y.append(axis)
    return np.array(axes_x, x.dtype), np.array(axes_y, y.dtype)


def _axes_shape(op: Operation) -> list[Dims]:
    for taken in op._inputs:
        rules.with_rank(taken._dims, 1)
    return [(None,), (None,)]


define(
    "BroadcastGradientArgs", shape=_axes_shape, kernel=_reduction_axes, gradient=None
)

_known_axes: WeakKeyDictionary[Graph, dict[Any, Any]] = WeakKeyDictionary()
_known_reductions: WeakKeyDictionary[Graph, dict[Any, Any]] = WeakKeyDictionary()


def _known(tensor: Any) -> bool:
    return tensor._dims is not None and None not in tensor._dims


def _axes(x: Any, y: Any) -> tuple[Any, Any, Any, Any]:
    """The shapes of two tensors, and the axes along which each was broadcast."""
    sx, sy = array.shape(x), array.shape(y)
    rx, ry = apply("BroadcastGradientArgs", sx, sy)
    return sx, rx, sy, ry


def _broadcast(x: Any, y: Any, grad: Any) -> tuple[Any, Any]:
    """For each of two inputs, how a gradient is reduced to its shape; None: not at all.

    TF 1.15: of known shapes, the axes are computed once for each pair in a graph.
    """
    if not (isinstance(grad, Tensor) and not defaults.state.eager):
        sx, rx, sy, ry = _axes(x, y)
        return (sx, rx), (sy, ry)
    if not (_known(x) and _known(y)):
        sx = array.shape_of(x, optimize=False)
        sy = array.shape_of(y, optimize=False)
        rx, ry = apply("BroadcastGradientArgs", sx, sy)
        return (sx, rx), (sy, ry)
    sx, sy = x._dims, y._dims
    axes = _known_axes.setdefault(defaults.get_default_graph(), {})
    found = axes.get((sx, sy))
    if found is None:
        both = apply("BroadcastGradientArgs", sx, sy)
        found = axes[sx, sy] = tuple(_numbers(part) for part in both)
    rx, ry = found
    dims = grad._dims
    return None if sx == dims else (sx, rx), None if sy == dims else (sy, ry)


def _numbers(tensor: Any) -> tuple[int, ...]:
    value = constants.value_of(tensor)
    assert value is not None
    return tuple(value.tolist())


def _reduced(grad: Any, how: Any) -> Any:
    """A gradient added up along the axes that were broadcast."""
    if how is None:
        return grad
    shape, axes = how
    return reshaping.reshape(math.reduce_sum(grad, axes), shape)


def _summed(grad: Any, axes: Any, shape: Any) -> Any:
    return reshaping.reshape(math.reduce_sum(grad, axes), shape)


def _all_the_same(x: Any, y: Any, grad: Any) -> bool:
    """Whether two inputs and a gradient are known to have one shape."""
    return (
        isinstance(grad, Tensor)
        and x._dims == y._dims == grad._dims
        and x._dims is not None
        and None not in x._dims
    )


# -- reductions --------------------------------------------------------------------


def reduced_shape(input_shape: Any, axes: Any) -> Any:
    """A shape in which the axes of a reduction have size 1."""
    sizes = math.cast(input_shape, dtypes.int32)
    axes = math.cast(axes, dtypes.int32)
    rank = array.size(sizes)
    axes = (axes + rank) % rank
    count = array.shape(axes)
    return dynamic_stitch([math.range_(rank), axes], [sizes, array.fill(count, 1)])


def _safe_divide(x: Any, y: Any) -> Any:
    return x // math.maximum(y, 1)


def sum_(op: Operation, grad: Any) -> list[Any]:
    x, axes = op._inputs
    dims = x._dims
    if dims is not None:
        known = static_value(axes)
        if known is not None:
            if np.array_equal(known, np.arange(len(dims))):
                grad = reshaping.reshape(grad, [1] * len(dims))
                sizes = (
                    array.shape(x)
                    if None in dims
                    else constants.constant(dims, dtype=dtypes.int32)
                )
                return [joining.tile(grad, sizes), None]
            if None not in dims and not defaults.state.eager:
                kept, times = _known_reduction(dims, tuple(known.reshape(-1).tolist()))
                return [joining.tile(reshaping.reshape(grad, kept), times), None]
    sizes = array.shape(x)
    with colocate_with(sizes):
        kept = reduced_shape(sizes, axes)
        times = _safe_divide(sizes, kept)
    return [joining.tile(reshaping.reshape(grad, kept), times), None]


def _known_reduction(dims: Any, axes: Any) -> tuple[Any, Any]:
    """The shape after a reduction, and how often each row is repeated to undo it."""
    found = _known_reductions.setdefault(defaults.get_default_graph(), {})
    if (dims, axes) not in found:
        kept = _numbers(reduced_shape(dims, axes))
        times = _numbers(dims // math.maximum(kept, 1))
        found[dims, axes] = kept, times
    kept, times = found[dims, axes]
    return kept, times


def mean(op: Operation, grad: Any) -> tuple[Any, None]:
    total = sum_(op, grad)[0]
    x, y = op._inputs[0], op._outputs[0]
    factor: Any
    if _known(x) and _known(y):
        sizes = scalar_math.prod(x._dims), scalar_math.prod(y._dims)  # type: ignore[arg-type]
        factor = constants.constant(sizes[0] // max(sizes[1], 1), dtype=total.dtype)
    else:
        before, after = array.shape(x), array.shape(y)
        factor = _safe_divide(math.reduce_prod(before), math.reduce_prod(after))
    return math.truediv(total, math.cast(factor, total.dtype)), None


def extreme(op: Operation, grad: Any) -> list[Any]:
    """Of Max and Min: what equals the result shares the gradient."""
    x, axes = op._inputs
    kept = reduced_shape(array.shape(x), axes)
    y = reshaping.reshape(op._outputs[0], kept)
    grad = reshaping.reshape(grad, kept)
    chosen = math.cast(math.equal(y, x), grad.dtype)
    count = reshaping.reshape(math.reduce_sum(chosen, axes), kept)
    return [math.divide(chosen, count) * grad, None]


def prod(op: Operation, grad: Any) -> tuple[Any, None]:
    x = op._inputs[0]
    sizes = array.shape(x)
    axes = reshaping.reshape(op._inputs[1], [-1])
    kept = reduced_shape(sizes, op._inputs[1])
    times = _safe_divide(sizes, kept)
    grad = joining.tile(reshaping.reshape(grad, kept), times)
    with device("/cpu:0"):
        rank = array.rank(x)
        axes = (axes + rank) % rank
        gone = math.cast(axes, dtypes.int32)
        places = math.range_(0, rank)
        other, _ = sorting.list_diff(places, gone)
        order = joining.concat([gone, other], 0)
        gone_count = math.reduce_prod(gathering.gather(sizes, gone))
        other_count = math.reduce_prod(gathering.gather(sizes, other))
    moved = reshaping.transpose(x, order)
    moved_shape = array.shape(moved)
    matrix = reshaping.reshape(moved, (gone_count, other_count))
    left = math.cumprod(matrix, axis=0, exclusive=True)
    right = math.cumprod(matrix, axis=0, exclusive=True, reverse=True)
    others = reshaping.reshape(math.conj(left) * math.conj(right), moved_shape)
    back = sorting.invert_permutation(order)
    result = grad * reshaping.transpose(others, back)
    return reshaping.reshape(result, sizes), None


def nothing(op: Operation, *_grads: Any) -> list[Any]:
    """Of operations that are flat almost everywhere."""
    return [None] * len(op._inputs)


# -- one number at a time ----------------------------------------------------------


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


def lgamma(op: Operation, grad: Any) -> Any:
    with control_dependencies([grad]):
        return grad * math.digamma(math.conj(op._inputs[0]))


def conj(_: Operation, grad: Any) -> Any:
    return math.conj(grad)


def complex_(op: Operation, grad: Any) -> tuple[Any, Any]:
    sx, rx, sy, ry = _axes(*op._inputs)
    return _summed(math.real(grad), rx, sx), _summed(math.imag(grad), ry, sy)


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
    if _all_the_same(x, y, grad):
        return grad, grad
    to_x, to_y = _broadcast(x, y, grad)
    gx = None if 0 in unwanted else _reduced(grad, to_x)
    return gx, None if 1 in unwanted else _reduced(grad, to_y)


def sub(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    unwanted = _unwanted(op)
    if 1 in unwanted and y._dims == ():
        return grad, None
    if _all_the_same(x, y, grad):
        return grad, -grad
    to_x, to_y = _broadcast(x, y, grad)
    gx = None if 0 in unwanted else _reduced(grad, to_x)
    return gx, None if 1 in unwanted else _reduced(-grad, to_y)


def mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    unwanted = _unwanted(op)
    if 1 in unwanted and y._dims == ():
        return apply("Mul", grad, math.conj(y)), None
    if _all_the_same(x, y, grad) and grad.dtype in (dtypes.int32, dtypes.float32):
        return apply("Mul", grad, y), apply("Mul", grad, x)
    to_x, to_y = _broadcast(x, y, grad)
    cx, cy = math.conj(x), math.conj(y)
    gx = None if 0 in unwanted else _reduced(apply("Mul", grad, cy), to_x)
    return gx, None if 1 in unwanted else _reduced(apply("Mul", cx, grad), to_y)


def mul_no_nan(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    if _all_the_same(x, y, grad):
        return apply("MulNoNan", grad, y), apply("MulNoNan", x, grad)
    sx, rx, sy, ry = _axes(x, y)
    gx = _summed(apply("MulNoNan", grad, y), rx, sx)
    return gx, _summed(apply("MulNoNan", x, grad), ry, sy)


def _quotient(divide: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
        sx, rx, sy, ry = _axes(*op._inputs)
        x, y = math.conj(op._inputs[0]), math.conj(op._inputs[1])
        gx = _summed(divide(grad, y), rx, sx)
        return gx, _summed(grad * divide(divide(-x, y), y), ry, sy)

    return gradient


div, real_div = _quotient(math.divide), _quotient(math.realdiv)
div_no_nan = _quotient(math.div_no_nan)


def floor_mod(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = math.conj(op._inputs[0]), math.conj(op._inputs[1])
    sx, rx, sy, ry = _axes(x, y)
    floored = math.floor_div(x, y)
    gx = _summed(grad, rx, sx)
    return gx, _summed(grad * math.negative(floored), ry, sy)


def pow_(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    to_x, to_y = _broadcast(x, y, grad)
    x, y = math.conj(x), math.conj(y)
    gx = _reduced(grad * y * math.pow(x, y - 1), to_x)
    z = math.conj(op._outputs[0])
    positive = math.not_equal(x, 0) if x.dtype.is_complex else x > 0
    safe = gathering.where_no_warning(positive, x, array.ones_like(x))
    logarithm = gathering.where_no_warning(
        positive, math.log(safe), array.zeros_like(x)
    )
    return gx, _reduced(grad * z * logarithm, to_y)


def _choice(test: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
        x, y = op._inputs
        sx, sy = array.shape(x), array.shape(y)
        zeros = array.zeros(array.shape(grad), grad.dtype)
        first = test(x, y)
        rx, ry = apply("BroadcastGradientArgs", sx, sy)
        gx = _summed(gathering.where_no_warning(first, grad, zeros), rx, sx)
        return gx, _summed(gathering.where_no_warning(first, zeros, grad), ry, sy)

    return gradient


maximum, minimum = _choice(math.greater_equal), _choice(math.less_equal)


def squared_difference(op: Operation, grad: Any) -> tuple[Any, Any]:
    x: Any
    y: Any
    x, y = op._inputs
    with control_dependencies([grad]):
        x_grad = math.scalar_mul(2.0, grad) * (x - y)
    if _all_the_same(x, y, grad):
        return x_grad, -x_grad
    to_x, to_y = _broadcast(x, y, grad)
    gx = _reduced(x_grad, to_x)
    return gx, -_reduced(x_grad, to_y)


def xlogy(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    sx, rx, sy, ry = _axes(x, y)
    with control_dependencies([grad]):
        other = math.not_equal(x, math.cast(0.0, dtype=x.dtype))
        slope_x = apply("Xlogy", math.cast(other, dtype=x.dtype), y)
        slope_y = apply("Xdivy", x, y)
        gx = _summed(slope_x * grad, rx, sx)
        return gx, _summed(slope_y * grad, ry, sy)


def xdivy(op: Operation, grad: Any) -> tuple[Any, Any]:
    x: Any
    y: Any
    x, y = op._inputs
    sx, rx, sy, ry = _axes(x, y)
    with control_dependencies([grad]):
        other = math.not_equal(x, math.cast(0.0, dtype=x.dtype))
        slope_x = apply("Xdivy", math.cast(other, dtype=x.dtype), y)
        slope_y = apply("Xdivy", math.negative(x), y**2)
        gx = _summed(slope_x * grad, rx, sx)
        return gx, _summed(slope_y * grad, ry, sy)


def atan2(op: Operation, grad: Any) -> tuple[Any, Any]:
    y: Any
    x: Any
    y, x = op._inputs
    with control_dependencies([grad]):
        inverse = grad / (math.square(x) + math.square(y))
        return x * inverse, -y * inverse


# -- sums and products -------------------------------------------------------------


def add_n(op: Operation, grad: Any) -> list[Any]:
    return [grad] * len(op._inputs)


def cumsum(op: Operation, grad: Any) -> list[Any]:
    exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
    axis = op._inputs[1]
    return [math.cumsum(grad, axis, exclusive=exclusive, reverse=not reverse), None]


def cumprod(op: Operation, grad: Any) -> list[Any]:
    x, axis = op._inputs
    exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
    product = math.cumprod(x, axis, exclusive=exclusive, reverse=reverse)
    total = math.cumsum(product * grad, axis, exclusive=exclusive, reverse=not reverse)
    return [total / x, None]


# Which matrices are multiplied for the gradients of a and b: "g" is the gradient, a
# "'" means transposed, by (transpose_a, transpose_b) of the product.
_PRODUCTS = {
    (False, False): ("gb'", "a'g"),
    (False, True): ("gb", "g'a"),
    (True, False): ("bg'", "ag"),
    (True, True): ("b'g'", "g'a'"),
}


def _multiplied(word: str, tensors: dict[str, Any]) -> tuple[Any, Any, bool, bool]:
    """The two factors of a word like "gb'", and which are transposed."""
    first, second = (letter for letter in word if letter != "'")
    return (
        tensors[first],
        tensors[second],
        word[1] == "'",
        word[-1] == "'",
    )


def mat_mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    words = _PRODUCTS[op._attrs["transpose_a"], op._attrs["transpose_b"]]
    a, b = math.conj(op._inputs[0]), math.conj(op._inputs[1])
    results = []
    for word in words:
        x, y, ta, tb = _multiplied(word, {"a": a, "b": b, "g": grad})
        results.append(apply("MatMul", x, y, transpose_a=ta, transpose_b=tb))
    return results[0], results[1]


def sparse_mat_mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    words = _PRODUCTS[op._attrs["transpose_a"], op._attrs["transpose_b"]]
    a, b = op._inputs
    sparse = {
        "a": op._attrs["a_is_sparse"],
        "b": op._attrs["b_is_sparse"],
        "g": not defaults.state.eager and grad.op.type == "ReluGrad",
    }
    results = []
    for word, like in zip(words, (a, b), strict=True):
        x, y, ta, tb = _multiplied(word, {"a": a, "b": b, "g": grad})
        first, second = (letter for letter in word if letter != "'")
        if tb:
            y = reshaping.transpose(y)
        product = math.matmul(
            x,
            y,
            transpose_a=ta,
            a_is_sparse=sparse[first],
            b_is_sparse=sparse[second],
        )
        if product.dtype != like.dtype:
            product = math.cast(product, like.dtype)
        results.append(product)
    return results[0], results[1]


def batch_mat_mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    words = _PRODUCTS[op._attrs["adj_x"], op._attrs["adj_y"]]
    x, y = op._inputs
    results = []
    for word in words:
        first, second, adjoint_a, adjoint_b = _multiplied(
            word, {"a": x, "b": y, "g": grad}
        )
        results.append(
            math.matmul(first, second, adjoint_a=adjoint_a, adjoint_b=adjoint_b)
        )
    return results[0], results[1]


def batch_mat_mul_v2(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    gx, gy = batch_mat_mul(op, grad)
    if _known(x) and _known(y) and x._dims == y._dims:
        return gx, gy
    sx, sy = array.shape(x), array.shape(y)
    rx, ry = apply("BroadcastGradientArgs", sx[:-2], sy[:-2])
    gx = _summed(gx, rx, sx)
    return gx, _summed(gy, ry, sy)


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
