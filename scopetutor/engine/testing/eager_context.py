"""What is asked of `tensorflow.python.eager.context` and of the stack of graphs.

After ``defaults.py``, which keeps the mode, the graph and the session of a thread.
`tf.contrib.eager` lists some of it.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults

GRAPH_MODE, EAGER_MODE = 0, 1
DEVICE_PLACEMENT_EXPLICIT, DEVICE_PLACEMENT_WARN = 0, 1
DEVICE_PLACEMENT_SILENT = 2
SYNC, ASYNC = 0, 1


class Context:
    """The mode that this thread is in."""

    summary_writer: Any = None

    @property
    def scope_name(self) -> str:
        """The name scope of eager mode, with its final "/"."""
        return defaults.state.eager_scope

    @scope_name.setter
    def scope_name(self, name: str) -> None:
        defaults.state.eager_scope = name

    def executing_eagerly(self) -> bool:
        """Whether operations run at once."""
        return defaults.executing_eagerly()

    def num_gpus(self) -> int:
        """How many GPUs there are: none."""
        return 0

    @property
    def config(self) -> Any:
        """The configuration of a session that says nothing."""
        from scopetutor.formats import protos  # noqa: PLC0415 - rarely asked for

        return protos.ConfigProto()


_context = Context()


def context() -> Context:
    """The context of this thread."""
    return _context


def in_eager_mode() -> bool:
    """Whether operations run at once."""
    return defaults.executing_eagerly()


def in_graph_mode() -> bool:
    """Whether operations make a graph."""
    return not defaults.executing_eagerly()


def num_gpus() -> int:
    """How many GPUs there are: none."""
    return 0


class _DefaultGraphStack:
    """The graphs that are entered in this thread."""

    def reset(self) -> None:
        """Leaves all of them."""
        defaults.state.graphs.clear()

    @property
    def stack(self) -> list[Any]:
        """The graphs, the innermost last."""
        return defaults.state.graphs


class _DefaultSessionStack:
    """The sessions that are entered in this thread."""

    def reset(self) -> None:
        """Leaves all of them."""
        defaults.state.sessions.clear()

    @property
    def stack(self) -> list[Any]:
        """The sessions, the innermost last."""
        return defaults.state.sessions


_default_session_stack = _DefaultSessionStack()
_default_graph_stack = _DefaultGraphStack()
