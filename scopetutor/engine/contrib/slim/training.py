"""`slim.learning.train`: steps of a training operation under a Supervisor.

After learning.py, which makes the operation.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, defaults, tf_logging
from scopetutor.engine.op_errors import AbortedError, OutOfRangeError
from scopetutor.engine.ops import math
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.summaries import merge_all
from scopetutor.engine.resources import tables_initializer
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.global_step import get_or_create_global_step
from scopetutor.engine.training.global_step import global_step as step_of
from scopetutor.engine.training.saver import Saver
from scopetutor.engine.training.supervisor import Supervisor
from scopetutor.engine.variable_lists import (
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_USE_DEFAULT = 0


def train_step(
    sess: Any, train_op: Any, global_step: Any, train_step_kwargs: Any
) -> tuple[Any, Any]:
    """Trains once.

    Args:
        sess: in which.
        train_op: trains when it is run, and gives the loss.
        global_step: the tensor of the step.
        train_step_kwargs: `should_stop`, `should_log` and `should_trace`, scalars of
            bool; `logdir`.

    Returns:
        The loss, and whether to stop.

    Raises:
        ValueError: `should_trace` without `logdir`.
    """
    if "should_trace" in train_step_kwargs and "logdir" not in train_step_kwargs:
        raise ValueError(
            "logdir must be present in train_step_kwargs when should_trace is present"
        )
    begun = time.time()
    total_loss, step = sess.run([train_op, global_step])
    elapsed = time.time() - begun
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        tf_logging.info(
            "global step %d: loss = %.4f (%.3f sec/step)", step, total_loss, elapsed
        )
    if "should_stop" in train_step_kwargs:
        return total_loss, sess.run(train_step_kwargs["should_stop"])
    return total_loss, False


def train(
    train_op: Any,
    logdir: Any,
    train_step_fn: Callable[..., Any] = train_step,
    train_step_kwargs: Any = _USE_DEFAULT,
    log_every_n_steps: int = 1,
    graph: Any = None,
    master: str = "",
    is_chief: bool = True,
    global_step: Any = None,
    number_of_steps: int | None = None,
    init_op: Any = _USE_DEFAULT,
    init_feed_dict: Any = None,
    local_init_op: Any = _USE_DEFAULT,
    init_fn: Any = None,
    ready_op: Any = _USE_DEFAULT,
    summary_op: Any = _USE_DEFAULT,
    save_summaries_secs: Any = 600,
    summary_writer: Any = _USE_DEFAULT,
    startup_delay_steps: int = 0,
    saver: Any = None,
    save_interval_secs: Any = 600,
    sync_optimizer: Any = None,
    session_config: Any = None,
    session_wrapper: Any = None,
    trace_every_n_steps: int | None = None,
    ignore_live_threads: bool = False,
) -> Any:
    """Trains until there are enough steps, or no more data.

    Args:
        train_op: trains when it is run, and gives the loss.
        logdir: the folder of checkpoints and summaries; None: none are written.
        train_step_fn: (session, train_op, global_step, train_step_kwargs), gives the
            loss and whether to stop.
        train_step_kwargs: see `train_step`; by default made from what follows.
        log_every_n_steps: how often the loss is logged; 0: never.
        graph: None: the default graph.
        master: is not looked at.
        is_chief: whether files are written.
        global_step: None: the graph's own, made if there is none.
        number_of_steps: None: no end.
        init_op: as for Supervisor, as are the next ones.
        init_feed_dict: is fed to it.
        local_init_op: gives local variables their values.
        init_fn: (session), is called after `init_op`.
        ready_op: gives the names of variables without a value.
        summary_op: all summaries; None: none are written.
        save_summaries_secs: seconds between two summaries.
        summary_writer: a FileWriter; None: no summaries.
        startup_delay_steps: how many steps others than the chief wait for.
        saver: None: of all variables.
        save_interval_secs: seconds between two checkpoints.
        sync_optimizer: None; a SyncReplicasOptimizer is not taken here.
        session_config: of the session.
        session_wrapper: (session), gives the session to use.
        trace_every_n_steps: how often the operation `should_trace` is true; no trace
            is written.
        ignore_live_threads: whether threads may live on at the end.

    Returns:
        The last loss; None if there was no step.

    Raises:
        ValueError: arguments contradict each other.
    """
    _check(train_op, logdir, summary_op, saver, trace_every_n_steps, number_of_steps)
    _check_not_synchronized(sync_optimizer, startup_delay_steps)
    graph = graph or defaults.get_default_graph()
    with graph.as_default():
        if global_step is None:
            global_step = get_or_create_global_step()
        saver = saver or Saver()
        init_op, ready_op, local_init_op = _init_ops(init_op, ready_op, local_init_op)
        if _is_default(summary_op):
            summary_op = merge_all()
        if _is_default(train_step_kwargs):
            traced = trace_every_n_steps if is_chief else None
            train_step_kwargs = _step_settings(
                global_step, number_of_steps, log_every_n_steps, traced
            )
            if traced is not None:
                train_step_kwargs["logdir"] = logdir
    sv = Supervisor(
        graph=graph,
        is_chief=is_chief,
        logdir=logdir,
        init_op=init_op,
        init_feed_dict=init_feed_dict,
        local_init_op=local_init_op,
        ready_for_local_init_op=None,
        ready_op=ready_op,
        summary_op=summary_op,
        summary_writer=summary_writer,
        global_step=global_step,
        saver=saver,
        save_summaries_secs=save_summaries_secs,
        save_model_secs=save_interval_secs,
        init_fn=init_fn,
    )
    if summary_writer is not None:
        train_step_kwargs["summary_writer"] = sv.summary_writer
    waited = min(startup_delay_steps, number_of_steps or startup_delay_steps)

    def in_session(sess: Any, losses: list[Any]) -> None:
        wrapped = sess if session_wrapper is None else session_wrapper(sess)
        _serve(sv, wrapped, logdir, global_step, waited)
        step = (train_op, global_step, train_step_kwargs)
        _steps(sv, wrapped, train_step_fn, step, losses)
        _finish(sv, wrapped, logdir, ignore_live_threads)

    return _last_loss(sv, master, session_config, in_session)


def _check_not_synchronized(sync_optimizer: Any, startup_delay_steps: int) -> None:
    from scopetutor.engine.training.sync_replicas import (  # noqa: PLC0415 - seldom
        SyncReplicasOptimizer,
    )

    if isinstance(sync_optimizer, SyncReplicasOptimizer):
        raise NotImplementedError(
            "scopetutor's slim.learning.train takes no SyncReplicasOptimizer; use "
            "`make_session_run_hook` with a tf.train.MonitoredTrainingSession"
        )
    if sync_optimizer is not None:
        raise ValueError(
            "`sync_optimizer` must be a tf.train.SyncReplicasOptimizer."
            if not startup_delay_steps
            else "startup_delay_steps must be zero when sync_optimizer is supplied."
        )


def _last_loss(
    sv: Supervisor,
    master: str,
    session_config: Any,
    in_session: Callable[[Any, list[Any]], None],
) -> Any:
    """Trains in a session, and in another one whenever that was aborted."""
    losses: list[Any] = [None]
    while True:
        try:
            with sv.managed_session(
                master, start_standard_services=False, config=session_config
            ) as sess:
                tf_logging.info("Starting Session.")
                in_session(sess, losses)
            return losses[-1]
        except AbortedError:
            tf_logging.info("Retrying training!")


def _is_default(given: Any) -> bool:
    return isinstance(given, int) and given == _USE_DEFAULT


def _check(
    train_op: Any,
    logdir: Any,
    summary_op: Any,
    saver: Any,
    trace_every_n_steps: Any,
    number_of_steps: Any,
) -> None:
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    wanted = {
        "summary_op": not _is_default(summary_op),
        "saver": saver is not None,
        "trace_every_n_steps": trace_every_n_steps is not None,
    }
    for name, given in wanted.items():
        if given and logdir is None:
            raise ValueError(f"Cannot provide {name} because logdir=None")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")


def _init_ops(init_op: Any, ready_op: Any, local_init_op: Any) -> tuple[Any, Any, Any]:
    """Those that were not given are made."""
    with name_scope("init_ops"):
        if _is_default(init_op):
            init_op = global_variables_initializer()
        if _is_default(ready_op):
            ready_op = report_uninitialized_variables()
        if _is_default(local_init_op):
            local_init_op = group(local_variables_initializer(), tables_initializer())
    return init_op, ready_op, local_init_op


def _every(global_step: Any, count: int) -> Any:
    return math.equal(math.mod(global_step, count), 0)


def _step_settings(
    global_step: Any, number_of_steps: Any, log_every: int, trace_every: Any
) -> Any:
    with name_scope("train_step"):
        settings = {
            "should_stop": math.greater_equal(global_step, number_of_steps)
            if number_of_steps
            else constants.constant(False)
        }
        if log_every > 0:
            settings["should_log"] = _every(global_step, log_every)
        if trace_every is not None:
            settings["should_trace"] = _every(global_step, trace_every)
    return settings


def _serve(sv: Supervisor, sess: Any, logdir: Any, step: Any, waited: int) -> None:
    """The chief's threads begin; others wait until the chief has begun."""
    if sv.is_chief and logdir:
        sv.start_standard_services(sess)
    while not sv.is_chief and step_of(sess, step) < waited:
        time.sleep(1.0)
    sv.start_queue_runners(sess)
    tf_logging.info("Starting Queues.")


def _steps(
    sv: Supervisor,
    sess: Any,
    train_step_fn: Callable[..., Any],
    step: tuple[Any, Any, Any],
    losses: list[Any],
) -> None:
    """All steps; `losses` keeps the last one's."""
    try:
        while not sv.should_stop():
            losses[-1], should_stop = train_step_fn(sess, *step)
            if should_stop:
                tf_logging.info("Stopping Training.")
                sv.request_stop()
                break
    except OutOfRangeError as error:
        tf_logging.info("Caught OutOfRangeError. Stopping Training. %s", error)


def _finish(sv: Supervisor, sess: Any, logdir: Any, ignore_live_threads: bool) -> None:
    """Writes a last checkpoint, and ends the threads."""
    if logdir and sv.is_chief:
        tf_logging.info("Finished training! Saving model to disk.")
        sv.saver.save(sess, sv.save_path, global_step=sv.global_step)
        sv.stop(close_summary_writer=True, ignore_live_threads=ignore_live_threads)
