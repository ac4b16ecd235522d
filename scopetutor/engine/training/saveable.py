"""What a Saver saves: each variable with its key, and how it gets its value back.

Before ``saver_builder.py``. A list or dictionary of variables becomes a list of
saveables; TF 1.15: sorted by key, the key of a variable is the name of its operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.devices import DeviceSpec
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, reshaping, state
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.resource_variables import BaseResourceVariable
from scopetutor.engine.surroundings import device
from scopetutor.engine.variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REF_HOLDERS = frozenset({"Variable", "VariableV2", "AutoReloadVariable"})
_HOLDERS = _REF_HOLDERS | {"VarHandleOp", "ReadVariableOp"}


def cpu_of(device_name: str) -> str:
    """The CPU of the machine that a device belongs to."""
    spec = DeviceSpec.from_string(device_name)
    return spec.replace(device_type="CPU", device_index=0).to_string()


class SaveSpec:
    """One tensor of a saveable.

    Attributes:
        name: its key.
        slice_spec: which part of the key's tensor it is; "" for all of it.
        dtype, device: of the tensor.
    """

    def __init__(
        self, tensor: Any, slice_spec: str, name: str, dtype: Any = None,
        device: Any = None,
    ) -> None:  # fmt: skip
        self._tensor = tensor
        self.slice_spec = slice_spec
        self.name = name
        if callable(tensor):
            if dtype is None or device is None:
                raise AssertionError(
                    "When passing a callable `tensor` to a SaveSpec, an explicit dtype "
                    "and device must be provided."
                )
            self.dtype, self.device = dtype, device
        else:
            self.dtype, self.device = tensor.dtype, tensor.device

    @property
    def tensor(self) -> Any:
        """The tensor; made now if it is made by a function."""
        return self._tensor() if callable(self._tensor) else self._tensor


class SaveableObject:
    """Something that is saved as one or more tensors, and restored from them."""

    def __init__(self, op: Any, specs: list[SaveSpec], name: str) -> None:
        self.op = op
        self.specs = specs
        self.name = name

    @property
    def optional_restore(self) -> bool:
        """Whether it may be missing from a checkpoint."""
        return False

    @property
    def device(self) -> Any:
        """Where its tensors are."""
        return self.specs[0].device

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """The operation that gives it its value back."""
        raise ValueError("Calling an abstract method.")


class ReferenceVariableSaveable(SaveableObject):
    """A ref variable."""

    def __init__(self, var: Any, slice_spec: str, name: str) -> None:
        super().__init__(var, [SaveSpec(var, slice_spec, name, dtype=var.dtype)], name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """Assigns; TF 1.15: the shape is checked unless the Saver reshapes."""
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = reshaping.reshape(value, restored_shapes[0])
        known = self.op.get_shape().is_fully_defined()
        return state.assign(
            self.op, value, validate_shape=restored_shapes is None and known
        )


class ResourceVariableSaveable(SaveableObject):
    """A resource variable, or a tensor that is read from one."""

    def __init__(self, var: Any, slice_spec: str, name: str) -> None:
        self._var_device, self._var_shape = var.device, var.shape
        if isinstance(var, Tensor):
            self.handle_op = var.op.inputs[0]
            tensor: Any = var
        elif isinstance(var, BaseResourceVariable):
            self.handle_op = var.handle
            tensor = _reader(var)
        else:
            raise ValueError(
                "Saveable is neither a resource variable nor a read operation. Got: "
                f"{var!r}"
            )
        spec = SaveSpec(tensor, slice_spec, name, dtype=var.dtype, device=var.device)
        super().__init__(var, [spec], name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """Assigns; TF 1.15: whatever shape the checkpoint has."""
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = reshaping.reshape(value, restored_shapes[0])
        with device(self._var_device):
            value = array.identity(value)
            self._var_shape.assert_is_compatible_with(value.shape)
            return apply("AssignVariableOp", self.handle_op, value)


def _reader(variable: BaseResourceVariable) -> Callable[[], Any]:
    def read() -> Any:
        with device(variable.device):
            value = variable.read_value()
            with device("/device:CPU:0"):
                return array.identity(value)

    return read


def _holds_variable(value: Any) -> bool:
    return isinstance(value, Tensor) and value.op.type in _HOLDERS


def _saveable(variable: Any, slice_spec: str, name: str) -> SaveableObject:
    if variable.op.type in _REF_HOLDERS:
        return ReferenceVariableSaveable(variable, slice_spec, name)
    return ResourceVariableSaveable(variable, slice_spec, name)


def _gathered(op: Any) -> dict[str, Any] | None:
    """The saveables of an object that says itself what to save."""
    if isinstance(op, Variable):
        return None
    gather = getattr(op, "_gather_saveables_for_checkpoint", None)
    found: dict[str, Any] | None = gather() if callable(gather) else None
    return found


def saveable_objects_for_op(op: Any, name: Any) -> Iterator[SaveableObject]:
    """The saveables of one entry of a Saver's `var_list`.

    Args:
        op: a variable, the parts of one, a tensor that holds one, or a saveable.
        name: its key.

    Raises:
        TypeError, ValueError: it is none of these; TF 1.15's texts.
    """
    if not isinstance(name, str):
        raise TypeError(
            "names_to_saveables must be a dict mapping string names to trackable "
            f"operations. Name is not a string: {name}"
        )
    if isinstance(op, SaveableObject):
        yield op
    elif isinstance(op, (list, tuple, PartitionedVariable)):
        yield from _parts(op, name)
    elif (gathered := _gathered(op)) is not None:
        for attribute, factory in gathered.items():
            key = name if attribute == "VARIABLE_VALUE" else f"{name}_{attribute}"
            found = factory(key) if callable(factory) else factory
            yield from saveable_objects_for_op(found, found.name)
    elif isinstance(op, BaseResourceVariable):
        read = op._graph_element if op._in_graph_mode else op
        yield ResourceVariableSaveable(read, "", name)
    else:
        yield _of_tensor(op, name)


def _of_tensor(op: Any, name: str) -> SaveableObject:
    if defaults.state.eager:
        raise ValueError(
            "Can only save/restore ResourceVariables when executing eagerly, got type: "
            f"{type(op)}."
        )
    tensor = convert_to_tensor(op, as_ref=True)
    if not _holds_variable(tensor):
        raise TypeError(
            "names_to_saveables must be a dict mapping string names to "
            f"Tensors/Variables. Not a variable: {tensor}"
        )
    return _saveable(tensor, "", name)


def _parts(op: Any, name: str) -> Iterator[SaveableObject]:
    whole: Any = None
    for variable in op:
        if not isinstance(variable, Variable):
            raise ValueError(f"Slices must all be Variables: {variable}")
        info = variable._save_slice_info
        if not info:
            raise ValueError(f"Slices must all be slices: {variable}")
        whole = whole or info.full_name
        if whole != info.full_name:
            raise ValueError(
                f"Slices must all be from the same tensor: {whole} != {info.full_name}"
            )
        yield _saveable(variable, info.spec, name)


def op_list_to_dict(op_list: Any, convert_variable_to_tensor: bool = True) -> Any:
    """The keys of a list of variables.

    Raises:
        TypeError, ValueError: it is no such list; TF 1.15's texts.
    """
    if not isinstance(op_list, (list, tuple, set)):
        raise TypeError(
            f"Variables to save should be passed in a dict or a list: {op_list}"
        )
    keyed: dict[str, Any] = {}
    for var in sorted(op_list, key=lambda item: item.name):
        _enter(keyed, var, convert_variable_to_tensor)
    return keyed


def _enter(keyed: dict[str, Any], var: Any, convert: bool) -> None:
    """Adds one variable under its key."""
    if isinstance(var, SaveableObject):
        keyed[var.name] = var
    elif isinstance(var, PartitionedVariable):
        _check_new(keyed, var.name)
        keyed[var.name] = var
    elif isinstance(var, Variable) and var._save_slice_info:
        parts: Any = keyed.setdefault(var._save_slice_info.full_name, [])
        if not isinstance(parts, list):
            raise ValueError(
                "Mixing slices and non-slices with the same name: "
                f"{var._save_slice_info.full_name}"
            )
        parts.append(var)
    elif (gathered := _gathered(var)) is not None:
        found = [made() if callable(made) else made for made in gathered.values()]
        keyed.update(op_list_to_dict(found))
    elif not getattr(var, "_in_graph_mode", True):
        _enter_eager(keyed, var)
    else:
        _enter_tensor(keyed, var, convert)


def _check_new(keyed: dict[str, Any], name: str) -> None:
    if name in keyed:
        raise ValueError(f"At least two variables have the same name: {name}")


def _enter_eager(keyed: dict[str, Any], var: Any) -> None:
    if not isinstance(var, BaseResourceVariable):
        raise ValueError(
            "Can only save/restore ResourceVariables when eager execution is enabled, "
            f"type: {type(var)}."
        )
    if keyed.setdefault(var._shared_name, var) is not var:
        raise ValueError(
            "Two different ResourceVariable objects with the same shared_name "
            f"'{var._shared_name}' were passed to the Saver. This likely means that "
            "they were created in different Graphs or isolation contexts, and may not "
            "be checkpointed together."
        )


def _enter_tensor(keyed: dict[str, Any], var: Any, convert: bool) -> None:
    if convert:
        if isinstance(var, BaseResourceVariable):
            var = var._graph_element
        else:
            var = convert_to_tensor(var, as_ref=True)
        if not _holds_variable(var):
            raise TypeError(f"Variable to save is not a Variable: {var}")
    op = var.op.inputs[0].op if var.op.type == "ReadVariableOp" else var.op
    _check_new(keyed, op.name)
    keyed[op.name] = var


def validate_and_slice_inputs(names_to_saveables: Any) -> list[SaveableObject]:
    """The saveables of a Saver's `var_list`, sorted by key.

    Raises:
        TypeError, ValueError: something in it cannot be saved; TF 1.15's texts.
    """
    if not isinstance(names_to_saveables, dict):
        names_to_saveables = op_list_to_dict(names_to_saveables)
    saveables: list[SaveableObject] = []
    seen: set[int] = set()
    for name, op in sorted(names_to_saveables.items(), key=lambda item: item[0]):
        for saveable in saveable_objects_for_op(op, name):
            if id(saveable.op) in seen:
                raise ValueError(
                    "The same saveable will be restored with two names: "
                    f"{saveable.name}"
                )
            saveables.append(saveable)
            seen.add(id(saveable.op))
    return saveables
