"""Constants: how Python values become the values of Const operations, and back.

After the graph, before convert and apply. `literal` decides types and shapes as TF
1.15's `tf.make_tensor_proto` does, with its messages; `value_of` and `shape_of_value`
look the other way: what of a tensor's value is known before anything runs.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import defaults, dtypes, registry
from .dtypes import DType
from .naming import name_functions
from .operation import Tensor
from .shapes import Dimension, Dims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Array = np.ndarray[Any, Any]


class Literal(NamedTuple):
    """The value of a Const operation.

    Attributes:
        array: the value; text is an object array of bytes.
        given: how many of its elements were given; the last one fills the rest.
    """

    array: Array
    given: int


_INTEGRAL = (numbers.Integral, np.integer)
_REAL = (numbers.Real, np.integer, np.floating)
_COMPLEX = (numbers.Complex, np.number)
_ONE_VALUE = (bool, int, float, complex, str, bytes, np.generic)


def _kinds_of_values(dtype: DType) -> Any:
    """What Python values may be elements of a type."""
    if dtype.is_integer:
        return (*_INTEGRAL, Dimension)
    if dtype.is_bool:
        return bool
    if dtype.is_complex:
        return _COMPLEX
    if dtype.is_floating:
        return _REAL
    if dtype.base_dtype is dtypes.string:
        return (str, bytes)
    return object


def flatten(values: Any) -> Iterator[Any]:
    """The elements of nested lists, tuples and dictionaries (in key order)."""
    if isinstance(values, (list, tuple, range)):
        for value in values:
            yield from flatten(value)
    elif isinstance(values, Mapping):
        for key in sorted(values):
            yield from flatten(values[key])
    else:
        yield values


def _check_elements(values: Any, dtype: DType | None) -> None:
    """TypeError for the first element that is not of the type."""
    if dtype is None:
        if any(isinstance(value, Tensor) for value in flatten(values)):
            raise TypeError("List of Tensors when single Tensor expected")
        return
    if dtype.is_quantized:
        _check_quantized(values, dtype)
        return
    kinds = _kinds_of_values(dtype)
    for value in flatten(values):
        if not isinstance(value, kinds):
            raise TypeError(
                f"Expected {dtype.name}, got {value!r} of type "
                f"'{type(value).__name__}' instead."
            )


def _check_quantized(values: Any, dtype: DType) -> None:
    """TF 1.15: a quantized element is a tuple, and so no number is one."""
    if isinstance(values, list):
        for value in values:
            _check_quantized(value, dtype)
    elif not isinstance(values, tuple):
        kind = type(values).__name__
        raise TypeError(
            f"Expected {dtype.name}, got {values!r} of type '{kind}' instead."
        )


def _is_array_like(value: Any) -> bool:
    if isinstance(value, Tensor):
        return hasattr(value, "_value")  # eager tensors have values, others none
    if callable(getattr(value, "__array__", None)):
        return True
    if isinstance(getattr(value, "__array_interface__", None), dict):
        return True
    try:
        memoryview(value)
    except TypeError:
        return False
    return not isinstance(value, bytes)


def _dense_sizes(values: Any) -> list[int]:
    """The shape that nested lists ought to have, going by the first of each."""
    if not isinstance(values, (list, tuple)):
        return []
    return [len(values), *_dense_sizes(values[0])] if values else [0]


def _even_sizes(values: Any) -> list[int]:
    """The shape down to where nested lists are no longer of one length."""
    if not isinstance(values, (list, tuple)):
        return []
    inner = [_even_sizes(value) for value in values]
    common = inner[0] if inner else []
    while any(other[: len(common)] != common for other in inner):
        common = common[:-1]
    return [len(values), *common]


def _not_dense(values: Any, got: list[int]) -> ValueError:
    return ValueError(
        f"Argument must be a dense tensor: {values} - got shape {got}, but wanted "
        f"{_dense_sizes(values)}."
    )


def _casting_quietly() -> np.errstate:
    """NumPy 1.18 makes infinity of what is too large, and numbers of NaN, silently."""
    return np.errstate(over="ignore", invalid="ignore")


def _array_of(values: Any, numpy_type: Any) -> Array:
    """`np.array` as NumPy 1.18 does it, which TF 1.15 was made for."""
    try:
        with _casting_quietly():
            return np.array(values, dtype=numpy_type)
    except TypeError as error:
        raise _in_old_words(error) from None
    except OverflowError:
        if np.dtype(numpy_type).kind in "fc":
            raise
        # NumPy 1.18 wrapped what fits a C long and complained of the rest.
        try:
            return np.array(values, dtype=np.int64).astype(numpy_type)
        except OverflowError:
            message = "Python int too large to convert to C long"
            raise OverflowError(message) from None
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        if numpy_type is None or numpy_type is object:
            sizes = _even_sizes(values)
            if sizes != _dense_sizes(values):
                raise _not_dense(values, sizes) from None
            return np.empty(sizes, np.object_)  # of lists, which may hold text
        raise ValueError("setting an array element with a sequence.") from None


def _in_old_words(error: TypeError) -> TypeError:
    """The error as Python 3.7 words it: later versions say "a real number"."""
    return TypeError(str(error).replace("a real number", "a number"))


def _as_type(array: Array, numpy_type: Any) -> Array:
    """The array in another type; text is read as NumPy 1.18 reads it."""
    if array.dtype.kind not in "SU" or numpy_type is object:
        try:
            with _casting_quietly():
                return array.astype(numpy_type)
        except TypeError as error:
            raise _in_old_words(error) from None
    words = array.astype(np.str_)
    if numpy_type is bool:
        return words.astype(np.int64).astype(numpy_type)
    return words.astype(numpy_type)


def _bfloat16_bits(array: Array) -> Array:
    """The upper halves of floats, rounded to the nearest even."""
    words = array.view(np.uint32)
    rounded = words + np.uint32(0x7FFF) + ((words >> np.uint32(16)) & np.uint32(1))
    return (rounded >> np.uint32(16)).astype(np.uint16).view(dtypes.BFLOAT16_BITS)


def _to_array(values: Any, dtype: DType | None, shape: list[int] | None) -> Array:
    """The values as an array, of the type where one is given."""
    numpy_type = dtype.as_numpy_dtype if dtype and dtype.is_numpy_compatible else None
    if _is_array_like(values):
        array = np.asarray(values)
        return array if numpy_type is None else _as_type(array, numpy_type)
    if values is None:
        raise ValueError("None values not supported.")
    if shape is not None and math.prod(shape) == 0:
        return np.empty(shape, dtype=numpy_type or np.float32)
    _check_elements(values, dtype)
    if numpy_type == dtypes.BFLOAT16_BITS:
        return _bfloat16_bits(_array_of(values, np.float32))
    array = _array_of(values, numpy_type)
    if list(array.shape) != _dense_sizes(values) and not (dtype and dtype.is_quantized):
        raise _not_dense(values, list(array.shape))
    if dtype is None:
        if array.dtype == np.float64:
            with _casting_quietly():
                return array.astype(np.float32)
        if array.dtype == np.int64:
            narrow = array.astype(np.int32)
            return narrow if np.array_equal(narrow, array) else array
    return array


def as_bytes(value: Any) -> bytes:
    """Text as bytes; TypeError for anything that is not text."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8")
    raise TypeError(f"Expected binary or unicode string, got {value!r}")


