"""`tf.train.SessionManager`: makes a session whose variables have values.

Before ``scaffold.py`` and ``supervisor.py``. Values come from a checkpoint if there is
one, from the initial values if not; then it is asked which have none.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

import numpy as np

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.op_errors import DeadlineExceededError, FailedPreconditionError
from scopetutor.engine.session import Session

from .checkpoint_management import get_checkpoint_state


class SessionManager:
    """Makes sessions in which a model is ready.

    Args:
        local_init_op: is run in each new session.
        ready_op: gives the names of variables without a value.
        ready_for_local_init_op: does so before `local_init_op` is run.
        graph: the default graph if None.
        recovery_wait_secs: between two looks at whether the model is ready.
        local_init_run_options: with which `local_init_op` is run.

    Raises:
        ValueError: there is nothing to be ready for.
    """

    def __init__(
        self,
        local_init_op: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        graph: Any = None,
        recovery_wait_secs: float = 30,
        local_init_run_options: Any = None,
    ) -> None:
        self._graph = defaults.get_default_graph() if graph is None else graph
        self._local_init_op, self._ready_op = local_init_op, ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._recovery_wait_secs = recovery_wait_secs
        self._local_init_run_options = local_init_run_options
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError(
                "If you pass a ready_for_local_init_op you must also pass a "
                "local_init_op , ready_for_local_init_op "
                f"[{ready_for_local_init_op}]"
            )

    def _restore_checkpoint(
        self,
        master: str,
        saver: Any,
        checkpoint_dir: Any,
        checkpoint_filename_with_path: Any,
        wait_for_checkpoint: bool,
        max_wait_secs: float,
        config: Any,
    ) -> tuple[Session, bool]:
        """A new session, and whether its values come from a checkpoint."""
        session = Session(master, graph=self._graph, config=config)
        if checkpoint_dir and checkpoint_filename_with_path:
            raise ValueError(
                "Can not provide both checkpoint_dir and checkpoint_filename_with_path."
            )
        if not saver:
            return session, False
        if checkpoint_filename_with_path:
            saver.restore(session, checkpoint_filename_with_path)
            return session, True
        if not checkpoint_dir:
            return session, False
        patience = max_wait_secs if wait_for_checkpoint else 0
        found = self._checkpoint(checkpoint_dir, patience)
        if found is None:
            return session, False
        saver.restore(session, found.model_checkpoint_path)
        saver.recover_last_checkpoints(found.all_model_checkpoint_paths)
        return session, True

    def _checkpoint(self, folder: Any, patience: float) -> Any:
        """What a folder says of its checkpoints; None if it has none in time."""
        waited = 0.0
        while True:
            found = get_checkpoint_state(folder)
            if found and found.model_checkpoint_path:
                return found
            if waited >= patience:
                return None
            tf_logging.info("Waiting for checkpoint to be available.")
            time.sleep(self._recovery_wait_secs)
            waited += self._recovery_wait_secs

    def prepare_session(
        self,
        master: str,
        init_op: Any = None,
        saver: Any = None,
        checkpoint_dir: Any = None,
        checkpoint_filename_with_path: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
        init_feed_dict: Any = None,
        init_fn: Any = None,
    ) -> Session:
        """A session with the values of a checkpoint, or with the initial ones.

        Raises:
            RuntimeError: nothing gives values, or variables are left without.
        """
        session, restored = self._restore_checkpoint(
            master, saver, checkpoint_dir, checkpoint_filename_with_path,
            wait_for_checkpoint, max_wait_secs, config,
        )  # fmt: skip
        if not restored:
            if init_op is None and not init_fn and self._local_init_op is None:
                raise RuntimeError(
                    "Model is not initialized and no init_op or init_fn or "
                    "local_init_op was given"
                )
            if init_op is not None:
                session.run(init_op, feed_dict=init_feed_dict)
            if init_fn:
                init_fn(session)
        missing = self._try_run_local_init_op(session)
        if missing is not None:
            raise RuntimeError(
                "Init operations did not make model ready for local_init.  Init op: "
                f"{_maybe_name(init_op)}, init fn: {init_fn}, error: {missing}"
            )
        missing = self._not_ready(session)
        if missing is not None:
            raise RuntimeError(
                "Init operations did not make model ready.  Init op: "
                f"{_maybe_name(init_op)}, init fn: {init_fn}, local_init_op: "
                f"{self._local_init_op}, error: {missing}"
            )
        return session

    def recover_session(
        self,
        master: str,
        saver: Any = None,
        checkpoint_dir: Any = None,
        checkpoint_filename_with_path: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
    ) -> tuple[Session, bool]:
        """A session, and whether a checkpoint gave all its values."""
        session, restored = self._restore_checkpoint(
            master, saver, checkpoint_dir, checkpoint_filename_with_path,
            wait_for_checkpoint, max_wait_secs, config,
        )  # fmt: skip
        missing = self._try_run_local_init_op(session)
        if not restored:
            return session, False
        source = checkpoint_dir or checkpoint_filename_with_path
        said = "Restoring model from %s did not make model ready"
        if missing is not None:
            tf_logging.info(f"{said} for local init: %s", source, missing)
            return session, False
        missing = self._not_ready(session)
        if missing is not None:
            tf_logging.info(f"{said}: %s", source, missing)
            return session, False
        tf_logging.info("Restored model from %s", source)
        return session, True

    def wait_for_session(
        self, master: str, config: Any = None, max_wait_secs: Any = float("inf")
    ) -> Session:
        """A session, once somebody else has given its variables values.

        Raises:
            DeadlineExceededError: nobody has.
        """
        patience = float("inf") if max_wait_secs is None else max_wait_secs
        deadline = time.time() + patience
        while True:
            session = Session(master, graph=self._graph, config=config)
            not_ready = None
            not_local = self._try_run_local_init_op(session)
            if not_local is None:
                not_ready = self._not_ready(session)
                if not_ready is None:
                    return session
            with contextlib.suppress(Exception):
                session.close()
            if max(0, deadline - time.time()) < self._recovery_wait_secs:
                said = "Session was not ready after waiting %d secs."
                raise DeadlineExceededError(None, None, said % (patience,))
            tf_logging.info(
                "Waiting for model to be ready.  Ready_for_local_init_op:  %s, ready: "
                "%s",
                not_local,
                not_ready,
            )
            time.sleep(self._recovery_wait_secs)

    def _not_ready(self, session: Session) -> str | None:
        return missing_values(self._ready_op, session, "Model not ready")

    def _try_run_local_init_op(self, session: Session) -> str | None:
        """Runs it if the model is ready for it; says why it is not."""
        if self._local_init_op is None:
            return None
        missing = missing_values(
            self._ready_for_local_init_op, session, "Model not ready for local init"
        )
        if missing is None:
            tf_logging.info("Running local_init_op.")
            session.run(self._local_init_op, options=self._local_init_run_options)
            tf_logging.info("Done running local_init_op.")
        return missing


def missing_values(op: Any, session: Session, said: str) -> str | None:
    """What has no value yet, as a text; None if nothing is missing."""
    if op is None:
        return None
    try:
        names = session.run(op)
    except FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            tf_logging.warning("%s : error [%s]", said, str(error))
            raise
        return str(error)
    if names is None or names.dtype == np.int32 or names.size == 0:
        return None
    return "Variables not initialized: " + ", ".join(name.decode() for name in names)


def _maybe_name(thing: Any) -> Any:
    if thing is None:
        return "None"
    return getattr(thing, "name", f"<no name for {type(thing)}>")
