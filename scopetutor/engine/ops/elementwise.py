"""What happens to each number by itself: `tf.exp`, `tf.add`, `tf.less` and so on.

A good file to start with: an operation is one `define`, a function of `tf` composes
operations the way TF 1.15 does, names included. After casting; ``math.py`` gathers it.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InternalError, InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import rules
from .casting import cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Tensor

Array = np.ndarray[Any, Any]


@functools.cache
def one_of(dtype: np.dtype[Any]) -> Array:
    """The number 1 of a type, made once: kernels of small tensors take no longer."""
    return np.asarray(1, dtype)


def logistic(x: Array) -> Any:
    """The kernel of Sigmoid."""
    one = one_of(x.dtype)
    if not x.ndim:
        return one / (one + np.exp(-x))
    result = np.negative(x)  # one array for all steps
    np.exp(result, result)
    np.add(result, one, result)
    return np.reciprocal(result, result)


def _special(function: Callable[[float], float]) -> Callable[[Array], Array]:
    """A function of the math module for arrays."""
    slow = np.frompyfunc(function, 1, 1)
    return lambda x: np.asarray(slow(x)).astype(x.dtype)


def _digamma(x: float) -> float:
    """The derivative of log gamma, by recurrence and the asymptotic series."""
    if x <= 0 and x == math.floor(x):
        return math.inf  # as TF 1.15 has it
    if x < 0:
        return _digamma(1 - x) - math.pi / math.tan(math.pi * x)
    result = 0.0
    while x < 10:
        result -= 1 / x
        x += 1
    inverse = 1 / (x * x)
    tail = inverse * (
        1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240))
    )
    return result + math.log(x) - 0.5 / x - tail


def _log_gamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):
        return math.inf


log_gamma_of, digamma_of = _special(_log_gamma), _special(_digamma)


def _in_gradients(name: str | None) -> str | None:
    """Where the gradient of that name is defined."""
    return f"math_gradients.{name}" if name else name


_ONE_BY_ONE: dict[str, tuple[Callable[..., Any], str | None]] = {
    "Abs": (np.abs, "abs_"),
    "Neg": (np.negative, "neg"),
    "Inv": (np.reciprocal, "reciprocal"),
    "Reciprocal": (np.reciprocal, "reciprocal"),
    "Exp": (np.exp, "exp"),
    "Expm1": (np.expm1, "expm1"),
    "Log": (np.log, "log"),
    "Log1p": (np.log1p, "log1p"),
    "Sqrt": (np.sqrt, "sqrt"),
    "Rsqrt": (lambda x: one_of(x.dtype) / np.sqrt(x), "rsqrt"),
    "Square": (np.square, "square"),
    "Sign": (np.sign, "sign"),
    "Floor": (np.floor, "nothing"),
    "Ceil": (np.ceil, "nothing"),
    "Rint": (np.rint, "nothing"),
    "Round": (np.rint, "nothing"),
    "Sin": (np.sin, "sin"),
    "Cos": (np.cos, "cos"),
    "Tan": (np.tan, "tan"),
    "Asin": (np.arcsin, "asin"),
    "Acos": (np.arccos, "acos"),
    "Atan": (np.arctan, "atan"),
    "Sinh": (np.sinh, "sinh"),
    "Cosh": (np.cosh, "cosh"),
    "Tanh": (np.tanh, "tanh"),
    "Asinh": (np.arcsinh, "asinh"),
    "Acosh": (np.arccosh, "acosh"),
    "Atanh": (np.arctanh, "atanh"),
    "Sigmoid": (logistic, "sigmoid"),
    "Erf": (_special(math.erf), "erf"),
    "Erfc": (_special(math.erfc), "erfc"),
    "Lgamma": (log_gamma_of, "lgamma"),
    "Digamma": (digamma_of, "digamma"),
    "IsNan": (np.isnan, ""),
    "IsInf": (np.isinf, ""),
    "IsFinite": (np.isfinite, ""),
    "LogicalNot": (np.logical_not, None),
    "Invert": (np.invert, None),
    "Conj": (np.conj, "conj"),
    "Real": (np.real, "real"),
    "Imag": (np.imag, "imag"),
    "Angle": (np.angle, "angle"),
    "ComplexAbs": (np.abs, "complex_abs"),
}
for _type, (_kernel, _slope) in _ONE_BY_ONE.items():
    define(_type, shape=rules.unchanged, kernel=_kernel, gradient=_in_gradients(_slope))


def _no_zero(x: Array, y: Array) -> None:
    if y.dtype.kind in "iu" and x.size and not y.all():
        raise InvalidArgumentError(None, None, "Integer division by zero")


def _no_zero_to_cut(x: Array, y: Array) -> None:
    """TF 1.15: the operations that cut towards zero have an error of their own."""
    if y.dtype.kind in "iu" and x.size and not y.all():
        raise InternalError(
            None,
            None,
            "Unexpected error in binary operator (only integer div and mod should "
            "have errors)",
        )


def _divide(x: Array, y: Array) -> Any:
    """C++'s division: integers are cut towards zero."""
    if x.dtype.kind not in "iu":
        return np.true_divide(x, y)
    _no_zero(x, y)
    return truncate_divide(x, y)


