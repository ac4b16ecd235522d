"""A closer look than a delta gives: all operations, a whole value, the graph's text.

`workspace.server` asks for it when a terminal process does (`Look` in `protocol`), such
as `:export` of a graph. What is long goes in pages.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from .provenance import current_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from .provenance import Witness

PAGE = 200
"""Rows of one answer."""
TEXT_PAGE = 20_000
"""Lines of one answer with a graph's text: each answer makes the whole text anew."""
_WHOLE = 1_000
"""Elements of an array that are printed in full; NumPy leaves out some of more."""

Rows = tuple[tuple[str, ...], ...]


def operations(start: int) -> tuple[Rows, bool]:
    """(name, type, inputs, shape and type of outputs, line) of the default graph's.

    Args:
        start: how many to leave out.

    Returns:
        The rows, and whether there are more.
    """
    graph = current_graph()
    if graph is None:
        return (), False
    rows = tuple(
        _operation(op) for op in islice(graph._operations.values(), start, start + PAGE)
    )
    return rows, len(graph._operations) > start + PAGE


def _operation(op: Any) -> tuple[str, ...]:
    outputs = [f"{tensor._dtype.name} {tensor.shape}" for tensor in op._outputs]
    site = op._site
    where = "" if site is None else f"{site.file or f'entry {site.entry}'}:{site.line}"
    inputs = [tensor.name for tensor in op._inputs]
    inputs += [f"^{control._name}" for control in op._control_inputs]
    return op._name, op.type, ", ".join(inputs), ", ".join(outputs), where


def value(name: str, witness: Witness) -> Rows:
    """(session's uid, value) of a variable in each session that has a value.

    Args:
        name: its key, its operation's name, or that of its tensor.
        witness: knows the variables.
    """
    rows = []
    for graph in [current_graph(), None]:
        record = witness.eager if graph is None else witness.record(graph)
        for variable in record.variables.values():
            held = variable.variable
            if held is None or name not in (
                variable.key,
                held.name,
                held.name.rpartition(":")[0],
            ):
                continue
            for session, (array, *_) in variable.values.items():
                if array is not None:
                    rows.append((str(session), _text(array)))
    return tuple(rows)


def _text(array: Any) -> str:
    with np.printoptions(threshold=_WHOLE, linewidth=80, formatter=None):
        return np.array2string(np.asarray(array))


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
    rows = tuple((line,) for line in lines[start : start + TEXT_PAGE])
    return rows, len(lines) > start + TEXT_PAGE


PAGES: dict[str, Callable[[int], tuple[Rows, bool]]] = {
    "ops": operations,
    "graph": graph_text,
    "shaped graph": shaped_graph_text,
    "meta graph": meta_graph_text,
}
"""What is looked at page by page: from where on -> rows, and whether there are more."""
