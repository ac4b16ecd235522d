"""Tensors to begin with: placeholders, filled ones, the shapes of others.

Beside math; joining comes next. TF 1.15 computes shapes in Python where it can
(`tf.shape` of a known shape is a constant), and so the same operations come out here.
"""

from __future__ import annotations

import builtins
import math
from contextlib import suppress
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, dtypes, shape_inference, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Tensor, dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- passing on --------------------------------------------------------------------

for _type, _slope in {
    "Identity": "array_gradients.same",
    "StopGradient": None,
    "PreventGradient": "array_gradients.prevent_gradient",
    "Snapshot": "",
}.items():
    define(_type, shape=rules.unchanged, kernel=lambda x: x, gradient=_slope)
define(
    "RefIdentity",
    shape=rules.unchanged,
    kernel=lambda x: x,
    gradient="array_gradients.same",
)
define(
    "IdentityN",
    shape=lambda op: [t._dims for t in op._inputs],
    kernel=lambda *xs: xs if len(xs) > 1 else xs[0],
    gradient="array_gradients.same",
)
define(
    "CheckNumerics",
    shape=rules.unchanged,
    build=lambda op: _numeric_check(op),  # noqa: PLW0108 - it comes below
    gradient="array_gradients.check_numerics",
)


def _numeric_check(op: Operation) -> Callable[[Array], Array]:
    message = op._attrs["message"]

    def kernel(x: Array) -> Array:
        problems = [
            word
            for word, bad in (("Inf", np.isinf(x).any()), ("NaN", np.isnan(x).any()))
            if bad
        ]
        if problems:
            text = " and ".join(problems)
            raise InvalidArgumentError(
                None, op, f"{message} : Tensor had {text} values"
            )
        return x

    return kernel


def identity(input: Any, name: str | None = None) -> Any:
    """The same tensor, as the output of a new operation."""
    return apply("Identity", input, name=name)


def identity_n(input: Any, name: str | None = None) -> Any:
    """The same list of tensors, as the outputs of one new operation."""
    return apply("IdentityN", input, name=name)


def stop_gradient(input: Any, name: str | None = None) -> Any:
    """The same tensor, through which no gradient flows."""
    return apply("StopGradient", input, name=name)


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Any:
    """The same tensor; running it fails if there is an Inf or NaN in it."""
    return apply("CheckNumerics", tensor, message=message, name=name)


# -- placeholders ------------------------------------------------------------------


def _must_be_fed(op: Operation) -> Callable[[], Any]:
    dtype, dims = op._attrs["dtype"], op._outputs[0]._dims
    shape = f" and shape {dims_text(dims)}" if dims else ""

    def kernel() -> Any:
        raise InvalidArgumentError(
            None,
            op,
            f"You must feed a value for placeholder tensor '{op._name}' with dtype "
            f"{dtypes.runtime_name(dtype)}{shape}",
        )

    return kernel


_placeholder_shape = rules.kept_size("shape")


def _default_shape(op: Operation) -> list[Dims]:
    (dims,) = _placeholder_shape(op)
    rules.merge(op._inputs[0]._dims, dims)
    return [dims]


define("Placeholder", shape=_placeholder_shape, build=_must_be_fed)
define(
    "PlaceholderWithDefault",
    shape=_default_shape,
    kernel=lambda x: x,
    gradient="array_gradients.same",
)


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Any:
    """A tensor whose value is fed when the graph runs."""
    if defaults.state.eager:
        raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
    return apply("Placeholder", dtype=dtype, shape=shape, name=name)


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Any:
    """A tensor that may be fed, and otherwise is `input`."""
    return apply("PlaceholderWithDefault", input, shape=shape, name=name)


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Any:
    """A sparse tensor whose value is fed when the graph runs."""
    if defaults.state.eager:
        raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
    inner = (lambda part: f"{name}/{part}") if name is not None else lambda part: None
    rank = None
    if shape is not None:
        rank = shape.get_shape()[0] if isinstance(shape, Tensor) else len(shape)
        if isinstance(shape, Tensor) or None not in shape:
            shape = convert_to_tensor(shape, dtypes.int64, name=inner("shape"))
        else:
            shape = None
    if shape is None:
        shape = placeholder(dtypes.int64, [rank], inner("shape"))
    return SparseTensor(
        values=placeholder(dtype, [None], inner("values")),
        indices=placeholder(dtypes.int64, [None, rank], inner("indices")),
        dense_shape=shape,
    )