def _items(values: Any) -> Iterator[Any]:
    """The elements of nested lists and tuples."""
    if isinstance(values, (list, tuple)):
        for value in values:
            yield from _items(value)
    else:
        yield values


def _bytes_array(values: Any, array: Array) -> Array:
    """An object array of bytes.

    TF 1.15: of uneven lists, what is too much is left out, and the last text repeated.
    """
    result = np.empty(array.size, dtype=np.object_)
    is_array = _is_array_like(values)
    elements = array.astype(np.object_).reshape(-1) if is_array else _items(values)
    try:
        texts = [as_bytes(element) for element in elements]
    except TypeError:
        if is_array:
            raise
        raise TypeError(
            f"Failed to convert object of type {type(values)} to Tensor. Contents: "
            f"{values}. Consider casting elements to a supported type."
        ) from None
    for index in range(array.size):
        result[index] = texts[min(index, len(texts) - 1)]
    return result.reshape(array.shape)


_TOO_MANY_BYTES = 1 << 31


def literal(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> tuple[Literal, DType]:
    """The constant that a Python value stands for, and its type.

    Args:
        values: a number, text, nested lists of them, or an array.
        dtype: the type wanted; None: float32 for floats, int32 (or int64) for ints.
        shape: the shape wanted; the last value fills what is missing.
        verify_shape: whether the values must have exactly this shape.
        allow_broadcast: whether a single value may stand for all (TF 2's rule).

    Raises:
        TypeError: an element is of the wrong type, or the shape is not the wanted one.
        ValueError: the lists are ragged, or there are more values than places.
    """
    dtype = None if dtype is None else _as_dtype(dtype, values)
    if shape is not None and not hasattr(shape, "__iter__"):
        _to_array(values, dtype, [shape])  # TF 1.15: complains of the values first
    sizes = None if shape is None else [int(size) for size in shape]
    array = _to_array(values, dtype, sizes)
    found = dtypes.as_dtype(array.dtype)
    if dtype is not None and dtype.is_quantized:
        found = dtype
    if dtype is not None and dtype.base_dtype is not found:
        raise TypeError(
            f"Incompatible types: {dtype} vs. {array.dtype}. Value is {values}"
        )
    if found is not dtypes.string and array.nbytes >= _TOO_MANY_BYTES:
        raise ValueError(
            "Cannot create a tensor proto whose content is larger than 2GB."
        )
    if found is dtypes.string and array.size:
        array = _bytes_array(values, array)
    if sizes is not None:
        _check_size(array, sizes, verify_shape, allow_broadcast)
        given = array.size
        array = _fill(array, tuple(sizes))
        return Literal(array, given), found
    return Literal(array, array.size), found


def _as_dtype(dtype: Any, values: Any) -> DType:
    try:
        return dtypes.as_dtype(dtype)
    except TypeError:
        if not dtype and isinstance(dtype, (int, str, tuple)):
            # TF 1.15 takes it for no type at all, and then asks it what it is.
            if isinstance(values, (np.ndarray, np.generic)):
                raise TypeError(
                    f"Incompatible types: {dtype} vs. {values.dtype}. Value is {values}"
                ) from None
            raise AttributeError(
                f"'{type(dtype).__name__}' object has no attribute 'is_integer'"
            ) from None
        raise


def _check_size(
    array: Array, sizes: list[int], verify_shape: bool, allow_broadcast: bool
) -> None:
    wanted = math.prod(sizes)
    mismatch = array.shape != tuple(sizes)
    if allow_broadcast:
        mismatch = array.shape not in ((1,), ()) and array.size != wanted
    if mismatch and (verify_shape or allow_broadcast):
        raise TypeError(f"Expected Tensor's shape: {tuple(sizes)}, got {array.shape}.")
    if array.size > wanted:
        raise ValueError(
            f"Too many elements provided. Needed at most {wanted}, but received "
            f"{array.size}"
        )


def _fill(array: Array, shape: tuple[int, ...]) -> Array:
    """The array in another shape, its last element repeated to the end."""
    if math.prod(shape) == array.size:
        return array.reshape(shape)
    if array.size == 1:
        return np.broadcast_to(array.reshape(()), shape)  # one element in memory
    if array.size == 0:
        return np.zeros(shape, array.dtype)
    flat = array.reshape(-1)
    return np.pad(flat, (0, math.prod(shape) - flat.size), "edge").reshape(shape)


def _const_shape(op: Any) -> list[Dims]:
    return [op._attrs["value"].array.shape]


def _const_kernel(op: Any) -> Callable[[], Array]:
    array = op._attrs["value"].array
    return lambda: array


registry.define("Const", shape=_const_shape, build=_const_kernel, gradient=None)
_SINGLE: dict[tuple[type, Any, DType | None], tuple[Literal, DType]] = {}


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str | None = "Const",
    verify_shape: bool = False,
) -> Any:
    """A constant tensor; see `literal` for what it may be made of.

    A session may run it any number of times; it is always the same value.
    """
    if defaults.state.eager:
        from . import eager_constants  # noqa: PLC0415 - eager mode is rare

        return eager_constants.constant(value, dtype, shape, verify_shape)
    if shape is None and type(value) in (int, float):
        found, kind = _single(value, dtype)
    else:
        found, kind = literal(value, dtype, shape, verify_shape)
    graph = defaults.get_default_graph()
    attrs = {"value": found, "dtype": kind}
    label: Any = "Const" if name is None else name
    if isinstance(label, bytes):
        label = label.decode()
    op = graph.add(registry.lookup("Const"), (), attrs, (kind,), label)
    return op._outputs[0]


