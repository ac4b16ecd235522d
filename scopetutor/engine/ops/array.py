"""Shapes and places: reshaping, slicing, joining, gathering; placeholders.

Beside math. TF 1.15 computes shapes in Python where it can (`tf.shape` of a known
shape is a constant), and so the same operations come out here.
"""

from __future__ import annotations

import builtins
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, defaults, deprecation, dtypes, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Tensor, dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

from . import rules
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- passing on --------------------------------------------------------------------

for _type in ("Identity", "StopGradient", "PreventGradient", "Snapshot"):
    define(_type, shape=rules.unchanged, kernel=lambda x: x)
define("RefIdentity", shape=rules.unchanged, kernel=lambda x: x)
define(
    "IdentityN",
    shape=lambda op: [t._dims for t in op._inputs],
    kernel=lambda *xs: xs if len(xs) > 1 else xs[0],
)
define("CheckNumerics", shape=rules.unchanged, build=lambda op: _numeric_check(op))


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
    name = {"float32": "float", "float64": "double", "float16": "half"}.get(
        dtype.name, dtype.name
    )

    def kernel() -> Any:
        raise InvalidArgumentError(
            None,
            op,
            f"You must feed a value for placeholder tensor '{op._name}' with dtype "
            f"{name}{shape}",
        )

    return kernel


def _placeholder_shape(op: Operation) -> list[Dims]:
    return [op._attrs["shape"]]


define("Placeholder", shape=_placeholder_shape, build=_must_be_fed)
define("PlaceholderWithDefault", shape=rules.attribute("shape"), kernel=lambda x: x)


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
    return rules.of_value(0)(op)  # type: ignore[return-value]


def _fill_kernel(dims: Array, value: Array) -> Array:
    if (np.asarray(dims) < 0).any():
        first = int(np.argmax(np.asarray(dims) < 0))
        raise InvalidArgumentError(None, None, f"Dimension {dims[first]} must be >= 0")
    return np.full(tuple(dims.tolist()), value, np.asarray(value).dtype)


define("Fill", shape=_fill_shape, reads=(0,), kernel=_fill_kernel)
define("ZerosLike", shape=rules.unchanged, kernel=lambda x: _like(x, 0))
define("OnesLike", shape=rules.unchanged, kernel=lambda x: _like(x, 1))


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
                    return constant(value, shape=shape, dtype=dtype, name=scope)
                shape = convert_to_tensor(TensorShape(shape))
            except (TypeError, ValueError):
                shape = convert_to_tensor(shape, dtype=dtypes.int32)
        if not shape._shape_tuple():
            shape = reshape(shape, [-1])
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
        return math.prod(sizes) < 1000
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
        if dtype is not None and dtype != tensor.dtype and dtype != dtypes.variant:
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


define("Shape", shape=_shape_shape, build=_typed(lambda x: x.shape))
define("Size", shape=rules.scalar, build=_typed(lambda x: x.size))
define("Rank", shape=rules.scalar, build=_typed(lambda x: x.ndim))


def _shape_n_shape(op: Operation) -> list[Dims]:
    return [(None if t._dims is None else len(t._dims),) for t in op._inputs]


def _shape_n_kernel(op: Operation) -> Callable[..., Any]:
    kind = op._attrs["out_type"].as_numpy_dtype

    def kernel(*xs: Array) -> Any:
        found = [np.array(np.asarray(x).shape, dtype=kind) for x in xs]
        return found if len(found) > 1 else found[0]

    return kernel


define("ShapeN", shape=_shape_n_shape, build=_shape_n_kernel)


def _known(tensor: Tensor) -> builtins.bool:
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
        if optimize and _known(tensor):
            return constant(tensor.shape.as_list(), out_type, name=scope)
        return apply("Shape", tensor, out_type=out_type, name=scope)


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Any:
    """The shape of a tensor, as a tensor."""
    return shape_of(input, name, out_type=out_type)


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """The shapes of several tensors."""
    return apply("ShapeN", input, out_type=out_type, name=name)


def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Any:
    """How many elements a tensor has, as a tensor."""
    with name_scope(name, "Size", [input]) as scope:
        if isinstance(input, (SparseTensor, SparseTensorValue)):
            sizes = apply("Cast", input.dense_shape, DstT=out_type)
            return apply("Prod", sizes, 0, name=scope)
        tensor = convert_to_tensor(input)
        if _known(tensor):
            return constant(math.prod(tensor._dims), out_type, name=scope)
        if tensor._dims and 0 in tensor._dims:
            return constant(0, out_type, name=scope)
        return apply("Size", tensor, out_type=out_type, name=scope)


