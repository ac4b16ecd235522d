"""Slots: the variables that optimizers and averages keep beside each variable.

Before the optimizers and moving averages. A slot is made by `get_variable` in a scope
of the variable's name and its own (`w/Adam`), so that TF 1.15 gives the second slot of
one name a number (`w/Adam_1`) and a scope that reuses refuses it.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.ops import array
from scopetutor.engine.ref_variables import RefVariable
from scopetutor.engine.resource_variables import is_resource_variable
from scopetutor.engine.scopes import get_variable, get_variable_scope
from scopetutor.engine.surroundings import colocate_with
from scopetutor.engine.variables import SaveSliceInfo, Variable


def create_slot(
    primary: Any, val: Any, name: str, colocate_with_primary: bool = True
) -> Any:
    """A slot that starts with the value of a tensor.

    Args:
        primary: the variable (or tensor) it belongs to.
        val: its initial value.
        name: of the slot, such as "Adam".
        colocate_with_primary: whether it is placed with the variable.
    """
    whole = val.get_shape().is_fully_defined()
    return _create(primary, val, name, colocate_with_primary, whole, None, None)


def create_slot_with_initializer(
    primary: Any,
    initializer: Any,
    shape: Any,
    dtype: Any,
    name: str,
    colocate_with_primary: bool = True,
) -> Any:
    """A slot that starts with what an initializer gives."""
    whole = shape.is_fully_defined()
    return _create(
        primary, initializer, name, colocate_with_primary, whole, shape, dtype
    )


def create_zeros_slot(
    primary: Any, name: str, dtype: Any = None, colocate_with_primary: bool = True
) -> Any:
    """A slot of the shape of its variable that starts with zeros."""
    dtype = primary.dtype if dtype is None else dtype
    shape = primary.get_shape()
    if shape.is_fully_defined():
        return create_slot_with_initializer(
            primary, Zeros(), shape, dtype, name, colocate_with_primary
        )
    if isinstance(primary, Variable):
        sizes = array.shape(primary.initialized_value())
    else:
        sizes = array.shape(primary)
    zeros = array.zeros(sizes, dtype=dtype)
    return create_slot(primary, zeros, name, colocate_with_primary)


def _create(
    primary: Any,
    val: Any,
    name: str,
    colocate: bool,
    validate_shape: bool,
    shape: Any,
    dtype: Any,
) -> Any:
    prefix = primary._shared_name if defaults.state.eager else primary.op.name
    with variable_scope(None, f"{prefix}/{name}"):
        if not colocate:
            return _slot(primary, val, validate_shape, shape, dtype)
        with colocate_with(primary):
            return _slot(primary, val, validate_shape, shape, dtype)


def _slot(primary: Any, val: Any, validate_shape: bool, shape: Any, dtype: Any) -> Any:
    scope = get_variable_scope()
    partitioner = scope.partitioner
    scope.set_partitioner(None)
    use_resource = None
    if is_resource_variable(primary):
        use_resource = True
    elif isinstance(primary, RefVariable):
        use_resource = False
    slot = get_variable(
        "",
        initializer=val,
        trainable=False,
        use_resource=use_resource,
        shape=shape if callable(val) else None,
        dtype=dtype,
        validate_shape=validate_shape,
    )
    scope.set_partitioner(partitioner)
    if isinstance(primary, Variable) and primary._save_slice_info:
        slot._set_save_slice_info(_part_of(slot, primary))
    return slot


def _part_of(slot: Any, primary: Any) -> SaveSliceInfo:
    """Which part of a divided slot belongs to a part of a divided variable."""
    info = primary._save_slice_info
    own_name = slot.name[len(f"{primary.op.name}/") : -len(":0")]
    return SaveSliceInfo(
        f"{info.full_name}/{own_name}",
        info.full_shape[:],
        info.var_offset[:],
        info.var_shape[:],
    )
