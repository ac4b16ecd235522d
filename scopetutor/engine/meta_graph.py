"""Graphs with what belongs to them: collections, Saver, the types of operations.

After ``graph_def.py`` and ``collection_messages.py``. A MetaGraphDef is what a
``.meta`` file holds: `export_scoped_meta_graph` makes one of a graph or of one scope of
it; ``meta_graph_import.py`` is the way back. Collections of objects of TF (variables,
Savers, contexts) travel as messages, everything else by name or value.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos
from scopetutor.formats.message import Message

from . import defaults, graph_io, registry, tf_logging
from .collection_messages import saver_from, travel_of
from .graph import Graph
from .graph_def import add_library, attr_value, node_def, op_def, versions
from .keys import GraphKeys
from .scope_names import strip_name_scope

if TYPE_CHECKING:
    from collections.abc import Container

VERSION, GIT_VERSION = "1.15.5", "v1.15.4-39-g3db52be"
_UNBOUND = "$unbound_inputs_"
# TF 1.15 leaves these out of the check that every type of operation is known.
_INTERNAL_TYPES = frozenset({"_Arg", "_Retval", "_ListToArray", "_ArrayToList"})
OLD_NODE_LISTS = frozenset({
    GraphKeys.LOCAL_VARIABLES, GraphKeys.MODEL_VARIABLES, GraphKeys.METRIC_VARIABLES,
})  # fmt: skip
_SAVER_TYPES = frozenset({
    "SaveV2", "Save", "SaveSlice", "LegacySave", "LegacySaveSlice", "RestoreV2",
    "Restore", "RestoreSlice", "LegacyRestore", "LegacyRestoreSlice",
})  # fmt: skip


# -- export ----------------------------------------------------------------------------


def export_scoped_meta_graph(
    filename: str | None = None,
    graph_def: Any = None,
    graph: Any = None,
    export_scope: str | None = None,
    as_text: bool = False,
    unbound_inputs_col_name: str | None = "unbound_inputs",
    clear_devices: bool = False,
    saver_def: Any = None,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> tuple[Any, dict[str, Any]]:
    """The MetaGraphDef of a graph or of one scope of it, and the variables in it.

    Args:
        filename: where to write it, or None.
        graph_def: instead of what the graph is now.
        graph: the default graph if None.
        export_scope: only what is under this name; names lose it.
        as_text: whether the file is text.
        unbound_inputs_col_name: the collection for what comes from outside the scope.
        clear_devices: whether devices are left out.
        saver_def: the Saver that goes with it.
        clear_extraneous_savers: whether other Savers are left out.
        strip_default_attrs: whether attributes that are the default are left out.
        save_debug_info: accepted; nothing more is written.
        **kwargs: `meta_info_def`, `collection_list`.
    """
    graph = graph or defaults.get_default_graph()
    excluded: Container[str] = ()
    if export_scope or clear_extraneous_savers or clear_devices:
        given = graph_def is not None
        graph_def = graph_def if given else _as_made(graph)
        if clear_extraneous_savers:
            excluded = _other_savers(graph_def, saver_def)
        unbound: list[str] = []
        graph_def = _scoped(
            graph_def, export_scope, excluded, unbound, clear_devices, given=given
        )
        if unbound_inputs_col_name:
            graph.clear_collection(unbound_inputs_col_name)
            for name in unbound:
                graph.add_to_collection(unbound_inputs_col_name, name)
    variables = {
        strip_name_scope(v.name, export_scope): v
        for v in graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope=export_scope)
        if _included(v, export_scope, excluded)
    }
    message = create_meta_graph_def(
        graph_def=graph_def,
        graph=graph,
        export_scope=export_scope,
        exclude_nodes=excluded,
        clear_extraneous_savers=clear_extraneous_savers,
        saver_def=saver_def,
        strip_default_attrs=strip_default_attrs,
        **kwargs,
    )
    if filename:
        graph_io.write_graph(
            message, os.path.dirname(filename), os.path.basename(filename), as_text
        )
    return message, variables


def create_meta_graph_def(
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Any = None,
    graph: Any = None,
    export_scope: str | None = None,
    exclude_nodes: Container[str] = (),
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
) -> Any:
    """The MetaGraphDef of a graph.

    Raises:
        TypeError: an argument is not of its type.
        ValueError: an operation is of a type that TensorFlow does not have.
    """
    if graph and not isinstance(graph, Graph):
        raise TypeError("graph must be of type Graph, not %s", type(graph))
    _check_message(meta_info_def, "meta_info_def", "MetaInfoDef")
    _check_message(graph_def, "graph_def", "GraphDef")
    _check_message(saver_def, "saver_def", "SaverDef")
    graph = graph or defaults.get_default_graph()
    message = protos.MetaGraphDef()
    if meta_info_def:
        message.meta_info_def.MergeFrom(meta_info_def)
    message.meta_info_def.tensorflow_version = VERSION
    message.meta_info_def.tensorflow_git_version = GIT_VERSION
    message.graph_def.MergeFrom(graph_def or graph.as_graph_def(add_shapes=True))
    if not message.meta_info_def.stripped_op_list.op:
        message.meta_info_def.stripped_op_list.MergeFrom(
            stripped_op_list_for_graph(message.graph_def)
        )
    if strip_default_attrs:
        _strip_default_attrs(message)
    if saver_def:
        message.saver_def.MergeFrom(saver_def)
    if collection_list is None:
        collection_list = graph.get_all_collection_keys()
    for key in collection_list:
        contents = None
        if clear_extraneous_savers and key == GraphKeys.SAVERS:
            contents = [saver_from(saver_def)]
        add_collection_def(message, key, graph, export_scope, exclude_nodes, contents)
    return message


def _check_message(value: Any, argument: str, kind: str) -> None:
    if value and not (isinstance(value, Message) and type(value).__name__ == kind):
        raise TypeError(f"{argument} must be of type {kind}, not %s", type(value))


def add_collection_def(
    meta_graph_def: Any,
    key: Any,
    graph: Any = None,
    export_scope: str | None = None,
    exclude_nodes: Container[str] = (),
    override_contents: Any = None,
) -> None:
    """Adds one collection to a MetaGraphDef, if its items can travel."""
    if graph and not isinstance(graph, Graph):
        raise TypeError("graph must be of type Graph, not %s", type(graph))
    if not isinstance(key, (str, bytes)):
        tf_logging.warning(
            "Only collections with string type keys will be serialized. This key has "
            "%s",
            type(key),
        )
        return
    graph = graph or defaults.get_default_graph()
    items = [
        item
        for item in override_contents or graph.get_collection(key)
        if _included(item, export_scope, exclude_nodes)
    ]
    if not items:
        return
    try:
        found = _collection_def(key, items, export_scope)
    except Exception as error:  # TF 1.15: whatever it is, only a warning
        tf_logging.warning(
            "Issue encountered when serializing %s.\nType is unsupported, or the types "
            "of the items don't match field type in CollectionDef. Note this is a "
            "warning and probably safe to ignore.\n%s",
            key,
            str(error),
        )
        return
    meta_graph_def.collection_def[key].MergeFrom(found)


def _collection_def(
    key: str | bytes, items: list[Any], export_scope: str | None
) -> Any:
    message = protos.CollectionDef()
    travel = travel_of(key)
    if travel.to_proto:
        for item in items:
            proto = travel.to_proto(item, export_scope=export_scope)
            if proto:
                assert isinstance(proto, travel.proto_type)
                message.bytes_list.value.append(proto.SerializeToString())
        return message
    kind = _kind_of(items[0])
    values = getattr(message, kind).value
    if kind == "node_list":
        values.extend(
            [
                strip_name_scope(item.name, export_scope)
                for item in items
                if not export_scope or item.name.startswith(export_scope)
            ]
        )
    elif kind == "bytes_list":
        values.extend([i.encode() if isinstance(i, str) else i for i in items])
    else:
        values.extend(items)
    return message


def _kind_of(item: Any) -> str:
    if isinstance(item, (str, bytes)):
        return "bytes_list"
    if isinstance(item, int):
        return "int64_list"
    if isinstance(item, float):
        return "float_list"
    if isinstance(item, Message) and type(item).__name__ == "Any":
        return "any_list"
    return "node_list"


def _included(item: Any, export_scope: str | None, excluded: Container[str]) -> bool:
    """Whether a node, or an item of a collection, belongs to what is exported."""
    name = item if isinstance(item, str) else getattr(item, "name", None)
    if name is None:
        return True
    if name in excluded:
        return False
    return not export_scope or name.startswith((_UNBOUND, export_scope))


def stripped_op_list_for_graph(graph_def: Any) -> Any:
    """The OpDefs of the types of operations in a graph, sorted.

    Raises:
        ValueError: TensorFlow has no such type.
    """
    functions = {f.signature.name: f for f in graph_def.library.function}
    used: set[str] = set()
    nodes = list(graph_def.node)
    while nodes:
        waiting: list[Any] = []
        for node in nodes:
            if node.op not in used and node.op in functions:
                waiting += functions[node.op].node_def
            used.add(node.op)
        nodes = waiting
    known = []
    for name in sorted(used - functions.keys()):
        try:
            known.append(op_def(registry.lookup(name)))
        except KeyError:
            if name not in _INTERNAL_TYPES:
                raise ValueError(
                    f"Op {name} is used by the graph, but is not registered"
                ) from None
    return protos.OpList(op=known)


def _strip_default_attrs(message: Any) -> None:
    nodes = list(message.graph_def.node)
    functions = message.graph_def.library.function
    for function in functions:
        nodes += function.node_def
    own = {function.signature.name for function in functions}
    for node in nodes:
        if node.op in own:
            continue
        try:
            attributes = registry.lookup(node.op).attributes
        except KeyError:
            continue
        for name, attribute in attributes.items():
            if name in node.attr and attribute.has_default:
                default = attr_value(attribute.kind, attribute.default)
                if node.attr[name] == default:
                    del node.attr[name]
    message.meta_info_def.stripped_default_attrs = True


# -- one scope of a graph --------------------------------------------------------------


def _as_made(graph: Graph) -> Any:
    """The GraphDef of a graph; inputs are named as their operations name them."""
    made = protos.GraphDef(versions=versions(graph))
    for op in graph.get_operations():
        made.node.append(node_def(op, add_shapes=True))
    add_library(made, graph)
    return made


def _scoped(
    graph_def: Any,
    export_scope: str | None,
    excluded: Container[str],
    unbound: list[str],
    clear_devices: bool,
    *,
    given: bool,
) -> Any:
    """What of a GraphDef is in a scope, without the scope's name."""
    made = protos.GraphDef()
    made.versions.CopyFrom(graph_def.versions)
    if given:
        # TF 1.15: then it is there, even if it is empty.
        made.library.CopyFrom(graph_def.library)
    for node in graph_def.node:
        if _included(node.name, export_scope, excluded):
            made.node.append(_scoped_node(node, export_scope, unbound, clear_devices))
    return made