def rank(input: Any, name: str | None = None) -> Any:
    """How many axes a tensor has, as a tensor."""
    with name_scope(name, "Rank", [input]) as scope:
        if isinstance(input, (SparseTensor, SparseTensorValue)):
            return apply("Size", input.dense_shape, name=scope)
        tensor = convert_to_tensor(input)
        if tensor._dims is not None:
            return constant(len(tensor._dims), dtypes.int32, name=scope)
        return apply("Rank", tensor, name=scope)


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape of two shapes combined; ValueError if they do not go together."""
    x, y = shapes.as_dims(shape_x), shapes.as_dims(shape_y)
    try:
        return TensorShape(rules.broadcast(x, y))
    except ShapeError:
        raise ValueError(
            "Incompatible shapes for broadcasting: "
            f"{shapes.as_shape(shape_x)} and {shapes.as_shape(shape_y)}"
        ) from None


# -- other shapes ------------------------------------------------------------------


def _reshape_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    new = constants.shape_of_value(op._inputs[1])
    if new is None:
        return [None]
    known_new = math.prod(size for size in new if size is not None)
    missing = [i for i, size in enumerate(new) if size is None]
    if dims is None or None in dims:
        return [new]
    elements = math.prod(dims)  # type: ignore[arg-type]
    if not missing:
        if elements != known_new:
            raise ShapeError(
                f"Cannot reshape a tensor with {elements} elements to shape "
                f"{dims_text(new)} ({known_new} elements)"
            )
        return [new]
    if len(missing) == 1 and known_new:
        if elements % known_new:
            raise ShapeError(
                f"Dimension size must be evenly divisible by {known_new} but is "
                f"{elements}"
            )
        filled = list(new)
        filled[missing[0]] = elements // known_new
        return [tuple(filled)]
    return [new]


def _reshape_kernel(x: Array, new: Array) -> Any:
    sizes = new.tolist()
    x = np.asarray(x)
    if sizes.count(-1) > 1:
        raise InvalidArgumentError(
            None,
            None,
            "Only one input size may be -1, not both "
            f"{sizes.index(-1)} and {sizes.index(-1, sizes.index(-1) + 1)}",
        )
    try:
        return x.reshape(sizes)
    except ValueError:
        known = math.prod(size for size in sizes if size != -1)
        if -1 in sizes:
            raise InvalidArgumentError(
                None,
                None,
                f"Input to reshape is a tensor with {x.size} values, but the requested "
                f"shape requires a multiple of {known}",
            ) from None
        raise InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {x.size} values, but the requested "
            f"shape has {known}",
        ) from None


define("Reshape", shape=_reshape_shape, reads=(1,), kernel=_reshape_kernel)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """The same elements in another shape; -1 for the size that remains."""
    return apply("Reshape", tensor, shape, name=name)


def _expand_dims_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    axis = rules.constant_value(op, 1)
    if dims is None:
        return [None]
    if axis is None:
        return [(None,) * (len(dims) + 1)]
    place = int(axis.reshape(-1)[0])
    if not -1 - len(dims) <= place <= len(dims):
        raise ShapeError(
            f"dim {place} not in the interval [{-1 - len(dims)}, {len(dims)}]."
        )
    place = place + len(dims) + 1 if place < 0 else place
    return [(*dims[:place], 1, *dims[place:])]


define(
    "ExpandDims",
    shape=_expand_dims_shape,
    reads=(1,),
    kernel=lambda x, axis: np.expand_dims(x, int(axis)),
)


def expand_dims(
    input: Any, axis: Any = None, name: str | None = None, dim: Any = None
) -> Any:
    """A tensor with one more axis, of size 1."""
    if dim is not None:
        deprecation.warn_argument(
            "expand_dims", "array_ops", "dim", "Use the `axis` argument instead"
        )
    axis = deprecation.either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return apply("ExpandDims", input, axis, name=name)


def _squeeze_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    wanted = op._attrs["squeeze_dims"]
    if dims is None:
        return [None]
    for place in wanted:
        if not -len(dims) <= place < len(dims):
            raise ShapeError(
                f"squeeze_dims[{wanted.index(place)}] not in [{-len(dims)},{len(dims)})."
            )
    places = {place % len(dims) for place in wanted}
    if not wanted and None in dims:
        return [None]
    kept: list[int | None] = []
    for i, length in enumerate(dims):
        if wanted and i in places:
            if length not in (1, None):
                raise ShapeError(f"Can not squeeze dim[{i}], expected a dimension of 1, "
                                 f"got {length}")  # fmt: skip
        elif wanted or length != 1:
            kept.append(length)
    return [tuple(kept)]


def _squeeze_kernel(op: Operation) -> Callable[[Array], Any]:
    places = tuple(op._attrs["squeeze_dims"]) or None

    def kernel(x: Array) -> Any:
        try:
            return np.squeeze(x, places)
        except ValueError:
            bad = next(i for i in places or () if x.shape[i] != 1)
            raise InvalidArgumentError(
                None,
                op,
                f"Can not squeeze dim[{bad % x.ndim}], expected a dimension of 1, got "
                f"{x.shape[bad]}",
            ) from None

    return kernel


define("Squeeze", shape=_squeeze_shape, build=_squeeze_kernel)


def squeeze(
    input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None
) -> Any:
    """A tensor without its axes of size 1, or without some of them."""
    if squeeze_dims is not None:
        deprecation.warn_argument(
            "squeeze", "array_ops", "squeeze_dims", "Use the `axis` argument instead"
        )
    axis = deprecation.either("axis", axis, "squeeze_dims", squeeze_dims)
    if np.isscalar(axis):
        axis = [axis]
    return apply("Squeeze", input, squeeze_dims=axis, name=name)


def _transpose_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    perm = rules.constant_value(op, 1)
    perm_dims = op._inputs[1]._dims
    if perm is None:
        if dims is not None:
            return [(None,) * len(dims)]
        known = perm_dims is not None and len(perm_dims) == 1
        return [(None,) * perm_dims[0] if known and perm_dims[0] is not None else None]  # type: ignore[index]
    if dims is None:
        return [(None,) * perm.size]
    if perm.size != len(dims):
        raise ShapeError(f"Dimension must be {perm.size} but is {len(dims)}")
    order = perm.reshape(-1).tolist()
    for place in order:
        if not 0 <= place < len(dims):
            raise ShapeError(
                f"perm dim {place} is out of range of input rank {len(dims)}"
            )
    return [tuple(dims[place] for place in order)]


define(
    "Transpose",
    shape=_transpose_shape,
    reads=(1,),
    kernel=lambda x, perm: np.transpose(x, perm.tolist()),
)
define(
    "ConjugateTranspose",
    shape=_transpose_shape,
    reads=(1,),
    kernel=lambda x, perm: np.conj(np.transpose(x, perm.tolist())),
)


def transpose(
    a: Any,
    perm: Any = None,
    name: str | None = "transpose",
    conjugate: builtins.bool = False,
) -> Any:
    """A tensor with its axes in another order; reversed, if none is said."""
    with name_scope(name, "transpose", [a]) as scope:
        op_type = "Transpose"
        if conjugate and a.dtype.is_complex:
            op_type = "ConjugateTranspose"
        if perm is not None:
            return apply(op_type, a, perm, name=scope)
        a = convert_to_tensor(a, name="a")
        if not a._dims:
            axes = apply("Rank", a)
            perm = (axes - 1) - apply("Range", 0, axes, 1)
        else:
            # TF 1.15 computes this one in the graph too.
            axes = len(a._dims)
            perm = (axes - 1) - np.arange(axes)
        result = apply(op_type, a, perm, name=scope)
        if not defaults.state.eager and a._dims is not None:
            result.set_shape(a._dims[::-1])
        return result


def matrix_transpose(
    a: Any, name: str = "matrix_transpose", conjugate: builtins.bool = False
) -> Any:
    """A batch of matrices, each transposed."""
    with name_scope(name, values=[a]):
        a = convert_to_tensor(a, name="a")
        if a._dims is None:
            axes = rank(a)
            front = apply("Range", 0, axes - 2, 1)
            return transpose(
                a, concat((front, [axes - 1, axes - 2]), 0), conjugate=conjugate
            )
        axes = len(a._dims)
        if axes < 2:
            raise ValueError(
                "Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: "
                f"{a.shape}"
            )
        perm = [*builtins.range(axes - 2), axes - 1, axes - 2]
        return transpose(a, perm=perm, conjugate=conjugate)


# -- joining and splitting -----------------------------------------------------------


def _pack_shape(op: Operation) -> list[Dims]:
    dims: Dims = op._inputs[-1]._dims
    for i in reversed(builtins.range(len(op._inputs) - 1)):
        try:
            dims = rules.merge(op._inputs[i]._dims, dims)
        except ShapeError as error:
            raise ShapeError(
                f"{error}\n\tFrom merging shape {i} with other shapes."
            ) from None
    if dims is None:
        return [None]
    axis = op._attrs["axis"]
    if not -len(dims) - 1 <= axis <= len(dims):
        raise ShapeError(
            f"Invalid axis: {axis}; must be in [{-len(dims) - 1},{len(dims) + 1})"
        )
    place = axis % (len(dims) + 1)
    return [(*dims[:place], len(op._inputs), *dims[place:])]


def _pack_kernel(op: Operation) -> Callable[..., Any]:
    axis = op._attrs["axis"]

    def kernel(*values: Array) -> Any:
        first = np.asarray(values[0]).shape
        for i, value in enumerate(values):
            if np.asarray(value).shape != first:
                raise InvalidArgumentError(
                    None,
                    op,
                    "Shapes of all inputs must match: values[0].shape = "
                    f"{dims_text(first)} != values[{i}].shape = "
                    f"{dims_text(np.asarray(value).shape)}",
                )
        return np.stack(values, axis)

    return kernel


define("Pack", shape=_pack_shape, build=_pack_kernel)


def stack(values: Any, axis: int = 0, name: str | None = "stack") -> Any:
    """Tensors of one shape as the rows of one more axis."""
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            pass
    dims = convert_to_tensor(values[0], name=name)._shape_tuple()
    if dims is not None:
        axes = len(dims) + 1
        if not -axes <= axis < axes:
            raise ValueError(f"axis = {axis} not in [{-axes}, {axes})")
    return apply("Pack", values, axis=axis, name=name)


def _unpack_shape(op: Operation) -> list[Dims]:
    dims, axis, num = op._inputs[0]._dims, op._attrs["axis"], op._attrs["num"]
    if dims is None:
        return [None] * num
    if not -len(dims) <= axis < len(dims):
        raise ShapeError(f"Invalid axis: {axis}; must be in [{-len(dims)},{len(dims)})")
    place = axis % len(dims)
    if dims[place] not in (None, num):
        raise ShapeError(f"Dimension must be {num} but is {dims[place]}")
    return [dims[:place] + dims[place + 1 :]] * num


def _unpack_kernel(op: Operation) -> Callable[[Array], Any]:
    axis, num = op._attrs["axis"], op._attrs["num"]

    def kernel(x: Array) -> Any:
        parts = list(np.moveaxis(x, axis, 0))
        if len(parts) != num:
            raise InvalidArgumentError(
                None,
                op,
                f"Input shape axis {axis % x.ndim} must equal {num}, got shape "
                f"{dims_text(x.shape)}",
            )
        return parts if num > 1 else parts[0] if num else []

    return kernel


define("Unpack", shape=_unpack_shape, build=_unpack_kernel)


def unstack(
    value: Any, num: Any = None, axis: int = 0, name: str | None = "unstack"
) -> Any:
    """The rows along an axis as a list of tensors."""
    if num is None:
        value = convert_to_tensor(value)
        dims = value._dims
        if dims is not None:
            if not -len(dims) <= axis < len(dims):
                raise ValueError(f"axis = {axis} not in [{-len(dims)}, {len(dims)})")
            num = dims[axis]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {value.shape}")
    return apply("Unpack", value, num=num, axis=axis, name=name)


def _concat_shape(op: Operation) -> list[Dims]:
    values = op._inputs[:-1]
    axis = rules.constant_value(op, len(values))
    if axis is None:
        known = [t._dims for t in values if t._dims is not None]
        return [(None,) * len(known[0]) if known else None]
    place = int(axis)
    dims: Dims = None
    for i, taken in enumerate(values):
        found = taken._dims
        if found is None:
            continue
        if place >= len(found) or place < -len(found):
            at_least = place + 1 if place >= 0 else -place
            raise ShapeError(f"Shape must be at least rank {at_least} but is rank "
                             f"{len(found)}")  # fmt: skip
        here = place % len(found)
        if dims is None:
            dims = found
            continue
        if len(dims) != len(found):
            raise ShapeError(
                f"Shapes must be equal rank, but are {len(found)} and {len(dims)}\n\t"
                f"From merging shape {i - 1} with other shapes."
            )
        dims = _concat_two(dims, found, here)
    if dims is not None and any(t._dims is None for t in values):
        here = place % len(dims)
        return [(*dims[:here], None, *dims[here + 1 :])]
    return [dims]


def _concat_two(
    a: tuple[int | None, ...], b: tuple[int | None, ...], axis: int
) -> tuple[int | None, ...]:
    rest_a, rest_b = a[:axis] + a[axis + 1 :], b[:axis] + b[axis + 1 :]
    for i, (x, y) in enumerate(zip(rest_a, rest_b, strict=True)):
        if x is not None and y is not None and x != y:
            raise ShapeError(
                f"Dimension {i} in both shapes must be equal, but are {x} and {y}. "
                f"Shapes are {dims_text(rest_a)} and {dims_text(rest_b)}."
            )
    joined = None if a[axis] is None or b[axis] is None else a[axis] + b[axis]  # type: ignore[operator]
    merged = [y if x is None else x for x, y in zip(a, b, strict=True)]
    merged[axis] = joined
    return tuple(merged)


def _concat_kernel(*values: Array) -> Any:
    axis = int(values[-1])
    try:
        return np.concatenate(values[:-1], axis)
    except ValueError:
        texts = [dims_text(np.asarray(value).shape) for value in values[:-1]]
        odd = next(i for i, text in enumerate(texts) if text != texts[0])
        raise InvalidArgumentError(
            None,
            None,
            f"ConcatOp : Dimensions of inputs should match: shape[0] = {texts[0]} vs. "
            f"shape[{odd}] = {texts[odd]}",
        ) from None


define("ConcatV2", shape=_concat_shape, kernel=_concat_kernel)


def concat(values: Any, axis: Any, name: str | None = "concat") -> Any:
    """Tensors joined along an axis they have."""
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with name_scope(name):
            place = convert_to_tensor(axis, dtypes.int32, name="concat_dim")
            place.get_shape().assert_has_rank(0)
            return identity(values[0], name=name)
    return apply("ConcatV2", values, axis, name=name)


def _split_shape(op: Operation) -> list[Dims]:
    num = op._attrs["num_split"]
    axis, dims = rules.constant_value(op, 0), op._inputs[1]._dims
    if dims is None:
        return [None] * num
    if axis is None:
        return [(None,) * len(dims)] * num
    place = int(axis)
    if not -len(dims) <= place < len(dims):
        raise ShapeError(
            f"Dimension size, given by scalar input {place} must be in range "
            f"[{-len(dims)}, {len(dims)})"
        )
    place %= len(dims)
    length = dims[place]
    if length is not None and length % num:
        raise ShapeError(
            f"Dimension size must be evenly divisible by {num} but is {length}\n\t"
            "Number of ways to split should evenly divide the split dimension"
        )
    part = None if length is None else length // num
    return [(*dims[:place], part, *dims[place + 1 :])] * num


def _split_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    num = op._attrs["num_split"]

    def kernel(axis: Array, x: Array) -> Any:
        place = int(axis)
        if x.shape[place] % num:
            raise InvalidArgumentError(
                None,
                op,
                "Number of ways to split should evenly divide the split dimension, but "
                f"got split_dim {place} (size = {x.shape[place]}) and num_split {num}",
            )
        parts = np.split(x, num, place)
        return parts if num > 1 else parts[0]

    return kernel


define("Split", shape=_split_shape, reads=(0,), build=_split_kernel)


def _split_v_shape(op: Operation) -> list[Dims]:
    num = op._attrs["num_split"]
    dims = op._inputs[0]._dims
    sizes, axis = rules.constant_value(op, 1), rules.constant_value(op, 2)
    if dims is None:
        return [None] * num
    if axis is None:
        return [(None,) * len(dims)] * num
    place = int(axis) % len(dims)
    if sizes is None:
        return [(*dims[:place], None, *dims[place + 1 :])] * num
    lengths = sizes.tolist()
    total = dims[place]
    known = sum(length for length in lengths if length >= 0)
    if total is not None and (known > total or (-1 not in lengths and known != total)):
        if -1 in lengths:
            raise ShapeError(
                "size_splits must sum to less than or equal to the size of "
                f"split_dim {total}"
            )
        raise ShapeError(
            f"Determined shape must either match input shape along split_dim exactly if "
            f"fully specified, or be less than the size of the input along split_dim if "
            f"not fully specified.  Got: {known}"
        )
    filled = [
        length if length >= 0 else None if total is None else total - known
        for length in lengths
    ]
    return [(*dims[:place], length, *dims[place + 1 :]) for length in filled]


def _split_v_kernel(x: Array, sizes: Array, axis: Array) -> Any:
    place = int(axis)
    lengths = sizes.tolist()
    if -1 in lengths:
        rest = x.shape[place] - sum(length for length in lengths if length >= 0)
        lengths[lengths.index(-1)] = rest
    if sum(lengths) != x.shape[place]:
        raise InvalidArgumentError(
            None,
            None,
            "Determined shape must either match input shape along split_dim exactly if "
            "fully specified, or be less than the size of the input along split_dim if "
            f"not fully specified.  Got: {sum(lengths)}",
        )
    parts = np.split(x, np.cumsum(lengths)[:-1], place)
    return parts if len(parts) > 1 else parts[0]


define("SplitV", shape=_split_v_shape, reads=(1, 2), kernel=_split_v_kernel)


def split(
    value: Any,
    num_or_size_splits: Any,
    axis: Any = 0,
    num: Any = None,
    name: str | None = "split",
) -> Any:
    """A tensor cut along an axis into equal parts, or parts of given sizes."""
    sizes = convert_to_tensor(num_or_size_splits)
    if isinstance(num_or_size_splits, (int, shapes.Dimension)):
        return apply("Split", axis, value, num_split=num_or_size_splits, name=name)
    if sizes._rank() == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to "
            f"split. Argument provided: {num_or_size_splits}"
        )
    if num is None:
        dims = sizes._shape_tuple()
        num = dims[0] if dims else None
        if num is None:
            raise ValueError(f"Cannot infer num from shape {num_or_size_splits}")
    return apply("SplitV", value, sizes, axis, num_split=num, name=name)


def _tile_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    multiples = constants.shape_of_value(op._inputs[1])
    if dims is None:
        known = op._inputs[1]._dims
        return [(None,) * known[0] if known and known[0] is not None else None]
    if multiples is None:
        return [(None,) * len(dims)]
    if len(multiples) != len(dims):
        raise ShapeError(f"Shape must be rank {len(multiples)} but is rank {len(dims)}")
    return [
        tuple(
            None if length is None or times is None else length * times
            for length, times in zip(dims, multiples, strict=True)
        )
    ]


define(
    "Tile",
    shape=_tile_shape,
    reads=(1,),
    kernel=lambda x, multiples: np.tile(x, multiples.tolist()),
)


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """A tensor repeated along its axes."""
    return apply("Tile", input, multiples, name=name)


# -- slices ------------------------------------------------------------------------

_INDEX_TYPES = (
    dtypes.int32,
    dtypes.int32._as_ref,
    dtypes.int64,
    dtypes.int64._as_ref,
)


def _check_index(index: Any) -> None:
    """TypeError unless something may stand in square brackets."""
    if isinstance(index, (int, shapes.Dimension)):
        return
    dtype = getattr(index, "dtype", None)
    if (
        dtype is None
        or dtypes.as_dtype(dtype) not in _INDEX_TYPES
        or (index.shape and len(index.shape) == 1)
    ):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and "
            f"scalar tf.int32/tf.int64 tensors are valid indices, got {index!r}"
        )


class _Slice:
    """What stands in square brackets, as StridedSlice wants it."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.begin: list[Any] = []
        self.end: list[Any] = []
        self.strides: list[Any] = []
        self.masks = dict.fromkeys(
            ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask",
             "shrink_axis_mask"), 0,
        )  # fmt: skip
        for index, part in enumerate(parts):
            self._add(index, part)

    def _add(self, index: int, part: Any) -> None:
        if isinstance(part, builtins.slice):
            begin = self._end_of_slice(part.start, "begin_mask", index)
            end = self._end_of_slice(part.stop, "end_mask", index)
            if part.step is not None:
                _check_index(part.step)
            self._append(begin, end, 1 if part.step is None else part.step)
        elif part is Ellipsis:
            self.masks["ellipsis_mask"] |= 1 << index
            self._append(0, 0, 1)
        elif part is None:
            self.masks["new_axis_mask"] |= 1 << index
            self._append(0, 0, 1)
        else:
            _check_index(part)
            self.masks["shrink_axis_mask"] |= 1 << index
            self._append(part, part + 1, 1)

    def _end_of_slice(self, end: Any, mask: str, index: int) -> Any:
        if end is not None and (isinstance(end, Tensor) or end != sys.maxsize):
            _check_index(end)
            return end
        self.masks[mask] |= 1 << index
        return 0

    def _append(self, begin: Any, end: Any, step: Any) -> None:
        self.begin.append(begin)
        self.end.append(end)
        self.strides.append(step)


