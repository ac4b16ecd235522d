"""Variables of types that TF 1.15 has no operations for, and what sessions say of them.

Beside placement, which asks. uint32 and uint64 can be held, read and fed; nothing
assigns them to a ref variable, and on the CPU nothing to a resource variable either
that must be placed with its initial value. A graph with such a variable cannot be run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from .failures import defined_at
from .op_errors import InvalidArgumentError

if TYPE_CHECKING:
    from .operation import Operation, Traced

_ASSIGNED = (
    "QUINT16 QINT32 QUINT8 QINT8 VARIANT RESOURCE STRING BOOL COMPLEX128 COMPLEX64 "
    "DOUBLE FLOAT BFLOAT16 HALF INT8 UINT8 INT16 UINT16 INT32 INT64"
)
"""What `Assign` has kernels for, in the order in which TensorFlow lists it."""
_BOTH = "CPU XLA_CPU"
_OF_HANDLES = {
    "ReadVariableOp": _BOTH,
    "AssignVariableOp": "XLA_CPU",
    "VarHandleOp": _BOTH,
    "VarIsInitializedOp": _BOTH,
}
"""The devices that have an operation of these types, in TensorFlow's order."""


def refuse(op: Operation) -> NoReturn:
    """Says that nothing can run an operation of a variable.

    Args:
        op: the assignment of a ref variable, or the handle of a resource variable.

    Raises:
        InvalidArgumentError: always.
    """
    if op.type == "Assign":
        raise InvalidArgumentError(None, None, _no_kernel(op))
    raise InvalidArgumentError(None, op, _no_device_for_both(op))


def _no_kernel(op: Operation) -> str:
    kind = op._attrs["T"].name.upper()
    checks = str(op._attrs["validate_shape"]).lower()
    locks = str(op._attrs["use_locking"]).lower()
    kernels = "".join(
        f"  device='CPU'; T in [DT_{name}]\n" for name in _ASSIGNED.split()
    )
    return (
        f"No OpKernel was registered to support Op 'Assign' used by node {op._name}"
        f"{defined_at(op)} with these attrs: [T=DT_{kind}, "
        f'_class=["{op._groups()[0]}"], validate_shape={checks}, use_locking={locks}]\n'
        "Registered devices: [CPU, XLA_CPU]\n"
        f"Registered kernels:\n{kernels}\n\t [[{op._name}]]"
    )


def _no_device_for_both(handle: Operation) -> str:
    group = handle._groups()
    ops = handle.graph.get_operations()
    first = next(op for op in ops if op._groups() == group)
    users = [handle, *handle.graph.consumers(handle._outputs[0])]
    told = {op: _devices_asked_for(op) for op in (handle, first)}
    return (
        f"Cannot colocate nodes node {handle._name}{defined_at(handle)} placed on "
        f"device {told[handle]}  and node {first._name}{defined_at(first)} placed on "
        f"device {told[first]}  because no device type supports both of those nodes "
        "and the other nodes colocated with them."
        f"{_members('XLA_CPU', users)}{_members('CPU', [first])}"
        f"\n\t [[node {handle._name}{defined_at(handle)} ]]"
        "Additional information about colocations:"
        + "\n".join(
            f"No node-device colocations were active during op '{op._name}' creation.\n"
            f"{text}"
            for op, text in told.items()
        )
    )


def _devices_asked_for(op: Operation) -> str:
    asked = op._device_assignments
    if not asked:
        return f"No device assignments were active during op '{op._name}' creation."
    lines = [f"  with tf.device({a.obj}): <{_place(a)}>" for a in asked]
    return "\n".join(
        [f"Device assignments active during op '{op._name}' creation:", *lines]
    )


def _place(asked: Traced) -> str:
    if asked.filename is None:
        return "unknown"
    return f"{asked.filename}:{asked.lineno}"


def _members(device: str, ops: list[Operation]) -> str:
    """Which operations must be placed together, and on what each could be."""
    asked = ops[0]._device
    types = [kind for kind in _OF_HANDLES if any(op.type == kind for op in ops)]
    types += sorted({op.type for op in ops}.difference(_OF_HANDLES))
    devices = "".join(f"{kind}: {_OF_HANDLES.get(kind, 'CPU')} \n" for kind in types)
    members = "".join(f"  {op._name} ({op.type}) {op._device}\n" for op in ops)
    return (
        "\nColocation Debug Info:\n"
        "Colocation group had the following types and supported devices: \n"
        "Root Member(assigned_device_name_index_=-1 "
        f"requested_device_name_='{asked}' assigned_device_name_='' "
        f"resource_device_name_='{asked}' "
        f"supported_device_types_=[{device}] possible_devices_=[]\n{devices}\n"
        "Colocation members, user-requested devices, and framework assigned devices, "
        f"if any:\n{members}"
    )
