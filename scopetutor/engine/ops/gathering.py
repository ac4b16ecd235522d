"""Operations that pick elements: by index, by condition, one-hot.

After slicing, before padding and embedding. TF 1.15: on the CPU an index that is out of
range is an error, never a zero.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .ranks import refusal
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _gather_v2_shape(op: Operation) -> list[Dims]:
    params, indices = rules.at_least_rank(op._inputs[0]._dims, 1), op._inputs[1]._dims
    rules.with_rank(op._inputs[2]._dims, 0)
    axis = shape_inference.value(op, 2)
    if axis is not None:
        place = int(axis)
        rules.at_least_rank(params, -place if place < 0 else place + 1)
    if params is None or indices is None:
        return [None]
    batch = op._attrs["batch_dims"]
    batch = batch + len(indices) if batch < 0 else batch
    if axis is None:
        return [(None,) * (len(params) + len(indices) - 1 - batch)]
    place %= len(params)
    return [params[:place] + indices[batch:] + params[place + 1 :]]


def _gather_v2_kernel(op: Operation) -> Callable[..., Any]:
    batch_dims = op._attrs["batch_dims"]

    def kernel(params: Array, indices: Array, axis: Array) -> Any:
        place, rank = int(axis), params.ndim
        if not rank:
            raise refusal("params must be at least 1 dimensional")
        if not -rank <= place < rank:
            raise refusal(
                f"Expected axis in the range [{-rank}, {rank}), but got {place}"
            )
        place = place + rank if place < 0 else place
        if batch_dims:
            _check_batch(params, indices, place, batch_dims)
        elif 0 in params.shape:
            shape = params.shape[:place] + indices.shape + params.shape[place + 1 :]
            if 0 in shape:  # TF 1.15: any index will do
                return np.empty(shape, params.dtype)
        _check_indices(op, indices, params.shape[place])
        if not batch_dims:
            return np.take(params, indices, axis=place)
        return _gather_batch(params, np.asarray(indices), place, batch_dims)

    return kernel


def _check_batch(params: Array, indices: Array, axis: int, batch_dims: int) -> None:
    """InvalidArgumentError unless the leading axes of both are the same."""
    rank = np.ndim(indices)
    if not -rank <= batch_dims < rank:
        raise refusal(
            f"Expected batch_dims in the range [{-rank}, {rank}), but got {batch_dims}"
        )
    count = batch_dims + rank if batch_dims < 0 else batch_dims
    if count >= params.ndim:
        raise refusal(
            f"batch_dims ({count}) must be less than rank(params) ({params.ndim})."
        )
    if axis < count:
        raise refusal(
            f"batch_dims ({count}) must be less than or equal to axis ({axis})."
        )
    for i, (one, other) in enumerate(zip(params.shape, indices.shape, strict=False)):
        if i < count and one != other:
            raise refusal(
                f"params.shape[{i}]: {one} should be equal to indices.shape[{i}]: "
                f"{other}"
            )


def _gather_batch(params: Array, indices: Array, axis: int, batch_dims: int) -> Array:
    batch_dims = batch_dims + indices.ndim if batch_dims < 0 else batch_dims
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


define(
    "GatherV2",
    shape=_gather_v2_shape,
    build=_gather_v2_kernel,
    gradient="array_gradients.gather_v2",
)


@takes_ragged("params", "indices")
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
    try:
        # TF 1.15: a ref variable has the method too, and says so in this way.
        return params.sparse_read(indices, name=name)
    except AttributeError:
        return apply("GatherV2", params, indices, axis, name=name)


def _gather_nd_shape(op: Operation) -> list[Dims]:
    params = op._inputs[0]._dims
    indices = rules.at_least_rank(op._inputs[1]._dims, 1)
    if params is None or indices is None or indices[-1] is None:
        return [None]
    depth = indices[-1]
    if depth > len(params):
        raise ShapeError(
            "indices.shape[-1] must be <= params.rank, but saw indices shape: "
            f"{dims_text(indices)} and params shape: {dims_text(params)}"
        )
    return [indices[:-1] + params[depth:]]


def bad_places(indices: Array, shape: tuple[int, ...]) -> Array:
    """Which rows of indices name no place in a shape."""
    depth = indices.shape[-1]
    return np.asarray(((indices < 0) | (indices >= np.array(shape[:depth]))).any(-1))


def bad_place(
    indices: Array, bad: Array, shape: tuple[int, ...], what: str = "shape"
) -> InvalidArgumentError:
    """What is said of the first of them.

    Args:
        indices: as the operation was given them.
        bad: which of them name no place.
        shape: that they do not index into.
        what: it is the shape of.
    """
    first = np.unravel_index(int(np.argmax(bad)), bad.shape)
    where = f"[{','.join(map(str, first))}]" if indices.ndim > 1 else ""
    return refusal(
        f"indices{where} = [{', '.join(map(str, np.atleast_1d(indices[first])))}] "
        f"does not index into {what} {dims_text(shape)}"
    )


def gathered_nd(params: Array, indices: Array) -> Array:
    """What is at each place; InvalidArgumentError if there is none such."""
    if not params.ndim:
        raise refusal("params must be at least a vector")
    if not indices.ndim:
        raise refusal("indices must be at least a vector")
    depth = indices.shape[-1]
    if depth > params.ndim:
        raise refusal(
            "index innermost dimension length must be <= params rank; saw: "
            f"{depth} vs. {params.ndim}"
        )
    if not params.size and 0 not in indices.shape[:-1]:
        raise refusal(
            "Requested more than 0 entries, but params is empty.  Params shape: "
            f"{dims_text(params.shape)}"
        )
    if not depth:
        return np.broadcast_to(params, indices.shape[:-1] + params.shape).copy()
    bad = bad_places(indices, params.shape)
    if bad.any():
        raise bad_place(indices, bad, params.shape, "param shape")
    return np.asarray(params[tuple(np.moveaxis(indices, -1, 0))])


define(
    "GatherNd",
    shape=_gather_nd_shape,
    kernel=gathered_nd,
    gradient="array_gradients.gather_nd",
)


@takes_ragged("params", "indices")
def gather_nd(
    params: Any, indices: Any, name: str | None = None, batch_dims: int = 0
) -> Any:
    """The parts of `params` at places that are themselves vectors."""
    known = static_value(batch_dims)
    batch_dims = batch_dims if known is None else int(known)
    if batch_dims != 0:
        from .batch_gathering import gather_nd_in_batches  # noqa: PLC0415 - rare

        return gather_nd_in_batches(params, indices, batch_dims, name)
    try:
        return params.gather_nd(indices, name=name)
    except AttributeError:
        return apply("GatherNd", params, indices, name=name)


# -- choosing -----------------------------------------------------------------------


def _where_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    return [(None, None if dims is None else len(dims))]


def _where_kernel(condition: Array) -> Any:
    if not condition.ndim:
        raise InvalidArgumentError(
            None, None, "WhereOp : Unhandled input dimensions: 0"
        )
    return np.argwhere(condition).astype(np.int64)


define("Where", shape=_where_shape, kernel=_where_kernel)


def _select_shape(op: Operation) -> list[Dims]:
    condition = op._inputs[0]._dims
    dims = rules.merge(op._inputs[1]._dims, op._inputs[2]._dims)
    if dims is None or condition is None or not condition:
        return [dims]
    if len(condition) == 1 and dims:
        rules.merge(condition, dims[:1])
        return [dims]
    return [rules.merge(dims, condition)]


def _select_kernel(op: Operation) -> Callable[..., Any]:
    def kernel(condition: Array, x: Array, y: Array) -> Any:
        condition, x, y = np.asarray(condition), np.asarray(x), np.asarray(y)
        if not condition.shape == x.shape == y.shape:
            _check_select(op, (condition.shape, x.shape, y.shape))
            if condition.ndim:  # one choice for each row
                condition = condition.reshape((-1,) + (1,) * (x.ndim - 1))
        return np.where(condition, x, y)

    return kernel


def _check_select(op: Operation, shapes: tuple[tuple[int, ...], ...]) -> None:
    """InvalidArgumentError unless one choice is for all, for a row, or an element."""
    condition, x, y = shapes
    if len(condition) > 1 or (condition and len(x) == 1):
        for place, other in enumerate((x, y), 1):
            if other != condition:
                raise refusal(
                    f"Inputs to operation {op._name} of type Select must have the same "
                    f"size and shape.  Input 0: {dims_text(condition)} != input "
                    f"{place}: {dims_text(other)}"
                )
        return
    if condition and not x:
        raise refusal("'then' must be at least a vector, but saw shape: []")
    if condition and x[0] != condition[0]:
        raise refusal(
            "Number of batches of 'then' must match size of 'cond', but saw: "
            f"{x[0]} vs. {condition[0]}"
        )
    if x != y:
        raise refusal(
            "'then' and 'else' must have the same size.  but received: "
            f"{dims_text(x)} vs. {dims_text(y)}"
        )


define(
    "Select",
    shape=_select_shape,
    build=_select_kernel,
    gradient="math_gradients.select",
)


def _select_v2_kernel(condition: Array, x: Array, y: Array) -> Any:
    with suppress(ValueError):
        return np.where(condition, x, y)
    shapes = [dims_text(np.shape(value)) for value in (condition, x, y)]
    # TF 1.15 looks at the two alone where the condition is for all.
    if not np.ndim(condition):
        raise refusal(f"then {shapes[1]} and else {shapes[2]} must be broadcastable")
    raise refusal(
        f"condition {shapes[0]}, then {shapes[1]}, and else {shapes[2]} must be "
        "broadcastable"
    )


define(
    "SelectV2",
    shape=lambda op: [
        rules.broadcast(
            op._inputs[0]._dims,
            rules.broadcast(op._inputs[1]._dims, op._inputs[2]._dims),
        )
    ],
    kernel=_select_v2_kernel,
    gradient="math_gradients.select_v2",
)


@takes_ragged("condition", "x", "y")
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
    """X where the condition is True, else y; without them, where it is True."""
    return where_no_warning(condition, x, y, name)


def where_v2(
    condition: Any, x: Any = None, y: Any = None, name: str | None = None
) -> Any:
    """`tf.where` as in TF 2: the three are broadcast."""
    if x is None or y is None:
        return where_no_warning(condition, x, y, name)
    return apply("SelectV2", condition, x, y, name=name)


def _one_hot_shape(op: Operation) -> list[Dims]:
    dims, axis = op._inputs[0]._dims, op._attrs["axis"]
    if axis < -1:
        raise ShapeError("axis must be >= -1")
    depth = rules.size_in(op, 1)
    if dims is None:
        return [None]
    place = len(dims) if axis == -1 else axis
    return [(*dims[:place], depth, *dims[place:])]


def _one_hot_kernel(op: Operation) -> Callable[..., Any]:
    axis = op._attrs["axis"]

    def kernel(indices: Array, depth: Array, on: Array, off: Array) -> Any:
        indices = np.asarray(indices)
        place = indices.ndim if axis == -1 else axis
        if place > indices.ndim:
            raise refusal(
                f"Expected axis to be -1 or between [0, {indices.ndim + 1}).  But "
                f"received: {axis}"
            )
        for name, value in (("depth", depth), ("on_value", on), ("off_value", off)):
            if np.ndim(value):
                shape = dims_text(np.shape(value))
                raise refusal(f"{name} must be a scalar, but got: {shape}")
        if depth < 0:
            raise refusal(f"depth must be non-negative, got: {depth}")
        matches = np.expand_dims(indices, place) == np.arange(int(depth)).reshape(
            (-1,) + (1,) * (indices.ndim - place)
        )
        return np.where(matches, on, off)

    return kernel


define("OneHot", shape=_one_hot_shape, build=_one_hot_kernel, gradient=None)


@takes_ragged("indices")
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
            if given.get("off_value", dtype) != dtype:
                raise TypeError(
                    f"dtype {dtype} of on_value does not match dtype "
                    f"{given['off_value']} of off_value"
                )
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