def _single(value: Any, dtype: Any) -> tuple[Literal, DType]:
    """The constant of one number, shared by all operations that need it."""
    # -0.0 equals 0.0 as a key, and nan is never found: both may not be shared.
    if type(dtype) not in (DType, type(None)) or not value or value != value:  # noqa: PLR0124 - not a number
        return literal(value, dtype)
    key = (type(value), value, dtype)
    found = _SINGLE.get(key)
    if found is None:
        found = literal(value, dtype)
        if len(_SINGLE) < 10_000:
            _SINGLE[key] = found
    return found


def is_constant(tensor_or_op: Any) -> bool:
    """Whether it is the output of a Const operation, or one itself."""
    op = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
    return bool(op.type == "Const")


# What is known of a value before anything runs.

_SIZE_LIMIT = 1 << 20
_STATIC: dict[str, Callable[[Any], Any]] = {
    "Shape": list,
    "Rank": len,
    "Size": math.prod,
}


def value_of(tensor: Tensor) -> Array | None:
    """The value of a tensor that depends on constants alone, or None.

    TF 1.15: the runtime computes such values when it infers shapes; a rank or a number
    of elements is taken from a shape only on the way to another value.
    """
    if hasattr(tensor, "_value"):
        return np.asarray(tensor._value)  # an eager tensor
    op = tensor._op
    if op._definition.name == "Const":
        array: Array = op._attrs["value"].array
        return array
    if op._definition.name in ("Rank", "Size") and _fold(op._inputs[0], {}) is None:
        return None
    if op._definition.name == "Enter":  # TF 1.15: seen through if it comes last
        return _fold(op._inputs[0], {})
    return _fold(tensor, {})


