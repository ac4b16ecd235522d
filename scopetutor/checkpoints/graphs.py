"""What is in a graph's file: a `.meta`, a frozen `.pb`, a `.pbtxt`, a SavedModel.

``read_graph_file`` is where every command of `scopetutor meta` begins; what it gives is
drawn by ``render``. No NumPy is needed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

import msgspec

from scopetutor.errors import FileFormatError, FileMissingError, UsageError
from scopetutor.formats import graph_files, protos
from scopetutor.formats.datatypes import DATATYPES
from scopetutor.formats.near_misses import ENDINGS

FileKind: TypeAlias = Literal["meta graph", "graph", "SavedModel"]

_VARIABLES = (
    "variables",
    "local_variables",
    "model_variables",
    "moving_average_variables",
)
_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})
_WEIGHTS = frozenset({"float32", "float64", "float16", "bfloat16"})
_REF = 100


class GraphNode(msgspec.Struct, frozen=True):
    """One node.

    Attributes:
        name, op: its name and type.
        inputs: what it takes, as in the file; ``^x`` is waited for only.
        device: where it is to run; empty if that is open.
    """

    name: str
    op: str
    inputs: tuple[str, ...]
    device: str


class GraphVariable(msgspec.Struct, frozen=True):
    """One variable.

    Attributes:
        name: of its tensor or handle, such as ``fc/w:0``.
        key: what a checkpoint calls it; of a part of a partitioned variable the whole.
        saved: its shape in a checkpoint, which is that of the whole.
        dtype: of its values.
        shape: None if unknown; in it None for an unknown size.
        kind: "ref", "resource", or "constant" in a frozen graph.
        trainable: None where the file does not say.
        collections: those that have it.
        initializer: the operation that sets it first; empty if none.
    """

    name: str
    key: str
    dtype: str
    shape: tuple[int | None, ...] | None
    saved: tuple[int | None, ...] | None
    kind: str
    trainable: bool | None
    collections: tuple[str, ...]
    initializer: str


class GraphFile(msgspec.Struct, frozen=True):
    """A graph's file; what ``meta ls --json`` prints.

    Attributes:
        path: the file.
        kind: what it is.
        tensorflow: the version that wrote it; empty if it does not say.
        tags: of the meta graph.
        producer: the GraphDef version.
        nodes: all nodes in the order of the file.
        functions: names of the functions in its library.
        variables: sorted by name.
        collections: name -> how many items.
        signatures: name -> what goes in and out.
        saver: what a Saver of this graph is called by: its nodes; empty if none.
    """

    path: str
    kind: FileKind
    tensorflow: str
    tags: tuple[str, ...]
    producer: int
    nodes: tuple[GraphNode, ...]
    functions: tuple[str, ...]
    variables: tuple[GraphVariable, ...]
    collections: dict[str, int]
    signatures: dict[str, str]
    saver: dict[str, str]

    @property
    def types(self) -> list[tuple[str, int]]:
        """(type, how many nodes have it), most frequent first."""
        counts = Counter(node.op for node in self.nodes)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def read_graph_file(path: str, *, tags: str = "") -> GraphFile:
    """Read a graph, whatever kind of file it is in.

    Args:
        path: the file; the prefix of a checkpoint; the folder of a SavedModel.
        tags: which graph of a SavedModel that has several, with commas between.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is damaged, or no graph.
        UsageError: a SavedModel has several graphs, or none with these tags.
    """
    return _described(*_read(path, tags))


def read_graph_def(path: str, *, tags: str = "") -> Any:
    """The `GraphDef` in such a file; arguments and errors as `read_graph_file`."""
    return _read(path, tags)[2].graph_def


def _read(path: str, tags: str) -> tuple[str, FileKind, Any]:
    """(the file, its kind, its `MetaGraphDef`)."""
    found = _find(os.path.expanduser(path))
    name = os.path.basename(found)
    if name.startswith("saved_model.pb"):
        model = graph_files.read_saved_model(os.path.dirname(found) or ".")
        return found, "SavedModel", _chosen(model, found, tags)
    if name.endswith((".meta", ".meta.txt", ".meta.pbtxt")):
        return found, "meta graph", graph_files.read_meta_graph(found)
    meta = protos.MetaGraphDef()
    meta.graph_def.CopyFrom(_frozen(found))
    return found, "graph", meta


def _find(path: str) -> str:
    """The file that is meant."""
    if os.path.isdir(path):
        for name in ("saved_model.pb", "saved_model.pbtxt"):
            if os.path.isfile(os.path.join(path, name)):
                return os.path.join(path, name)
        metas = sorted(name for name in os.listdir(path) if name.endswith(".meta"))
        if len(metas) == 1:
            return os.path.join(path, metas[0])
        there = f"there are {', '.join(metas[:3])}" if metas else "name a file"
        raise FileMissingError(
            "which graph of this folder is not clear", path=path, hint=there
        )
    if os.path.isfile(path) and not ENDINGS.search(path):
        # A V1 checkpoint is one file, and its graph another one beside it.
        return f"{path}.meta" if os.path.isfile(f"{path}.meta") else path
    meta = path if path.endswith(".meta") else f"{ENDINGS.sub('', path)}.meta"
    if os.path.isfile(meta):
        return meta
    raise FileMissingError(
        "there is no such file",
        path=path,
        hint="a .meta, .pb or .pbtxt file, or the folder of a SavedModel",
    )


def _frozen(path: str) -> Any:
    try:
        graph = graph_files.read_graph(path)
        if graph.node and all(node.name and node.op for node in graph.node):
            return graph
    except FileMissingError:
        raise
    except FileFormatError as error:
        meta = _as_meta(path)
        if meta is None:
            raise error from error
        return meta.graph_def
    meta = _as_meta(path)
    if meta is not None:
        return meta.graph_def
    raise FileFormatError(
        "this file has no graph in it", path=path, hint="a .meta, .pb or .pbtxt file"
    )


def _as_meta(path: str) -> Any:
    """The meta graph in a file that is not called so; None if it is none."""
    try:
        meta = graph_files.read_meta_graph(path)
    except FileFormatError:
        return None
    nodes = meta.graph_def.node
    return meta if nodes and all(node.name and node.op for node in nodes) else None


def _chosen(model: Any, path: str, tags: str) -> Any:
    """One meta graph of a SavedModel."""
    asked = {tag.strip() for tag in tags.split(",") if tag.strip()}
    graphs = [
        meta
        for meta in model.meta_graphs
        if not asked or set(meta.meta_info_def.tags) == asked
    ]
    if len(graphs) == 1:
        return graphs[0]
    there = " · ".join(",".join(meta.meta_info_def.tags) for meta in model.meta_graphs)
    problem = "it has no graph with these tags" if asked else "it has several graphs"
    raise UsageError(problem, place=path, hint=f"--tags with one of: {there}")


def _described(path: str, kind: FileKind, meta: Any) -> GraphFile:
    graph = meta.graph_def
    return GraphFile(
        path=path,
        kind=kind,
        tensorflow=meta.meta_info_def.tensorflow_version,
        tags=tuple(meta.meta_info_def.tags),
        producer=graph.versions.producer,
        nodes=tuple(
            GraphNode(node.name, node.op, tuple(node.input), node.device)
            for node in graph.node
        ),
        functions=tuple(f.signature.name for f in graph.library.function),
        variables=tuple(sorted(_variables(meta), key=lambda v: v.name)),
        collections={
            key: _length(value) for key, value in sorted(meta.collection_def.items())
        },
        signatures={
            key: _signature(value) for key, value in sorted(meta.signature_def.items())
        },
        saver={
            name: value
            for name in ("filename_tensor_name", "save_tensor_name", "restore_op_name")
            if (value := getattr(meta.saver_def, name))
        },
    )


def _length(collection: Any) -> int:
    kind = collection.WhichOneof("kind")
    return len(getattr(collection, kind).value) if kind else 0


def _signature(signature: Any) -> str:
    inward, outward = (
        ", ".join(f"{key}={info.name}" for key, info in sorted(side.items()))
        for side in (signature.inputs, signature.outputs)
    )
    return f"{inward} -> {outward}"


# -- variables -------------------------------------------------------------------------


def _variables(meta: Any) -> Iterator[GraphVariable]:
    """Those of the collections; where there are none, those of the nodes."""
    nodes = {node.name: node for node in meta.graph_def.node}
    trainable = {v.variable_name for v in _defs(meta, "trainable_variables")}
    found: dict[str, tuple[Any, list[str]]] = {}
    for key in (*_VARIABLES, *meta.collection_def):
        for variable in _defs(meta, key):
            if not _holds(nodes.get(variable.variable_name.partition(":")[0])):
                break  # of a collection of something else: a message fits many bytes
            _, keys = found.setdefault(variable.variable_name, (variable, []))
            if key not in keys:
                keys.append(key)
    for name, (variable, keys) in found.items():
        node = nodes.get(name.partition(":")[0])
        yield _collected(variable, node, keys, trainable=name in trainable)
    if not found:
        yield from filter(None, map(_of_node, meta.graph_def.node))


def _defs(meta: Any, key: str) -> Iterator[Any]:
    """The variables of a collection; none if it holds something else."""
    if key not in meta.collection_def:
        return
    for raw in meta.collection_def[key].bytes_list.value:
        try:
            variable: Any = protos.VariableDef.decode(raw)
        except FileFormatError:
            return
        yield variable


def _holds(node: Any) -> bool:
    return node is not None and node.op in _HOLDERS


def _collected(
    variable: Any, node: Any, collections: list[str], *, trainable: bool
) -> GraphVariable:
    slices = variable.save_slice_info_def
    name = variable.variable_name
    return GraphVariable(
        name=name,
        key=slices.full_name or name.partition(":")[0],
        dtype=_dtype(node),
        shape=_shape(node),
        saved=tuple(slices.full_shape) if slices.full_name else _shape(node),
        kind="resource" if variable.is_resource else "ref",
        trainable=trainable,
        collections=tuple(collections),
        initializer=variable.initializer_name,
    )


def _of_node(node: Any) -> GraphVariable | None:
    """A variable's node, or a constant large enough to have been one."""
    if node.op in _HOLDERS:
        kind, shape = "resource" if node.op == "VarHandleOp" else "ref", _shape(node)
    elif node.op == "Const":
        tensor = node.attr["value"].tensor
        shape = tuple(dim.size for dim in tensor.tensor_shape.dim)
        kind = "constant"
        # A scalar, or a shape, is part of how the graph computes.
        if not shape or DATATYPES[tensor.dtype].name not in _WEIGHTS:
            return None
    else:
        return None
    return GraphVariable(
        f"{node.name}:0", node.name, _dtype(node), shape, shape, kind, None, (), ""
    )


def _dtype(node: Any) -> str:
    if node is None:
        return ""
    number = node.attr["dtype"].type % _REF
    return DATATYPES[number].name if number in DATATYPES else ""


def _shape(node: Any) -> tuple[int | None, ...] | None:
    if node is None:
        return None
    shape = node.attr["shape"].shape
    if shape.unknown_rank:
        return None
    return tuple(None if dim.size < 0 else dim.size for dim in shape.dim)
