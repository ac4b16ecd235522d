"""What is in graphs' files: those TensorFlow 1.15.5 wrote, and damaged ones."""

import gzip
from pathlib import Path

import pytest

from scopetutor.checkpoints.graphs import read_graph_file
from scopetutor.errors import FileFormatError, FileMissingError, UsageError
from scopetutor.formats import protos

GRAPHS = Path(__file__).parents[1] / "formats" / "golden" / "graphs"


@pytest.fixture
def zoo(tmp_path):
    """The `.meta` of a graph with about everything in it, written by TF 1.15.5."""
    path = tmp_path / "zoo.meta"
    path.write_bytes(gzip.decompress((GRAPHS / "zoo.meta.gz").read_bytes()))
    return path


def test_a_meta_graph_tells_its_variables(zoo):
    """Those of the collections, with shapes of their nodes, and what trains."""
    graph = read_graph_file(str(zoo))
    meta = protos.MetaGraphDef.decode(zoo.read_bytes())

    assert (graph.kind, graph.tensorflow) == ("meta graph", "1.15.5")
    assert len(graph.nodes) == len(meta.graph_def.node)
    assert graph.collections["variables"] == len(
        [v for v in graph.variables if "variables" in v.collections]
    )
    assert {v.kind for v in graph.variables} == {"ref", "resource"}
    parts = [v for v in graph.variables if v.key != v.name.partition(":")[0]]
    assert parts
    assert all(v.saved != v.shape for v in parts)
    assert all(v.dtype and v.shape is not None for v in graph.variables)
    assert graph.saver["filename_tensor_name"] == "save/Const:0"


def test_other_spellings_of_the_path(zoo, monkeypatch):
    """A prefix, one of the checkpoint's files and the folder mean the same."""
    monkeypatch.chdir(zoo.parent)
    (zoo.parent / "zoo.index").write_bytes(b"")

    expected = read_graph_file("zoo.meta").nodes
    for spelled in ("zoo", "zoo.index", "zoo.data-00000-of-00001", "."):
        assert read_graph_file(spelled).nodes == expected


def test_a_frozen_graph_tells_its_constants(tmp_path):
    """Constants that hold weights are listed; shapes and scalars are not."""
    graph = protos.GraphDef()
    for name, shape, kind in (("w", (2, 3), 1), ("axis", (2,), 3), ("one", (), 1)):
        node = graph.node.add(name=name, op="Const")
        node.attr["dtype"].type = kind
        tensor = node.attr["value"].tensor
        tensor.dtype = kind
        tensor.tensor_shape.dim.extend({"size": size} for size in shape)
    path = tmp_path / "frozen.pb"
    path.write_bytes(graph.encode())

    found = read_graph_file(str(path))

    assert [(v.name, v.shape, v.kind) for v in found.variables] == [
        ("w:0", (2, 3), "constant")
    ]
    assert found.types == [("Const", 3)]


def test_variables_without_collections_are_found(tmp_path):
    """A graph alone still has its variables' nodes."""
    graph = protos.GraphDef()
    for op, name in (("VariableV2", "a"), ("VarHandleOp", "b"), ("NoOp", "c")):
        node = graph.node.add(name=name, op=op)
        node.attr["dtype"].type = 1
        node.attr["shape"].shape.dim.extend([{"size": 4}, {"size": -1}])
    (tmp_path / "g.pb").write_bytes(graph.encode())

    found = read_graph_file(str(tmp_path / "g.pb")).variables

    assert [(v.key, v.kind, v.shape) for v in found] == [
        ("a", "ref", (4, None)),
        ("b", "resource", (4, None)),
    ]


def saved_model(folder, *tags):
    """A SavedModel with one graph per set of tags."""
    model = protos.SavedModel(saved_model_schema_version=1)
    for number, each in enumerate(tags):
        meta = model.meta_graphs.add()
        meta.meta_info_def.tags.extend(each.split(","))
        meta.graph_def.node.add(name=f"n{number}", op="NoOp")
        meta.signature_def["serve"].inputs["x"].name = "x:0"
        meta.signature_def["serve"].outputs["y"].name = "y:0"
    folder.mkdir(exist_ok=True)
    (folder / "saved_model.pb").write_bytes(model.encode())
    return str(folder)


def test_a_saved_model_may_have_several_graphs(tmp_path):
    """Tags choose; without them the ones there are said."""
    folder = saved_model(tmp_path / "m", "serve", "train,gpu")

    chosen = read_graph_file(folder, tags="gpu, train")

    assert (chosen.nodes[0].name, chosen.tags) == ("n1", ("train", "gpu"))
    assert chosen.signatures == {"serve": "x=x:0 -> y=y:0"}
    with pytest.raises(UsageError, match="several graphs") as caught:
        read_graph_file(folder)
    assert "serve · train,gpu" in caught.value.hint
    with pytest.raises(UsageError, match="no graph with these tags"):
        read_graph_file(folder, tags="tpu")


def test_what_is_no_graph(tmp_path, zoo):
    """One sentence for each way a path means none."""
    (tmp_path / "empty.pb").write_bytes(b"")
    (tmp_path / "bad.pb").write_bytes(b"\xff" * 40)
    (tmp_path / "folder").mkdir()

    with pytest.raises(FileFormatError, match="no graph in it"):
        read_graph_file(str(tmp_path / "empty.pb"))
    with pytest.raises(FileFormatError):
        read_graph_file(str(tmp_path / "bad.pb"))
    with pytest.raises(FileMissingError, match="no such file"):
        read_graph_file(str(tmp_path / "none.meta"))
    with pytest.raises(FileMissingError, match="not clear"):
        read_graph_file(str(tmp_path / "folder"))


def test_a_meta_graph_with_another_name(zoo):
    """A renamed `.meta` is found out by what is in it."""
    renamed = zoo.rename(zoo.with_name("model.pb"))

    assert read_graph_file(str(renamed)).nodes
