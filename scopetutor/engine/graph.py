"""The graph: operations, collections, and what surrounds a new operation.

After operation and its parts `graph_names`, `graph_elements` and `graph_scopes`; before
scopes, variables and sessions. `Graph.add` is the one place where operations come into
being.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import defaults, trace
from .collecting import collect_seldom
from .compat import as_bytes
from .devices import DeviceFunction
from .doubles import itself, wrappers
from .graph_elements import Elements
from .graph_names import VALID_OP_NAME, Names
from .graph_scopes import (
    Colocation,
    ControlDependencies,
    Creator,
    Device,
    NameScope,
    Overlay,
    Setting,
)
from .operation import Operation, Tensor
from .read_only import read_only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .dtypes import DType
    from .registry import Definition

PRODUCER_VERSION = 134  # of graph files written by TF 1.15.5


@read_only
class Graph(Elements, Names):
    """A set of operations that a session can run.

    Attributes:
        version: grows with every operation.
        seed: what `tf.set_random_seed` set, or None.
        building_function: whether it is a function's.
    """

    _building_function = False
    preface = ""  # of errors in it, if it is a function's
    _producer_version = PRODUCER_VERSION
    _min_consumer = 0

    def __init__(self) -> None:
        Elements.__init__(self)
        Names.__init__(self)
        self._last_id = 0
        self._version = 0
        self._collections: dict[Any, list[Any]] = {}
        self._device_stack: list[DeviceFunction] = []
        self._colocation_stack: list[Operation] = []
        # What `colocate_with` put aside, if the graph was entered with it, and how
        # many graphs had been entered then.
        self._devices_aside: list[DeviceFunction] = []
        self._entered_aside = 0
        self._placements = 0  # how often an operation asked for a device
        # Made here because an input did not say that it is of another graph.
        self._misplaced: tuple[Operation, ...] = ()
        self._unplaceable: tuple[Operation, ...] = ()  # nothing can run these
        self._rewired: tuple[Operation, ...] = ()  # those that wait for others now
        self._control_stack: list[ControlDependencies] = []
        self._control_flow_context: Any = None
        self._has_loops = False  # whether values must be checked for leaving one
        self._attr_scopes: dict[str, Any] = {}
        self._colocation_sites: dict[Operation, Any] = {}  # where each was asked for
        self._own_colocation: tuple[str, ...] = ()  # of a variable being made
        self._gradient_overrides: dict[str, str] = {}
        self._kernel_labels: dict[str, str] = {}
        self._container = ""
        self._default_original_op: Operation | None = None
        self._seed: int | None = None
        self._finalized = False
        if trace.watcher is not None and not self.building_function:
            trace.watcher.graph_made(self)

    # -- what it holds -----------------------------------------------------------

    @property
    def building_function(self) -> bool:
        """Whether it is a function's: `init_scope` leaves it."""
        return self._building_function

    @property
    def version(self) -> int:
        """The id of the newest operation."""
        return self._version

    @property
    def seed(self) -> int | None:
        """The graph's random seed, or None."""
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self._seed = seed

    @property
    def graph_def_versions(self) -> Any:
        """The versions that the graph's files carry."""
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        return graph_def.versions(self)

    def as_graph_def(self, from_version: Any = None, add_shapes: bool = False) -> Any:
        """The graph as in TensorFlow's graph files."""
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        return graph_def.graph_def(self, from_version, add_shapes=add_shapes)

    @property
    def finalized(self) -> bool:
        """Whether it can no longer be changed."""
        return self._finalized

    def finalize(self) -> None:
        """Makes further operations an error."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    def _check_not_finalized(self) -> None:
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def switch_to_thread_local(self) -> None:
        """Gives each thread its own devices, colocations and control dependencies.

        TF 1.15: a thread begins with what is around the others at this moment.
        """
        if not isinstance(self, ThreadLocalGraph):
            self._shared_stacks = {name: getattr(self, name) for name in _STACKS}
            # Its class, so that only such graphs are slower.
            self.__class__ = ThreadLocalGraph

    # -- new operations ----------------------------------------------------------

    def create_op(
        self,
        op_type: str,
        inputs: Sequence[Tensor],
        dtypes: Sequence[DType] | None = None,
        input_types: Any = None,
        name: str | None = None,
        attrs: dict[str, Any] | None = None,
        op_def: Any = None,
        compute_shapes: bool = True,
        compute_device: bool = True,
    ) -> Operation:
        """Adds an operation whose inputs are tensors already.

        Raises:
            TypeError: an input is no tensor.
            NotFoundError: there is no such type.
        """
        for index, tensor in enumerate(inputs):
            if not isinstance(tensor, Tensor):
                raise TypeError(f"Input #{index} is not a tensor: {tensor}")
        from . import apply, graph_import  # noqa: PLC0415 - built on this module

        definition = graph_import.registered(op_type)
        chosen = apply.attributes_from_messages(definition, attrs or {}, inputs)
        if dtypes is None:
            dtypes = apply.output_types(definition, chosen)
        return self.add(definition, tuple(inputs), chosen, dtypes, name or op_type)

    def add(
        self,
        definition: Definition,
        inputs: tuple[Tensor, ...],
        attrs: dict[str, Any],
        dtypes: Sequence[DType],
        name: str,
        colocate: Sequence[Operation] = (),
    ) -> Operation:
        """Adds an operation.

        Args:
            definition: of its type.
            inputs: its tensors, all of this graph.
            attrs: every attribute; may be shared with other operations.
            dtypes: the types of its outputs.
            name: made unique, unless it ends in "/": then taken as it is.
            colocate: operations it must be placed with, besides the ones around it.

        Raises:
            ValueError: the name is no name or taken, or the shapes do not fit.
            RuntimeError: the graph is finalized.
        """
        if self._finalized:
            self._check_not_finalized()
        name = name[:-1] if name and name[-1] == "/" else self.unique_name(name)
        if not VALID_OP_NAME(name):
            raise ValueError(f"'{name}' is not a valid node name")
        op = Operation(self, name, definition, inputs, attrs, dtypes)
        if name in self._operations:
            raise ValueError(f"Duplicate node name in graph: '{name}'")
        if self._control_stack:
            op._control_inputs = self._control_inputs_for(inputs)
        if definition.shape is not None:
            _infer_shapes(op, definition)
        self._operations[name] = op
        self._version = op._id
        context = self._control_flow_context
        if context is not None or self._has_loops:
            op._context = context
            _enter_context(op)
        self._surround(op, colocate)
        if trace.watcher is not None and not self.building_function:
            trace.watcher.operation_made(op)
        return op

    def capture(self, tensor: Tensor) -> Tensor:
        """What stands here for a tensor that is computed elsewhere.

        Raises:
            RuntimeError: only the graphs of functions take such tensors.
        """
        raise RuntimeError(
            "Attempting to capture an EagerTensor without building a function."
        )

    def _surround(self, op: Operation, colocate: Sequence[Operation]) -> None:
        """Gives a new operation what the scopes around it ask for."""
        if self._own_colocation:
            op._colocation = self._own_colocation
        if self._default_original_op is not None:
            op._original_op = self._default_original_op
        if self._attr_scopes:
            self._apply_attr_scopes(op)
        if self._gradient_overrides and op.type in self._gradient_overrides:
            override = self._gradient_overrides[op.type]
            op._attrs = {**op._attrs, "_gradient_op_type": override}
        if self._kernel_labels and op.type in self._kernel_labels:
            op._attrs = {**op._attrs, "_kernel": self._kernel_labels[op.type]}
        for controller in self._control_stack:
            controller.seen.add(op)
        if self._device_stack and not colocate:
            self._apply_devices(op)
        if colocate or self._colocation_stack:
            others = (*self._colocation_stack, *colocate)
            self._colocate(op, others)
            if self._colocation_stack:
                op._colocated_with = others
        if (
            self._container
            and op._definition.is_stateful
            and op._attrs.get("container") == ""
        ):
            name = as_bytes(self._container).decode()
            op._attrs = {**op._attrs, "container": name}

    def _apply_attr_scopes(self, op: Operation) -> None:
        for key, value in self._attr_scopes.items():
            if key in op._attrs:
                continue
            made = value(op.node_def) if callable(value) else value
            if made is not None:
                op._attrs = {**op._attrs, key: made}

    def _apply_devices(self, op: Operation) -> None:
        for device in reversed(self._device_stack):
            if device.does_nothing:
                continue
            if device.resets:
                break
            op._device = device.apply(op)
        op._asked_devices = tuple(self._device_stack)
        self._placements += 1

    def _colocate(self, op: Operation, others: Iterable[Operation]) -> None:
        groups: set[str] = set()
        for other in reversed(list(others)):
            groups.update(other._groups())
            if other._device:
                op._device = other._device
                self._placements += 1
        op._colocation = tuple(sorted(groups))

    # -- collections -------------------------------------------------------------

    @property
    def collections(self) -> list[Any]:
        """The names of all collections."""
        return list(self._collections)

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Appends to a collection."""
        self._check_not_finalized()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Appends to several collections, once to each.

        TF 1.15 takes them in the order of a set, which another process has otherwise;
        here it is always that of their names.
        """
        each = (names,) if isinstance(names, str) else sorted(set(names), key=str)
        for name in each:
            self.add_to_collection(name, value)

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The list that is the collection; made if there is none."""
        return self._collections.setdefault(name, [])

    def get_collection(self, name: Any, scope: Any = None) -> list[Any]:
        """A copy of a collection, or of what in it has a name that matches `scope`.

        TF 1.15: `scope` is a regular expression for the start of the name.
        """
        items = self._collections.get(name)
        if items is None:
            return []
        if scope is None:
            return list(items)
        match = re.compile(scope).match
        return [item for item in items if hasattr(item, "name") and match(item.name)]

    def get_all_collection_keys(self) -> list[str]:
        """The names of all collections that are text."""
        return [name for name in self._collections if isinstance(name, str)]

    def clear_collection(self, name: Any) -> None:
        """Forgets a collection."""
        self._check_not_finalized()
        self._collections.pop(name, None)

    # -- scopes ------------------------------------------------------------------

    def as_default(self) -> defaults.EnteredGraph:
        """Context manager: new operations go to this graph."""
        return defaults.EnteredGraph(self)

    def name_scope(self, name: Any) -> NameScope:
        """Context manager: new operations get this prefix."""
        return NameScope(self, name)

    def device(self, device_name_or_function: Any) -> Device:
        """Context manager: new operations ask for this device."""
        return Device(self, device_name_or_function)

    def _devices_for_variables(self) -> list[DeviceFunction]:
        """The device scopes around a variable that is made now.

        TF 1.15: `colocate_with` hides those around it, but not from a variable whose
        graph was entered in them, as entering a variable scope does.
        """
        if self._device_stack or len(defaults.state.graphs) > self._entered_aside:
            return self._device_stack
        return self._devices_aside

    def keep_misplaced(self, op: Operation) -> None:
        """Notes an operation of this graph that takes a tensor of another one."""
        self._misplaced += (op,)
        self._placements += 1  # no session can place it
        for output in op._outputs:
            output._dims = None

    def keep_rewired(self, op: Operation) -> None:
        """Notes an operation that was given other inputs, or more to wait for."""
        self._rewired += (op,)
        self._placements += 1  # a session may refuse it

    def keep_unplaceable(self, op: Operation) -> None:
        """Notes an operation that nothing can run."""
        self._unplaceable += (op,)
        self._placements += 1

    def namesake(self, tensor: Tensor) -> Tensor:
        """The tensor of this graph that is called as one of another graph.

        Raises:
            KeyError: there is none.
        """
        return self._operations[tensor._op._name]._outputs[tensor._index]

    def on_devices(self, functions: list[DeviceFunction]) -> Setting:
        """Context manager: new operations ask for these devices and no others."""
        return Setting(self, "_device_stack", functions)

    def container(self, container_name: str) -> Setting:
        """Context manager: new stateful operations live in this container."""
        return Setting(self, "_container", container_name)

    def _original_op_scope(self, op: Operation) -> Setting:
        return Setting(self, "_default_original_op", op)

    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Colocation:
        """Context manager: new operations must be placed with `op`."""
        if op is None and not ignore_existing:
            raise ValueError(
                "Trying to reset colocation (op is None) but ignore_existing is not "
                "True"
            )
        return Colocation(self, op, ignore_existing)

    def control_dependencies(self, control_inputs: Any) -> ControlDependencies:
        """Context manager: new operations run after these; None: after nothing."""
        if control_inputs is None:
            return ControlDependencies(self, [], clears=True)
        known = {op for around in self._control_stack for op in around.control_inputs}
        wanted = []
        for control_input in control_inputs:
            op = self._control_op(control_input)
            if op not in known:
                wanted.append(op)
                known.add(op)
        return ControlDependencies(self, wanted, clears=False)

    def _control_op(self, control_input: Any) -> Operation:
        sliced = getattr(control_input, "is_tensor_like", False) is True
        if (sliced or hasattr(control_input, "_handle")) and hasattr(
            control_input, "op"
        ):
            control_input = control_input.op
        element = itself(self.as_graph_element(control_input))
        return element.op if isinstance(element, Tensor) else element

    def _control_inputs_for(self, inputs: Sequence[Tensor]) -> tuple[Operation, ...]:
        """The control inputs of a new operation that takes these tensors.

        TF 1.15: what an input already waited for inside the same `with` is left out.
        """
        ops = {tensor._op for tensor in inputs}
        wanted: list[Operation] = []
        for around in self._control_stack:
            if not around.seen.isdisjoint(ops):
                continue
            wanted.extend(op for op in around.control_inputs if op not in ops)
        return tuple(dict.fromkeys(wanted))

    def _attr_scope(self, attr_map: dict[str, Any]) -> Overlay:
        return Overlay(self._attr_scopes, attr_map)

    def gradient_override_map(self, op_type_map: Any) -> Overlay:
        """Context manager: operations of a type get another type's gradient."""
        _check_texts("op_type_map", op_type_map)
        return Overlay(self._gradient_overrides, op_type_map)

    def _kernel_label_map(self, op_to_kernel_label_map: Any) -> Overlay:
        _check_texts("op_to_kernel_label_map", op_to_kernel_label_map)
        return Overlay(self._kernel_labels, op_to_kernel_label_map)

    def _variable_creator_scope(self, creator: Any, priority: int = 100) -> Creator:
        return Creator(self, creator, priority)

    @property
    def _variable_creator_stack(self) -> list[tuple[int, Any]]:
        return self._thread.creators

    @_variable_creator_stack.setter
    def _variable_creator_stack(self, creators: list[tuple[int, Any]]) -> None:
        self._thread.creators = creators

    def _get_control_flow_context(self) -> Any:
        return self._control_flow_context

    def _set_control_flow_context(self, context: Any) -> None:
        self._control_flow_context = context


