"""Hooks that write files: checkpoints, summaries and how fast a training goes.

`tf.train.CheckpointSaverHook`, `SummarySaverHook` and `StepCounterHook`.
After ``basic_session_run_hooks.py``. All write through the one FileWriter of a folder.
"""

from __future__ import annotations

import os
from typing import Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.file_writer import FileWriterCache
from scopetutor.engine.graph_io import write_graph
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.meta_graph import create_meta_graph_def
from scopetutor.formats import protos

from .basic_session_run_hooks import read_global_step
from .global_step import get_global_step
from .hook_timer import SecondOrStepTimer
from .session_run_hook import SessionRunArgs, SessionRunHook


class CheckpointSaverListener:
    """Is called around each checkpoint."""

    def begin(self) -> None:
        """Is called when the hook begins."""

    def before_save(self, session: Any, global_step_value: Any) -> None:
        """Is called before a checkpoint is written."""

    def after_save(self, session: Any, global_step_value: Any) -> Any:
        """Is called after it was; True asks for a stop."""

    def end(self, session: Any, global_step_value: Any) -> None:
        """Is called at the end."""


class CheckpointSaverHook(SessionRunHook):
    """Writes a checkpoint every few seconds or steps, first and last.

    Args:
        checkpoint_dir: the folder.
        save_secs: how many seconds lie between two.
        save_steps: how many steps do.
        saver: writes them; None: the scaffold's, or that of the graph.
        checkpoint_basename: how their names begin.
        scaffold: has the saver.
        listeners: CheckpointSaverListeners.

    Raises:
        ValueError: both a saver and a scaffold are given.
    """

    def __init__(
        self,
        checkpoint_dir: Any,
        save_secs: Any = None,
        save_steps: Any = None,
        saver: Any = None,
        checkpoint_basename: str = "model.ckpt",
        scaffold: Any = None,
        listeners: Any = None,
    ) -> None:
        tf_logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver, self._scaffold = saver, scaffold
        self._checkpoint_dir = checkpoint_dir
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._listeners = listeners or []

    def begin(self) -> None:
        """Finds the global step."""
        self._summary_writer = FileWriterCache.get(self._checkpoint_dir)
        self._global_step_tensor = read_global_step("CheckpointSaverHook")
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Writes the graph and the first checkpoint."""
        del coord
        step = session.run(self._global_step_tensor)
        graph = defaults.get_default_graph()
        graph_def = graph.as_graph_def(add_shapes=True)
        write_graph(graph_def, self._checkpoint_dir, "graph.pbtxt")
        saver = self._get_saver()
        meta_graph_def = create_meta_graph_def(
            graph_def=graph_def, saver_def=saver.saver_def if saver else None
        )
        self._summary_writer.add_graph(graph)
        self._summary_writer.add_meta_graph(meta_graph_def)
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context: Any) -> Any:
        """Asks for the step."""
        del run_context
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Writes a checkpoint if it is time."""
        if not self._timer.should_trigger_for_step(run_values.results + 1):
            return
        step = run_context.session.run(self._global_step_tensor)
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session: Any) -> None:
        """Writes the last checkpoint, unless it is there."""
        step = session.run(self._global_step_tensor)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session: Any, step: Any) -> bool:
        """Writes a checkpoint; whether a listener asks for a stop."""
        tf_logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._get_saver().save(session, self._save_path, global_step=step)
        log: Any = protos.SessionLog(
            status=protos.SessionLog.CHECKPOINT, checkpoint_path=self._save_path
        )
        self._summary_writer.add_session_log(log, step)
        stops = False
        for listener in self._listeners:
            if listener.after_save(session, step):
                tf_logging.info(
                    "A CheckpointSaverListener requested that training be stopped. "
                    f"listener: {listener}"
                )
                stops = True
        return stops

    def _get_saver(self) -> Any:
        """The saver; RuntimeError if the graph has none, or several."""
        if self._saver is not None:
            return self._saver
        if self._scaffold is not None:
            return self._scaffold.saver
        key = GraphKeys.SAVERS
        savers = defaults.get_default_graph().get_collection(key)
        if not savers:
            raise RuntimeError(
                f"No items in collection {key}. Please add a saver to the collection "
                "or provide a saver or scaffold."
            )
        if len(savers) > 1:
            raise RuntimeError(
                f"More than one item in collection {key}. Please indicate which one "
                "to use by passing it to the constructor."
            )
        self._saver = savers[0]
        return self._saver


