"""`:export graph.pb` and its like: the graph of a live workspace in a file."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scopetutor.formats.events import event_files, read_events
from scopetutor.formats.graph_files import read_graph, read_meta_graph
from scopetutor.formats.protos import GraphDef

ENTRIES = """\
import tensorflow as tf
w = tf.get_variable("w", [2, 3])
:export graph.pb
:export graph.pbtxt
:export graph.meta
:export logs/events
"""


def repl(folder, entries):
    """What a prompt says to these lines."""
    done = subprocess.run(
        [sys.executable, "-m", "scopetutor", "repl"],
        input=entries,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder with everything exported, and what was said."""
    folder = tmp_path_factory.mktemp("exported")
    return folder, repl(folder, ENTRIES)


def names(graph):
    """The names of a graph's operations."""
    return [node.name for node in graph.node]


def test_a_graph_is_the_same_in_every_kind_of_file(exported):
    """Text, binary and meta graph have the operations that were made, in order."""
    folder, said = exported

    binary = read_graph(folder / "graph.pb")
    assert names(binary)[:2] == [
        "w/Initializer/random_uniform/shape",
        "w/Initializer/random_uniform/min",
    ]
    assert read_graph(folder / "graph.pbtxt") == binary
    meta = read_meta_graph(folder / "graph.meta")
    assert names(meta.graph_def) == names(binary)
    assert sorted(meta.collection_def) == ["trainable_variables", "variables"]
    assert said.count("10 operations in") == 4


def test_an_event_file_has_shapes(exported):
    """TensorBoard reads shapes of outputs from the nodes."""
    folder, _ = exported
    (path,) = event_files(folder / "logs" / "events")

    (found,) = [event for event in read_events(path) if event.graph_def]
    graph = GraphDef.decode(found.graph_def)

    shapes = {
        node.name: node.attr["_output_shapes"].list.shape[0] for node in graph.node[-3:]
    }
    assert [dim.size for dim in shapes["w/read"].dim] == [2, 3]


def test_nothing_to_export_is_said(tmp_path):
    """An empty graph makes no file, nor does a folder that is not there."""
    said = repl(
        tmp_path,
        ":export graph.pb\nimport tensorflow as tf\nc = tf.constant(1)\n"
        ":export no/graph.pb\n",
    )

    assert "no operation in the default graph" in said
    assert "cannot be written" in said
    assert not list(tmp_path.iterdir())
