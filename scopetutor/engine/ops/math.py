"""Arithmetic: what happens to each number by itself, reductions and products.

A good file to start with: an operation is one `define`, a function of `tf` composes
operations the way TF 1.15 does, names included.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import (
    InternalError,
    InvalidArgumentError,
    UnimplementedError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation, Tensor
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- one number at a time ----------------------------------------------------------


def _sigmoid(x: Array) -> Any:
    one = np.asarray(1, x.dtype)
    if not x.ndim:
        return one / (one + np.exp(-x))
    result = np.negative(x)  # one array for all steps
    np.exp(result, out=result)
    np.add(one, result, out=result)
    np.divide(one, result, out=result)
    return result


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
    "Rsqrt": (lambda x: np.asarray(1, x.dtype) / np.sqrt(x), "rsqrt"),
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
    "Sigmoid": (_sigmoid, "sigmoid"),
    "Erf": (_special(math.erf), "erf"),
    "Erfc": (_special(math.erfc), "erfc"),
    "Lgamma": (_special(_log_gamma), "lgamma"),
    "Digamma": (_special(_digamma), ""),
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
    if y.dtype.kind in "iu" and x.size and not np.all(y):
        raise InvalidArgumentError(None, None, "Integer division by zero")


def _no_zero_to_cut(x: Array, y: Array) -> None:
    """TF 1.15: the operations that cut towards zero have an error of their own."""
    if y.dtype.kind in "iu" and x.size and not np.all(y):
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
    return _truncate_divide(x, y)


def _truncate_divide(x: Array, y: Array) -> Any:
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
    "TruncateDiv": (_truncate_divide, "nothing"),
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


exp, expm1, log, log1p = _one("Exp"), _one("Expm1"), _one("Log"), _one("Log1p")
sqrt, rsqrt, square = _one("Sqrt"), _one("Rsqrt"), _one("Square")
sign, floor, ceil, rint = _one("Sign"), _one("Floor"), _one("Ceil"), _one("Rint")
sin, cos, tan = _one("Sin"), _one("Cos"), _one("Tan")
asin, acos, atan = _one("Asin"), _one("Acos"), _one("Atan")
sinh, cosh, tanh = _one("Sinh"), _one("Cosh"), _one("Tanh")
asinh, acosh, atanh = _one("Asinh"), _one("Acosh"), _one("Atanh")
erf, erfc, lgamma, digamma = _one("Erf"), _one("Erfc"), _one("Lgamma"), _one("Digamma")
is_nan, is_inf, is_finite = _one("IsNan"), _one("IsInf"), _one("IsFinite")
logical_not, negative, reciprocal = _one("LogicalNot"), _one("Neg"), _one("Reciprocal")

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
atan2, xdivy, xlogy = _two("Atan2"), _two("Xdivy"), _two("Xlogy")


def logical_xor(x: Any, y: Any, name: str = "LogicalXor") -> Any:
    """Whether exactly one is true, built of or, and, not as in TF 1.15."""
    either = apply("LogicalOr", x, y)
    both = apply("LogicalAnd", x, y)
    return apply("LogicalAnd", either, apply("LogicalNot", both), name=name)


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


# -- types -------------------------------------------------------------------------


def _cast_kernel(op: Operation) -> Callable[[Array], Any]:
    target = op._attrs["DstT"].as_numpy_dtype
    if dtypes.string in (op._attrs["SrcT"], op._attrs["DstT"]):
        return _no_cast(op)
    if op._attrs["SrcT"].is_complex and not op._attrs["DstT"].is_complex:
        return lambda x: np.asarray(x).real.astype(target)
    return lambda x: np.asarray(x).astype(target)


def _no_cast(op: Operation) -> Callable[[Array], Any]:
    def kernel(_x: Array) -> Any:
        kinds = [dtypes.runtime_name(op._attrs[end]) for end in ("SrcT", "DstT")]
        problem = f"Cast {kinds[0]} to {kinds[1]} is not supported"
        raise UnimplementedError(None, op, problem)

    return kernel


define(
    "Cast", shape=rules.unchanged, build=_cast_kernel, gradient="math_gradients.cast"
)


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """X as another type; as it is if it is a tensor of that type already."""
    from scopetutor.engine.operation import Tensor  # noqa: PLC0415 - for isinstance only
    from scopetutor.engine.sparse import IndexedSlices, SparseTensor  # noqa: PLC0415 - built on this

    base = dtypes.as_dtype(dtype).base_dtype
    if (isinstance(x, Tensor) or hasattr(x, "_handle")) and base == x.dtype:
        return x
    with name_scope(name, "Cast", [x]) as scope:
        if isinstance(x, SparseTensor):
            return SparseTensor(x.indices, cast(x.values, base, scope), x.dense_shape)
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, base, scope), x.indices, x.dense_shape)
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype is not base:
            x = apply("Cast", x, DstT=base, name=scope)
        return x


def _cast_to(function: str, default: str, dtype: dtypes.DType) -> Callable[..., Any]:
    @deprecation.deprecated(function, "math_ops", "Use `tf.cast` instead.")
    def convert(x: Any, name: str = default) -> Any:
        return cast(x, dtype, name=name)

    convert.__doc__ = f"x as {dtype.name}."
    return convert


to_float = _cast_to("to_float", "ToFloat", dtypes.float32)
to_double = _cast_to("to_double", "ToDouble", dtypes.float64)
to_int32 = _cast_to("to_int32", "ToInt32", dtypes.int32)
to_int64 = _cast_to("to_int64", "ToInt64", dtypes.int64)
to_bfloat16 = _cast_to("to_bfloat16", "ToBFloat16", dtypes.bfloat16)
to_complex64 = _cast_to("to_complex64", "ToComplex64", dtypes.complex64)
to_complex128 = _cast_to("to_complex128", "ToComplex128", dtypes.complex128)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Any:
    """X as another type, cut to what that type can hold."""
    with name_scope(name, "saturate_cast", [value]) as scope:
        value = convert_to_tensor(value, name="value")
        dtype = dtypes.as_dtype(dtype).base_dtype
        if value.dtype.min < dtype.min:
            low = convert_to_tensor(dtype.min, value.dtype, name="min")
            value = apply("Maximum", value, low)
        if value.dtype.max > dtype.max:
            high = convert_to_tensor(dtype.max, value.dtype, name="max")
            value = apply("Minimum", value, high)
        return cast(value, dtype, name=scope)


def complex(real: Any, imag: Any, name: str | None = None) -> Any:
    """Complex numbers of their parts."""
    real = convert_to_tensor(real, name="real")
    imag = convert_to_tensor(imag, name="imag")
    with name_scope(name, "Complex", [real, imag]) as scope:
        kinds = {dtypes.float64: dtypes.complex128, dtypes.float32: dtypes.complex64}
        if real.dtype is not imag.dtype or real.dtype not in kinds:
            raise TypeError(
                "real and imag have incorrect types: "
                f"{real.dtype.name} {imag.dtype.name}"
            )
        return apply("Complex", real, imag, Tout=kinds[real.dtype], name=scope)


def _part(op_type: str, default: str) -> Callable[..., Any]:
    def part(input: Any, name: str | None = None) -> Any:
        with name_scope(name, default, [input]) as scope:
            input = convert_to_tensor(input, name="input")
            if input.dtype.is_complex:
                return apply(op_type, input, Tout=input.dtype.real_dtype, name=scope)
            if op_type == "Real":
                return input
            from .array import zeros_like  # noqa: PLC0415 - built on this module

            return zeros_like(input)

    part.__doc__ = f"The {op_type.lower()} part of complex numbers."
    return part


real, imag, angle = (
    _part("Real", "Real"),
    _part("Imag", "Imag"),
    _part("Angle", "Angle"),
)


def conj(x: Any, name: str | None = None) -> Any:
    """The complex conjugate; real numbers as they are."""
    from scopetutor.engine.operation import Tensor  # noqa: PLC0415 - for isinstance only

    if isinstance(x, Tensor) and (x.dtype.is_floating or x.dtype.is_integer):
        return x
    with name_scope(name, "Conj", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex or x.dtype is dtypes.variant:
            return apply("Conj", x, name=scope)
        if x.dtype.is_floating or x.dtype.is_integer:
            return x
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}")


# -- reductions --------------------------------------------------------------------


def _reduce(function: Callable[..., Any], *, typed: bool = False) -> Any:
    """A builder of kernels that reduce along the axes of their second input."""

    def build(op: Operation) -> Callable[[Array, Array], Any]:
        keep = op._attrs["keep_dims"]

        def kernel(x: Array, axes: Array) -> Any:
            axis = _places(x.ndim, axes)
            if typed:
                return function(x, axis=axis, keepdims=keep, dtype=x.dtype)
            return function(x, axis=axis, keepdims=keep)

        return kernel

    return build


def _places(rank: int, axes: Array) -> tuple[int, ...]:
    """The axes to reduce along, from 0; said twice is said once, as in TF 1.15."""
    given = axes.reshape(-1).tolist()
    for axis in given:
        if not -rank <= axis < rank:
            raise InvalidArgumentError(
                None,
                None,
                f"Invalid reduction dimension ({axis} for input with {rank} "
                "dimension(s)",
            )
    return tuple({axis % rank for axis in given})


def _mean(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
    if x.dtype.kind in "iu":  # TF 1.15: the sum, cut towards zero
        count = math.prod(x.shape[i] for i in axis)
        total = np.sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype)
        return _truncate_divide(np.asarray(total), np.asarray(count, x.dtype))
    return np.mean(x, axis=axis, keepdims=keepdims, dtype=x.dtype)


def _extreme(function: Callable[..., Any], *, lowest: bool) -> Callable[..., Any]:
    """Max or min; of nothing, the lowest or highest number there is."""

    def kernel(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
        if x.size:
            return function(x, axis=axis, keepdims=keepdims)
        if x.dtype.kind == "f":
            initial = -np.inf if lowest else np.inf
        else:
            limits = np.iinfo(x.dtype)
            initial = limits.min if lowest else limits.max
        return function(x, axis=axis, keepdims=keepdims, initial=initial)

    return kernel


def _euclidean_norm(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
    squares = np.square(np.abs(x))
    return np.sqrt(np.sum(squares, axis=axis, keepdims=keepdims)).astype(x.dtype)


for _type, _build, _slope in (
    ("Sum", _reduce(np.add.reduce, typed=True), "sum_"),
    ("Prod", _reduce(np.prod, typed=True), "prod"),
    ("Mean", _reduce(_mean), "mean"),
    ("Max", _reduce(_extreme(np.max, lowest=True)), "extreme"),
    ("Min", _reduce(_extreme(np.min, lowest=False)), "extreme"),
    ("All", _reduce(np.all), ""),
    ("Any", _reduce(np.any), ""),
    ("EuclideanNorm", _reduce(_euclidean_norm), None),
):
    define(_type, shape=rules.reduction, build=_build, gradient=_in_gradients(_slope))


def _axes(tensor: Any, axis: Any) -> Any:
    """The axes to reduce along; all of them if none are said."""
    if axis is not None:
        return axis
    rank = _rank_of(tensor)
    if rank is not None:
        return constants.constant(np.arange(rank), dtype=dtypes.int32)
    from . import array  # noqa: PLC0415 - built on this module

    return range_(0, array.rank(tensor))


def _rank_of(tensor: Any) -> int | None:
    """The static rank; TF 1.15 knows it of tensors only, not of variables or lists."""
    from scopetutor.engine.operation import Tensor  # noqa: PLC0415 - for isinstance only

    return tensor._rank() if isinstance(tensor, Tensor) else None


@takes_ragged("tensor")
def reduce(op_type: str, tensor: Any, axis: Any, keepdims: Any, name: Any) -> Any:
    """Reduces a tensor; along all axes if none are said."""
    keepdims = False if keepdims is None else keepdims
    result = apply(op_type, tensor, _axes(tensor, axis), keep_dims=keepdims, name=name)
    if axis is None and not keepdims and (result._dims is None or None in result._dims):
        result.set_shape(())
    return result


def _reduction(
    op_type: str, function: str, *, warns: bool = True
) -> Callable[..., Any]:
    def reduce_(
        input_tensor: Any,
        axis: Any = None,
        keepdims: Any = None,
        name: str | None = None,
        reduction_indices: Any = None,
        keep_dims: Any = None,
    ) -> Any:
        if keep_dims is not None and warns:
            deprecation.warn_argument(
                f"{function}_v1",
                "math_ops",
                "keep_dims",
                "keep_dims is deprecated, use keepdims instead",
            )
        axis = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
        keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
        return reduce(op_type, input_tensor, axis, keepdims, name)

    reduce_.__name__ = reduce_.__qualname__ = function
    reduce_.__doc__ = f"{op_type} of the elements along axes; of all, if none are said."
    return reduce_


reduce_sum = _reduction("Sum", "reduce_sum")
reduce_mean = _reduction("Mean", "reduce_mean", warns=False)
reduce_prod = _reduction("Prod", "reduce_prod")
reduce_max = _reduction("Max", "reduce_max")
reduce_min = _reduction("Min", "reduce_min")
reduce_all = _reduction("All", "reduce_all")
reduce_any = _reduction("Any", "reduce_any")


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Any:
    """log(sum(exp(x))) along axes, without overflow."""
    from . import array, gathering, reshaping  # noqa: PLC0415 - built on this module

    axis = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
    keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    keepdims = False if keepdims is None else keepdims
    x = convert_to_tensor(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [x]):
        raw_max = reduce("Max", x, axis, True, None)
        finite = gathering.where_no_warning(
            is_finite(raw_max), raw_max, array.zeros_like(raw_max)
        )
        my_max = apply("StopGradient", finite)
        sums = reduce("Sum", exp(subtract(x, my_max)), axis, keepdims, None)
        result = log(sums)
        if not keepdims:
            my_max = reshaping.reshape(my_max, array.shape(result))
        result = apply("Add", result, my_max)
        if axis is None and not keepdims and result._dims != ():
            result.set_shape(())
        return result


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: Any = None
) -> Any:
    """The variance along axes."""
    with name_scope(name or "reduce_variance"):
        means = reduce("Mean", input_tensor, axis, True, None)
        deviations = square(input_tensor - means)
        return reduce("Mean", deviations, axis, keepdims, None)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: Any = None
) -> Any:
    """The standard deviation along axes."""
    with name_scope(name or "reduce_std"):
        return sqrt(reduce_variance(input_tensor, axis, keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: Any = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
    input: Any = None,
) -> Any:
    """How many elements are not zero, along axes."""
    from . import array  # noqa: PLC0415 - built on this module

    keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    tensor = deprecation.either("input", input, "input_tensor", input_tensor)
    axis = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(name, "count_nonzero", [tensor]):
        tensor = convert_to_tensor(tensor, name="input")
        zero = array.zeros([], dtype=tensor.dtype)
        ones = cast(apply("NotEqual", tensor, zero), dtypes.int64)
        return cast(reduce("Sum", ones, axis, keepdims, None), dtype)


def _arg_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    rules.with_rank(op._inputs[1]._dims, 0)
    if dims is None or len(dims) <= 1:
        return [None if dims is None else ()]
    axis = shape_inference.value(op, 1)
    if axis is None:
        return [(None,) * (len(dims) - 1)]
    place = int(axis)
    if not -len(dims) <= place < len(dims):
        raise ShapeError(
            f"Dimension ({place}) must be in the range [{-len(dims)}, {len(dims)}), "
            f"where {len(dims)} is the number of dimensions in the input."
        )
    place %= len(dims)
    return [dims[:place] + dims[place + 1 :]]


def _arg_kernel(function: Callable[..., Any]) -> Any:
    def build(op: Operation) -> Callable[[Array, Array], Any]:
        kind = op._attrs["output_type"].as_numpy_dtype

        def kernel(x: Array, axis: Array) -> Any:
            if not -x.ndim <= axis < x.ndim:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Expected dimension in the range [{-x.ndim}, {x.ndim}), but got "
                    f"{axis}",
                )
            if not x.size and not x.shape[int(axis)]:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Reduction axis {axis} is empty in shape {dims_text(x.shape)}",
                )
            return function(x, axis=int(axis)).astype(kind)

        return kernel

    return build


define(
    "ArgMax",
    shape=_arg_shape,
    build=_arg_kernel(np.argmax),
    gradient="math_gradients.nothing",
)
define(
    "ArgMin",
    shape=_arg_shape,
    build=_arg_kernel(np.argmin),
    gradient="math_gradients.nothing",
)


def _arg(op_type: str, function: str) -> Callable[..., Any]:
    def arg(
        input: Any,
        axis: Any = None,
        name: str | None = None,
        dimension: Any = None,
        output_type: Any = dtypes.int64,
    ) -> Any:
        if dimension is not None:
            deprecation.warn_argument(
                function, "math_ops", "dimension", "Use the `axis` argument instead"
            )
        axis = deprecation.either("axis", axis, "dimension", dimension)
        axis = 0 if axis is None else axis
        return apply(op_type, input, axis, output_type=output_type, name=name)

    arg.__name__ = arg.__qualname__ = function
    arg.__doc__ = f"Where along an axis the {function[3:]}imum is."
    return arg


argmax, argmin = _arg("ArgMax", "argmax"), _arg("ArgMin", "argmin")


# -- sequences ---------------------------------------------------------------------


def _range_shape(op: Operation) -> list[Dims]:
    for name, taken in zip(("start", "limit", "delta"), op._inputs, strict=True):
        try:
            rules.with_rank(taken._dims, 0)
        except ShapeError as error:
            raise ShapeError(f"{error}\n\t for '{name}'") from None
    values = [shape_inference.value(op, index) for index in range(3)]
    if any(value is None for value in values):
        return [(None,)]
    start, limit, delta = (value.item() for value in values)
    _check_range(start, limit, delta)
    return [(_range_size(start, limit, delta),)]


def _check_range(start: Any, limit: Any, delta: Any) -> None:
    if delta > 0 and start > limit:
        raise ShapeError(f"Requires start <= limit when delta > 0: {start}/{limit}")
    if delta < 0 and start < limit:
        raise ShapeError(f"Requires start >= limit when delta < 0: {start}/{limit}")
    if delta == 0:
        raise ShapeError("Requires delta != 0")


def _range_size(start: Any, limit: Any, delta: Any) -> int:
    size: int = max(0, math.ceil((limit - start) / delta))
    return size


def _range_kernel(start: Array, limit: Array, delta: Array) -> Any:
    for name, value in (("start", start), ("limit", limit), ("delta", delta)):
        if np.ndim(value):
            shape = dims_text(np.shape(value))
            problem = f"{name} must be a scalar, not shape {shape}"
            raise InvalidArgumentError(None, None, problem)
    try:
        _check_range(start.item(), limit.item(), delta.item())
    except ShapeError as error:
        found = f"{error}: 0" if not delta else str(error)
        raise InvalidArgumentError(None, None, found) from None
    size = _range_size(start.item(), limit.item(), delta.item())
    if start.dtype.kind in "iu":
        return (start + delta * np.arange(size, dtype=start.dtype)).astype(start.dtype)
    steps = np.full(size, delta, start.dtype)
    steps[:1] = start
    return np.cumsum(steps, dtype=start.dtype)  # TF 1.15 adds up step by step


define("Range", shape=_range_shape, kernel=_range_kernel, gradient=None)
_RANGE_TYPES = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]


def range_(
    start: Any,
    limit: Any = None,
    delta: Any = 1,
    dtype: Any = None,
    name: str | None = "range",
) -> Any:
    """Numbers from start up to, but not including, limit."""
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        ends = [
            convert_to_tensor(value, dtype=dtype, name=word)
            for word, value in (("start", start), ("limit", limit), ("delta", delta))
        ]
        if dtype is None:
            assert all(end.dtype in _RANGE_TYPES for end in ends)
            widest = max((end.dtype for end in ends), key=_RANGE_TYPES.index)
            ends = [cast(end, widest) for end in ends]
        return apply("Range", *ends, name=scope)


def _linspace_kernel(start: Array, stop: Array, num: Array) -> Any:
    if int(num) <= 0:
        raise InvalidArgumentError(None, None, f"Requires num > 0: {int(num)}")
    if int(num) == 1:
        return start.reshape(1)
    step = (stop - start) / np.asarray(int(num) - 1, start.dtype)
    made = (start + step * np.arange(int(num), dtype=start.dtype)).astype(start.dtype)
    made[-1] = stop  # TF 1.15: exactly, whatever the steps come to
    return made


def _linspace_shape(op: Operation) -> list[Dims]:
    num = shape_inference.value(op, 2)
    if num is not None and int(num) <= 0:
        raise ShapeError(f"Requires num > 0: {int(num)}")
    return [(None if num is None else int(num),)]


define("LinSpace", shape=_linspace_shape, kernel=_linspace_kernel, gradient=None)


def linspace(start: Any, stop: Any, num: Any, name: str | None = None) -> Any:
    """`num` evenly spaced numbers from start to stop."""
    return apply("LinSpace", start, stop, num, name=name)


def _scan_axis(rank: int, axis: Array) -> int:
    if np.ndim(axis):
        problem = f"axis must be a scalar, not {dims_text(np.shape(axis))}"
        raise InvalidArgumentError(None, None, f"ScanOp: {problem}")
    place = int(axis) + rank if axis < 0 else int(axis)
    if not 0 <= place < rank:
        raise InvalidArgumentError(
            None,
            None,
            f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got "
            f"{place}",
        )
    return place


def _cumulative(function: Callable[..., Any]) -> Any:
    def build(op: Operation) -> Callable[[Array, Array], Any]:
        exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
        start = 0 if function is np.cumsum else 1

        def kernel(x: Array, axis: Array) -> Any:
            place = _scan_axis(x.ndim, axis)
            if reverse:
                x = np.flip(x, place)
            result = function(x, axis=place, dtype=x.dtype)
            if exclusive:
                result = np.roll(result, 1, place)
                np.moveaxis(result, place, 0)[:1] = start
            return np.flip(result, place) if reverse else result

        return kernel

    return build


define(
    "Cumsum",
    shape=rules.unchanged,
    build=_cumulative(np.cumsum),
    gradient="math_gradients.cumsum",
)
define(
    "Cumprod",
    shape=rules.unchanged,
    build=_cumulative(np.cumprod),
    gradient="math_gradients.cumprod",
)


def _cumulative_function(op_type: str) -> Callable[..., Any]:
    def cumulative(
        x: Any,
        axis: Any = 0,
        exclusive: bool = False,
        reverse: bool = False,
        name: str | None = None,
    ) -> Any:
        with name_scope(name, op_type, [x]) as scope:
            x = convert_to_tensor(x, name="x")
            return apply(
                op_type, x, axis, exclusive=exclusive, reverse=reverse, name=scope
            )

    cumulative.__doc__ = f"{op_type} along an axis."
    return cumulative


cumsum, cumprod = _cumulative_function("Cumsum"), _cumulative_function("Cumprod")


# -- sums of tensors and products of matrices ----------------------------------------


def _add_n_kernel(op: Operation) -> Callable[..., Any]:
    def kernel(*tensors: Array) -> Any:
        total = tensors[0]
        for place, tensor in enumerate(tensors[1:], 1):
            if np.shape(tensor) != np.shape(total):
                if op.type == "AccumulateNV2":
                    problem = "Parameters and update must be the same size"
                    raise InvalidArgumentError(None, op, problem)
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Inputs to operation {op._name} of type {op.type} must have the "
                    f"same size and shape.  Input 0: {dims_text(np.shape(total))} != "
                    f"input {place}: {dims_text(np.shape(tensor))}",
                )
            total = total + tensor
        return total

    return kernel


define(
    "AddN",
    shape=rules.all_the_same,
    build=_add_n_kernel,
    gradient="math_gradients.add_n",
)
define(
    "AccumulateNV2",
    shape=rules.attribute("shape"),
    build=_add_n_kernel,
    gradient="math_gradients.add_n",
)


@takes_ragged("*inputs")
def add_n(inputs: Any, name: str | None = None) -> Any:
    """The sum of a list of tensors of one shape and type.

    Raises:
        ValueError: it is no list, or not all are of one shape and type.
    """
    from scopetutor.engine.operation import Tensor  # noqa: PLC0415 - for isinstance only
    from scopetutor.engine.sparse import IndexedSlices, to_tensor_or_indexed_slices  # noqa: PLC0415

    message = (
        "inputs must be a list of at least one Tensor/IndexedSlices with the same "
        "dtype and shape"
    )
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(message)
    tensors = [to_tensor_or_indexed_slices(value) for value in inputs]
    if not all(isinstance(x, (Tensor, IndexedSlices)) for x in tensors):
        raise ValueError(message)
    if len(tensors) == 1:
        only = tensors[0]
        if isinstance(only, IndexedSlices):
            only = convert_to_tensor(only)
        return apply("Identity", only, name=name) if name else only
    return apply("AddN", tensors, name=name)


def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Any:
    """The sum of a list of tensors; TF 1.15: an operation of its own."""
    from scopetutor.engine import shapes  # noqa: PLC0415 - used here only

    message = (
        "inputs must be a list of at least one Tensor with the same dtype and shape"
    )
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(message)
    tensors = [convert_to_tensor(value) for value in inputs]
    if not all(x.dtype == tensors[0].dtype for x in tensors):
        raise ValueError(message)
    merged = shapes.as_shape(shape) if shape is not None else shapes.unknown_shape()
    for tensor in tensors:
        merged = merged.merge_with(tensor.shape)
    if tensor_dtype is not None and tensor_dtype != tensors[0].dtype:
        raise TypeError(
            f"tensor_dtype is {tensor_dtype}, but input is of type {tensors[0].dtype}"
        )
    if len(tensors) == 1:
        return apply("Identity", tensors[0], name=name) if name else tensors[0]
    return apply("AccumulateNV2", tensors, shape=merged, name=name)


def _matmul_shape(op: Operation) -> list[Dims]:
    a = rules.with_rank(op._inputs[0]._dims, 2)
    b = rules.with_rank(op._inputs[1]._dims, 2)
    if op._attrs["transpose_a"]:
        a = a[::-1]
    if op._attrs["transpose_b"]:
        b = b[::-1]
    rules.merge_dim(a[1], b[0])
    return [(a[0], b[1])]


def _matmul_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    ta, tb = op._attrs["transpose_a"], op._attrs["transpose_b"]

    def kernel(a: Array, b: Array) -> Any:
        a = a.T if ta else a
        b = b.T if tb else b
        if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
            _refuse_matmul(op, a.T if ta else a, b.T if tb else b)
        return a @ b

    return kernel


def _refuse_matmul(op: Operation, a: Array, b: Array) -> None:
    for index, matrix in enumerate((a, b)):
        if matrix.ndim != 2:
            raise InvalidArgumentError(
                None,
                op,
                f"In[{index}] is not a matrix. Instead it has shape "
                f"{_shape_text(matrix)}",
            )
    raise InvalidArgumentError(
        None,
        op,
        f"Matrix size-incompatible: In[0]: {_shape_text(a)}, In[1]: {_shape_text(b)}",
    )


def _shape_text(array: Array) -> str:
    return "[" + ",".join(map(str, array.shape)) + "]"


define(
    "MatMul",
    shape=_matmul_shape,
    build=_matmul_kernel,
    gradient="math_gradients.mat_mul",
)
define(
    "SparseMatMul",
    shape=_matmul_shape,
    build=_matmul_kernel,
    gradient="math_gradients.sparse_mat_mul",
)


def _batch_matmul_shape(op: Operation) -> list[Dims]:
    a = rules.at_least_rank(op._inputs[0]._dims, 2)
    b = rules.at_least_rank(op._inputs[1]._dims, 2)
    if a is None or b is None:
        return [None]
    rows, inner_a = a[-2:][::-1] if op._attrs["adj_x"] else a[-2:]
    inner_b, columns = b[-2:][::-1] if op._attrs["adj_y"] else b[-2:]
    rules.merge_dim(inner_a, inner_b)
    batch = rules.broadcast(a[:-2], b[:-2])
    return [(*batch, rows, columns)]  # type: ignore[misc]


def _batch_matmul_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    def adjoint(x: Array) -> Any:
        return np.conj(np.swapaxes(x, -1, -2))

    ax, ay = op._attrs["adj_x"], op._attrs["adj_y"]

    def kernel(a: Array, b: Array) -> Any:
        for place, x in enumerate((a, b)):
            if x.ndim < 2:
                problem = f"In[{place}] ndims must be >= 2: {x.ndim}"
                raise InvalidArgumentError(None, op, problem)
        left, right = adjoint(a) if ax else a, adjoint(b) if ay else b
        inner, other = left.shape[-1], right.shape[-2]
        if inner != other:
            raise InvalidArgumentError(
                None,
                op,
                f"In[0] mismatch In[1] shape: {inner} vs. {other}: {_shape_text(a)} "
                f"{_shape_text(b)} {ax:d} {ay:d}",
            )
        try:
            return np.matmul(left, right)
        except ValueError:
            raise InvalidArgumentError(
                None,
                op,
                "In[0] and In[1] must have compatible batch dimensions: "
                f"{_shape_text(a)} vs. {_shape_text(b)}",
            ) from None

    return kernel


define(
    "BatchMatMul",
    shape=_batch_matmul_shape,
    build=_batch_matmul_kernel,
    gradient="math_gradients.batch_mat_mul",
)
define(
    "BatchMatMulV2",
    shape=_batch_matmul_shape,
    build=_batch_matmul_kernel,
    gradient="math_gradients.batch_mat_mul_v2",
)


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """The product of two matrices, or of two batches of them.

    Raises:
        ValueError: the sizes do not fit, or transpose and adjoint are both asked for.
    """
    with name_scope(name, "MatMul", [a, b]) as scope:
        for transpose, adjoint, letter in (
            (transpose_a, adjoint_a, "a"),
            (transpose_b, adjoint_b, "b"),
        ):
            if transpose and adjoint:
                raise ValueError(
                    f"Only one of transpose_{letter} and adjoint_{letter} can be True."
                )
        a, b = convert_to_tensor(a, name="a"), convert_to_tensor(b, name="b")
        batched = any(x._dims is None or len(x._dims) > 2 for x in (a, b))
        if batched and not (a_is_sparse or b_is_sparse):
            if transpose_a:
                a, adjoint_a = conj(a), True
            if transpose_b:
                b, adjoint_b = conj(b), True
            return apply(
                "BatchMatMulV2", a, b, adj_x=adjoint_a, adj_y=adjoint_b, name=scope
            )
        if adjoint_a:
            a, transpose_a = conj(a), True
        if adjoint_b:
            b, transpose_b = conj(b), True
        sparse = {}
        if (a_is_sparse or b_is_sparse) and a.dtype.base_dtype is dtypes.float32:
            sparse = {"a_is_sparse": a_is_sparse, "b_is_sparse": b_is_sparse}
        return apply(
            "SparseMatMul" if sparse else "MatMul",
            a,
            b,
            transpose_a=transpose_a,
            transpose_b=transpose_b,
            name=scope,
            **sparse,
        )


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """A matrix times a vector."""
    with name_scope(name, "MatVec", [a, b]):
        column = apply("ExpandDims", b, -1)
        product = matmul(
            a,
            column,
            transpose_a=transpose_a,
            adjoint_a=adjoint_a,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
        )
        return apply("Squeeze", product, squeeze_dims=[-1])