def _fold(tensor: Tensor, known: dict[Tensor, Array | None]) -> Array | None:
    if tensor not in known:
        known[tensor] = None
        known[tensor] = _compute(tensor, known)
    return known[tensor]


def _compute(tensor: Tensor, known: dict[Tensor, Array | None]) -> Array | None:
    op = tensor._op
    definition = op._definition
    if definition.name == "Const":
        array: Array = op._attrs["value"].array
        return array
    if definition.name in _STATIC:
        taken = op._inputs[0]
        dims = None if taken._dtype._is_ref_dtype else taken._dims
        if dims is not None and (definition.name == "Rank" or None not in dims):
            value = _STATIC[definition.name](dims)
            return np.array(value, dtype=tensor.dtype.as_numpy_dtype)
    if definition.name == "Switch":
        return _switched(tensor, known)
    if definition.is_stateful or not definition.runs or not op._inputs:
        return None
    if definition.name in _NEVER_FOLDED or definition.bind is not None:
        return None
    inputs = []
    for taken in op._inputs:
        value = _fold(taken, known)
        if value is None or value.size > _SIZE_LIMIT:
            return None
        inputs.append(value)
    kernel = definition.kernel or definition.build(op)  # type: ignore[misc]
    try:
        result = kernel(*inputs)
    except Exception:
        return None
    if len(op._outputs) > 1:
        result = result[tensor._index]
    return np.asarray(result)