# -- filled tensors ----------------------------------------------------------------


def _fill_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 1)
    if op._inputs[1]._dims is not None:
        rules.with_rank(op._inputs[1]._dims, 0)
    sizes = shape_inference.value(op, 0)
    if sizes is not None and (np.asarray(sizes) < 0).any():
        shape_inference.sizes(op, 0)  # the message says what is known of the shape
        raise ShapeError("Fill dimensions must be >= 0")
    return [shape_inference.sizes(op, 0)]


def _fill_kernel(dims: Array, value: Array) -> Array:
    for name, given, wanted in (("dims", dims, 1), ("value", value, 0)):
        if np.ndim(given) != wanted:
            kind, shape = ("scalar", "vector")[wanted], dims_text(np.shape(given))
            problem = f"{name} must be a {kind}, got shape {shape}"
            raise InvalidArgumentError(None, None, problem)
    if (np.asarray(dims) < 0).any():
        first = int(np.argmax(np.asarray(dims) < 0))
        raise InvalidArgumentError(None, None, f"Dimension {dims[first]} must be >= 0")
    return np.full(tuple(dims.tolist()), value, np.asarray(value).dtype)


define("Fill", shape=_fill_shape, kernel=_fill_kernel, gradient="array_gradients.fill")


def _zeros(x: Any) -> Any:
    """Zeros of the same kind; what holds several values knows its own."""
    return x.zeros_like() if hasattr(x, "zeros_like") else _like(x, 0)


define("ZerosLike", shape=rules.unchanged, kernel=_zeros, gradient=None)
define("OnesLike", shape=rules.unchanged, kernel=lambda x: _like(x, 1), gradient=None)


def _like(x: Array, value: int) -> Array:
    x = np.asarray(x)
    if x.dtype == object:
        return np.full(x.shape, b"" if value == 0 else b"1", object)
    return np.full(x.shape, value, x.dtype)


def fill(dims: Any, value: Any, name: str | None = None) -> Any:
    """A tensor of one value everywhere."""
    return apply("Fill", dims, value, name=name)


def _filled(shape: Any, dtype: Any, name: Any, default: str, value: Any) -> Any:
    """A constant if the shape is small and known, else a Fill operation."""
    with name_scope(name, default, [shape]) as scope:
        if not isinstance(shape, Tensor):
            try:
                if _is_small(shape):
                    with suppress(TypeError):
                        return constant(value, shape=shape, dtype=dtype, name=scope)
                shape = convert_to_tensor(TensorShape(shape))
            except (TypeError, ValueError):
                shape = convert_to_tensor(shape, dtype=dtypes.int32)
        if not shape._shape_tuple():
            shape = apply("Reshape", shape, [-1])
        return fill(shape, constant(value, dtype=dtype), name=scope)


def _is_small(shape: Any) -> builtins.bool:
    """Whether a shape is known to have fewer than 1000 elements."""
    try:
        if isinstance(shape, TensorShape):
            sizes = shape.as_list()
        elif isinstance(shape, (list, tuple)):
            sizes = [shapes.dimension_value(size) for size in shape]
        else:
            return builtins.bool(np.prod(shape) < 1000)
        # TF 1.15: no factor 1 to begin with, which would be an operation of its own.
        return builtins.bool(reduce(mul, sizes) < 1000) if sizes else True
    except TypeError:
        return False


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """A tensor of zeros; of empty strings or False for those types."""
    dtype = dtypes.as_dtype(dtype).base_dtype
    zero: Any = {dtypes.bool_: False, dtypes.string: ""}.get(dtype, 0)
    return _filled(shape, dtype, name, "zeros", zero)


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """A tensor of ones; of True for bool."""
    dtype = dtypes.as_dtype(dtype).base_dtype
    one: Any = True if dtype is dtypes.bool_ else 1
    return _filled(shape, dtype, name, "ones", one)


def zeros_like(
    tensor: Any,
    dtype: Any = None,
    name: str | None = None,
    optimize: builtins.bool = True,
) -> Any:
    """Zeros of the shape and type of another tensor."""
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        known = tensor._dims is not None and None not in tensor._dims
        if optimize and known and tensor.dtype is not dtypes.variant:
            return zeros(tensor.shape, dtype=dtype or tensor.dtype, name=scope)
        if dtype not in (None, tensor.dtype, dtypes.variant):
            return zeros(shape_of(tensor, optimize=optimize), dtype=dtype, name=scope)
        return apply("ZerosLike", tensor, name=scope)


