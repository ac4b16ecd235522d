"""Variables' operations: where a value is held, read, assigned and scattered into.

After math. Ref operations (VariableV2, Assign, …) pass the variable itself on; resource
operations (VarHandleOp, ReadVariableOp, …) pass a handle. Both are a Cell when the
graph runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dtypes import runtime_name
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    OutOfRangeError,
    UnimplementedError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .elementwise import one_of
from .slicing import strided_slice_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import Cell, State

Array = np.ndarray[Any, Any]


# -- reading -----------------------------------------------------------------------


def _hold(op: Operation, state: State) -> Callable[[], Cell]:
    cell = state.cell(op)
    return lambda: cell


for _type in ("Variable", "VariableV2"):
    define(_type, shape=rules.attribute("shape"), bind=_hold)
define("VarHandleOp", shape=rules.scalar, bind=_hold)


def handle_shape(tensor: Any) -> Dims:
    """The shape of the variable that a handle stands for."""
    op = tensor._op
    if op.type == "VarHandleOp":
        dims: Dims = op._attrs["shape"]
        return dims
    if op.type in ("Enter", "Switch", "Identity", "Exit", "Merge", "NextIteration"):
        return handle_shape(op._inputs[0])
    if op.type == "Placeholder" and op._graph.building_function:
        if not op._graph.knows_variables:
            return None
        origin = op._graph.origin(tensor)
        held: Cell | None = getattr(origin, "_value", None)  # in eager mode
        if held is not None:
            return held.shape
        return None if origin is None else handle_shape(origin)
    return None


def _check_held_type(op: Operation, wanted: Any) -> None:
    """ShapeError unless a handle is of a variable of a type."""
    handle = op._inputs[0]._op
    if handle.type == "VarHandleOp" and handle._attrs["dtype"] != wanted:
        raise ShapeError(
            "Trying to read variable with wrong dtype. Expected "
            f"{runtime_name(handle._attrs['dtype'])} got {runtime_name(wanted)}"
        )


def _handled(op: Operation) -> list[Dims]:
    _check_held_type(op, op._attrs["dtype"])
    return [handle_shape(op._inputs[0])]


def missing(cell: Cell) -> NotFoundError:
    """What is said of a variable that was not initialized."""
    where = cell.container
    if where.begun:
        return NotFoundError(None, None, _absent(cell))
    return NotFoundError(
        None,
        None,
        f"Container {where.name} does not exist. (Could not find resource: "
        f"{where.name}/{cell.name})",
    )


def _absent(cell: Cell) -> str:
    where = cell.container.name
    return f"Resource {where}/{cell.name}/N10tensorflow3VarE does not exist."


def _value(cell: Cell) -> Array:
    """The value of a variable; NotFoundError before initialization."""
    value = cell.value
    if value is None:
        raise missing(cell)
    return value


def _read(cell: Cell) -> Array:
    value = cell.value
    if value is None:
        raise FailedPreconditionError(
            None,
            None,
            f"Error while reading resource variable {cell.name} from Container: "
            f"{cell.container.name}. This could mean that the variable was "
            f"uninitialized. Not found: {missing(cell).message}",
        )
    return value


define("ReadVariableOp", shape=_handled, kernel=_read, gradient="array_gradients.same")
define(
    "VarIsInitializedOp", shape=rules.scalar,
    kernel=lambda cell: np.bool_(cell.value is not None), gradient=None)  # fmt: skip
define(
    "IsVariableInitialized", shape=rules.scalar,
    kernel=lambda cell: np.bool_(cell.value is not None),
)  # fmt: skip


def _variable_shape_kernel(op: Operation) -> Callable[[Cell], Array]:
    kind = op._attrs["out_type"].as_numpy_dtype
    return lambda cell: np.array(_value(cell).shape, dtype=kind)


def _variable_shape_shape(op: Operation) -> list[Dims]:
    dims = handle_shape(op._inputs[0])
    return [(None if dims is None else len(dims),)]


define(
    "VariableShape",
    shape=_variable_shape_shape,
    build=_variable_shape_kernel,
    gradient=None,
)


def _destroy_kernel(op: Operation) -> Callable[[Cell], None]:
    lenient = op._attrs["ignore_lookup_error"]

    def kernel(cell: Cell) -> None:
        if cell.value is None and not lenient:
            where = cell.container
            problem = f"Container {where.name} does not exist."
            raise NotFoundError(None, None, _absent(cell) if where.begun else problem)
        cell.value = None

    return kernel


define("DestroyResourceOp", shape=rules.no_outputs, build=_destroy_kernel)

# -- assigning ---------------------------------------------------------------------


def _assign_shape(op: Operation) -> list[Dims]:
    ref, value = op._inputs[0]._dims, op._inputs[1]._dims
    if op._attrs["validate_shape"]:
        return [rules.merge(ref, value)]
    return [value]


def _assign_kernel(op: Operation) -> Callable[[Cell, Array], Cell]:
    validate = op._attrs["validate_shape"]

    def kernel(cell: Cell, value: Array) -> Cell:
        shape = value.shape
        if shape != cell.shape:
            if validate:
                raise InvalidArgumentError(
                    None,
                    op,
                    "Assign requires shapes of both tensors to match. lhs shape= "
                    f"{dims_text(cell.shape)} rhs shape= {dims_text(shape)}",
                )
            cell.shape = shape
        _overwrite(cell, value)
        return cell

    return kernel


def _overwrite(cell: Cell, value: Array) -> None:
    """Puts a value into the array that is there, if it has as many elements."""
    old = cell.value
    if old is None or old.size != value.size:
        cell.value = np.array(value)
        return
    if old.shape != value.shape:
        cell.value = old = old.reshape(value.shape)
    np.copyto(old, value)
    cell.changes += 1


define("Assign", shape=_assign_shape, build=_assign_kernel, gradient=None)


def _update_kernel(function: np.ufunc) -> Any:
    def kernel(cell: Cell, value: Array) -> Cell:
        held = _value(cell)
        if held.shape != value.shape:
            raise InvalidArgumentError(
                None, None, "Parameters and update must be the same size"
            )
        function(held, value, out=held)
        cell.changes += 1
        return cell

    return kernel


define(
    "AssignAdd", shape=rules.merged_inputs, kernel=_update_kernel(np.add), gradient=None
)
define(
    "AssignSub",
    shape=rules.merged_inputs,
    kernel=_update_kernel(np.subtract),
    gradient=None,
)


def _assign_handle_shape(op: Operation) -> list[Dims]:
    _check_held_type(op, op._inputs[1]._dtype.base_dtype)
    rules.merge(handle_shape(op._inputs[0]), op._inputs[1]._dims)
    return []


def _assign_resource(cell: Cell, value: Array) -> None:
    cell.value = np.array(value)
    cell.shape = cell.value.shape
    cell.container.begun = True


define("AssignVariableOp", shape=_assign_handle_shape, kernel=_assign_resource)


def _update_resource(function: np.ufunc) -> Any:
    def kernel(cell: Cell, value: Array) -> None:
        held = _value(cell)
        if held.shape != value.shape:
            raise InvalidArgumentError(
                None,
                None,
                f"Cannot update variable with shape {dims_text(held.shape)} using a "
                f"Tensor with shape {dims_text(value.shape)}, shapes must be equal.",
            )
        # A new array: who read the old one keeps what was read.
        cell.value = np.asarray(function(held, value))

    return kernel


define(
    "AssignAddVariableOp", shape=_assign_handle_shape, kernel=_update_resource(np.add)
)
define(
    "AssignSubVariableOp",
    shape=_assign_handle_shape,
    kernel=_update_resource(np.subtract),
)


def _count_shape(op: Operation) -> list[Dims]:
    return [rules.with_rank(op._inputs[0]._dims, 0)]


def _count_handle_shape(op: Operation) -> list[Dims]:
    handle, wanted = op._inputs[0]._op, op._attrs["T"]
    if handle.type == "VarHandleOp" and handle._attrs["dtype"] != wanted:
        raise ShapeError(
            f"Data types do not match: {runtime_name(wanted)} and "
            f"{runtime_name(handle._attrs['dtype'])}"
        )
    return [rules.with_rank(handle_shape(op._inputs[0]), 0)]


def _count_kernel(op: Operation) -> Callable[[Cell], Array]:
    limit = op._attrs["limit"]

    def kernel(cell: Cell) -> Array:
        before = _value(cell).copy()
        if before >= limit:
            raise OutOfRangeError(None, op, f"Reached limit of {limit}")
        value = _to_change(cell, in_place=op.type == "CountUpTo")
        value += one_of(value.dtype)
        return before

    return kernel


define("CountUpTo", shape=_count_shape, build=_count_kernel)
define("ResourceCountUpTo", shape=_count_handle_shape, build=_count_kernel)

# -- scattering --------------------------------------------------------------------

_SCATTER: dict[str, Callable[[Array, Any, Array], Any]] = {
    "Update": lambda value, where, updates: value.__setitem__(where, updates),
    "Add": lambda *given: _add_at(np.add, *given),
    "Sub": lambda *given: _add_at(np.subtract, *given),
    "Mul": np.multiply.at,
    "Div": lambda *given: _divide_at(*given),  # noqa: PLW0108 - it comes below
    "Min": np.minimum.at,
    "Max": np.maximum.at,
}


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
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    sums = _summed(updates.take(order, 0), starts)
    rows = ordered[starts]
    value[rows] = change(value.take(rows, 0), sums)


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


def _to_change(cell: Cell, *, in_place: bool) -> Array:
    """The array of a variable, for changing elements of it."""
    value = _value(cell)
    if in_place:
        cell.changes += 1
        return value
    cell.value = value.copy()
    return cell.value


def _scatter_kernel(name: str) -> Any:
    change = _SCATTER[name]

    def build(op: Operation) -> Callable[..., Any]:
        gives_ref = bool(op._definition.outputs)

        def kernel(cell: Cell, indices: Array, updates: Array) -> Any:
            if gives_ref and not _value(cell).ndim:
                raise _too_flat(op, "params must be at least 1-D, got shape []")
            value = _to_change(cell, in_place=gives_ref)
            # TF 1.15: to a resource variable without dimensions, it has one row.
            rows = value if value.ndim else value.reshape(1)
            bad = bad_rows(indices, len(rows))
            if bad.any():
                _change_until(bad, change, rows, indices.reshape(-1), updates)
                raise _bad_row(op, indices, bad, len(rows))
            change(rows, indices, updates)
            return cell if gives_ref else None

        return kernel

    return build


def _too_flat(op: Operation, problem: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, op, problem)


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
            if not _value(cell).ndim:
                raise _too_flat(op, "Output must be at least 1-D, got shape: []")
            value = _to_change(cell, in_place=gives_ref)
            bad = _bad_places(indices, value.shape)
            where = tuple(np.moveaxis(indices, -1, 0))
            if bad.any():
                flat = tuple(i.reshape(-1) for i in where)
                _change_until(bad, change, value, flat, updates)
                raise _bad_place(op, indices, bad, value.shape)
            change(value, where, updates)
            return cell if gives_ref else None

        return kernel

    return build


def _bad_places(indices: Array, shape: tuple[int, ...]) -> Array:
    """Which rows of indices name no place in a shape."""
    depth = indices.shape[-1]
    return np.asarray(((indices < 0) | (indices >= np.array(shape[:depth]))).any(-1))


def _bad_place(
    op: Operation, indices: Array, bad: Array, shape: tuple[int, ...]
) -> InvalidArgumentError:
    """What is said of the first of them."""
    first = np.unravel_index(int(np.argmax(bad)), bad.shape)
    return InvalidArgumentError(
        None,
        op,
        f"indices[{','.join(map(str, first))}] = "
        f"[{', '.join(map(str, indices[first].tolist()))}] does not index into "
        f"shape {dims_text(shape)}",
    )


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
        array = _to_change(cell, in_place=gives_ref)
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
    dims, indices = handle_shape(op._inputs[0]), op._inputs[1]._dims
    if dims is None or indices is None:
        return [None]
    if not dims:
        raise ShapeError("Shape must be at least rank 1 but is rank 0")
    return [indices + dims[1:]]


def _gather_resource_kernel(op: Operation) -> Callable[[Cell, Array], Any]:
    def kernel(cell: Cell, indices: Array) -> Any:
        value = _value(cell)
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
    kernel=lambda cell, indices: _value(cell)[tuple(np.moveaxis(indices, -1, 0))],
    gradient="array_gradients.resource_gather_nd",
)

# -- the functions of tf -----------------------------------------------------------


def is_ref(ref: Any) -> bool:
    """Whether something is a ref variable or a reference to one."""
    return bool(ref.dtype._is_ref_dtype)


def assign(
    ref: Any,
    value: Any,
    validate_shape: Any = None,
    use_locking: Any = None,
    name: str | None = None,
) -> Any:
    """Gives a variable a value when it is run.

    Returns:
        For a ref variable the reference after the assignment, else a variable.
    """
    if is_ref(ref):
        return apply(
            "Assign",
            ref,
            value,
            validate_shape=validate_shape,
            use_locking=use_locking,
            name=name,
        )
    return ref.assign(value, name=name)


def assign_add(
    ref: Any, value: Any, use_locking: Any = None, name: str | None = None
) -> Any:
    """Adds to a variable when it is run."""
    if is_ref(ref):
        return apply("AssignAdd", ref, value, use_locking=use_locking, name=name)
    return ref.assign_add(value)


def assign_sub(
    ref: Any, value: Any, use_locking: Any = None, name: str | None = None
) -> Any:
    """Subtracts from a variable when it is run."""
    if is_ref(ref):
        return apply("AssignSub", ref, value, use_locking=use_locking, name=name)
    return ref.assign_sub(value)


def is_variable_initialized(ref: Any, name: str | None = None) -> Any:
    """Whether a variable has a value, as a tensor."""
    if is_ref(ref):
        return apply("IsVariableInitialized", ref, name=name)
    return ref.is_initialized(name=name)


@deprecation.deprecated("count_up_to", "state_ops", "Prefer Dataset.range instead.")
def count_up_to(ref: Any, limit: int, name: str | None = None) -> Any:
    """The value before adding one; running it fails at the limit."""
    if is_ref(ref):
        return apply("CountUpTo", ref, limit=limit, name=name)
    return apply("ResourceCountUpTo", ref.handle, limit=limit, T=ref.dtype, name=name)


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