def _switched(tensor: Tensor, known: dict[Tensor, Array | None]) -> Array | None:
    """What comes out on one side of a switch, if it is known to go there."""
    value, on_true = (_fold(taken, known) for taken in tensor._op._inputs)
    goes_here = on_true is not None and bool(on_true) == bool(tensor._index)
    return value if goes_here else None


_NEVER_FOLDED = frozenset(
    {"Merge", "Enter", "Exit", "NextIteration", "LoopCond",
     "PlaceholderWithDefault", "Placeholder", "StopGradient", "PreventGradient"}
)  # fmt: skip


def shape_of_value(tensor: Tensor) -> Dims:
    """The shape that a tensor of sizes describes, as far as it is known.

    TF 1.15: -1 stands for an unknown size; None is an unknown rank.
    """
    op = tensor._op
    if op._definition.name == "Shape":
        return _PARTIAL["Shape"](op)  # never computed, even if its input is constant
    if op._definition.name == "ShapeN":
        return op._inputs[tensor._index]._dims
    if op._definition.name == "Pack":
        return tuple(_size_in(taken) for taken in op._inputs)
    value = value_of(tensor)
    if value is not None:
        return _sizes_in(value)
    partial = _PARTIAL.get(op._definition.name)
    if partial is not None:
        return partial(op)
    return unknown_sizes(tensor)


def unknown_sizes(tensor: Tensor) -> Dims:
    """The shape that a tensor of sizes describes, if only their number is known."""
    dims = tensor._dims
    if dims is not None and len(dims) == 1 and dims[0] is not None:
        return (None,) * dims[0]
    return None


def _sizes_in(value: Array) -> Dims:
    if value.ndim == 0:
        if value == -1:
            return None
        raise registry.ShapeError(
            "Input tensor must be rank 1, or if its rank 0 it must have value -1 "
            f"(representing an unknown shape).  Saw value: {value}"
        )
    sizes = value.tolist()
    for size in sizes:
        if size < -1:
            raise ValueError(f"Invalid value in tensor used for shape: {size}")
    return tuple(None if size == -1 else int(size) for size in sizes)


def _size_in(tensor: Tensor) -> int | None:
    value = value_of(tensor)
    if value is None or value.ndim or value < 0:
        return None
    return int(value)


def _joined(op: Any) -> Dims:
    joined: tuple[int | None, ...] = ()
    for taken in op._inputs[:-1]:
        dims = shape_of_value(taken)
        if dims is None:
            return None
        joined += dims
    return joined


def _sliced(op: Any) -> Dims:
    dims = shape_of_value(op._inputs[0])
    begin, end, step = (value_of(taken) for taken in op._inputs[1:4])
    masks = ("ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    if begin is None or end is None or step is None or dims is None:
        return None
    if begin.size != 1 or any(op._attrs[mask] for mask in masks):
        return None
    start = None if op._attrs["begin_mask"] & 1 else int(begin[0])
    stop = None if op._attrs["end_mask"] & 1 else int(end[0])
    return dims[start : stop : int(step[0])]


_PARTIAL: dict[str, Callable[[Any], Dims]] = {
    "Shape": lambda op: op._inputs[0]._dims,
    "ConcatV2": _joined,
    "StridedSlice": _sliced,
}


name_functions(globals(), constant="constant_v1")