def truncate_divide(x: Array, y: Array) -> Any:
    """The kernel of a division that cuts towards zero."""
    _no_zero_to_cut(x, y)
    quotient = np.floor_divide(x, y)
    inexact = (np.remainder(x, y) != 0) & ((x < 0) != (y < 0))
    return (quotient + inexact).astype(x.dtype)


def _floor_divide(x: Array, y: Array) -> Any:
    _no_zero(x, y)
    return np.floor_divide(x, y)


def _floor_mod(x: Array, y: Array) -> Any:
    _no_zero(x, y)
    return np.remainder(x, y)


def _truncate_mod(x: Array, y: Array) -> Any:
    _no_zero_to_cut(x, y)
    return np.fmod(x, y)


def _power(x: Array, y: Array) -> Any:
    if x.dtype.kind in "iu" and np.any(y < 0):
        raise InvalidArgumentError(
            None, None, "Integers to negative integer powers are not allowed"
        )
    return np.power(x, y)


def _where_zero(function: Callable[..., Any], *, of: int) -> Callable[..., Any]:
    """The function, but zero wherever its argument number `of` is zero."""

    def kernel(x: Array, y: Array) -> Any:
        zero = np.asarray(0, x.dtype)
        return np.where((x, y)[of] == zero, zero, function(x, y))

    return kernel


_TWO_BY_TWO: dict[str, tuple[Callable[..., Any], str | None]] = {
    "Add": (np.add, "add"),
    "AddV2": (np.add, "add"),
    "Sub": (np.subtract, "sub"),
    "Mul": (np.multiply, "mul"),
    "Div": (_divide, "div"),
    "RealDiv": (np.true_divide, "real_div"),
    "FloorDiv": (_floor_divide, "nothing"),
    "TruncateDiv": (truncate_divide, "nothing"),
    "Mod": (_truncate_mod, ""),
    "FloorMod": (_floor_mod, "floor_mod"),
    "TruncateMod": (_truncate_mod, ""),
    "Pow": (_power, "pow_"),
    "Maximum": (np.maximum, "maximum"),
    "Minimum": (np.minimum, "minimum"),
    "SquaredDifference": (
        lambda x, y: np.square(np.subtract(x, y)),
        "squared_difference",
    ),
    "DivNoNan": (_where_zero(np.true_divide, of=1), "div_no_nan"),
    "MulNoNan": (_where_zero(np.multiply, of=1), "mul_no_nan"),
    "Xdivy": (_where_zero(np.true_divide, of=0), "xdivy"),
    "Xlogy": (_where_zero(lambda x, y: x * np.log(y), of=0), "xlogy"),
    "Atan2": (np.arctan2, "atan2"),
    "Less": (np.less, None),
    "LessEqual": (np.less_equal, None),
    "Greater": (np.greater, None),
    "GreaterEqual": (np.greater_equal, None),
    "Equal": (np.equal, None),
    "NotEqual": (np.not_equal, None),
    "LogicalAnd": (np.logical_and, None),
    "LogicalOr": (np.logical_or, None),
    "BitwiseAnd": (np.bitwise_and, None),
    "BitwiseOr": (np.bitwise_or, None),
    "BitwiseXor": (np.bitwise_xor, None),
    "LeftShift": (np.left_shift, None),
    "RightShift": (np.right_shift, None),
    "Complex": (lambda x, y: x + 1j * y, "complex_"),
}
for _type, (_kernel, _slope) in _TWO_BY_TWO.items():
    define(
        _type,
        shape=rules.broadcast_inputs,
        kernel=_kernel,
        gradient=_in_gradients(_slope),
    )


def _approximate(op: Any) -> Callable[..., Any]:
    tolerance = op._attrs["tolerance"]

    def kernel(x: Array, y: Array) -> Any:
        return np.abs(x - y) < np.asarray(tolerance).astype(x.real.dtype)

    return kernel


