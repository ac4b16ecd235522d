"""Cutting and freezing graphs: `tf.graph_util`.

Works on GraphDefs, not on graphs; ``graph_import.py`` brings the result back. Freezing
puts the values of a session's variables into the graph as constants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos
from scopetutor.formats.message import Message

from . import deprecation, dtypes, tf_logging
from .constants import literal
from .graph_def import literal_proto
from .operation import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_MODULE = "tensorflow.python.framework.graph_util_impl"
_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})
_ON_CPU = frozenset({
    "Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub",
    "ScatterUpdate", "TruncatedNormal", "Variable", "VariableV2",
})  # fmt: skip
_PASSING_ON = frozenset({
    "Switch", "Enter", "Exit", "Identity", "Merge", "NextIteration",
})  # fmt: skip


def _deprecated(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    instead = f"Use `tf.compat.v1.graph_util.{name}`"
    return deprecation.deprecated(name, _MODULE, instead)


@_deprecated("must_run_on_cpu")
def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Whether a node has only kernels for the CPU, as far as TF 1.15 knows."""
    node_def = node.node_def if isinstance(node, Operation) else node
    assert isinstance(node_def, Message)
    if pin_variables_on_cpu and node_def.op in _ON_CPU:
        return True
    if node_def.op == "Const":
        return node_def.attr["dtype"].type in (
            dtypes.string.as_datatype_enum,
            dtypes.int32.as_datatype_enum,
        )
    attr = {"DynamicStitch": "T", "ParallelDynamicStitch": "T", "Cast": "SrcT"}.get(
        node_def.op
    )
    if attr is None:
        return False
    is_int32: bool = node_def.attr[attr].type == dtypes.int32.as_datatype_enum
    return is_int32


@_deprecated("tensor_shape_from_node_def_name")
def tensor_shape_from_node_def_name(graph: Any, input_name: str) -> Any:
    """The static shape of a tensor, by its name with or without ":0"."""
    name = input_name if ":" in input_name else f"{input_name}:0"
    return graph.get_tensor_by_name(name).get_shape()


# -- cutting ---------------------------------------------------------------------------


def _node_name(name: str) -> str:
    return name[1:] if name.startswith("^") else name.partition(":")[0]


def _sources(node: Any) -> Iterator[str]:
    """The names of the nodes that a node takes, waits for, or is placed with."""
    yield from map(_node_name, node.input)
    if "_class" in node.attr:
        for group in node.attr["_class"].list.s:
            text = group.decode()
            if text.startswith("loc:@"):
                yield text[5:]


@_deprecated("extract_sub_graph")
def extract_sub_graph(graph_def: Any, dest_nodes: Any) -> Any:
    """What of a GraphDef some nodes need.

    Raises:
        TypeError: the arguments are no GraphDef and no list.
        AssertionError: there is no node of a name.
    """
    if not (isinstance(graph_def, Message) and graph_def.schema.name == "GraphDef"):
        raise TypeError("graph_def must be a graph_pb2.GraphDef proto.")
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    nodes = {_node_name(node.name): node for node in graph_def.node}
    for name in dest_nodes:
        assert name in nodes, f"{name} is not in graph"
    kept = _needed(nodes, dest_nodes)
    made = protos.GraphDef()
    made.node.extend([node for name, node in nodes.items() if name in kept])
    made.library.CopyFrom(graph_def.library)
    made.versions.CopyFrom(graph_def.versions)
    return made


def _needed(nodes: Mapping[str, Any], targets: Iterable[str]) -> set[str]:
    needed: set[str] = set()
    waiting = list(targets)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            # TF 1.15: a node that is not there is a KeyError.
            waiting.extend(_sources(nodes[name]))
    return needed


# -- freezing --------------------------------------------------------------------------


@_deprecated("convert_variables_to_constants")
def convert_variables_to_constants(
    sess: Any,
    input_graph_def: Any,
    output_node_names: Any,
    variable_names_whitelist: Any = None,
    variable_names_blacklist: Any = None,
) -> Any:
    """The GraphDef that some nodes need, with constants instead of variables.

    Args:
        sess: the session that has the values.
        input_graph_def: the graph.
        output_node_names: the nodes to keep, with all they need.
        variable_names_whitelist: the only variables to freeze, or None.
        variable_names_blacklist: the variables not to freeze, or None.

    Raises:
        ValueError: a read of a resource cannot be followed to its variable.
    """
    graph = extract_sub_graph(input_graph_def, output_node_names)
    nodes = {node.name: node for node in graph.node}
    names = [
        node.name
        for node in graph.node
        if node.op in _HOLDERS
        and (variable_names_whitelist is None or node.name in variable_names_whitelist)
        and not (variable_names_blacklist and node.name in variable_names_blacklist)
    ]
    types = _types_of_handles(graph, nodes)
    values = sess.run([_value_name(nodes[name]) for name in names]) if names else []
    tf_logging.info("Froze %d variables.", len(values))
    frozen = dict(zip(names, values, strict=True))
    made = protos.GraphDef()
    for node in graph.node:
        made.node.extend(_frozen_node(node, frozen, types))
    made.library.CopyFrom(graph.library)
    tf_logging.info("Converted %d variables to const ops.", len(frozen))
    return made