def slice_helper(tensor: Any, slice_spec: Any, var: Any = None) -> Any:
    """`tensor[slice_spec]`."""
    if (
        isinstance(slice_spec, builtins.bool)
        or (isinstance(slice_spec, Tensor) and slice_spec.dtype == dtypes.bool_)
        or (isinstance(slice_spec, np.ndarray) and slice_spec.dtype == bool)
    ):
        return boolean_mask(tensor, slice_spec)
    if not isinstance(slice_spec, (list, tuple)):
        slice_spec = [slice_spec]
    wanted = _Slice(slice_spec)
    ends = (wanted.begin, wanted.end, wanted.strides)
    with name_scope(None, "strided_slice", [tensor, *sum(ends, [])]) as scope:
        if wanted.begin:
            begin, end, strides = (stack(values) for values in ends)
            if dtypes.int64 in (begin.dtype, end.dtype, strides.dtype):
                begin, end, strides = (
                    x
                    if x.dtype == dtypes.int64
                    else apply("Cast", x, DstT=dtypes.int64)
                    for x in (begin, end, strides)
                )
        else:
            begin = end = strides = constant([], dtype=dtypes.int32)
        return strided_slice(
            tensor, begin, end, strides, var=var, name=scope, **wanted.masks
        )


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Any:
    """Part of a tensor; the masks say where an end, a new axis or `...` is meant."""
    if strides is None:
        strides = ones_like(begin)
    masks = {
        "begin_mask": begin_mask,
        "end_mask": end_mask,
        "ellipsis_mask": ellipsis_mask,
        "new_axis_mask": new_axis_mask,
        "shrink_axis_mask": shrink_axis_mask,
    }
    result = apply("StridedSlice", input_, begin, end, strides, name=name, **masks)
    if var is None and defaults.state.eager:
        return result

    def assign(val: Any, name: str | None = None) -> Any:
        """TF 1.15: `v[2:].assign(...)`, for variables only."""
        if var is None:
            raise ValueError("Sliced assignment is only supported for variables")
        return var._strided_slice_assign(
            begin, end, strides, val, name or f"{scope_name}_assign", **masks
        )

    scope_name = name
    result.assign = assign
    return result


