"""Graphs with what belongs to them: collections, Saver, the types of operations.

After ``graph_def.py`` and ``graph_import.py``. A MetaGraphDef is what a ``.meta`` file
holds: `export_scoped_meta_graph` makes one of a graph or of one scope of it,
`import_scoped_meta_graph` is the way back. Collections of TF's own objects (variables,
Savers, contexts) travel as messages, everything else by name or value.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats import protos
from scopetutor.formats.graph_files import read_meta_graph
from scopetutor.formats.message import Message

from . import compat, defaults, graph_io, registry, tf_logging
from .graph import Graph
from .graph_def import add_library, attr_value, node_def, op_def, versions
from .graph_import import import_graph_def
from .keys import GraphKeys
from .scope_names import prepend_name_scope, strip_name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

VERSION, GIT_VERSION = "1.15.5", "v1.15.4-39-g3db52be"
_UNBOUND = "$unbound_inputs_"
# TF 1.15 leaves these out of the check that every type of operation is known.
_INTERNAL_TYPES = frozenset({"_Arg", "_Retval", "_ListToArray", "_ArrayToList"})
_OLD_NODE_LISTS = frozenset({
    GraphKeys.LOCAL_VARIABLES, GraphKeys.MODEL_VARIABLES, GraphKeys.METRIC_VARIABLES,
})  # fmt: skip
_SAVER_TYPES = frozenset({
    "SaveV2", "Save", "SaveSlice", "LegacySave", "LegacySaveSlice", "RestoreV2",
    "Restore", "RestoreSlice", "LegacyRestore", "LegacyRestoreSlice",
})  # fmt: skip


# -- how objects in collections travel -------------------------------------------------


class _Travel(NamedTuple):
    """How the objects of one collection become messages and come back."""

    proto_type: Any
    to_proto: Callable[..., Any] | None
    from_proto: Callable[..., Any] | None


def _variable_from(message: Any, import_scope: str | None = None) -> Any:
    from .resource_variables import ResourceVariable  # noqa: PLC0415 - when one comes
    from .variables import Variable  # noqa: PLC0415 - as above

    kind = ResourceVariable if message.is_resource else Variable
    return kind.from_proto(message, import_scope=import_scope)


def _to_proto(thing: Any, export_scope: str | None = None) -> Any:
    return thing.to_proto(export_scope=export_scope)


def _context_from(message: Any, import_scope: str | None = None) -> Any:
    from . import context_messages  # noqa: PLC0415 - most graphs have none

    return context_messages.from_proto(message, import_scope)


def _saver_from(message: Any, import_scope: str | None = None) -> Any:
    from .training.saver import Saver  # noqa: PLC0415 - it is built on this module

    return Saver.from_proto(message, import_scope=import_scope)


_VARIABLES = _Travel(protos.VariableDef, _to_proto, _variable_from)
_travels: dict[str, _Travel] = {
    GraphKeys.SAVERS: _Travel(protos.SaverDef, _to_proto, _saver_from),
    GraphKeys.COND_CONTEXT: _Travel(protos.CondContextDef, _to_proto, _context_from),
    GraphKeys.WHILE_CONTEXT: _Travel(protos.WhileContextDef, _to_proto, _context_from),
    **dict.fromkeys(
        (
            GraphKeys.GLOBAL_VARIABLES,
            GraphKeys.TRAINABLE_VARIABLES,
            GraphKeys.MOVING_AVERAGE_VARIABLES,
            GraphKeys.LOCAL_VARIABLES,
            GraphKeys.MODEL_VARIABLES,
            GraphKeys.METRIC_VARIABLES,
            GraphKeys.GLOBAL_STEP,
        ),
        _VARIABLES,
    ),
}


_NO_TRAVEL = _Travel(None, None, None)


def register_proto_function(
    collection_name: str,
    proto_type: Any = None,
    to_proto: Callable[..., Any] | None = None,
    from_proto: Callable[..., Any] | None = None,
) -> None:
    """Says how the objects of a collection travel: as messages of a type.

    Raises:
        TypeError: a function for one way is none.
        KeyError: the collection has been spoken of before.
    """
    for what, function in (("to_proto", to_proto), ("from_proto", from_proto)):
        if function and not callable(function):
            raise TypeError(f"{what} must be callable.")
    if collection_name in _travels:
        raise KeyError(
            f"Registering two proto functions with name '{collection_name}'!"
        )
    _travels[collection_name] = _Travel(proto_type, to_proto, from_proto)


def get_collection_proto_type(collection_name: str) -> Any:
    """The type of message the objects of a collection travel as, or None."""
    return _travels.get(collection_name, _NO_TRAVEL).proto_type


def get_to_proto_function(collection_name: str) -> Any:
    """What makes messages of the objects of a collection, or None."""
    return _travels.get(collection_name, _NO_TRAVEL).to_proto


def get_from_proto_function(collection_name: str) -> Any:
    """What makes objects of messages, for a collection, or None."""
    return _travels.get(collection_name, _NO_TRAVEL).from_proto


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
            contents = [_saver_from(saver_def)]
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
    travel = _travels.get(key, _NO_TRAVEL)  # type: ignore[arg-type]
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
    made = protos.GraphDef(versions=versions())
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


# -- import ----------------------------------------------------------------------------


def read_meta_graph_file(filename: Any) -> Any:
    """The MetaGraphDef in a file, binary or text.

    Raises:
        OSError: there is no such file, or it holds something else.
        TypeError: it is no name of a file.
    """
    path = compat.as_text(filename)
    if not os.path.exists(path):
        raise OSError(f"File {path} does not exist.")
    try:
        return read_meta_graph(path)
    except FileMissingError:
        raise OSError(f"File {path} does not exist.") from None
    except FileFormatError as error:
        raise OSError(f"Cannot parse file {path}: {error.problem}.") from None


def import_scoped_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    graph: Any = None,
    import_scope: str | None = None,
    input_map: Any = None,
    unbound_inputs_col_name: str | None = "unbound_inputs",
    restore_collections_predicate: Callable[[str], bool] = lambda _key: True,
) -> dict[str, Any]:
    """Adds a saved graph to a graph; its global variables by name."""
    return import_scoped_meta_graph_with_return_elements(
        meta_graph_or_file,
        clear_devices,
        graph,
        import_scope,
        input_map,
        unbound_inputs_col_name,
        restore_collections_predicate,
    )[0]


def import_scoped_meta_graph_with_return_elements(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    graph: Any = None,
    import_scope: str | None = None,
    input_map: Any = None,
    unbound_inputs_col_name: str | None = "unbound_inputs",
    restore_collections_predicate: Callable[[str], bool] = lambda _key: True,
    return_elements: Any = None,
) -> tuple[dict[str, Any], Any]:
    """Adds a saved graph with its collections to a graph.

    Returns:
        Its global variables by their names in the file, and the elements asked for.

    Raises:
        ValueError: the graph does not fit, or an input of it is not given.
        OSError: there is no such file, or it holds something else.
    """
    if defaults.state.eager:
        raise ValueError(
            "Exporting/importing meta graphs is not supported when eager execution is "
            "enabled."
        )
    message = meta_graph_or_file
    if not isinstance(message, Message):
        message = read_meta_graph_file(message)
    if unbound_inputs_col_name in message.collection_def:
        _check_bound(message.collection_def[unbound_inputs_col_name], input_map)
    graph = graph or defaults.get_default_graph()
    with graph.as_default():
        producer = None
        if message.meta_info_def.HasField("stripped_op_list"):
            producer = message.meta_info_def.stripped_op_list
        if clear_devices:
            for node in message.graph_def.node:
                node.device = ""
        scope = graph.unique_name(import_scope or "", mark_as_used=False)
        elements = import_graph_def(
            message.graph_def,
            name=import_scope or scope,
            input_map=input_map,
            producer_op_list=producer,
            return_elements=return_elements,
        )
        _Collections(graph, message, scope).restore(
            unbound_inputs_col_name, restore_collections_predicate
        )
        variables = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope=scope)
    return {strip_name_scope(v.name, scope): v for v in variables}, elements


def copy_scoped_meta_graph(
    from_scope: str, to_scope: str, from_graph: Any = None, to_graph: Any = None
) -> dict[str, Any]:
    """Copies a scope of a graph into another scope or graph; its variables by name.

    Raises:
        ValueError: both are the same.
    """
    here = defaults.get_default_graph()
    from_graph, to_graph = from_graph or here, to_graph or here
    if from_graph is to_graph and from_scope == to_scope:
        raise ValueError(
            "'from_scope' and 'to_scope' need to be different when performing copy in "
            "the same graph."
        )
    message, _ = export_scoped_meta_graph(export_scope=from_scope, graph=from_graph)
    return import_scoped_meta_graph(message, graph=to_graph, import_scope=to_scope)


def _check_bound(collection: Any, input_map: Any) -> None:
    """ValueError unless every input from outside the exported scope is given."""
    names = [
        name.decode() if isinstance(name, bytes) else name
        for name in getattr(collection, collection.WhichOneof("kind")).value
    ]
    if names and (not input_map or sorted(names) != sorted(input_map)):
        missing = [name for name in names if not input_map or name not in input_map]
        raise ValueError(
            f"Graph contains unbound inputs: {','.join(missing)}. Must provide these "
            "inputs through input_map."
        )


class _Collections:
    """The collections of a MetaGraphDef on their way into a graph."""

    def __init__(self, graph: Graph, message: Any, scope: str) -> None:
        self._graph = graph
        self._saved = message.collection_def
        self._scope = scope
        self._variables: dict[bytes, Any] = {}
        version = message.meta_info_def.tensorflow_version
        # Before 1.9 a VariableDef did not say whether it is trainable.
        self._says_trainable = not version or _numbers(version) >= [1, 9]

    def restore(self, unbound: str | None, wanted: Callable[[str], bool]) -> None:
        """Adds all of them; the trainable variables first, as TF 1.15 does."""
        first = GraphKeys.TRAINABLE_VARIABLES
        for key in sorted(self._saved, key=lambda key: (key != first, key)):
            if key != unbound and wanted(key):
                self._restore_one(key, self._saved[key])

    def _restore_one(self, key: str, saved: Any) -> None:
        kind = saved.WhichOneof("kind")
        if kind is None:
            tf_logging.error(
                "Cannot identify data type for collection %s. Skipping.", key
            )
            return
        travel = _travels.get(key, _NO_TRAVEL)
        values = getattr(saved, kind).value
        if travel.from_proto and kind == "bytes_list":
            found = self._objects(key, travel, values)
        else:
            if key in _OLD_NODE_LISTS:
                tf_logging.warning(
                    "The saved meta_graph is possibly from an older release:\n'%s' "
                    "collection should be of type 'byte_list', but instead is of type "
                    "'%s'.",
                    key,
                    kind,
                )
            found = self._plain(kind, values)
        for item in found:
            self._graph.add_to_collection(key, item)

    def _objects(
        self, key: str, travel: _Travel, values: Sequence[bytes]
    ) -> Iterable[Any]:
        """The objects that messages stand for; a variable is one in all collections."""
        shared = key in GraphKeys._VARIABLE_COLLECTIONS
        for value in values:
            if shared and value in self._variables:
                yield self._variables[value]
                continue
            proto = travel.proto_type.FromString(value)
            if shared and not self._says_trainable:
                proto.trainable = key == GraphKeys.TRAINABLE_VARIABLES
            assert travel.from_proto is not None
            item = travel.from_proto(proto, import_scope=self._scope)
            if shared:
                self._variables[value] = item
            yield item

    def _plain(self, kind: str, values: Sequence[Any]) -> Iterable[Any]:
        if kind == "node_list":
            return [
                self._graph.as_graph_element(prepend_name_scope(name, self._scope))
                for name in values
            ]
        if kind == "bytes_list" and self._scope:
            return [prepend_name_scope(v.decode(), self._scope) for v in values]
        return list(values)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]