def ones_like(
    tensor: Any,
    dtype: Any = None,
    name: str | None = None,
    optimize: builtins.bool = True,
) -> Any:
    """Ones of the shape and type of another tensor."""
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        sizes = shape_of(tensor, optimize=optimize)
        result = ones(sizes, dtype=tensor.dtype if dtype is None else dtype, name=scope)
        if not defaults.state.eager:
            result.set_shape(tensor.get_shape())
        return result


# -- asking for shapes -------------------------------------------------------------


def _shape_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    return [(None if dims is None else len(dims),)]


def _typed(function: Callable[[Array], Any]) -> Callable[[Any], Any]:
    def build(op: Operation) -> Callable[[Array], Array]:
        kind = op._attrs.get("out_type", dtypes.int32).as_numpy_dtype
        return lambda x: np.array(function(np.asarray(x)), dtype=kind)

    return build


define("Shape", shape=_shape_shape, build=_typed(lambda x: x.shape), gradient=None)
define("Size", shape=rules.scalar, build=_typed(lambda x: x.size), gradient=None)
define("Rank", shape=rules.scalar, build=_typed(lambda x: x.ndim), gradient=None)


def _shape_n_shape(op: Operation) -> list[Dims]:
    return [(None if t._dims is None else len(t._dims),) for t in op._inputs]


def _shape_n_kernel(op: Operation) -> Callable[..., Any]:
    kind = op._attrs["out_type"].as_numpy_dtype

    def kernel(*xs: Array) -> Any:
        found = [np.array(np.asarray(x).shape, dtype=kind) for x in xs]
        return found if len(found) > 1 else found[0]

    return kernel


define("ShapeN", shape=_shape_n_shape, build=_shape_n_kernel, gradient=None)


def is_known(tensor: Tensor) -> builtins.bool:
    """Whether all sizes of a tensor are known."""
    return tensor._dims is not None and None not in tensor._dims


def shape_of(
    input: Any,
    name: str | None = None,
    optimize: builtins.bool = True,
    out_type: Any = dtypes.int32,
) -> Any:
    """The shape of a tensor, as a tensor; a constant if it is known already."""
    with name_scope(name, "Shape", [input]) as scope:
        if isinstance(input, (SparseTensor, SparseTensorValue)):
            return apply("Cast", input.dense_shape, DstT=out_type)
        tensor = convert_to_tensor(input)
        if optimize and is_known(tensor):
            return constant(tensor.shape.as_list(), out_type, name=scope)
        # TF 1.15 converts it anew: what is no tensor yet becomes one a second time.
        return apply("Shape", input, out_type=out_type, name=scope)


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Any:
    """The shape of a tensor, as a tensor."""
    return shape_of(input, name, out_type=out_type)


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """The shapes of several tensors."""
    return apply("ShapeN", input, out_type=out_type, name=name)


@takes_ragged("input")
def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Any:
    """How many elements a tensor has, as a tensor."""
    with name_scope(name, "Size", [input]) as scope:
        if isinstance(input, (SparseTensor, SparseTensorValue)):
            sizes = apply("Cast", input.dense_shape, DstT=out_type)
            return apply("Prod", sizes, 0, name=scope)
        tensor = convert_to_tensor(input)
        if is_known(tensor):
            return constant(math.prod(tensor._dims), out_type, name=scope)
        if tensor._dims and 0 in tensor._dims:
            return constant(0, out_type, name=scope)
        return apply("Size", input, out_type=out_type, name=scope)


@takes_ragged("input")
def rank(input: Any, name: str | None = None) -> Any:
    """How many axes a tensor has, as a tensor."""
    with name_scope(name, "Rank", [input]) as scope:
        if isinstance(input, (SparseTensor, SparseTensorValue)):
            return apply("Size", input.dense_shape, name=scope)
        tensor = convert_to_tensor(input)
        if tensor._dims is not None:
            return constant(len(tensor._dims), dtypes.int32, name=scope)
        return apply("Rank", input, name=scope)


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape of two shapes combined; ValueError if they do not go together."""
    if shape_x.ndims is None or shape_y.ndims is None:  # TF 1.15: no list is taken
        return shapes.unknown_shape()
    x, y = shapes.as_dims(shape_x), shapes.as_dims(shape_y)
    try:
        return TensorShape(rules.broadcast(x, y))
    except ShapeError:
        raise ValueError(
            f"Incompatible shapes for broadcasting: {shape_x} and {shape_y}"
        ) from None
