"""A closer look than a delta gives: the text of the default graph.

`workspace.server` asks for it when a terminal process does (`Look` in `protocol`), such
as `:export` of a graph. What is long goes in pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .provenance import current_graph

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 20_000
"""Lines of one answer: each makes the whole text anew."""

Rows = tuple[tuple[str, ...], ...]


def graph_text(start: int) -> tuple[Rows, bool]:
    """The default graph as TensorFlow writes it in text files, line by line."""
    return _lines(start, lambda graph: graph.as_graph_def())


def shaped_graph_text(start: int) -> tuple[Rows, bool]:
    """The same with the shapes of all outputs, as TensorBoard shows them."""
    return _lines(start, lambda graph: graph.as_graph_def(add_shapes=True))


def meta_graph_text(start: int) -> tuple[Rows, bool]:
    """The default graph with its collections, as in a `.meta` file."""
    from scopetutor.engine import meta_graph  # noqa: PLC0415 - rarely wanted

    return _lines(start, lambda graph: meta_graph.create_meta_graph_def(graph=graph))


def _lines(start: int, message: Callable[[Any], Any]) -> tuple[Rows, bool]:
    """A page of a message about the default graph in its text form."""
    graph = current_graph()
    if graph is None:
        return (), False
    lines = str(message(graph)).splitlines()
    rows = tuple((line,) for line in lines[start : start + PAGE])
    return rows, len(lines) > start + PAGE


PAGES: dict[str, Callable[[int], tuple[Rows, bool]]] = {
    "graph": graph_text,
    "shaped graph": shaped_graph_text,
    "meta graph": meta_graph_text,
}
"""What is looked at page by page: from where on -> rows, and whether there are more."""
