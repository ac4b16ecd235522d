"""`tensorflow.python.framework.test_ops`: operations of TensorFlow's own tests.

Their signatures, recorded from TF 1.15.5, are in ``test_ops.txt``; importing this adds
them to the registry. The few that can be run there can be run here.
"""

from __future__ import annotations

import pkgutil
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, raw_operations, registry, signatures
from scopetutor.engine.graph_def import array_of
from scopetutor.engine.op_errors import FailedPreconditionError
from scopetutor.engine.ops import rules
from scopetutor.engine.state import Cell
from scopetutor.formats import protos

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State

_NO_LABEL = "default"


def _add_all() -> None:
    text = pkgutil.get_data("scopetutor.engine.testing", "test_ops.txt") or b""
    signatures.add(text.decode().splitlines())
    raw_operations._by_python_name.cache_clear()
    attributes = registry.lookup("DefaultAttrs").attributes
    one = constants.Literal(
        *array_of(protos.TensorProto.FromString(attributes["tensor_val"].default))
    )
    for name, value in (("tensor_val", one), ("tensor_list_val", [one])):
        attributes[name] = attributes[name]._replace(default=value)


def _label(op: Operation) -> Callable[..., Any]:
    said = op._attrs.get("_kernel") or _NO_LABEL
    text = f"My label is: {said}".encode()
    return lambda *_inputs: text


def _of_a_vector(op: Operation) -> list[tuple[int, ...]]:
    rules.with_rank(op._inputs[0]._dims, 1)
    return [()]


def _version(op: Operation) -> Callable[[], Any]:
    return lambda: np.int32(op.graph._producer_version)


def _stub_handle(op: Operation, state: State) -> Callable[[], Cell]:
    # No variable: a thing by name that is there or not.
    attrs = op._attrs
    name = attrs["shared_name"] or op._name
    container = state.container(attrs["container"])
    cell = state.resource(op, lambda: Cell(name, (), container))
    return lambda: cell


def _create(cell: Cell) -> None:
    cell.value = np.zeros(())


def _use(cell: Cell) -> None:
    if cell.value is None:
        raise FailedPreconditionError(
            None,
            None,
            f"Error while reading resource variable {cell.name} from Container: "
            f"{cell.container.name}. This could mean that the variable was "
            "uninitialized.",
        )


def _test_attr(op: Operation) -> Callable[[], Any]:
    kind = op._attrs["T"].as_numpy_dtype
    return lambda: kind(1)


_add_all()
registry.define("KernelLabel", shape=rules.scalar, build=_label)
registry.define("KernelLabelRequired", shape=_of_a_vector, build=_label)
registry.define("GraphDefVersion", shape=rules.scalar, build=_version)
registry.define("Old", kernel=lambda: None)
registry.define("StubResourceHandleOp", shape=rules.scalar, bind=_stub_handle)
registry.define("ResourceCreateOp", kernel=_create)
registry.define("ResourceUsingOp", kernel=_use)
registry.define(
    "ResourceInitializedOp",
    shape=rules.scalar,
    kernel=lambda cell: np.bool_(cell.value is not None),
)
registry.define("TestAttr", build=_test_attr)


def __getattr__(name: str) -> Any:
    return raw_operations.function(name)