class _Bounds:
    """One index of a StridedSlice: a python slice, and what becomes of the axis."""

    def __init__(self, kind: str, index: Any) -> None:
        self.kind = kind  # "slice", "new" or "shrink"
        self.index = index


def _plan(op: Operation, rank: int, parts: Any) -> list[_Bounds]:
    """What each given index does, with the ellipsis written out.

    Args:
        op: the StridedSlice, for its masks.
        rank: of the input.
        parts: begin, end and strides as lists, or None where one is not known.
    """
    begin, end, strides = parts
    count = len(strides)
    attrs = op._attrs
    has_ellipsis = attrs["ellipsis_mask"] != 0
    new = sum(
        1
        for i in builtins.range(count)
        if attrs["new_axis_mask"] >> i & 1 and not attrs["ellipsis_mask"] >> i & 1
    )
    used = count - new - (1 if has_ellipsis else 0)
    if used > rank:
        raise ShapeError(f"Index out of range using input dim {rank}; input has only "
                         f"{rank} dims")  # fmt: skip
    bounds: list[_Bounds] = []
    everything = _Bounds("slice", builtins.slice(None))
    for i in builtins.range(count):
        if attrs["ellipsis_mask"] >> i & 1:
            bounds.extend([everything] * (rank - used))
        elif attrs["new_axis_mask"] >> i & 1:
            bounds.append(_Bounds("new", None))
        elif attrs["shrink_axis_mask"] >> i & 1:
            bounds.append(_Bounds("shrink", None if begin is None else begin[i]))
        else:
            start = None if attrs["begin_mask"] >> i & 1 else begin and begin[i]
            stop = None if attrs["end_mask"] >> i & 1 else end and end[i]
            bounds.append(_Bounds("slice", builtins.slice(start, stop, strides[i])))
    if not has_ellipsis:
        bounds.extend([everything] * (rank - used))
    return bounds


