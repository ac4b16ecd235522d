"""How a graph's text becomes a file, with a workspace that only answers looks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from scopetutor.errors import UsageError
from scopetutor.formats.events import event_files
from scopetutor.formats.graph_files import read_graph, read_meta_graph
from scopetutor.repl.export_graph import export_graph, is_graph
from scopetutor.workspace.protocol import Looked

NODES = ["node {", '  name: "a"', '  op: "NoOp"', "}"] * 2
META = ["graph_def {", *(f"  {line}" for line in NODES), "}"]


class Loop:
    """Says what it was told; its workspace answers page by page."""

    def __init__(self, lines, page=3):
        self.said = []
        self.say = self.said.append
        self.workspace = SimpleNamespace(look=self.look)
        self._lines, self._page = lines, page

    def look(self, what, start=0):
        """A page of the text."""
        lines = META if what == "meta graph" else self._lines
        rows = tuple((line,) for line in lines[start : start + self._page])
        return Looked(0, rows, start + self._page < len(lines))


@pytest.mark.parametrize("name", ["g.pb", "g.pbtxt", "g.meta"])
def test_pages_become_one_graph(tmp_path, name):
    """However many pages there are, every operation is in the file."""
    loop = Loop(NODES)

    export_graph(loop, tmp_path / name)

    path = tmp_path / name
    if name.endswith(".meta"):
        graph = read_meta_graph(path).graph_def
    else:
        graph = read_graph(path)
    assert [node.name for node in graph.node] == ["a", "a"]
    assert loop.said == [f"2 operations in {path}"]


def test_events_go_into_a_folder(tmp_path):
    """The folder is called `events`; its file is TensorBoard's."""
    loop = Loop(NODES)

    export_graph(loop, tmp_path / "events")

    (path,) = event_files(tmp_path / "events")
    assert loop.said == [f"2 operations in {path}"]


def test_what_cannot_be_written_is_said(tmp_path):
    """An empty graph, and a folder that is not there."""
    with pytest.raises(UsageError, match="no operation"):
        export_graph(Loop([]), tmp_path / "g.pb")
    with pytest.raises(UsageError, match="cannot be written"):
        export_graph(Loop(NODES), tmp_path / "no" / "g.pb")


def test_names_that_mean_a_graph():
    """Four kinds, by ending or name."""
    names = ("a.pb", "a.PBTXT", "a.meta", "events", "a.md", "a")

    assert [is_graph(Path(name)) for name in names] == [True] * 4 + [False] * 2
