"""Adding the operations of a GraphDef to a graph: `tf.import_graph_def`.

The way back from ``graph_def.py``; ``meta_graph.py`` adds collections and a Saver. As
in TF 1.15 the nodes are checked and made first, in an order in which each comes after
what it takes; only if all fit does the graph change. Then the scopes, devices and
control flow around the call take hold of them, one after the other.
"""

from __future__ import annotations

import heapq
import platform
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.formats import protos
from scopetutor.formats.message import Message

from . import apply, defaults, deprecation, dtypes, registry, trace
from .convert import convert_to_tensor
from .devices import DeviceSpec
from .graph import PRODUCER_VERSION, Graph, _enter_context, _infer_shapes
from .graph_def import plain_value
from .op_errors import NotFoundError
from .op_text import definition_text
from .operation import Operation, Tensor
from .shapes import as_dims
from .surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .dtypes import DType
    from .registry import Definition

_LOOP_BACK = frozenset({"NextIteration", "RefNextIteration"})
_MERGES = frozenset({"Merge", "RefMerge"})


def import_graph_def(
    graph_def: Any,
    input_map: Any = None,
    return_elements: Any = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> Any:
    """Adds a saved graph to the default graph.

    Args:
        graph_def: a GraphDef.
        input_map: tensors of this graph to use instead of some of the saved one's, by
            name; "^name" for a control input.
        return_elements: names of operations and tensors of the saved graph to return.
        name: of the scope for the new operations; "import" if None.
        op_dict: no longer used.
        producer_op_list: the OpDefs of the program that saved the graph; attributes
            that are new since then and at their default are left out.

    Returns:
        A list for `return_elements`, or None.

    Raises:
        TypeError: an argument is not of its type.
        ValueError: the graph does not fit together; TF 1.15's texts.
        NotFoundError: there is no operation of a type.
    """
    if op_dict is not None:
        deprecation.warn_argument(
            "import_graph_def",
            "tensorflow.python.framework.importer",
            "op_dict",
            "Please file an issue at https://github.com/tensorflow/tensorflow/issues "
            "if you depend on this feature.",
        )
    graph_def = _checked_graph_def(graph_def)
    input_map = _checked_input_map(input_map)
    wanted = _checked_return_elements(return_elements)
    graph = defaults.get_default_graph()
    with name_scope(name, "import", list(input_map.values())) as scope:
        tensors = _as_tensors(name, input_map)
    for element in wanted or ():
        if ":" in element:
            _parsed(element)
    _check_replacements(graph, tensors)
    if graph_def.library.function:
        from . import branch_files  # noqa: PLC0415 - it reads graphs, too

        branch_files.add_functions(graph, graph_def.library)
    importer = _Importer(graph, graph_def, scope, tensors, producer_op_list)
    importer.read()
    # TF 1.15 looks at tensors first.
    found = {
        element: importer.returned(element)
        for element in sorted(wanted or (), key=lambda element: ":" not in element)
    }
    importer.add()
    importer.check_input_map()
    return None if wanted is None else [found[element] for element in wanted]


def _checked_graph_def(graph_def: Any) -> Any:
    if isinstance(graph_def, Message) and graph_def.schema.name == "GraphDef":
        return graph_def
    made = protos.GraphDef()
    try:
        made.MergeFrom(graph_def)
    except TypeError:
        raise TypeError("graph_def must be a GraphDef proto.") from None
    return made


def _checked_input_map(input_map: Any) -> dict[Any, Any]:
    if input_map is None:
        return {}
    if not isinstance(input_map, dict) or not all(
        isinstance(key, (str, bytes)) for key in input_map
    ):
        raise TypeError(
            "input_map must be a dictionary mapping strings to Tensor objects."
        )
    return input_map


def _checked_return_elements(return_elements: Any) -> list[str] | None:
    if return_elements is None:
        return None
    if not all(isinstance(element, (str, bytes)) for element in return_elements):
        raise TypeError("return_elements must be a list of strings.")
    return [_text(element) for element in return_elements]


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name


def _as_tensors(name: Any, input_map: dict[Any, Any]) -> dict[_Name, Tensor]:
    """The tensors of an input map, made of values where they are none."""
    if not all(isinstance(value, Tensor) for value in input_map.values()):
        if name == "":
            raise ValueError(
                "tf.import_graph_def() requires a non-empty `name` if `input_map` "
                "contains non-Tensor values. Try calling tf.convert_to_tensor() on "
                "`input_map` values before calling tf.import_graph_def()."
            )
        with name_scope("_inputs"):
            input_map = {
                key: convert_to_tensor(value) for key, value in input_map.items()
            }
    return {_parsed(_text(key)): value for key, value in input_map.items()}


def _check_replacements(graph: Graph, tensors: Mapping[_Name, Tensor]) -> None:
    """ValueError if the graph has nothing of the name of a tensor to use instead."""
    for name, tensor in tensors.items():
        if tensor.op.name not in graph._operations:
            raise ValueError(
                f"node '{tensor.op.name}' in input_map does not exist in graph "
                f"(input_map entry: {name.node}:{name.output}->{tensor.name})"
            )


class _Name(NamedTuple):
    """What ``name:1`` or ``^name`` means.

    Attributes:
        node: the operation's name.
        output: which output; None for a control input.
    """

    node: str
    output: int | None


def _parsed(text: str) -> _Name:
    """The tensor or control input of a name.

    Raises:
        ValueError: it is no tensor's name.
    """
    if text.startswith("^"):
        return _Name(text[1:], None)
    node, colon, index = text.partition(":")
    if not colon:
        return _Name(node, 0)
    try:
        return _Name(node, int(index))
    except ValueError:
        raise ValueError(f"Cannot convert {text!r} to a tensor name.") from None


class _Node:
    """A node on its way to become an operation.

    Attributes:
        message: its NodeDef.
        data, controls: what it takes, and what it waits for.
        waits_for: how many of these are not made yet.
        op: the operation, once it is made.
        loops: the inputs that come from the end of a loop, made later: place -> name.
    """

    __slots__ = ("controls", "data", "loops", "message", "op", "waits_for")

    def __init__(self, message: Any) -> None:
        self.message = message
        self.data: list[_Name] = []
        self.controls: list[_Name] = []
        self.waits_for = 0
        self.op: Any = None
        self.loops: dict[int, _Name] = {}
        for text in message.input:
            if text.startswith("^"):
                self.controls.append(_Name(text[1:], None))
            elif self.controls:
                raise ValueError(
                    f"Node '{message.name}': Control dependencies must come after "
                    "regular dependencies"
                )
            else:
                self.data.append(_input_name(text))

    def as_written(self, name: _Name) -> str:
        """An input as the message has it."""
        for text in self.message.input:
            control = text.startswith("^")
            if name == (_Name(text[1:], None) if control else _input_name(text)):
                return str(text)
        raise AssertionError(name)


def _check_versions(said: Any) -> None:
    """Refuses graphs of TensorFlow that is too old or too new.

    Raises:
        ValueError: it is such a graph.
    """
    if said.producer < 0:
        raise ValueError(
            f"GraphDef producer version {said.producer} below min producer 0 "
            "supported by TensorFlow 1.15.5.  Please regenerate your graph."
        )
    if said.min_consumer > PRODUCER_VERSION:
        raise ValueError(
            f"GraphDef min consumer version {said.min_consumer} above current version "
            f"{PRODUCER_VERSION} for TensorFlow 1.15.5.  Please upgrade TensorFlow."
        )
    if PRODUCER_VERSION in said.bad_consumers:
        raise ValueError(
            f"GraphDef disallows consumer version {PRODUCER_VERSION}.  Please upgrade "
            "TensorFlow: this version is likely buggy."
        )


def _input_name(text: str) -> _Name:
    node, colon, index = text.rpartition(":")
    if colon and index.isdecimal():
        return _Name(node, int(index))
    return _Name(text, 0)


class _Importer:
    """One import."""

    def __init__(
        self,
        graph: Graph,
        message: Any,
        scope: str,
        input_map: Mapping[_Name, Tensor],
        producer_op_list: Any,
    ) -> None:
        self._graph = graph
        self._prefix = scope
        self._input_map = input_map
        self._used: set[_Name] = set()
        self._nodes: dict[str, _Node] = {}
        self._made: list[_Node] = []
        self._names: set[str] = set()  # of new operations, not yet in the graph
        self._folders: set[str] | None = None
        self._newer = _newer_attributes(producer_op_list)
        _check_versions(message.versions)
        self._versions = message.versions
        for node in message.node:
            if node.name in self._nodes:
                raise ValueError(f"Node '{node.name}' is not unique")
            self._nodes[node.name] = _Node(node)

    # -- making operations that nobody knows of yet ------------------------------------

    def read(self) -> None:
        """Makes all operations, in the order TF 1.15 does.

        Raises:
            ValueError: something does not fit.
            NotFoundError: there is no operation of a type.
        """
        takers = self._takers()
        nodes = list(self._nodes.values())
        ready = [place for place, node in enumerate(nodes) if not node.waits_for]
        heapq.heapify(ready)
        while ready:
            place = heapq.heappop(ready)
            node = nodes[place]
            self._make(node)
            self._made.append(node)
            for taker in takers[place]:
                nodes[taker].waits_for -= 1
                if nodes[taker].waits_for == 0:
                    heapq.heappush(ready, taker)
        if len(self._made) < len(nodes):
            raise ValueError(f"{len(nodes) - len(self._made)} nodes in a cycle")
        self._close_loops()

    def _takers(self) -> list[list[int]]:
        """For each node, the nodes that wait for it; counts what each waits for."""
        places = {name: place for place, name in enumerate(self._nodes)}
        takers: list[list[int]] = [[] for _ in places]
        for taker, node in enumerate(self._nodes.values()):
            for name in (*node.data, *node.controls):
                if name in self._input_map:
                    continue
                place = places.get(name.node)
                if place is None:
                    raise ValueError(
                        f"Node '{node.message.name}': Unknown input node "
                        f"'{node.as_written(name)}'"
                    )
                takers[place].append(taker)
                node.waits_for += 1
            if node.message.op in _MERGES and self._ends_loop(node):
                # It can be made as soon as one of its values is there.
                node.waits_for = len(node.controls) + 1
        return takers

    def _ends_loop(self, node: _Node) -> bool:
        return any(
            name.node in self._nodes and self._nodes[name.node].message.op in _LOOP_BACK
            for name in node.data
        )

    def _make(self, node: _Node) -> None:
        message = node.message
        inputs = self._inputs(node)
        name = self._new_name(message.name)
        definition = registered(message.op)
        attrs, colocation, shapes = self._attributes(node, definition, name)
        op = Operation.__new__(Operation)
        types = apply.output_types(definition, attrs)
        _check_inputs(definition, attrs, inputs, name)
        op.__init__(self._graph, name, definition, inputs, attrs, types)  # type: ignore[misc]
        self._graph._last_id -= 1  # its number comes when it is added
        op._device = message.device
        op._colocation = colocation
        # TF 1.15: such an input is spelled out in its own node_def, "x:0".
        op._rewired = frozenset(
            place for place, taken in enumerate(node.data) if taken in self._input_map
        )
        op._control_inputs = tuple(
            dict.fromkeys(self._control(control) for control in node.controls)
        )
        if definition.shape is not None:
            _infer_shapes(op, definition)
        if shapes is not None:
            _refine_shapes(op, shapes)
        node.op = op

    def _inputs(self, node: _Node) -> tuple[Tensor, ...]:
        """The tensors a node takes; the end of a loop is filled in later."""
        inputs: list[Any] = []
        for place, name in enumerate(node.data):
            mapped = self._input_map.get(name)
            if mapped is not None:
                self._used.add(name)
                inputs.append(mapped)
                continue
            source = self._nodes[name.node].op
            if source is None:
                node.loops[place] = name
                inputs.append(None)
                continue
            inputs.append(_output(source, name, node))
        if node.loops:
            stand_in = next(tensor for tensor in inputs if tensor is not None)
            inputs = [stand_in if t is None else t for t in inputs]
        return tuple(inputs)

    def _control(self, name: _Name) -> Operation:
        mapped = self._input_map.get(name)
        if mapped is not None:
            self._used.add(name)
            return mapped.op
        found: Operation = self._nodes[name.node].op
        return found

    def _close_loops(self) -> None:
        for node in self._made:
            if node.loops:
                inputs = list(node.op._inputs)
                for place, name in node.loops.items():
                    inputs[place] = _output(self._nodes[name.node].op, name, node)
                node.op._inputs = tuple(inputs)

    def _new_name(self, name: str) -> str:
        """The node's name in the scope, with `_1`, `_2`, … if an operation has it.

        TF 1.15: here case counts, and the name of a folder of operations is taken, too.
        """
        full = self._prefix + name
        found, count = full, 0
        while self._is_taken(found) or (count and found in self._nodes):
            count += 1
            found = f"{full}_{count}"
        self._names.add(found)
        return found

    def _is_taken(self, name: str) -> bool:
        if self._folders is None:
            self._folders = set()
            for taken in self._graph._operations:
                self._add_folders(taken)
        return name in self._graph._operations or name in self._folders

    def _add_folders(self, name: str) -> None:
        assert self._folders is not None
        cut = name.find("/")
        while cut >= 0:
            self._folders.add(name[:cut])
            cut = name.find("/", cut + 1)

    def _attributes(
        self, node: _Node, definition: Definition, name: str
    ) -> tuple[dict[str, Any], tuple[str, ...], Any]:
        """(attributes, what it is placed with, shapes that the file tells)."""
        given: dict[str, Any] = {}
        colocation: tuple[str, ...] = ()
        shapes = None
        known = definition.attributes
        for key, value in node.message.attr.items():
            if key in known:
                given[key] = plain_value(value, known[key])
            elif key == "_class":
                colocation = self._colocation(node, value)
            elif key == "_output_shapes":
                shapes = value.list.shape
            elif key.startswith("_"):
                given[key] = value
            elif (node.message.op, key, value.encode()) not in self._newer:
                raise ValueError(
                    f"NodeDef mentions attr '{key}' not in "
                    f"{definition_text(definition)}; NodeDef: {{{{node {name}}}}}. "
                    "(Check whether your GraphDef-interpreting binary is up to date "
                    "with your GraphDef-generating binary.)."
                )
        attrs = {}
        for key, attribute in known.items():
            if key in given:
                attrs[key] = given.pop(key)
            elif attribute.has_default:
                attrs[key] = attribute.default
            else:
                raise ValueError(
                    f"NodeDef missing attr '{key}' from {definition_text(definition)}; "
                    f"NodeDef: {{{{node {name}}}}}"
                )
        return {**attrs, **given}, colocation, shapes

    def _colocation(self, node: _Node, value: Any) -> tuple[str, ...]:
        groups = []
        for raw in value.list.s:
            group = raw.decode()
            other = group.removeprefix("loc:@")
            if other == group:
                groups.append(group)
                continue
            if other not in self._nodes:
                raise ValueError(
                    f"Node '{node.message.name}' expects to be colocated with unknown "
                    f"node '{other}'"
                )
            groups.append(group)
        return tuple(groups)

    # -- what the caller asked for -----------------------------------------------------

    def returned(self, element: str) -> Any:
        """The operation or tensor of a name in the saved graph."""
        if ":" not in element:
            node = self._nodes.get(element)
            if node is None:
                raise ValueError(
                    f"Requested return node '{element}' not found in graph def"
                )
            return node.op
        name = _parsed(element)
        mapped = self._input_map.get(name)
        if mapped is not None:
            self._used.add(name)
            return mapped
        node = self._nodes.get(name.node)
        if node is None:
            raise ValueError(
                f"Requested return tensor '{name.node}:{name.output}' not found in "
                "graph def"
            )
        outputs = node.op._outputs
        if name.output is None or name.output >= len(outputs):
            raise ValueError(
                f"Invalid return output {name.output} of node '{name.node}', which has "
                f"{len(outputs)} output(s)"
            )
        return outputs[name.output]

    def check_input_map(self) -> None:
        """ValueError for entries of the input map that mean nothing in the graph."""
        missing = []
        for name in self._input_map:
            node = self._nodes.get(name.node)
            if name in self._used or (
                node is not None
                and (name.output is None or name.output < len(node.op._outputs))
            ):
                continue
            missing.append(f"{name.node}:{-1 if name.output is None else name.output}")
        if missing:
            raise ValueError(
                "Attempted to map inputs that were not found in graph_def: "
                f"[{', '.join(missing)}]"
            )

    # -- making the operations part of the graph ---------------------------------------

    def add(self) -> None:
        """Adds the operations; what surrounds the call takes hold of them."""
        graph, said = self._graph, self._versions
        if self._made:
            graph._check_not_finalized()
        graph._producer_version = min(graph._producer_version, said.producer)
        graph._min_consumer = max(graph._min_consumer, said.min_consumer)
        renamed = {f"loc:@{name}": node.op._name for name, node in self._nodes.items()}
        ops = [node.op for node in self._made]
        devices, graph._device_stack = graph._device_stack, []
        try:
            for op in ops:
                self._add_one(op, renamed)
        finally:
            graph._device_stack = devices
        for op in ops:
            waits = [
                control
                for around in graph._control_stack
                for control in around.control_inputs
            ]
            op._control_inputs = tuple(dict.fromkeys((*op._control_inputs, *waits)))
            if op._context is not None or graph._has_loops:
                _enter_context(op)
            if trace.watcher is not None:
                trace.watcher.operation_made(op)
        self._place(ops)

    def _add_one(self, op: Operation, renamed: Mapping[str, str]) -> None:
        graph = self._graph
        op._id = graph._next_id()
        op._context = graph._control_flow_context
        if op._colocation:
            op._colocation = tuple(
                f"loc:@{renamed[group]}" if group in renamed else group
                for group in op._colocation
            )
        graph._operations[op._name] = op
        graph._names_in_use.setdefault(op._name.lower(), 1)
        graph._version = op._id
        graph._surround(op, ())

    def _place(self, ops: Sequence[Operation]) -> None:
        """Gives each operation its device, or that of what it is placed with."""
        graph = self._graph
        for op in ops:
            if op._device:
                op._device = DeviceSpec.from_string(op._device).to_string()
            if self._placed_with(op):
                op._device = ""
            elif graph._device_stack:
                graph._apply_devices(op)
        for op in ops:
            for name in self._placed_with(op):
                device = graph._operations[name]._device
                if device:
                    op._device = DeviceSpec.from_string(device).to_string()
                    break

    @staticmethod
    def _placed_with(op: Operation) -> list[str]:
        others = [
            group.removeprefix("loc:@")
            for group in op._colocation
            if group.startswith("loc:@")
        ]
        return [name for name in others if name != op._name]


def _newer_attributes(producer_op_list: Any) -> set[tuple[str, str, bytes]]:
    """(type, attribute, default) of all attributes with a default there."""
    if producer_op_list is None:
        return set()
    return {
        (op.name, attr.name, attr.default_value.encode())
        for op in producer_op_list.op
        for attr in op.attr
        if attr.HasField("default_value")
    }


def registered(op_type: str) -> Definition:
    """The type of operation of a name.

    Raises:
        NotFoundError: there is none.
    """
    try:
        return registry.lookup(op_type)
    except KeyError:
        raise NotFoundError(
            None,
            None,
            f"Op type not registered '{op_type}' in binary running on "
            f"{platform.node()}. Make sure the Op and Kernel are registered in the "
            "binary running in this process. Note that if you are loading a saved "
            "graph which used ops from tf.contrib, accessing (e.g.) "
            "`tf.contrib.resampler` should be done before importing the graph, as "
            "contrib ops are lazily registered when the module is first accessed.",
        ) from None


def _output(source: Operation, name: _Name, node: _Node) -> Tensor:
    assert name.output is not None
    if name.output >= len(source._outputs):
        raise ValueError(
            f"Node '{node.message.name}': Connecting to invalid output {name.output} "
            f"of source node {name.node} which has {len(source._outputs)} outputs."
        )
    return source._outputs[name.output]


def _check_inputs(
    definition: Definition,
    attrs: dict[str, Any],
    inputs: tuple[Tensor, ...],
    name: str,
) -> None:
    """ValueError unless the inputs have the types that the attributes say."""
    expected: list[DType] = []
    for argument in definition.inputs:
        if argument.type_list_attr:
            types = list(attrs[argument.type_list_attr])
        else:
            dtype = argument.dtype or attrs[argument.type_attr]
            count = attrs[argument.number_attr] if argument.number_attr else 1
            types = [dtype] * count
        expected += [dtype._as_ref for dtype in types] if argument.is_ref else types
    if len(expected) != len(inputs):
        listed = ", ".join(map(dtypes.runtime_name, expected))
        raise ValueError(
            f"NodeDef expected inputs '{listed}' do not match {len(inputs)} inputs "
            f"specified; {definition_text(definition)}; NodeDef: {{{{node {name}}}}}"
        )
    for place, (dtype, tensor) in enumerate(zip(expected, inputs, strict=True)):
        if tensor._dtype is not dtype and tensor._dtype.base_dtype is not dtype:
            raise ValueError(
                f"Input {place} of node {name} was passed "
                f"{dtypes.runtime_name(tensor._dtype)} from {tensor.name} incompatible "
                f"with expected {dtypes.runtime_name(dtype)}."
            )


def _refine_shapes(op: Operation, shapes: Sequence[Any]) -> None:
    """Adds what the file tells of the shapes of the outputs."""
    if len(shapes) != len(op._outputs):
        raise ValueError(
            f"Node '{op._name}' has {len(op._outputs)} outputs but the _output_shapes "
            f"attribute specifies shapes for {len(shapes)} outputs"
        )
    for place, (tensor, shape) in enumerate(zip(op._outputs, shapes, strict=True)):
        try:
            tensor.set_shape(as_dims(shape))
        except ValueError as error:
            raise ValueError(
                f"Node '{op._name}' has an _output_shapes attribute inconsistent with "
                f"the GraphDef for output #{place}: {error}"
            ) from None
