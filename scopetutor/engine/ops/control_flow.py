"""Grouping and ordering: `tf.group`, `tf.tuple`, and operations that do nothing.

After array. What runs only sometimes or again and again is in ``branches.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    device,
    name_scope,
)

from . import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

define("NoOp", shape=rules.no_outputs, kernel=lambda: None)
define("ControlTrigger", shape=rules.no_outputs, kernel=lambda: None)


def no_op(name: str | None = None) -> Any:
    """An operation that does nothing; useful for what it waits for."""
    return apply("NoOp", name=name)


def identity_of(data: Any, name: str | None = None) -> Any:
    """A new operation that passes a tensor or a reference on."""
    data = convert_to_tensor(data, as_ref=True)
    op_type = "RefIdentity" if data.dtype._is_ref_dtype else "Identity"
    return apply(op_type, data, name=name)


def with_dependencies(
    dependencies: Sequence[Any], output_tensor: Any, name: str | None = None
) -> Any:
    """A tensor that is there only after some operations ran."""
    if defaults.state.eager:
        return output_tensor
    is_slices = isinstance(output_tensor, IndexedSlices)
    with (
        name_scope(name, "control_dependency", [*dependencies, output_tensor]) as scope,
        colocate_with(output_tensor.op if is_slices else output_tensor),
        control_dependencies(dependencies),
    ):
        if is_slices:
            return IndexedSlices(
                identity_of(output_tensor.values, scope),
                output_tensor.indices,
                output_tensor.dense_shape,
            )
        return identity_of(convert_to_tensor(output_tensor), scope)


def _group_on(dev: str, deps: Sequence[Any], name: str | None = None) -> Any:
    with control_dependencies(deps), device(dev):
        return no_op(name=name)


def group(*inputs: Any, **kwargs: Any) -> Any:
    """An operation that has run when all of some operations have.

    Raises:
        TypeError: an input is neither operation nor tensor.
    """
    if defaults.state.eager:
        return None
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError("Unknown keyword arguments: " + ", ".join(kwargs))
    with name_scope(name, "group_deps", inputs) as scope:
        if not inputs:
            return no_op(name=scope)
        by_device: dict[str, list[Any]] = {}
        for item in nest.flatten(inputs, expand_composites=True):
            # NumPy's have a device too, since NumPy 2.
            if isinstance(item, np.generic | np.ndarray | type) or not hasattr(
                item, "device"
            ):
                raise TypeError(
                    f"Expected tf.group() expected Tensor arguments not '{item}' with "
                    f"type '{type(item)}'"
                )
            by_device.setdefault(item.device, []).append(item)
        if len(by_device) == 1:
            ((dev, deps),) = by_device.items()
            return _group_on(dev, deps, name=scope)
        groups = [_group_on(dev, by_device[dev]) for dev in sorted(by_device)]
        with control_dependencies(groups):
            return no_op(name=scope)


def tuple_(tensors: Any, name: str | None = None, control_inputs: Any = None) -> Any:
    """The same tensors, none of which is there before all are computed."""
    if defaults.state.eager:
        return tensors
    with name_scope(name, "tuple", tensors):
        tensors = [
            t
            if isinstance(t, Operation) or is_tensor(t) or t is None
            else convert_to_tensor(t)
            for t in tensors
        ]
        gates = [
            t if isinstance(t, Operation) else t.op for t in tensors if t is not None
        ]
        for control in control_inputs or ():
            op = control.op if isinstance(control, Tensor) else control
            if not isinstance(op, Operation):
                raise TypeError(f"Control input must be Operation or Tensor: {op}")
            gates.append(op)
        gates = sorted(dict.fromkeys(gates), key=lambda op: op._id)
        if not gates:
            raise ValueError(f"Must have at least one Tensor: {tensors}")
        gate = group(*gates)
        return [_gated(t, gate) for t in tensors]


def _gated(tensor: Any, gate: Any) -> Any:
    if is_tensor(tensor):
        return with_dependencies([gate], tensor)
    if isinstance(tensor, Operation):
        with control_dependencies([gate]):
            return group(tensor)
    return None


name_functions(globals(), tuple_="tuple")
