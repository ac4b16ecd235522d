"""What a `with` on a graph enters: names, devices, colocation, what must run before.

After operation, before graph, whose methods make these; `surroundings` has them for the
default graph. Classes, not generators: they are entered very often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import defaults, trace
from .devices import DeviceFunction
from .entered_once import EnteredOnce
from .operation import Operation

if TYPE_CHECKING:
    from .graph import Graph


class NameScope(EnteredOnce):
    """`graph.name_scope(name)`: the prefix of new operations' names."""

    def __init__(self, graph: Graph, name: Any) -> None:
        self._graph = graph
        self._name = name

    def _open(self) -> str:
        graph = self._graph
        thread = graph._thread
        self._old = thread.name_stack
        opened = thread.name_stack = graph.open_name(self._old, self._name)
        return "" if opened is None else f"{opened}/"

    def _close(self) -> None:
        self._graph._thread.name_stack = self._old


class ControlDependencies:
    """`graph.control_dependencies(...)`: what new operations run after."""

    __slots__ = ("_clears", "_graph", "_old_context", "_old_stack", "control_inputs",
                 "seen")  # fmt: skip

    def __init__(
        self, graph: Graph, control_inputs: list[Operation], *, clears: bool
    ) -> None:
        self._graph = graph
        self.control_inputs = control_inputs
        self.seen: set[Operation] = set()
        self._clears = clears

    def __enter__(self) -> None:
        graph = self._graph
        if self._clears:
            self._old_stack = graph._control_stack
            graph._control_stack = []
            self._old_context = graph._control_flow_context
            graph._control_flow_context = None
        graph._control_stack.append(self)

    def __exit__(self, *_exc: object) -> None:
        graph = self._graph
        assert graph._control_stack[-1] is self
        graph._control_stack.pop()
        if self._clears:
            graph._control_stack = self._old_stack
            graph._control_flow_context = self._old_context


class Device(EnteredOnce):
    """`graph.device(...)`: the device new operations ask for."""

    def __init__(self, graph: Graph, device: Any) -> None:
        self._graph = graph
        self._device = device

    def _open(self) -> None:
        self._function = DeviceFunction(self._device, trace.site())
        self._graph._device_stack.append(self._function)

    def _close(self) -> None:
        stack = self._graph._device_stack
        if not stack or stack[-1] is not self._function:
            raise RuntimeError("Exiting device scope without proper scope nesting.")
        stack.pop()


class Colocation(EnteredOnce):
    """`graph.colocate_with(op)`: what new operations must be placed with."""

    def __init__(self, graph: Graph, op: Any, ignore_existing: bool) -> None:
        self._graph = graph
        self._op = op
        self._ignore_existing = ignore_existing

    def _open(self) -> None:
        graph = self._graph
        op = None if self._op is None else _op_to_colocate_with(self._op)
        self._old = graph._device_stack, graph._colocation_stack
        self._old_aside = graph._devices_aside, graph._entered_aside
        entered = len(defaults.state.graphs)
        if entered > graph._entered_aside:
            graph._devices_aside = graph._device_stack
            graph._entered_aside = entered
        graph._device_stack = []
        stack = [] if self._ignore_existing else list(graph._colocation_stack)
        if op is not None:
            stack.append(op)
            graph._colocation_sites[op] = trace.site()
        graph._colocation_stack = stack

    def _close(self) -> None:
        graph = self._graph
        graph._device_stack, graph._colocation_stack = self._old
        graph._devices_aside, graph._entered_aside = self._old_aside


def _op_to_colocate_with(value: Any) -> Operation:
    if isinstance(value, Operation):
        return value
    handle = getattr(value, "handle", None)
    if isinstance(getattr(handle, "op", None), Operation):
        op: Operation = handle.op  # type: ignore[union-attr]
        return op
    from . import convert  # noqa: PLC0415 - conversion is built on this module

    place: Operation = convert.convert_to_tensor(value, as_ref=True).op
    return place


class Setting(EnteredOnce):
    """Sets one attribute of a graph for the length of a `with`."""

    def __init__(self, graph: Graph, attribute: str, value: Any) -> None:
        self._graph = graph
        self._attribute = attribute
        self._value = value

    def _open(self) -> Any:
        self._old = getattr(self._graph, self._attribute)
        setattr(self._graph, self._attribute, self._value)
        return self._value

    def _close(self) -> None:
        setattr(self._graph, self._attribute, self._old)


class Overlay(EnteredOnce):
    """Puts entries over those of a dictionary for the length of a `with`."""

    def __init__(self, target: dict[str, Any], entries: dict[str, Any]) -> None:
        self._target = target
        self._entries = entries

    def _open(self) -> None:
        self._old = dict(self._target)
        for key, value in self._entries.items():
            if value is None:
                del self._target[key]
            else:
                self._target[key] = value

    def _close(self) -> None:
        self._target.clear()
        self._target.update(self._old)


class Creator(EnteredOnce):
    """`tf.variable_creator_scope(creator)`, in the order of priorities."""

    def __init__(self, graph: Graph, creator: Any, priority: int) -> None:
        self._thread = graph._thread
        self._entry = (priority, creator)

    def _open(self) -> None:
        self._old = self._thread.creators
        self._new = sorted([*self._old, self._entry], key=lambda entry: entry[0])
        self._thread.creators = self._new

    def _close(self) -> None:
        if self._thread.creators is not self._new:
            raise RuntimeError("Exiting variable_creator_scope without proper nesting.")
        self._thread.creators = self._old
