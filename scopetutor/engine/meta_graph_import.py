"""The way back from a MetaGraphDef: its graph, and what its collections held.

After ``meta_graph.py`` and ``graph_import.py``; ``training/saver.py`` adds the Saver.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.graph_files import read_meta_graph
from scopetutor.formats.message import Message

from . import compat, defaults, tf_logging
from .collection_messages import Travel, travel_of
from .graph_import import import_graph_def
from .keys import GraphKeys
from .meta_graph import OLD_NODE_LISTS, export_scoped_meta_graph
from .scope_names import prepend_name_scope, strip_name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .graph import Graph


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
        travel = travel_of(key)
        values = getattr(saved, kind).value
        if travel.from_proto and kind == "bytes_list":
            found = self._objects(key, travel, values)
        else:
            if key in OLD_NODE_LISTS:
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
        self, key: str, travel: Travel, values: Sequence[bytes]
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
