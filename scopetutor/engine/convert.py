"""How values become tensors: `tf.convert_to_tensor` and who takes part in it.

After constants, before apply. Types register a conversion function; numbers, arrays
and lists become constants, lists that hold tensors are packed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import constants, defaults, dtypes
from .operation import Operation, Tensor
from .shapes import Dimension, TensorShape

if TYPE_CHECKING:
    from collections.abc import Callable

    from .dtypes import DType

    Conversion = Callable[..., Any]

_PLAIN = (int, float, np.generic, np.ndarray)
_registered: dict[int, list[tuple[Any, Conversion]]] = {}
_by_type: dict[type, list[tuple[Any, Conversion]]] = {}


def register_tensor_conversion_function(
    base_type: Any, conversion_func: Conversion, priority: int = 100
) -> None:
    """Says how objects of a type become tensors; low priorities are asked first."""
    bases = base_type if isinstance(base_type, tuple) else (base_type,)
    if any(not isinstance(base, type) for base in bases):
        raise TypeError("base_type must be a type or a tuple of types.")
    if any(issubclass(base, _PLAIN) for base in bases):
        raise TypeError(
            "Cannot register conversions for Python numeric types and NumPy scalars "
            "and arrays."
        )
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _registered.setdefault(priority, []).append((base_type, conversion_func))
    _by_type.clear()


def _conversions(kind: type) -> list[tuple[Any, Conversion]]:
    found = _by_type.get(kind)
    if found is None:
        if issubclass(kind, _PLAIN):
            found = [(kind, _from_value)]
        else:
            found = [
                (base, function)
                for _, entries in sorted(_registered.items(), key=lambda item: item[0])
                for base, function in entries
                if issubclass(kind, base)
            ]
        _by_type[kind] = found
    return found


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    as_ref: bool = False,
    accepted: tuple[type, ...] = (Tensor,),
) -> Any:
    """The tensor that a value stands for.

    Args:
        value: a tensor, a variable, a number, an array, a list of these, …
        dtype: the type it must have; None: what it has.
        name: of the operation that may have to be made.
        preferred_dtype: a type to try first; ignored if the value cannot be of it.
        as_ref: whether a ref variable gives its reference, not its value.
        accepted: the classes that a conversion may give.

    Raises:
        ValueError: it is a tensor of another type.
        TypeError: nobody knows how to convert it.
    """
    if dtype is not None:
        dtype = dtypes.as_dtype(dtype)
    if isinstance(value, Tensor):
        return _checked_tensor(value, dtype)
    if preferred_dtype is not None:
        preferred_dtype = dtypes.as_dtype(preferred_dtype)
    for base, function in _conversions(type(value)):
        result = None
        if dtype is None and preferred_dtype is not None:
            result = _try_preferred(value, function, preferred_dtype, name, as_ref)
        if result is None:
            result = function(value, dtype=dtype, name=name, as_ref=as_ref)
        if result is NotImplemented:
            continue
        _check_result(result, function, base, name, dtype, accepted)
        return result
    raise TypeError(
        f"{_prefix(name)}Cannot convert {value!r} with type {type(value)} to Tensor: "
        "no conversion function registered."
    )


def _checked_tensor(value: Tensor, dtype: DType | None) -> Tensor:
    if not defaults.state.eager and hasattr(value, "_value"):
        value = defaults.get_default_graph().capture(value)
    if dtype is not None and not dtype.is_compatible_with(value._dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
            f"{value.dtype.name}: {value!r}"
        )
    return value


def _try_preferred(
    value: Any, function: Conversion, preferred: DType, name: str | None, as_ref: bool
) -> Any:
    try:
        result = function(value, dtype=preferred, name=name, as_ref=as_ref)
    except (TypeError, ValueError):
        return None
    if result is not NotImplemented and result.dtype.base_dtype != preferred.base_dtype:
        raise TypeError(
            "convert_to_tensor did not convert to the preferred dtype: "
            f"{result.dtype.base_dtype} vs {preferred.base_dtype} "
        )
    return result


def _check_result(
    result: Any,
    function: Conversion,
    base: Any,
    name: str | None,
    dtype: DType | None,
    accepted: Any,
) -> None:
    """RuntimeError if a conversion function did not do what it promised."""
    if not isinstance(result, accepted):
        raise RuntimeError(
            f"{_prefix(name)}Conversion function {function!r} for type {base} returned "
            f"non-Tensor: {result!r}"
        )
    if dtype is not None and not dtype.is_compatible_with(result.dtype):
        raise RuntimeError(
            f"{_prefix(name)}Conversion function {function!r} for type {base} returned "
            f"incompatible dtype: requested = {dtype.name}, actual = "
            f"{result.dtype.name}"
        )


def _prefix(name: str | None) -> str:
    return "" if name is None else f"{name}: "


def convert_n_to_tensor(
    values: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    as_ref: bool = False,
) -> list[Any]:
    """The tensors that several values stand for, named name_0, name_1 and so on."""
    if not isinstance(values, (list, tuple)):
        raise TypeError("values must be a sequence.")
    return [
        convert_to_tensor(
            value,
            dtype,
            None if name is None else f"{name}_{i}",
            preferred_dtype,
            as_ref,
        )
        for i, value in enumerate(values)
    ]


# The conversions everybody has.


def _from_value(
    value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    return constants.constant(value, dtype, name=name)


def _from_operation(
    op: Operation, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    raise TypeError(
        f"Can't convert Operation '{op.name}' to Tensor (target dtype={dtype!r}, "
        f"name={name!r}, as_ref={as_ref!r})"
    )


def _from_shape(
    shape: TensorShape, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    if not shape.is_fully_defined():
        raise ValueError(
            f"Cannot convert a partially known TensorShape to a Tensor: {shape}"
        )
    sizes = shape.as_list()
    large = next((size for size in sizes if size >= 2**31), 0)
    if dtype is None:
        dtype = dtypes.int64 if large else dtypes.int32
    elif dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype}")
    elif dtype == dtypes.int32 and large:
        raise ValueError(
            "Cannot convert a TensorShape to dtype int32; a dimension is too large "
            f"({large})"
        )
    return constants.constant(sizes, dtype, name=name or "shape_as_tensor")


def _from_dimension(
    size: Dimension, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    if size.value is None:
        raise ValueError(f"Cannot convert an unknown Dimension to a Tensor: {size}")
    if dtype is None:
        dtype = dtypes.int32
    elif dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype}")
    return constants.constant(size.value, dtype, name=name or "shape_as_tensor")


register_tensor_conversion_function(Operation, _from_operation)
register_tensor_conversion_function((list, tuple), _from_value, 100)
register_tensor_conversion_function(object, _from_value, 200)
register_tensor_conversion_function(TensorShape, _from_shape, 100)
register_tensor_conversion_function(Dimension, _from_dimension, 100)


# Lists that hold tensors.

_UNPACKED = (bool, int, float, complex, str, bytes, memoryview, np.ndarray)
_NEVER_PACKED = frozenset([*_UNPACKED, *np.sctypeDict.values()])
_dense_types: tuple[type, ...] = (Tensor,)


def register_dense_tensor_like_type(kind: type) -> None:
    """Makes objects of a type count as tensors in lists; variables do."""
    global _dense_types  # noqa: PLW0603 - a registry, filled at import
    for attribute in ("name", "dtype"):
        if not isinstance(getattr(kind, attribute, None), property):
            raise TypeError(
                f"Type {kind.__name__} does not define a `{attribute}` property"
            )
    _dense_types = (*_dense_types, kind)


def is_dense_tensor_like(value: Any) -> bool:
    """Whether a value counts as a tensor."""
    return isinstance(value, _dense_types)


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor, a variable or a sparse relative of theirs."""
    return (
        isinstance(value, _dense_types)
        or getattr(value, "is_tensor_like", False)
        or getattr(value, "counts_as_tensor", False)
    )