def _value_name(node: Any) -> str:
    ending = "/Read/ReadVariableOp:0" if node.op == "VarHandleOp" else ":0"
    return node.name + ending  # type: ignore[no-any-return]


def _types_of_handles(graph: Any, nodes: Mapping[str, Any]) -> dict[str, Any]:
    """For nodes that pass a resource on, the type of its value once it is frozen."""
    types: dict[str, Any] = {}
    for node in graph.node:
        if node.op not in ("ReadVariableOp", "ResourceGather"):
            continue
        sources = [_node_name(node.input[0])]
        while sources and nodes[sources[0]].op in _PASSING_ON:
            name = sources.pop()
            passed = [name]
            if nodes[name].op == "Merge":
                passed.append(_node_name(nodes[name].input[1]))
            for each in passed:
                if each not in types:
                    types[each] = node.attr["dtype"]
                    sources.append(_node_name(nodes[each].input[0]))
        for name in sources:
            if nodes[name].op != "VarHandleOp":
                raise ValueError(
                    "Cannot find the variable that is an input to the ReadVariableOp."
                )
    return types


def _frozen_node(
    node: Any, frozen: Mapping[str, Any], types: Mapping[str, Any]
) -> Sequence[Any]:
    """The node or nodes that stand for one in a frozen graph."""
    if node.name in frozen:
        return [_constant(node.name, node.attr["dtype"], frozen[node.name])]
    made = protos.NodeDef()
    if node.name in types:
        made.CopyFrom(node)
        made.attr.pop("_output_shapes", None)
        made.attr["T"].CopyFrom(types[node.name])
    elif node.op == "ReadVariableOp":
        made.name, made.op = node.name, "Identity"
        made.input.append(node.input[0])
        made.attr["T"].CopyFrom(node.attr["dtype"])
        _copy_group(node, made)
    elif node.op == "ResourceGather":
        return _frozen_gather(node, made)
    else:
        made.CopyFrom(node)
    return [made]


def _frozen_gather(node: Any, made: Any) -> Sequence[Any]:
    if node.attr["batch_dims"].i != 0:
        raise ValueError("batch_dims != 0 is not supported by freeze_graph.")
    axis = _constant(f"{node.name}/axis", node.attr["Tindices"], 0)
    made.name, made.op = node.name, "GatherV2"
    made.input.extend([node.input[0], node.input[1], axis.name])
    made.attr["Tparams"].CopyFrom(node.attr["dtype"])
    made.attr["Tindices"].CopyFrom(node.attr["Tindices"])
    made.attr["Taxis"].CopyFrom(node.attr["Tindices"])
    made.attr["batch_dims"].CopyFrom(node.attr["batch_dims"])
    _copy_group(node, made)
    return [axis, made]


def _copy_group(node: Any, made: Any) -> None:
    if "_class" in node.attr:
        made.attr["_class"].CopyFrom(node.attr["_class"])


def _constant(name: str, dtype: Any, value: Any) -> Any:
    made = protos.NodeDef(name=name, op="Const")
    made.attr["dtype"].CopyFrom(dtype)
    found, _ = literal(value, dtypes.as_dtype(dtype.type))
    made.attr["value"].tensor.CopyFrom(literal_proto(found))
    return made


# -- leaving out -----------------------------------------------------------------------


@_deprecated("remove_training_nodes")
def remove_training_nodes(input_graph: Any, protected_nodes: Any = None) -> Any:
    """A GraphDef without checks of numbers and without nodes that pass a value on.

    Args:
        input_graph: the graph.
        protected_nodes: the names of nodes to keep.
    """
    protected = protected_nodes or []
    kept = _without_checks(input_graph.node, protected)
    waiting = {n.name for n in kept if any("^" in name for name in n.input)}
    waited_for = {
        name.replace("^", "") for n in kept for name in n.input if "^" in name
    }
    passing = {
        n.name: n.input[0]
        for n in kept
        if n.op == "Identity"
        and n.name not in protected
        and n.name not in waiting
        and n.name not in waited_for
    }
    made = protos.GraphDef()
    for node in kept:
        if node.name in passing:
            continue
        copy = made.node.add()
        copy.CopyFrom(node)
        for index, name in enumerate(node.input):
            source = name
            while source.removeprefix("^") in passing:
                source = passing[source.removeprefix("^")]
            copy.input[index] = source
    return made


def _without_checks(nodes: Iterable[Any], protected: Any) -> list[Any]:
    nodes = list(nodes)
    gone = {
        node.name
        for node in nodes
        if node.op == "CheckNumerics" and node.name not in protected
    }
    kept = []
    for node in nodes:
        if node.name not in gone:
            copy = protos.NodeDef()
            copy.CopyFrom(node)
            copy.input[:] = [n for n in node.input if n.removeprefix("^") not in gone]
            kept.append(copy)
    return kept