_STACKS = ("_device_stack", "_colocation_stack", "_control_stack")


def _of_this_thread(name: str) -> property:
    def get(graph: ThreadLocalGraph) -> list[Any]:
        stacks: dict[str, Any] = graph._thread.__dict__.setdefault("stacks", {})
        if name not in stacks:
            stacks[name] = list(graph._shared_stacks[name])
        found: list[Any] = stacks[name]
        return found

    def put(graph: ThreadLocalGraph, stack: list[Any]) -> None:
        graph._thread.__dict__.setdefault("stacks", {})[name] = stack

    return property(get, put)


class ThreadLocalGraph(Graph):
    """A graph after `switch_to_thread_local`."""

    for _name in _STACKS:
        locals()[_name] = _of_this_thread(_name)


defaults.set_graph_class(Graph)

collect_seldom()  # while a graph grows, that takes longer than making it


def _check_texts(what: str, mapping: Any) -> None:
    """TypeError unless it maps texts to texts."""
    if not isinstance(mapping, dict) or not all(
        isinstance(word, str) for item in mapping.items() for word in item
    ):
        raise TypeError(f"{what} must be a dictionary mapping strings to strings")


def _infer_shapes(op: Operation, definition: Definition) -> None:
    """Sets the static shapes of the outputs."""
    try:
        shapes = definition.shape(op)  # type: ignore[misc]
    except ValueError as error:
        from . import shape_inference  # noqa: PLC0415 - only errors need it

        raise shape_inference.explained(op, error) from None
    for tensor, dims in zip(op._outputs, shapes, strict=True):
        tensor._dims = dims