define("ApproximateEqual", shape=rules.merged_inputs, build=_approximate, gradient=None)


def _one(op_type: str, first: str = "x") -> Callable[..., Any]:
    """The Python function of an operation of one input."""
    if first == "x":

        def function(x: Any, name: str | None = None) -> Any:
            return apply(op_type, x, name=name)

    else:

        def function(input: Any, name: str | None = None) -> Any:  # type: ignore[misc]
            return apply(op_type, input, name=name)

    function.__doc__ = f"{op_type} of each element."
    return function


def _two(op_type: str) -> Callable[..., Any]:
    """The Python function of an operation of two inputs."""

    def function(x: Any, y: Any, name: str | None = None) -> Any:
        return apply(op_type, x, y, name=name)

    function.__doc__ = f"{op_type} of two tensors, element by element."
    return function


def _takes_sparse(plain: Callable[..., Any]) -> Callable[..., Any]:
    """A function that keeps zeros takes SparseTensors; TF 1.15 sees it when refused."""

    def function(x: Any, name: str | None = None) -> Any:
        try:
            return plain(x, name)
        except (TypeError, ValueError):
            if not isinstance(x, SparseTensor):
                raise
        return SparseTensor(x.indices, plain(x.values, name), x.dense_shape)

    function.__doc__ = plain.__doc__
    return function


exp, expm1, log, log1p = _one("Exp"), _one("Expm1"), _one("Log"), _one("Log1p")
sqrt, square = _takes_sparse(_one("Sqrt")), _takes_sparse(_one("Square"))
sign, rsqrt = _takes_sparse(_one("Sign")), _one("Rsqrt")
floor, ceil, rint = _one("Floor"), _one("Ceil"), _one("Rint")
sin, cos, tan = _one("Sin"), _one("Cos"), _one("Tan")
asin, acos, atan = _one("Asin"), _one("Acos"), _one("Atan")
sinh, cosh, tanh = _one("Sinh"), _one("Cosh"), _takes_sparse(_one("Tanh"))
asinh, acosh, atanh = _one("Asinh"), _one("Acosh"), _one("Atanh")
erf, erfc = _takes_sparse(_one("Erf")), _one("Erfc")
lgamma, digamma = _one("Lgamma"), _one("Digamma")
is_nan, is_inf, is_finite = _one("IsNan"), _one("IsInf"), _one("IsFinite")
negative = _takes_sparse(_one("Neg"))
logical_not, reciprocal = _one("LogicalNot"), _one("Reciprocal")

add, subtract, multiply = _two("Add"), _two("Sub"), _two("Mul")
maximum, minimum = _two("Maximum"), _two("Minimum")
squared_difference = _two("SquaredDifference")
mod = floormod = _two("FloorMod")
truncatemod, truncatediv = _two("TruncateMod"), _two("TruncateDiv")
realdiv, floor_div = _two("RealDiv"), _two("FloorDiv")
less, less_equal = _two("Less"), _two("LessEqual")
greater, greater_equal = _two("Greater"), _two("GreaterEqual")
equal, not_equal = _two("Equal"), _two("NotEqual")
logical_and, logical_or = _two("LogicalAnd"), _two("LogicalOr")
xdivy, xlogy = _two("Xdivy"), _two("Xlogy")


def atan2(y: Any, x: Any, name: str | None = None) -> Any:
    """The angles of points, in radians from the x axis."""
    return apply("Atan2", y, x, name=name)


def logical_xor(x: Any, y: Any, name: str = "LogicalXor") -> Any:
    """Whether exactly one is true, built of or, and, not as in TF 1.15."""
    either = apply("LogicalOr", x, y)
    both = apply("LogicalAnd", x, y)
    return apply("LogicalAnd", either, apply("LogicalNot", both), name=name)


