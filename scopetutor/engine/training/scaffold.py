"""`tf.train.Scaffold`: the operations that get a model ready, and who makes sessions.

After ``session_manager.py``, before ``monitored_session.py``.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, resources, tf_logging
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.summaries import merge_all
from scopetutor.engine.variable_lists import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)

from .saver import Saver
from .session_manager import SessionManager

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.session import Session


class Scaffold:
    """What a model needs besides itself; what is not given is made when it is built.

    Args:
        init_op: gives all variables their initial values.
        init_feed_dict: is fed to it.
        init_fn: (scaffold, session), is called after it.
        ready_op: gives the names of variables without a value.
        ready_for_local_init_op: does so before `local_init_op` is run.
        local_init_op: gives local variables their values.
        summary_op: all summaries.
        saver: a Saver.
        copy_from_scaffold: has what is not given.

    Raises:
        TypeError: `copy_from_scaffold` is none.
    """

    def __init__(
        self,
        init_op: Any = None,
        init_feed_dict: Any = None,
        init_fn: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        local_init_op: Any = None,
        summary_op: Any = None,
        saver: Any = None,
        copy_from_scaffold: Any = None,
    ) -> None:
        other = copy_from_scaffold
        if other is not None and not isinstance(other, Scaffold):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")

        def either(given: Any, attribute: str) -> Any:
            return getattr(other, attribute, None) if given is None else given

        self._user_init_fn = either(init_fn, "_user_init_fn")
        self._init_op = either(init_op, "init_op")
        self._init_feed_dict = either(init_feed_dict, "init_feed_dict")
        self._ready_op = either(ready_op, "ready_op")
        self._ready_for_local_init_op = either(
            ready_for_local_init_op, "ready_for_local_init_op"
        )
        self._local_init_op = either(local_init_op, "local_init_op")
        self._summary_op = either(summary_op, "summary_op")
        self._saver = either(saver, "saver")

    def finalize(self) -> Scaffold:
        """Makes what is missing and ends the building of the graph.

        Raises:
            RuntimeError: a collection has several operations to choose from.
        """
        for name, (key, make) in _MADE.items():
            if getattr(self, f"_{name}") is None:
                setattr(self, f"_{name}", self.get_or_default(name, key, make))
        if self._saver is None:
            self._saver = _saver_or_default()
        self._saver.build()
        defaults.get_default_graph().finalize()
        tf_logging.info("Graph was finalized.")
        return self

    @property
    def init_fn(self) -> Callable[[Session], Any] | None:
        """Takes a session; None if there is none."""
        wanted = self._user_init_fn
        return (lambda session: wanted(self, session)) if wanted else None

    init_op = property(lambda self: self._init_op)
    ready_op = property(lambda self: self._ready_op)
    ready_for_local_init_op = property(lambda self: self._ready_for_local_init_op)
    local_init_op = property(lambda self: self._local_init_op)
    summary_op = property(lambda self: self._summary_op)
    saver = property(lambda self: self._saver)
    init_feed_dict = property(lambda self: self._init_feed_dict)

    @staticmethod
    def get_or_default(
        arg_name: str, collection_key: str, default_constructor: Callable[[], Any]
    ) -> Any:
        """What a collection has, or something new that is put into it.

        Raises:
            RuntimeError: it has several.
        """
        graph = defaults.get_default_graph()
        found = graph.get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                'More than one item in the collection "%s". Please indicate which one '
                "to use by passing it to the tf.Scaffold constructor as:  "
                "tf.Scaffold(%s=item to use)",
                collection_key,
                arg_name,
            )
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            graph.add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op() -> Any:
        """Gives local variables, tables and local resources their values."""
        return group(
            local_variables_initializer(),
            resources.tables_initializer(),
            resources.initialize_resources(resources.local_resources()),
        )


def _default_init_op() -> Any:
    return group(
        global_variables_initializer(),
        resources.initialize_resources(resources.shared_resources()),
    )


def _default_ready_op() -> Any:
    return concat(
        [
            report_uninitialized_variables(),
            resources.report_uninitialized_resources(),
        ],
        0,
    )


def _default_ready_for_local_init_op() -> Any:
    return concat(
        [
            report_uninitialized_variables(global_variables()),
            resources.report_uninitialized_resources(resources.shared_resources()),
        ],
        0,
    )


# In the order in which they are made: where each is kept, and what makes it.
_MADE: dict[str, tuple[str, Callable[[], Any]]] = {
    "init_op": (GraphKeys.INIT_OP, _default_init_op),
    "ready_op": (GraphKeys.READY_OP, _default_ready_op),
    "ready_for_local_init_op": (
        GraphKeys.READY_FOR_LOCAL_INIT_OP,
        _default_ready_for_local_init_op,
    ),
    "local_init_op": (GraphKeys.LOCAL_INIT_OP, Scaffold.default_local_init_op),
    "summary_op": (GraphKeys.SUMMARY_OP, merge_all),
}


def _saver_or_default() -> Any:
    """The saver of the graph, or a new one; RuntimeError if it has several."""
    graph = defaults.get_default_graph()
    savers = graph.get_collection(GraphKeys.SAVERS)
    if len(savers) > 1:
        raise RuntimeError(
            f"More than one item in collection {GraphKeys.SAVERS}. Please indicate "
            "which one to use by passing it to the constructor."
        )
    if savers:
        return savers[0]
    saver = Saver(sharded=True, allow_empty=True)
    graph.add_to_collection(GraphKeys.SAVERS, saver)
    return saver


class SessionCreator(abc.ABC):
    """Makes sessions for a monitored session."""

    @abc.abstractmethod
    def create_session(self) -> Any:
        """A new session."""
        raise NotImplementedError(f"create_session is not implemented for {self}.")


class ChiefSessionCreator(SessionCreator):
    """Makes sessions whose variables it gives values."""

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: Any = None,
        checkpoint_filename_with_path: Any = None,
    ) -> None:
        self._scaffold = scaffold or Scaffold()
        self._master, self._config = master, config
        self._checkpoint_dir = checkpoint_dir
        self._checkpoint_filename_with_path = checkpoint_filename_with_path
        self._session_manager: SessionManager | None = None

    def create_session(self) -> Session:
        """A session with the values of a checkpoint, or with the initial ones."""
        scaffold = self._scaffold.finalize()
        self._session_manager = self._session_manager or _manager(scaffold)
        return self._session_manager.prepare_session(
            self._master,
            saver=scaffold.saver,
            checkpoint_dir=self._checkpoint_dir,
            checkpoint_filename_with_path=self._checkpoint_filename_with_path,
            config=self._config,
            init_op=scaffold.init_op,
            init_feed_dict=scaffold.init_feed_dict,
            init_fn=scaffold.init_fn,
        )


class WorkerSessionCreator(SessionCreator):
    """Makes sessions once the chief has given their variables values."""

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        max_wait_secs: float = 30 * 60,
    ) -> None:
        self._scaffold = scaffold or Scaffold()
        self._master, self._config = master, config
        self._max_wait_secs = max_wait_secs
        self._session_manager: SessionManager | None = None

    def create_session(self) -> Session:
        """A session that is ready."""
        scaffold = self._scaffold.finalize()
        self._session_manager = self._session_manager or _manager(scaffold)
        return self._session_manager.wait_for_session(
            self._master, config=self._config, max_wait_secs=self._max_wait_secs
        )


def _manager(scaffold: Scaffold) -> SessionManager:
    return SessionManager(
        local_init_op=scaffold.local_init_op,
        ready_op=scaffold.ready_op,
        ready_for_local_init_op=scaffold.ready_for_local_init_op,
        graph=defaults.get_default_graph(),
    )