class StepCounterHook(SessionRunHook):
    """Logs and writes how many steps are made in a second.

    Raises:
        ValueError: both steps and seconds are given, or none.
    """

    def __init__(
        self,
        every_n_steps: Any = 100,
        every_n_secs: Any = None,
        output_dir: Any = None,
        summary_writer: Any = None,
    ) -> None:
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError(
                "exactly one of every_n_steps and every_n_secs should be provided."
            )
        self._timer = SecondOrStepTimer(
            every_secs=every_n_secs, every_steps=every_n_steps
        )
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._last_global_step: Any = None

    def begin(self) -> None:
        """Finds the global step."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._global_step_tensor = read_global_step("StepCounterHook")
        self._summary_tag = f"{get_global_step().op.name}/sec"

    def before_run(self, run_context: Any) -> Any:
        """Asks for the step."""
        del run_context
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Counts, if it is time; warns if the step does not grow."""
        stale = run_values.results
        if self._timer.should_trigger_for_step(stale + 1):
            step = run_context.session.run(self._global_step_tensor)
            if self._timer.should_trigger_for_step(step):
                seconds, steps = self._timer.update_last_triggered_step(step)
                if seconds is not None:
                    self._log_and_record(steps, seconds, step)
        if stale == self._last_global_step:
            tf_logging.log_first_n(
                tf_logging.WARN,
                "It seems that global step (tf.train.get_global_step) has not been "
                "increased. Current value (could be stable): %s vs previous value: "
                "%s. You could increase the global step by passing "
                "tf.train.get_global_step() to Optimizer.apply_gradients or "
                "Optimizer.minimize.",
                5,
                stale,
                self._last_global_step,
            )
        self._last_global_step = stale

    def _log_and_record(self, elapsed_steps: Any, elapsed_time: Any, step: Any) -> None:
        rate = elapsed_steps / elapsed_time
        if self._summary_writer is not None:
            self._summary_writer.add_summary(
                rate_summary(self._summary_tag, rate), step
            )
        tf_logging.info("%s: %g", self._summary_tag, rate)


def rate_summary(tag: str, rate: float) -> Any:
    """The summary of one number."""
    value: Any = protos.Summary.Value(tag=tag, simple_value=rate)
    return protos.Summary(value=[value])


class SummarySaverHook(SessionRunHook):
    """Writes summaries every few seconds or steps.

    Raises:
        ValueError: not exactly one of scaffold and summary_op is given.
    """

    def __init__(
        self,
        save_steps: Any = None,
        save_secs: Any = None,
        output_dir: Any = None,
        summary_writer: Any = None,
        scaffold: Any = None,
        summary_op: Any = None,
    ) -> None:
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op, self._scaffold = summary_op, scaffold
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self) -> None:
        """Finds the global step."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._next_step: Any = None
        self._global_step_tensor = read_global_step("SummarySaverHook")

    def before_run(self, run_context: Any) -> Any:
        """Asks for the step, and for the summaries if it is time."""
        del run_context
        self._request_summary = (
            self._next_step is None
            or self._timer.should_trigger_for_step(self._next_step)
        )
        requests = {"global_step": self._global_step_tensor}
        if self._request_summary and (wanted := self._get_summary_op()) is not None:
            requests["summary"] = wanted
        return SessionRunArgs(requests)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Writes them."""
        if not self._summary_writer:
            return
        step = run_values.results["global_step"] + 1
        if self._next_step is None or self._request_summary:
            step = run_context.session.run(self._global_step_tensor)
        if self._next_step is None:
            start: Any = protos.SessionLog(status=protos.SessionLog.START)
            self._summary_writer.add_session_log(start, step)
        if self._request_summary:
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summary", ()):
                self._summary_writer.add_summary(summary, step)
        self._next_step = step + 1

    def end(self, session: Any = None) -> None:
        """Puts them on disk."""
        del session
        if self._summary_writer:
            self._summary_writer.flush()

    def _get_summary_op(self) -> list[Any] | None:
        found = self._summary_op
        if found is None:
            found = self._scaffold.summary_op
        return found if found is None or isinstance(found, list) else [found]
