"""The engine's only global state: the default graph, session and mode, by thread.

Before the graph. TF 1.15: every thread has its own default graph and no session;
`reset` gives the thread a new graph.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .graph import Graph


class _ThreadDefaults(threading.local):
    """What one thread takes as its defaults."""

    def __init__(self) -> None:
        self.graphs: list[Graph] = []
        self.global_graph: Graph | None = None
        self.sessions: list[Any] = []
        self.eager = _eager_by_default
        self.eager_scope = ""


_eager_by_default = False
_make_graph: Callable[[], Graph]
state = _ThreadDefaults()


def set_graph_class(make_graph: Callable[[], Graph]) -> None:
    """Says what a new default graph is; graph.py calls it."""
    global _make_graph  # noqa: PLW0603
    _make_graph = make_graph


def get_default_graph() -> Graph:
    """The innermost graph entered in this thread, or the thread's own."""
    if state.graphs:
        return state.graphs[-1]
    graph = state.global_graph
    if graph is None:
        graph = state.global_graph = _make_graph()
    return graph


def reset_default_graph() -> None:
    """Gives the thread a new default graph.

    Raises:
        AssertionError: a graph or session is entered at the moment.
    """
    if state.graphs:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a "
            "cleared graph, exit the nesting and create a new graph."
        )
    state.global_graph = None


class Entered:
    """Context manager: makes something the top of a stack of defaults."""

    def __init__(self, stack: list[Any], item: Any) -> None:
        self._stack = stack
        self._item = item
        self.enforce_nesting = True

    def __enter__(self) -> Any:
        self._stack.append(self._item)
        return self._item

    def __exit__(self, *_exc: object) -> None:
        if not self._stack:
            return
        if not self.enforce_nesting:
            self._stack.remove(self._item)
            return
        if self._stack[-1] is not self._item:
            raise AssertionError(
                f"Nesting violated for default stack of {type(self._item)} objects"
            )
        self._stack.pop()


class EnteredGraph(Entered):
    """Context manager: a graph as the default, in graph mode."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(state.graphs, graph)

    def __enter__(self) -> Graph:
        self._was_eager = enter_graph(self._item)
        graph: Graph = self._item
        return graph

    def __exit__(self, *exc: object) -> None:
        state.eager = self._was_eager
        super().__exit__(*exc)


def enter_graph(graph: Graph) -> bool:
    """Makes a graph the default one; gives what `leave_graph` needs."""
    thread = state
    was_eager = thread.eager
    thread.graphs.append(graph)
    thread.eager = False
    return was_eager


def leave_graph(graph: Graph, was_eager: bool) -> None:
    """Ends what `enter_graph` began.

    Raises:
        AssertionError: another graph was entered since and not left.
    """
    thread = state
    thread.eager = was_eager
    graphs = thread.graphs
    if graphs and graphs[-1] is graph:
        graphs.pop()
    elif graphs:
        raise AssertionError(
            f"Nesting violated for default stack of {type(graph)} objects"
        )


def get_default_session() -> Any:
    """The innermost session entered in this thread, or None."""
    return state.sessions[-1] if state.sessions else None


def executing_eagerly() -> bool:
    """Whether operations run at once in this thread."""
    return state.eager


def enable_eager_execution() -> None:
    """Makes operations run at once from now on.

    Raises:
        ValueError: the default graph of this thread is already in use.
    """
    global _eager_by_default  # noqa: PLW0603
    if _eager_by_default:
        return
    if state.global_graph is not None:
        raise ValueError("tf.enable_eager_execution must be called at program startup.")
    _eager_by_default = True
    state.eager = True


def disable_eager_execution() -> None:
    """Makes operations build a graph again."""
    global _eager_by_default  # noqa: PLW0603
    _eager_by_default = False
    state.eager = False