def _strided_slice_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    values = [rules.constant_value(op, i) for i in (1, 2, 3)]
    begin, end, strides = (None if v is None else v.tolist() for v in values)
    if strides is None or dims is None:
        return [None]
    for i, step in enumerate(strides):
        if step == 0:
            raise ShapeError(f"strides[{i}] must be non-zero")
    ends_known = begin is not None and end is not None
    result: list[int | None] = []
    axis = 0
    for bound in _plan(op, len(dims), (begin, end, strides)):
        if bound.kind == "new":
            result.append(1)
            continue
        length = dims[axis]
        if bound.kind == "shrink":
            _check_shrink(bound.index, length, axis, op)
        elif bound.index == builtins.slice(None) or (
            bound.index.start is bound.index.stop is None and ends_known
        ):
            result.append(_slice_length(bound.index, length))
        elif not ends_known:
            result.append(None)
        else:
            result.append(_slice_length(bound.index, length))
        axis += 1
    return [tuple(result)]


def _check_shrink(index: Any, length: int | None, axis: int, op: Operation) -> None:
    if index is None or length is None or -length <= index < length:
        return
    raise ShapeError(f"slice index {index} of dimension {axis} out of bounds.")


def _slice_length(index: builtins.slice, length: int | None) -> int | None:
    if length is None:
        return None
    return len(builtins.range(*index.indices(length)))


