"""The engine's only global state: the default graph, session and mode, by thread.

Before the graph. TF 1.15: every thread has its own default graph and no session;
`reset` gives the thread a new graph.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .entered_once import EnteredOnce

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
        # How many graphs were entered where eager mode was entered, each time.
        self.eager_depths: list[int] = []
        self.eager_devices: list[Any] = []


_eager_by_default = False
_make_graph: Callable[[], Graph]
state = _ThreadDefaults()


def set_graph_class(make_graph: Callable[[], Graph]) -> None:
    """Says what a new default graph is; graph.py calls it."""
    global _make_graph  # noqa: PLW0603 - set once, when graph.py is loaded
    _make_graph = make_graph


def get_default_graph() -> Graph:
    """The innermost graph entered in this thread, or the thread's own."""
    graphs = state.graphs
    if graphs:
        return graphs[-1]
    graph = state.global_graph
    if graph is None:
        graph = state.global_graph = _make_graph()
    return graph


def get_building_graph() -> Graph | None:
    """The default graph, or None in eager mode."""
    here = state.__dict__  # this thread's, found once
    if here["eager"]:
        return None
    graphs: list[Graph] = here["graphs"]
    return graphs[-1] if graphs else get_default_graph()


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


class Entered(EnteredOnce):
    """Context manager: makes something the top of a stack of defaults."""

    def __init__(self, stack: list[Any], item: Any) -> None:
        self._stack = stack
        self._item = item

    def _open(self) -> Any:
        self._stack.append(self._item)
        return self._item

    def _close(self) -> None:
        if not self._stack:
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

    def _open(self) -> Graph:
        _, self._was_eager = enter_graph(self._item)
        graph: Graph = self._item
        return graph

    def _close(self) -> None:
        state.eager = self._was_eager
        super()._close()


def enter_graph(graph: Graph) -> tuple[dict[str, Any], bool]:
    """Makes a graph the default one; gives what `leave_graph` needs."""
    here = state.__dict__  # this thread's, found once
    before = here, here["eager"]
    here["graphs"].append(graph)
    here["eager"] = False
    return before


def leave_graph(graph: Graph, before: tuple[dict[str, Any], bool]) -> None:
    """Ends what `enter_graph` began.

    Raises:
        AssertionError: another graph was entered since and not left.
    """
    here, was_eager = before
    here["eager"] = was_eager
    graphs = here["graphs"]
    if graphs and graphs[-1] is graph:
        graphs.pop()
    elif graphs:
        raise AssertionError(
            f"Nesting violated for default stack of {type(graph)} objects"
        )


class EnteredEagerly:
    """Context manager: operations run at once."""

    def __enter__(self) -> None:
        self._was_eager = state.eager
        state.eager = True
        state.eager_depths.append(len(state.graphs))

    def __exit__(self, *_exc: object) -> None:
        state.eager = self._was_eager
        state.eager_depths.pop()


def outside_functions() -> Graph | None:
    """The innermost graph that is not a function's; None: eager mode, around it."""
    depth = len(state.graphs)
    while depth and depth not in state.eager_depths:
        graph = state.graphs[depth - 1]
        if not graph.building_function:
            return graph
        depth -= 1
    if depth in state.eager_depths or _eager_by_default:
        return None
    if state.global_graph is None:
        state.global_graph = _make_graph()
    return state.global_graph


def eager_outside_functions() -> bool:
    """Whether operations run at once outside of all functions."""
    return state.eager or outside_functions() is None


def get_default_session() -> Any:
    """The innermost session entered in this thread, or None."""
    return state.sessions[-1] if state.sessions else None


def executing_eagerly() -> bool:
    """Whether operations run at once in this thread."""
    return state.eager


def enable_eager_execution(
    config: Any = None, device_policy: Any = None, execution_mode: Any = None
) -> None:
    """Makes operations run at once from now on.

    Args:
        config: a ConfigProto; accepted, and not looked at.
        device_policy: one of `tf.contrib.eager.DEVICE_PLACEMENT_*`; not needed.
        execution_mode: one of `tf.contrib.eager.SYNC` and `ASYNC`; nothing runs later.

    Raises:
        TypeError: the configuration is none.
        ValueError: the default graph of this thread is already in use, or a policy or
            mode is unknown.
    """
    global _eager_by_default  # noqa: PLW0603 - one mode for the program
    if _eager_by_default:
        return
    if config is not None and type(config).__name__ != "ConfigProto":
        raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
    if device_policy not in (None, 0, 1, 2, 3):
        raise ValueError(
            "device_policy must be one of None, tf.contrib.eager.DEVICE_PLACEMENT_*"
        )
    if execution_mode not in (None, 0, 1):
        raise ValueError(
            "execution_mode must be one of None, tf.contrib.eager.SYNC, "
            "tf.contrib.eager.ASYNC"
        )
    if state.global_graph is not None:
        raise ValueError("tf.enable_eager_execution must be called at program startup.")
    _eager_by_default = True
    state.eager = True


def disable_eager_execution() -> None:
    """Makes operations build a graph again."""
    global _eager_by_default  # noqa: PLW0603 - one mode for the program
    _eager_by_default = False
    state.eager = False
