"""Parts of variables: rows and slices changed, added to and gathered.

After state. Ref operations (ScatterAdd, …) pass the variable on; resource operations
(ResourceScatterAdd, …) take a handle.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError, UnimplementedError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import rules
from .gathering import bad_place, bad_places, gathered_nd
from .ranks import refusal
from .scattering import places
from .slicing import strided_slice_index
from .state import handle_shape, held_value, is_ref, to_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import Cell

Array = np.ndarray[Any, Any]


def _add_at(change: np.ufunc, value: Array, where: Any, updates: Array) -> None:
    """Adds to parts of a value, or subtracts; what is named twice, twice.

    `np.add.at` goes from element to element: rows are added up by themselves first.
    """
    if (
        isinstance(where, tuple)
        or where.ndim != 1
        or updates.ndim < 2
        or not len(where)
    ):
        change.at(value, where, updates)
        return
    order = np.argsort(where, kind="stable")
    ordered = where[order]
    starts = run_starts(ordered)
    sums = _summed(updates.take(order, 0), starts)
    rows = ordered[starts]
    value[rows] = change(value.take(rows, 0), sums)


def run_starts(ordered: Array) -> Array:
    """Where in sorted numbers another one begins."""
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)


def _summed(parts: Array, starts: Array) -> Array:
    """The sums of the parts from each start to the next.

    As `np.add.reduceat`, whose time is that of adding each element by itself: most
    sums are of one part or two.
    """
    sums = parts.take(starts, 0)
    if len(starts) == len(parts):
        return sums
    counts = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1])
    counts[-1] = len(parts) - starts[-1]
    pairs = np.flatnonzero(counts == 2)
    sums[pairs] += parts.take(starts.take(pairs) + 1, 0)
    more = counts > 2
    if more.any():
        left = parts[np.repeat(more, counts)]
        begins = np.cumsum(counts[more]) - counts[more]
        sums[more] = np.add.reduceat(left, begins, axis=0)
    return sums


def _divide_at(value: Array, where: Any, updates: Array) -> None:
    if value.dtype.kind in "iu":
        np.floor_divide.at(value, where, updates)
    else:
        np.true_divide.at(value, where, updates)


_SCATTER: dict[str, Callable[[Array, Any, Array], Any]] = {
    "Update": lambda value, where, updates: value.__setitem__(where, updates),
    "Add": lambda *given: _add_at(np.add, *given),
    "Sub": lambda *given: _add_at(np.subtract, *given),
    "Mul": np.multiply.at,
    "Div": _divide_at,
    "Min": np.minimum.at,
    "Max": np.maximum.at,
}


def _scatter_kernel(name: str) -> Any:
    change = _SCATTER[name]

    def build(op: Operation) -> Callable[..., Any]:
        gives_ref = bool(op._definition.outputs)

        def kernel(cell: Cell, indices: Array, updates: Array) -> Any:
            if gives_ref and not held_value(cell).ndim:
                raise refusal("params must be at least 1-D, got shape []")
            value = to_change(cell, in_place=gives_ref)
            # TF 1.15: to a resource variable without dimensions, it has one row.
            rows = value if value.ndim else value.reshape(1)
            updates = _for_rows(rows.shape, indices, updates, gives_ref)
            bad = bad_rows(indices, len(rows))
            if bad.any():
                _change_until(bad, change, rows, indices.reshape(-1), updates)
                raise _bad_row(op, indices, bad, len(rows))
            change(rows, indices, updates)
            return cell if gives_ref else None

        return kernel

    return build


def _for_rows(
    shape: tuple[int, ...], indices: Array, updates: Array, is_ref: bool
) -> Array:
    """Updates as rows of a shape need them; one may be for all.

    TF 1.15: those for a resource variable need no more than the right number of values.
    """
    wanted = indices.shape + shape[1:]
    if updates.shape in {wanted, ()}:
        return updates
    if not is_ref:
        if updates.size == math.prod(wanted):
            return updates.reshape(wanted)
        if indices.size and updates.size % indices.size:
            raise refusal(
                f"shape of indices ({dims_text(indices.shape)}) is not compatible with "
                f"the shape of updates ({dims_text(updates.shape)})"
            )
    raise refusal(
        "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = "
        f"[], got updates.shape {dims_text(updates.shape)}, indices.shape "
        f"{dims_text(indices.shape)}, params.shape {dims_text(shape)}"
    )


def bad_rows(indices: Array, size: int) -> Array:
    """Which indices name no row of so many."""
    return np.asarray((indices < 0) | (indices >= size))


def _bad_row(
    op: Operation, indices: Array, bad: Array, size: int
) -> InvalidArgumentError:
    first = np.unravel_index(int(np.argmax(bad)), bad.shape)
    where = f"[{','.join(map(str, first))}]" if bad.ndim else ""
    return InvalidArgumentError(
        None,
        op,
        f"indices{where} = {np.asarray(indices)[first]} is not in [0, {size})",
    )


def _change_until(
    bad: Array, change: Callable[..., Any], value: Array, where: Any, updates: Array
) -> None:
    """TF 1.15: what comes before the first bad index is changed, and stays so.

    Args:
        bad: which indices name nothing.
        change: how.
        value: the array that is changed.
        where: the flat indices, or those of each dimension.
        updates: one for each index, or one for all.
    """
    good = int(np.argmax(bad))
    depth = len(where) if isinstance(where, tuple) else 1
    inner = value.shape[depth:]
    each = np.broadcast_to(updates, bad.shape + inner).reshape(bad.size, *inner)
    begin = tuple(i[:good] for i in where) if isinstance(where, tuple) else where[:good]
    change(value, begin, each[:good])


def _scatter_shape(op: Operation) -> list[Dims]:
    ref, indices, updates = (taken._dims for taken in op._inputs)
    if ref is None or indices is None:
        return [ref]
    if updates is not None and updates != ():
        rules.merge(updates, indices + ref[1:])
    return [ref]


def _scatter_handle_shape(op: Operation) -> list[Dims]:
    held = handle_shape(op._inputs[0])
    indices, updates = op._inputs[1]._dims, op._inputs[2]._dims
    if None not in (held, indices, updates) and updates:
        rules.merge(updates, indices + held[1:])  # type: ignore[operator, index]
    return []


for _name in _SCATTER:
    define(
        f"Scatter{_name}",
        shape=_scatter_shape,
        build=_scatter_kernel(_name),
        gradient=None if _name in {"Add", "Sub", "Mul", "Div"} else "",
    )
    define(
        f"ResourceScatter{_name}",
        shape=_scatter_handle_shape,
        build=_scatter_kernel(_name),
    )


def _scatter_nd_shape(op: Operation) -> list[Dims]:
    ref = op._inputs[0]._dims
    _check_scatter_nd(ref, op._inputs[1]._dims, op._inputs[2]._dims)
    return [ref]


def _scatter_nd_handle_shape(op: Operation) -> list[Dims]:
    held = handle_shape(op._inputs[0])
    _check_scatter_nd(held, op._inputs[1]._dims, op._inputs[2]._dims)
    return []


def _check_scatter_nd(ref: Dims, indices: Dims, updates: Dims) -> None:
    """ShapeError unless updates have the shape of the places that indices name."""
    rules.at_least_rank(indices, 1)
    rules.at_least_rank(updates, 1)
    if indices is None or updates is None or indices[-1] is None:
        return
    outer, depth = len(indices) - 1, indices[-1]
    rest = None if ref is None else ref[depth:]
    inner = -1 if ref is None else len(ref) - depth
    for count, what, dims, others, part, other_part in (
        (outer, "outer", "indices", outer, indices[:-1], updates[:outer]),
        (inner, "inner", "input", len(updates) - outer, rest, updates[outer:]),
    ):
        whole = indices if dims == "indices" else ref
        try:
            rules.merge(part, other_part)
        except ShapeError as error:
            raise ShapeError(
                f"The {what} {count} dimensions of {dims}.shape={dims_text(whole)} "
                f"must match the {what} {others} dimensions of updates.shape="
                f"{dims_text(updates)}: {error}"
            ) from None


def _scatter_nd_kernel(name: str) -> Any:
    change = _SCATTER[name]

    def build(op: Operation) -> Callable[..., Any]:
        gives_ref = bool(op._definition.outputs)

        def kernel(cell: Cell, indices: Array, updates: Array) -> Any:
            named, updates = places(held_value(cell).shape, indices, updates)
            value = to_change(cell, in_place=gives_ref)
            bad = bad_places(named, value.shape)
            where = tuple(np.moveaxis(named, -1, 0))
            if bad.any():
                flat = tuple(i.reshape(-1) for i in where)
                _change_until(bad, change, value, flat, updates)
                raise bad_place(indices, bad, value.shape)
            change(value, where, updates)
            return cell if gives_ref else None

        return kernel

    return build


for _name in ("Update", "Add", "Sub"):
    define(
        f"ScatterNd{_name}",
        shape=_scatter_nd_shape,
        build=_scatter_nd_kernel(_name),
        gradient=None,
    )
    define(
        f"ResourceScatterNd{_name}",
        shape=_scatter_nd_handle_shape,
        build=_scatter_nd_kernel(_name),
    )


def _slice_assign_kernel(op: Operation) -> Callable[..., Any]:
    gives_ref = bool(op._definition.outputs)

    def kernel(
        cell: Cell, begin: Array, end: Array, strides: Array, value: Array
    ) -> Any:
        array = to_change(cell, in_place=gives_ref)
        place = strided_slice_index(op, array, (begin, end, strides))
        wanted = array[place].shape
        if 0 in wanted:
            return cell if gives_ref else None
        if value.shape != wanted:
            raise UnimplementedError(
                None,
                op,
                f"sliced l-value shape {dims_text(wanted)} does not match r-value "
                f"shape {dims_text(value.shape)}. Automatic broadcasting not yet "
                "implemented.",
            )
        array[place] = value
        return cell if gives_ref else None

    return kernel


define("StridedSliceAssign", shape=rules.unchanged, build=_slice_assign_kernel)
define(
    "ResourceStridedSliceAssign",
    shape=rules.no_outputs,
    build=_slice_assign_kernel,
)


def _gather_handle_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(handle_shape(op._inputs[0]), 1)
    indices = op._inputs[1]._dims
    if dims is None or indices is None:
        return [None]
    return [indices + dims[1:]]


def _gather_resource_kernel(op: Operation) -> Callable[[Cell, Array], Any]:
    def kernel(cell: Cell, indices: Array) -> Any:
        value = held_value(cell)
        if not value.ndim:
            raise refusal("params must be at least 1 dimensional")
        bad = bad_rows(indices, value.shape[0])
        if bad.any():
            raise _bad_row(op, indices, bad, value.shape[0])
        return value[indices]

    return kernel


define(
    "ResourceGather",
    shape=_gather_handle_shape,
    build=_gather_resource_kernel,
    gradient="array_gradients.resource_gather",
)


def _gather_nd_handle_shape(op: Operation) -> list[Dims]:
    dims, indices = handle_shape(op._inputs[0]), op._inputs[1]._dims
    if dims is None or indices is None or not indices or indices[-1] is None:
        return [None]
    if indices[-1] > len(dims):
        raise ShapeError(
            "indices.shape[-1] must be <= params.rank, but saw indices shape: "
            f"{dims_text(indices)} and params shape: {dims_text(dims)}"
        )
    return [indices[:-1] + dims[indices[-1] :]]


define(
    "ResourceGatherNd",
    shape=_gather_nd_handle_shape,
    kernel=lambda cell, indices: gathered_nd(held_value(cell), indices),
    gradient="array_gradients.resource_gather_nd",
)


def _scatter(operation: str, *, locking: bool) -> Callable[..., Any]:
    def scatter(
        ref: Any,
        indices: Any,
        updates: Any,
        use_locking: bool = locking,
        name: str | None = None,
    ) -> Any:
        if is_ref(ref):
            return apply(
                operation, ref, indices, updates, use_locking=use_locking, name=name
            )
        read = ref._lazy_read
        values = convert_to_tensor(updates, ref.dtype)
        return read(
            apply(f"Resource{operation}", ref.handle, indices, values, name=name)
        )

    scatter.__doc__ = f"{operation} on parts of a variable when it is run."
    return scatter


scatter_update = _scatter("ScatterUpdate", locking=True)
scatter_add = _scatter("ScatterAdd", locking=False)
scatter_sub = _scatter("ScatterSub", locking=False)
scatter_mul = _scatter("ScatterMul", locking=False)
scatter_div = _scatter("ScatterDiv", locking=False)
scatter_min = _scatter("ScatterMin", locking=False)
scatter_max = _scatter("ScatterMax", locking=False)
scatter_nd_update = _scatter("ScatterNdUpdate", locking=True)
scatter_nd_add = _scatter("ScatterNdAdd", locking=False)
scatter_nd_sub = _scatter("ScatterNdSub", locking=False)


def with_rows_added(variable: Any, rows: Any, values: Any) -> Any:
    """The value of a resource variable after rows of it were added to."""
    added = apply("ResourceScatterAdd", variable.handle, rows, values)
    with control_dependencies([added]):
        return variable.value()


def batch_scatter_update_now(
    ref: Any,
    indices: Any,
    updates: Any,
    use_locking: bool = True,
    name: str | None = None,
) -> Any:
    """Updates rows of each matrix of a batch, as TF 1.15 composes it."""
    from . import (  # noqa: PLC0415 - built on this module
        array,
        joining,
        operators,  # noqa: F401 - operators of tensors
        reshaping,
    )

    with name_scope(name):
        indices = convert_to_tensor(indices, name="indices")
        sizes = array.shape(indices)
        axes = indices.shape.ndims
        if axes is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        places = reshaping.expand_dims(indices, axis=-1)
        columns = []
        for axis in range(axes - 1):
            size = sizes[axis]
            wide: list[Any] = [1] * (axes + 1)
            wide[axis] = size
            steps = reshaping.reshape(apply("Range", 0, size, 1), wide)
            if steps.dtype.base_dtype != places.dtype:
                steps = apply("Cast", steps, DstT=places.dtype)
            columns.append(steps * array.ones_like(places))
        columns.append(places)
        final = joining.concat(columns, axis=-1)
        return scatter_nd_update(ref, final, updates, use_locking=use_locking)


batch_scatter_update = deprecation.deprecated(
    "batch_scatter_update",
    "state_ops",
    "Use the batch_scatter_update method of Variable instead.",
    date="2018-11-29",
)(batch_scatter_update_now)


name_functions(globals())