def _strided_slice_index(op: Operation, x: Array, parts: Sequence[Array]) -> Any:
    begin, end, strides = (part.tolist() for part in parts)
    try:
        bounds = _plan(op, x.ndim, (begin, end, strides))
    except ShapeError as error:
        raise InvalidArgumentError(None, op, str(error)) from None
    axis = 0
    for bound in bounds:
        if bound.kind == "shrink" and not -x.shape[axis] <= bound.index < x.shape[axis]:
            raise InvalidArgumentError(
                None,
                op,
                f"slice index {bound.index} of dimension {axis} out of bounds.",
            )
        axis += bound.kind != "new"
    return tuple(bound.index for bound in bounds)


def _strided_slice_kernel(op: Operation) -> Callable[..., Any]:
    def kernel(x: Array, begin: Array, end: Array, strides: Array) -> Any:
        return x[_strided_slice_index(op, x, (begin, end, strides))]

    return kernel


define(
    "StridedSlice", shape=_strided_slice_shape, reads=(1, 2, 3),
    build=_strided_slice_kernel,
)  # fmt: skip


def _slice_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    begin = constants.shape_of_value(op._inputs[1])
    sizes = rules.constant_value(op, 2)
    count = None if op._inputs[1]._dims is None else op._inputs[1]._dims[0]
    if dims is not None and count is not None and len(dims) != count:
        raise ShapeError(f"Shape must be rank {count} but is rank {len(dims)}")
    if sizes is None:
        return [(None,) * len(dims) if dims is not None else None]
    lengths = sizes.tolist()
    if dims is None:
        return [tuple(None if length == -1 else length for length in lengths)]
    if begin is None:
        return [tuple(None if length == -1 else length for length in lengths)]
    result: list[int | None] = []
    for start, length, total in zip(begin, lengths, dims, strict=True):
        if length == -1:
            known = start is not None and total is not None
            result.append(total - start if known else None)  # type: ignore[operator]
            continue
        if total is not None and start is not None and start + length > total:
            raise ShapeError(
                f"Expected size[{len(result)}] in [0, {total - start}], but got {length}"
            )
        result.append(length)
    return [tuple(result)]


def _slice_kernel(x: Array, begin: Array, sizes: Array) -> Any:
    index = []
    for i, (start, length) in enumerate(
        zip(begin.tolist(), sizes.tolist(), strict=True)
    ):
        total = x.shape[i]
        if not 0 <= start <= total:
            raise InvalidArgumentError(
                None, None, f"Expected begin[{i}] in [0, {total}], but got {start}"
            )
        stop = total if length == -1 else start + length
        if not start <= stop <= total:
            raise InvalidArgumentError(
                None,
                None,
                f"Expected size[{i}] in [0, {total - start}], but got {length}",
            )
        index.append(builtins.slice(start, stop))
    return x[tuple(index)]


define("Slice", shape=_slice_shape, reads=(1, 2), kernel=_slice_kernel)


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:  # noqa: A001 - TensorFlow's name
    """The part of a tensor that starts at `begin` and has `size`; -1: to the end."""
    return apply("Slice", input_, begin, size, name=name)