@_takes_sparse
def abs(x: Any, name: str | None = None) -> Any:
    """The absolute value of each element; of complex ones, their length."""
    with name_scope(name, "Abs", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            return apply("ComplexAbs", x, Tout=x.dtype.real_dtype, name=scope)
        return apply("Abs", x, name=scope)


def sigmoid(x: Any, name: str | None = None) -> Any:
    """1 / (1 + e^-x) of each element."""
    with name_scope(name, "Sigmoid", [x]) as scope:
        return apply("Sigmoid", convert_to_tensor(x, name="x"), name=scope)


def log_sigmoid(x: Any, name: str | None = None) -> Any:
    """The logarithm of the sigmoid, as -softplus(-x)."""
    with name_scope(name, "LogSigmoid", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return apply("Neg", apply("Softplus", -x), name=scope)


def pow(x: Any, y: Any, name: str | None = None) -> Any:
    """X to the power of y."""
    with name_scope(name, "Pow", [x]) as scope:
        return apply("Pow", x, y, name=scope)


def round(x: Any, name: str | None = None) -> Any:
    """Each element rounded half to even; integers as they are."""
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else apply("Round", x, name=name)


_QUOTIENT_TYPE = {
    dtypes.uint8: dtypes.float32,
    dtypes.int8: dtypes.float32,
    dtypes.uint16: dtypes.float32,
    dtypes.int16: dtypes.float32,
    dtypes.int32: dtypes.float64,
    dtypes.int64: dtypes.float64,
    dtypes.bfloat16: None,
    dtypes.float16: None,
    dtypes.float32: None,
    dtypes.float64: None,
    dtypes.complex64: None,
    dtypes.complex128: None,
}


def truediv(x: Any, y: Any, name: str | None = None) -> Any:
    """X / y; TF 1.15: integers become floats first, int32 float64.

    Raises:
        TypeError: the types differ, or cannot be divided.
    """
    with name_scope(name, "truediv", [x, y]) as scope:
        x, y = quotient_types(convert_to_tensor(x, name="x"), y)
        return apply("RealDiv", x, y, name=scope)


def quotient_types(x: Tensor, y: Any) -> tuple[Tensor, Tensor]:
    """Both as what Python 3 divides: integers as floats.

    Raises:
        TypeError: the types differ, or cannot be divided.
    """
    y = convert_to_tensor(y, name="y")
    _check_same_type(x, y)
    kind = x.dtype.base_dtype
    if kind not in _QUOTIENT_TYPE:
        raise TypeError(f"Invalid dtype {kind!r} in __truediv__")
    wide = _QUOTIENT_TYPE[kind]
    return (x, y) if wide is None else (cast(x, wide), cast(y, wide))


def _check_same_type(x: Tensor, y: Tensor) -> None:
    if x.dtype.base_dtype is not y.dtype.base_dtype:
        raise TypeError(
            "x and y must have the same dtype, got "
            f"{x.dtype.base_dtype!r} != {y.dtype.base_dtype!r}"
        )


def div_python2(x: Any, y: Any, name: str | None = None) -> Any:
    """X / y as Python 2 has it: floats are divided, integers rounded down."""
    with name_scope(name, "div", [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        _check_same_type(x, y)
        floats = x.dtype.is_floating or x.dtype.is_complex
        return apply("RealDiv" if floats else "FloorDiv", x, y, name=scope)


@deprecation.deprecated(
    "div", "math_ops", "Deprecated in favor of operator or tf.math.divide."
)
def div(x: Any, y: Any, name: str | None = None) -> Any:
    """X / y as Python 2 has it."""
    return div_python2(x, y, name)


def floordiv(x: Any, y: Any, name: str | None = None) -> Any:
    """X / y rounded down."""
    with name_scope(name, "floordiv", [x, y]) as scope:
        return apply("FloorDiv", x, y, name=scope)


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """X / y; TF 1.15: without a name this is Python's operator."""
    return x / y if name is None else truediv(x, y, name)


def div_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """X / y, and 0 where y is 0."""
    return _no_nan("DivNoNan", "div_no_nan", x, y, name)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """X * y, and 0 where y is 0 whatever x is."""
    return _no_nan("MulNoNan", "multiply_no_nan", x, y, name)


def _no_nan(op_type: str, default: str, x: Any, y: Any, name: str | None) -> Any:
    with name_scope(name, default, [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        return apply(op_type, x, y, name=scope)


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """A number times a tensor; ValueError if it is no single number."""
    from scopetutor.engine.sparse import IndexedSlices  # noqa: PLC0415 - built on this module

    scalar = convert_to_tensor(scalar, dtype=x.dtype.base_dtype, name="scalar")
    if scalar._dims != ():
        raise ValueError(f"Only scalar multiply works, got shape {scalar.shape}")
    if isinstance(x, IndexedSlices):
        values = apply("Mul", scalar, x.values, name=name)
        return IndexedSlices(values, x.indices, x.dense_shape)
    return apply("Mul", scalar, x, name=name)


name_functions(
    globals(),
    floormod="floor_mod",
    negative="neg",
    realdiv="real_div",
    truncatediv="truncate_div",
    truncatemod="truncate_mod",
)