def _pack_if_needed(
    values: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    if as_ref or all(type(v) in _NEVER_PACKED for v in constants.flatten(values)):
        return NotImplemented
    inferred = _dtype_in(values)
    if inferred is None:
        return NotImplemented
    if dtype is None:
        dtype = inferred
    elif dtype != inferred:
        values = _cast_tensors(values, dtype)
    return _pack(values, dtype, name or "packed")


def _dtype_in(values: Any) -> DType | None:
    """The type of the first tensor in nested lists."""
    for value in values:
        if is_dense_tensor_like(value):
            base: DType = value.dtype.base_dtype
            return base
        if isinstance(value, (list, tuple)):
            found = _dtype_in(value)
            if found is not None:
                return found
    return None


def _cast_tensors(values: Any, dtype: DType) -> Any:
    from .apply import apply  # noqa: PLC0415 - apply is built on this module

    if isinstance(values, (list, tuple)):
        return [_cast_tensors(value, dtype) for value in values]
    if is_dense_tensor_like(values) and values.dtype.base_dtype != dtype:
        return apply("Cast", values, DstT=dtype)
    return values


def _pack(values: Any, dtype: Any, name: str) -> Any:
    """Packs nested lists into one tensor; returns them as they are without tensors."""
    from .apply import apply  # noqa: PLC0415 - apply is built on this module
    from .surroundings import name_scope  # noqa: PLC0415 - as above

    must_pack = False
    elements = []
    with name_scope(name) as scope:
        for i, value in enumerate(values):
            element = value
            if is_dense_tensor_like(value):
                if dtype is not None and value.dtype.base_dtype != dtype:
                    raise TypeError(
                        "Cannot convert a list containing a tensor of dtype "
                        f"{value.dtype} to {dtype} (Tensor is: {value!r})"
                    )
                must_pack = True
            elif isinstance(value, (list, tuple)):
                element = _pack(value, dtype, str(i))
                must_pack = must_pack or is_dense_tensor_like(element)
            elements.append(element)
        if not must_pack:
            return elements
        tensors = [
            element
            if is_dense_tensor_like(element)
            else constants.constant(element, dtype, name=str(i))
            for i, element in enumerate(elements)
        ]
        return apply("Pack", tensors, name=scope)


register_tensor_conversion_function((list, tuple), _pack_if_needed, 99)
