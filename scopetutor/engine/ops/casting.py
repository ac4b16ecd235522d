"""The type of numbers: `tf.cast` and its kin, complex numbers and their parts.

Before elementwise; ``math.py`` gathers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError, UnimplementedError
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


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


def _bitcast_sizes(op: Operation) -> tuple[int, int]:
    """How many bytes an element has before and after."""
    return op._attrs["T"].size, op._attrs["type"].size


def _bitcast_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    before, after = _bitcast_sizes(op)
    if dims is None or before == after:
        return [dims]
    if before > after:
        return [(*dims, before // after)]
    many = after // before
    if not dims:
        raise ShapeError("Shape must be at least rank 1 but is rank 0")
    if dims[-1] not in (None, many):
        raise ShapeError(
            f"Cannot bitcast due to shape. {dims[-1]} does not match {many}"
        )
    return [dims[:-1]]


def _bitcast_kernel(op: Operation) -> Callable[[Array], Any]:
    before, after = _bitcast_sizes(op)
    kind = op._attrs["type"].as_numpy_dtype

    def kernel(x: Array) -> Any:
        x = np.ascontiguousarray(x)
        if before == after:
            return x.view(kind)
        if before > after:
            return x.reshape(*x.shape, 1).view(kind)
        if not x.ndim or x.shape[-1] != after // before:
            names = [op._attrs[end].as_datatype_enum for end in ("T", "type")]
            problem = f"Cannot bitcast from {names[0]} to {names[1]}"
            raise InvalidArgumentError(None, op, problem)
        return x.view(kind)[..., 0]

    return kernel


define("Bitcast", shape=_bitcast_shape, build=_bitcast_kernel)


def bitcast(input: Any, type: Any, name: str | None = None) -> Any:
    """The same bytes as numbers of another type."""
    return apply("Bitcast", input, type=type, name=name)


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


name_functions(globals())
