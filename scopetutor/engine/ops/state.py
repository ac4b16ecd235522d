"""Variables: where a value is held, read and assigned.

After math. Ref operations (VariableV2, Assign, …) pass the variable itself on; resource
operations (VarHandleOp, ReadVariableOp, …) pass a handle. Both are a Cell when the
graph runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.dtypes import runtime_name
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    OutOfRangeError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define

from . import rules
from .elementwise import one_of

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


def _handle_of_shape(op: Operation) -> list[Dims]:
    _kept_size(op)
    return [()]


_kept_size = rules.kept_size("shape")
for _type in ("Variable", "VariableV2"):
    define(_type, shape=rules.kept_size("shape"), bind=_hold)
define("VarHandleOp", shape=_handle_of_shape, bind=_hold)


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


def held_value(cell: Cell) -> Array:
    """The value of a variable; NotFoundError before initialization."""
    value = cell.value
    if value is None:
        raise missing(cell)
    return value


def to_change(cell: Cell, *, in_place: bool) -> Array:
    """The array of a variable, for changing elements of it."""
    value = held_value(cell)
    if in_place:
        cell.changes += 1
        return value
    cell.value = value.copy()
    return cell.value


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
    return lambda cell: np.array(held_value(cell).shape, dtype=kind)


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
            if where.begun:
                problem = f"Resource {where.name}/{cell.name}/<unknown> does not exist."
            raise NotFoundError(None, None, problem)
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
        held = held_value(cell)
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
        held = held_value(cell)
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
        before = held_value(cell).copy()
        if before >= limit:
            raise OutOfRangeError(None, op, f"Reached limit of {limit}")
        value = to_change(cell, in_place=op.type == "CountUpTo")
        value += one_of(value.dtype)
        return before

    return kernel


define("CountUpTo", shape=_count_shape, build=_count_kernel)
define("ResourceCountUpTo", shape=_count_handle_shape, build=_count_kernel)


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


name_functions(globals())