def _scoped_node(
    node: Any, export_scope: str | None, unbound: list[str], clear_devices: bool
) -> Any:
    made = protos.NodeDef()
    made.CopyFrom(node)
    for index, name in enumerate(node.input):
        if export_scope and not name.lstrip("^").startswith(export_scope):
            caret = "^" if name.startswith("^") else ""
            made.input[index] = caret + _UNBOUND + name.removeprefix("^")
            unbound.append(made.input[index])
        else:
            made.input[index] = strip_name_scope(name, export_scope)
    made.name = strip_name_scope(node.name, export_scope)
    if "_class" in made.attr:
        groups = [
            strip_name_scope(group.decode(), export_scope).encode()
            for group in node.attr["_class"].list.s
            if not export_scope
            or group.decode().partition("@")[2].startswith(export_scope)
        ]
        made.attr["_class"].CopyFrom(attr_value("list(string)", groups))
    if node.op in ("Enter", "RefEnter"):
        frame = node.attr["frame_name"].s.decode()
        made.attr["frame_name"].s = strip_name_scope(frame, export_scope).encode()
    if clear_devices:
        made.device = ""
    return made


def _op_name(tensor_name: str) -> str:
    return tensor_name.removeprefix("^").partition(":")[0]


def _scope_of(node_name: str) -> str:
    return node_name.removeprefix("^").rpartition("/")[0]


def _other_savers(graph_def: Any, saver_def: Any) -> set[str]:
    """The names of nodes in scopes of Savers other than one.

    TF 1.15: whatever lies in a scope in which something is saved or restored.
    """
    kept = set()
    if saver_def is not None:
        kept = {
            _scope_of(_op_name(name))
            for name in (saver_def.save_tensor_name, saver_def.restore_op_name)
        }
    savers = {node.name for node in graph_def.node if node.op in _SAVER_TYPES}
    scopes = {_scope_of(name) for name in savers} - savers - kept
    beginnings = tuple(f"{scope}/" for scope in scopes)
    return {node.name for node in graph_def.node if node.name.startswith(beginnings)}