def boolean_mask(
    tensor: Any, mask: Any, name: str | None = "boolean_mask", axis: Any = None
) -> Any:
    """The rows of a tensor for which a mask is True."""
    with name_scope(name, values=[tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        mask_shape, tensor_shape = mask.shape, tensor.shape
        if mask_shape.ndims == 0:
            raise ValueError("mask cannot be scalar.")
        if mask_shape.ndims is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions "
                "are None.  E.g. shape=[None] is ok, but shape=None is not."
            )
        axis = 0 if axis is None else axis
        after = axis + mask_shape.ndims
        tensor_shape[axis:after].assert_is_compatible_with(mask_shape)
        leading = apply("Prod", shape(tensor)[axis:after], [0])
        tensor = reshape(
            tensor,
            concat([shape(tensor)[:axis], [leading], shape(tensor)[after:]], 0),
        )
        first = tensor_shape[axis:after].num_elements()
        tensor.set_shape(
            tensor_shape[:axis].concatenate([first]).concatenate(tensor_shape[after:])
        )
        mask = reshape(mask, [-1])
        indices = squeeze(where_no_warning(mask), axis=[1])
        return gather(tensor, indices, axis=axis)


# -- gathering ----------------------------------------------------------------------


def _gather_v2_shape(op: Operation) -> list[Dims]:
    params, indices = op._inputs[0]._dims, op._inputs[1]._dims
    axis = rules.constant_value(op, 2)
    if params is None or indices is None:
        return [None]
    batch = op._attrs["batch_dims"] % (len(indices) + 1) if indices else 0
    if axis is None:
        return [(None,) * (len(params) + len(indices) - 1 - batch)]
    place = int(axis)
    if place >= len(params) or place < -len(params):
        at_least = place + 1 if place >= 0 else -place
        raise ShapeError(
            f"Shape must be at least rank {at_least} but is rank {len(params)}"
        )
    place %= len(params)
    return [params[:place] + indices[batch:] + params[place + 1 :]]


def _gather_v2_kernel(op: Operation) -> Callable[..., Any]:
    batch_dims = op._attrs["batch_dims"]

    def kernel(params: Array, indices: Array, axis: Array) -> Any:
        place = int(axis)
        place = place + params.ndim if place < 0 else place
        _check_indices(op, indices, params.shape[place])
        if not batch_dims:
            return np.take(params, indices, axis=place)
        return _gather_batch(params, np.asarray(indices), place, batch_dims)

    return kernel


def _gather_batch(params: Array, indices: Array, axis: int, batch_dims: int) -> Array:
    batch_dims %= indices.ndim + (batch_dims < 0)
    result = [
        np.take(params[place], indices[place], axis=axis - batch_dims)
        for place in np.ndindex(*params.shape[:batch_dims])
    ]
    return np.stack(result).reshape(params.shape[:batch_dims] + result[0].shape)


def _check_indices(op: Operation, indices: Array, size: int) -> None:
    bad = (np.asarray(indices) < 0) | (np.asarray(indices) >= size)
    if not bad.any():
        return
    indices = np.asarray(indices)
    first = np.unravel_index(int(np.argmax(bad)), indices.shape)
    where = f"[{','.join(map(str, first))}]" if indices.ndim else ""
    raise InvalidArgumentError(
        None,
        op,
        f"indices{where} = {indices[first]} is not in [0, {size})",
    )


define("GatherV2", shape=_gather_v2_shape, reads=(2,), build=_gather_v2_kernel)


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Any:
    """The rows of `params` at the places `indices`, along an axis."""
    if axis is None:
        axis = batch_dims
    if static_value(axis) != 0:
        return apply(
            "GatherV2", params, indices, axis, batch_dims=batch_dims, name=name
        )
    if hasattr(params, "sparse_read"):
        return params.sparse_read(indices, name=name)
    return apply("GatherV2", params, indices, axis, name=name)


def _gather_nd_shape(op: Operation) -> list[Dims]:
    params, indices = op._inputs[0]._dims, op._inputs[1]._dims
    if params is None or indices is None or not indices or indices[-1] is None:
        return [None]
    depth = indices[-1]
    if depth > len(params):
        raise ShapeError(
            "indices.shape[-1] must be <= params.rank, but saw indices shape: "
            f"{dims_text(indices)} and params shape: {dims_text(params)}"
        )
    return [indices[:-1] + params[depth:]]


def _gather_nd_kernel(params: Array, indices: Array) -> Any:
    depth = indices.shape[-1]
    limits = np.array(params.shape[:depth])
    bad = ((indices < 0) | (indices >= limits)).any(-1)
    if bad.any():
        first = np.unravel_index(int(np.argmax(bad)), bad.shape)
        raise InvalidArgumentError(
            None,
            None,
            f"indices[{','.join(map(str, first))}] = "
            f"[{', '.join(map(str, indices[first]))}] does not index into param shape "
            f"{dims_text(params.shape)}",
        )
    return params[tuple(np.moveaxis(indices, -1, 0))]


define("GatherNd", shape=_gather_nd_shape, kernel=_gather_nd_kernel)


def gather_nd(
    params: Any, indices: Any, name: str | None = None, batch_dims: int = 0
) -> Any:
    """The parts of `params` at places that are themselves vectors."""
    if batch_dims:
        raise NotImplementedError("tf.gather_nd with batch_dims is not in scopetutor")
    if hasattr(params, "gather_nd"):
        return params.gather_nd(indices, name=name)
    return apply("GatherNd", params, indices, name=name)


# -- choosing -----------------------------------------------------------------------


def _where_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    return [(None, None if dims is None else len(dims))]


define(
    "Where",
    shape=_where_shape,
    kernel=lambda condition: np.argwhere(condition).astype(np.int64),
)


def _select_shape(op: Operation) -> list[Dims]:
    condition = op._inputs[0]._dims
    dims = rules.merge(op._inputs[1]._dims, op._inputs[2]._dims)
    if dims is None or condition is None or not condition:
        return [dims]
    if len(condition) == 1 and len(dims) != 1:
        if dims:
            rules.merge_dim(condition[0], dims[0])
        return [dims]
    return [rules.merge(dims, condition)]


def _select_kernel(condition: Array, x: Array, y: Array) -> Any:
    condition, x = np.asarray(condition), np.asarray(x)
    if condition.ndim == 1 and x.ndim > 1:
        condition = condition.reshape((-1,) + (1,) * (x.ndim - 1))
    return np.where(condition, x, y)


define("Select", shape=_select_shape, kernel=_select_kernel)
define(
    "SelectV2",
    shape=lambda op: [
        rules.broadcast(
            op._inputs[0]._dims,
            rules.broadcast(op._inputs[1]._dims, op._inputs[2]._dims),
        )
    ],
    kernel=np.where,
)


def where_no_warning(
    condition: Any, x: Any = None, y: Any = None, name: str | None = None
) -> Any:
    """`tf.where` for TensorFlow's own use."""
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as scope:
            condition = convert_to_tensor(
                condition, preferred_dtype=dtypes.bool_, name="condition"
            )
            return apply("Where", condition, name=scope)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return apply("Select", condition, x, y, name=name)


@deprecation.deprecated(
    "where",
    "array_ops",
    "Use tf.where in 2.0, which has the same broadcast rule as np.where",
)
def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """x where the condition is True, else y; without them, where it is True."""
    return where_no_warning(condition, x, y, name)


def where_v2(
    condition: Any, x: Any = None, y: Any = None, name: str | None = None
) -> Any:
    """`tf.where` as in TF 2: the three are broadcast."""
    if x is None or y is None:
        return where_no_warning(condition, x, y, name)
    return apply("SelectV2", condition, x, y, name=name)


def _one_hot_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    depth = rules.constant_value(op, 1)
    axis = op._attrs["axis"]
    if axis < -1:
        raise ShapeError("axis must be >= -1")
    if dims is None:
        return [None]
    place = len(dims) if axis == -1 else axis
    return [(*dims[:place], None if depth is None else int(depth), *dims[place:])]


def _one_hot_kernel(op: Operation) -> Callable[..., Any]:
    axis = op._attrs["axis"]

    def kernel(indices: Array, depth: Array, on: Array, off: Array) -> Any:
        indices = np.asarray(indices)
        place = indices.ndim if axis == -1 else axis
        matches = np.expand_dims(indices, place) == np.arange(int(depth)).reshape(
            (-1,) + (1,) * (indices.ndim - place)
        )
        return np.where(matches, on, off)

    return kernel


define("OneHot", shape=_one_hot_shape, reads=(1,), build=_one_hot_kernel)


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: Any = None,
    dtype: Any = None,
    name: str | None = None,
) -> Any:
    """Vectors that are `on_value` at one place and `off_value` elsewhere.

    Raises:
        TypeError: the values' types differ from each other or from `dtype`.
    """
    with name_scope(
        name, "one_hot", [indices, depth, on_value, off_value, axis, dtype]
    ) as scope:
        given = {
            word: convert_to_tensor(value).dtype.base_dtype
            for word, value in (("on_value", on_value), ("off_value", off_value))
            if value is not None
        }
        if dtype is None:
            dtype = next(iter(given.values()), dtypes.float32)
        for word, kind in given.items():
            if kind != dtype:
                raise TypeError(
                    f"dtype {kind} of {word} does not match dtype parameter {dtype}"
                )
        if on_value is None:
            on_value = convert_to_tensor(1, dtype, name="on_value")
        if off_value is None:
            off_value = convert_to_tensor(0, dtype, name="off_value")
        return apply(
            "OneHot", indices, depth, on_value, off_value, axis=axis, name=scope
        )