def _enter_context(op: Operation) -> None:
    """Makes an operation part of the branch or loop that is being built."""
    from . import contexts  # noqa: PLC0415 - contexts are built on this module

    contexts.check_inputs(op)
    if op._context is not None:
        op._context.add_op(op)


def graph_from_inputs(values: Iterator[Any] | Sequence[Any], graph: Any = None) -> Any:
    """The graph that all tensors among some values belong to; else the default.

    Raises:
        ValueError: they belong to different graphs.
    """
    if graph is not None and not isinstance(graph, Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    original = None
    if defaults.get_default_graph().building_function:
        return defaults.get_default_graph()
    for value in values:
        element = value
        if hasattr(value, "_value"):
            continue  # an eager tensor belongs to no graph
        if type(value) in wrappers and isinstance(value, Tensor):
            continue  # TF 1.15: what is wrapped does not say where it belongs
        sliced = getattr(value, "is_tensor_like", False) is True  # IndexedSlices
        if not (sliced or isinstance(value, (Tensor, Operation))):
            convert = getattr(value, "_as_graph_element", None)
            element = convert() if callable(convert) else None
            if element is None:
                continue
        if graph is None:
            original, graph = element, element.graph
        elif original is not None:
            if element.graph is not graph:
                raise ValueError(
                    f"{element} must be from the same graph as {original}."
                )
        elif element.graph is not graph:
            raise ValueError(f"{element} is not from the passed-in graph.")
    return graph or defaults.get_default_graph()
