"""Graphs of TensorFlow 1.15.5 are read in full and written back as they were."""

from __future__ import annotations

import hashlib
import time

import pytest

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats import graph_files, pbtxt, protos


@pytest.fixture(scope="module")
def zoo_path(golden, tmp_path_factory):
    """A .meta file with conv, batch norm, LSTM, cond, partitions, Adam, queues."""
    path = tmp_path_factory.mktemp("graphs") / "zoo.ckpt.meta"
    path.write_bytes(golden.data("graphs/zoo.meta"))
    return path


@pytest.fixture(scope="module")
def zoo(zoo_path):
    """The same, read."""
    return graph_files.read_meta_graph(zoo_path)


def test_meta_graph_holds_what_tensorflow_says(golden, zoo):
    """Nodes, their order and inputs, and kinds of collections are TensorFlow's."""
    facts = golden.json("graphs/zoo.json")
    first = [[node.name, node.op, list(node.input)] for node in zoo.graph_def.node[:40]]

    assert len(zoo.graph_def.node) == facts["count"] > 1000
    assert first == facts["nodes"]
    assert facts["collections"] == {
        key: value.WhichOneof("kind") for key, value in zoo.collection_def.items()
    }


def test_meta_graph_is_written_back_byte_for_byte(zoo, zoo_path):
    """Decoding and encoding a .meta file of 1,000 nodes gives the same bytes."""
    assert zoo.encode() == zoo_path.read_bytes()


def test_nested_messages_are_written_back_byte_for_byte(zoo):
    """What collections hold as bytes decodes and encodes to the same bytes."""
    kinds = {
        "variables": protos.VariableDef,
        "while_context": protos.WhileContextDef,
        "cond_context": protos.CondContextDef,
        "queue_runners": protos.QueueRunnerDef,
    }
    for key, kind in kinds.items():
        values = zoo.collection_def[key].bytes_list.value
        assert len(values) > 0
        for value in values:
            assert kind.decode(value).encode() == value


def test_variables_of_a_meta_graph_are_told_apart(zoo):
    """VariableDef tells resource variables and parts of partitioned ones."""
    raw = zoo.collection_def["variables"].bytes_list.value
    variables = {v.variable_name: v for v in map(protos.VariableDef.decode, raw)}

    assert variables["res/w:0"].is_resource
    assert variables["parts/table/part_1:0"].save_slice_info_def.full_name == (
        "parts/table"
    )
    assert list(variables["parts/table/part_1:0"].save_slice_info_def.var_offset) == [
        3,
        0,
    ]


def test_text_is_what_tensorflow_prints(golden, zoo):
    """``MessageToString`` and ``str`` of the whole are equal to TensorFlow's."""
    facts = golden.json("graphs/zoo.json")

    assert pbtxt.write(zoo) == golden.text("graphs/zoo.meta.pbtxt")
    assert hashlib.sha256(str(zoo).encode()).hexdigest() == facts["str_sha256"]


def test_text_of_a_meta_graph_reads_back(golden, zoo, tmp_path):
    """The text of a whole .meta file gives the message it was printed from."""
    path = tmp_path / "zoo.pbtxt"
    path.write_text(golden.text("graphs/zoo.meta.pbtxt"))

    again = graph_files.read_meta_graph(path)

    assert again == zoo


@pytest.mark.parametrize("as_text", [False, True])
def test_write_graph_writes_tensorflows_file(golden, tmp_path, as_text):
    """A graph with functions is written as tf.train.write_graph writes it."""
    name = "functions.pbtxt" if as_text else "functions.pb"
    graph = protos.GraphDef.decode(golden.data("graphs/functions.pb"))

    graph_files.write_message(tmp_path / name, graph, as_text=as_text)

    assert (tmp_path / name).read_bytes() == golden.data(f"graphs/{name}")
    assert graph_files.read_graph(tmp_path / name) == graph
    assert graph.library.function[0].signature.name


def test_text_is_known_by_its_first_name_not_its_ending(golden, tmp_path):
    """A text graph in a file called .pb is read; so is one with a comment first."""
    graph = protos.GraphDef.decode(golden.data("graphs/functions.pb"))
    path = tmp_path / "graph.pb"
    path.write_text("# exported\n" + golden.text("graphs/functions.pbtxt"))

    assert graph_files.read_graph(path) == graph


def test_meta_graph_is_found_by_its_checkpoint(zoo, zoo_path):
    """The prefix of the checkpoint finds the .meta file beside it."""
    prefix = str(zoo_path).removesuffix(".meta")

    assert graph_files.read_meta_graph(prefix) == zoo


def test_collections_of_a_large_graph_are_read_alone(tmp_path, zoo):
    """Only collections of a .meta of 11,000 nodes: within 10 ms, or 1/10 of all."""
    large = protos.MetaGraphDef()
    large.CopyFrom(zoo)
    for _ in range(9):
        large.graph_def.node.extend(zoo.graph_def.node)
    path = tmp_path / "large.meta"
    path.write_bytes(large.encode())
    begin = time.process_time()
    everything = graph_files.read_meta_graph(path)
    middle = time.process_time()
    chosen = graph_files.read_meta_graph(path, only=("collection_def",))
    end = time.process_time()

    assert chosen.collection_def == everything.collection_def
    assert not chosen.HasField("graph_def")
    assert end - middle < max(0.01, (middle - begin) / 10)


def test_saved_model_is_read(tmp_path, zoo):
    """A SavedModel's folder gives its meta graphs; one without gives an error."""
    model = protos.SavedModel(saved_model_schema_version=1, meta_graphs=[zoo])
    (tmp_path / "saved_model.pb").write_bytes(model.encode())
    (tmp_path / "empty").mkdir()

    assert graph_files.read_saved_model(tmp_path).meta_graphs[0] == zoo
    with pytest.raises(FileMissingError, match=r"no SavedModel"):
        graph_files.read_saved_model(tmp_path / "empty")


def test_a_graph_of_two_gigabytes_is_refused(tmp_path):
    """A file larger than any message is refused before it is read."""
    with (tmp_path / "large.pb").open("wb") as file:
        file.truncate(1 << 31)
    with pytest.raises(FileFormatError, match="cannot have 2147483648 bytes"):
        graph_files.read_graph(tmp_path / "large.pb")


def test_wrong_files_are_named(tmp_path):
    """A missing file, a folder and a damaged file each give one error with a hint."""
    (tmp_path / "bad.pb").write_bytes(b"\x0a\xff\xff\xff")

    with pytest.raises(FileMissingError, match=r"no\.pb: there is no such file"):
        graph_files.read_graph(tmp_path / "no.pb")
    with pytest.raises(FileFormatError, match=r"this is a folder"):
        graph_files.read_graph(tmp_path)
    with pytest.raises(FileFormatError, match=r"not a GraphDef message"):
        graph_files.read_graph(tmp_path / "bad.pb")