# -- padding and order ----------------------------------------------------------------


def _pad_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    paddings = rules.constant_value(op, 1)
    if dims is None:
        count = op._inputs[1]._dims
        return [(None,) * count[0] if count and count[0] is not None else None]
    if paddings is None:
        return [(None,) * len(dims)]
    if len(paddings) != len(dims):
        raise ShapeError(f"Shape must be rank {len(paddings)} but is rank {len(dims)}")
    return [
        tuple(
            None if length is None else length + int(before) + int(after)
            for length, (before, after) in zip(dims, paddings.tolist(), strict=True)
        )
    ]


define("Pad", shape=_pad_shape, reads=(1,), kernel=lambda x, p: np.pad(x, p.tolist()))
define(
    "PadV2",
    shape=_pad_shape,
    reads=(1,),
    kernel=lambda x, p, value: np.pad(x, p.tolist(), constant_values=value),
)


def _mirror_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    mode = op._attrs["mode"].lower()
    return lambda x, p: np.pad(x, p.tolist(), mode=mode)


define("MirrorPad", shape=_pad_shape, reads=(1,), build=_mirror_kernel)


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: Any = 0,
) -> Any:
    """A tensor with more elements before and after, along each axis."""
    mode = mode.upper()
    if mode == "CONSTANT":
        if not is_tensor(constant_values) and constant_values == 0:
            result = apply("Pad", tensor, paddings, name=name)
        else:
            result = apply("PadV2", tensor, paddings, constant_values, name=name)
    elif mode in ("REFLECT", "SYMMETRIC"):
        result = apply("MirrorPad", tensor, paddings, mode=mode, name=name)
    else:
        raise ValueError(f"Unknown padding mode: {mode}")
    return result


def _reverse_kernel(x: Array, axes: Array) -> Any:
    return np.flip(x, tuple(axes.tolist()))


define("ReverseV2", shape=rules.unchanged, kernel=_reverse_kernel)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """A tensor with some axes in the opposite direction."""
    return apply("ReverseV2", tensor, axis, name=name)


def meshgrid(*args: Any, **kwargs: Any) -> list[Any]:
    """The coordinates of a grid, one tensor per axis."""
    from . import operators  # noqa: F401, PLC0415 - makes `*` work on tensors

    indexing = kwargs.pop("indexing", "xy")
    name = kwargs.pop("name", "meshgrid")
    if kwargs:
        raise TypeError(
            f"'{next(iter(kwargs))}' is an invalid keyword argument for this function"
        )
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with name_scope(name, "meshgrid", args):
        count = len(args)
        ones_ = (1,) * count
        grids = [
            reshape(stack(x), ones_[:i] + (-1,) + ones_[i + 1 :])
            for i, x in enumerate(args)
        ]
        sizes = [size(x) for x in args]
        kind = convert_to_tensor(args[0]).dtype.base_dtype
        if indexing == "xy" and count > 1:
            grids[0] = reshape(grids[0], (1, -1) + (1,) * (count - 2))
            grids[1] = reshape(grids[1], (-1, 1) + (1,) * (count - 2))
            sizes[0], sizes[1] = sizes[1], sizes[0]
        factor = ones(sizes, kind)
        return [grid * factor for grid in grids]


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool_, name: Any = None
) -> Any:
    """For each length, that many True's and then False's."""
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert_to_tensor(lengths)
        if maxlen is None:
            axes = constant(np.arange(lengths.shape.ndims), dtype=dtypes.int32)
            maxlen = apply("Max", lengths, axes)
            maxlen = apply("Maximum", constant(0, maxlen.dtype), maxlen)
        else:
            maxlen = convert_to_tensor(maxlen)
        if maxlen.shape.ndims not in (None, 0):
            raise ValueError("maxlen must be scalar for sequence_mask")
        row = apply(
            "Range", constant(0, maxlen.dtype), maxlen, constant(1, maxlen.dtype)
        )
        column = apply("Cast", expand_dims(lengths, -1), DstT=maxlen.dtype)
        result = row < column
        if (
            dtype is None
            or result.dtype.base_dtype == dtypes.as_dtype(dtype).base_dtype
        ):
            return result
        return apply("Cast", result, DstT=dtype)
