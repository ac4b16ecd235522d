"""One evaluation of a checkpoint: operations run until the input ends, then results.

After monitored_session, which runs it; `Estimator.evaluate` calls it.
"""

from __future__ import annotations

import math
import time
from typing import Any

from scopetutor.engine import defaults, dtypes, tf_logging
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops.array import identity
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.surroundings import control_dependencies

from .basic_session_run_hooks import FinalOpsHook
from .monitored_session import MonitoredSession
from .scaffold import ChiefSessionCreator
from .session_run_hook import SessionRunArgs, SessionRunHook

_FEW = 20  # evaluations that are logged one by one


def get_or_create_eval_step() -> Any:
    """The variable that counts the steps of an evaluation.

    Raises:
        ValueError: there are several.
    """
    found = defaults.get_default_graph().get_collection(GraphKeys.EVAL_STEP)
    if len(found) > 1:
        raise ValueError("Multiple tensors added to tf.GraphKeys.EVAL_STEP")
    if found:
        return found[0]
    return get_variable(
        "eval_step",
        shape=[],
        dtype=dtypes.int64,
        initializer=Zeros(),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.EVAL_STEP],
    )


class StopAfterNEvalsHook(SessionRunHook):
    """Stops an evaluation after so many steps, and logs how far it is."""

    def __init__(self, num_evals: int | None, log_progress: bool = True) -> None:
        self._num_evals = num_evals
        self._completed: Any = None
        self._logs = log_progress
        few = num_evals is None or num_evals < _FEW
        self._every = 1 if num_evals is None or few else math.floor(num_evals / 10)

    def count_by(self, completed: Any) -> None:
        """Says which tensor counts the steps."""
        self._completed = completed

    def before_run(self, run_context: Any) -> Any:
        """Asks for the number of steps."""
        return SessionRunArgs({"evals_completed": self._completed})

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Logs it, and stops after the last one."""
        done = run_values.results["evals_completed"]
        if self._logs and self._num_evals is None:
            tf_logging.info("Evaluation [%d]", done)
        elif self._logs and (done % self._every == 0 or done == self._num_evals):
            tf_logging.info("Evaluation [%d/%d]", done, self._num_evals)
        if self._num_evals is not None and done >= self._num_evals:
            run_context.request_stop()


def evaluate_once(
    checkpoint_path: Any,
    master: str = "",
    scaffold: Any = None,
    eval_ops: Any = None,
    feed_dict: Any = None,
    final_ops: Any = None,
    final_ops_feed_dict: Any = None,
    hooks: Any = None,
    config: Any = None,
) -> Any:
    """Evaluates a checkpoint once.

    Args:
        checkpoint_path: None: the variables are initialized.
        master: kept for TensorFlow's sake.
        scaffold: gets the model ready.
        eval_ops: run again and again.
        feed_dict: for them.
        final_ops: run at the end.
        final_ops_feed_dict: for them.
        hooks: SessionRunHooks.
        config: a ConfigProto.

    Returns:
        What `final_ops` gave.
    """
    step = get_or_create_eval_step()
    hooks = list(hooks or [])
    if eval_ops is not None:
        eval_ops = _with_counting(eval_ops, step, hooks)
    said = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.localtime())
    tf_logging.info("Starting evaluation at %s", said)
    creator = ChiefSessionCreator(
        scaffold=scaffold,
        checkpoint_filename_with_path=checkpoint_path,
        master=master,
        config=config,
    )
    last = FinalOpsHook(final_ops, final_ops_feed_dict)
    with MonitoredSession(session_creator=creator, hooks=[*hooks, last]) as session:
        while eval_ops is not None and not session.should_stop():
            session.run(eval_ops, feed_dict)
    said = time.strftime("%Y-%m-%d-%H:%M:%S", time.localtime())
    tf_logging.info("Finished evaluation at %s", said)
    return last.final_ops_values


def _with_counting(eval_ops: Any, step: Any, hooks: list[Any]) -> Any:
    """The operations, with one that counts the steps."""
    update = assign_add(step, 1, use_locking=True)
    if isinstance(eval_ops, dict):
        eval_ops["update_eval_step"] = update
        all_ops = list(eval_ops.values())
    else:
        given = eval_ops if isinstance(eval_ops, (tuple, list)) else [eval_ops]
        eval_ops = all_ops = [*given, update]
    with control_dependencies(all_ops):
        done = identity(get_or_create_eval_step().read_value())
    for hook in hooks:
        if isinstance(hook, StopAfterNEvalsHook):
            hook.count_by(done)
    return eval_ops
