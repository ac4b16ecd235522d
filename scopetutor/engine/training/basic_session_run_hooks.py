"""Hooks that stop, watch, log, wait or feed: `tf.train.StopAtStepHook` and others.

After ``session_run_hook.py`` and ``hook_timer.py``; the hooks that write files are in
``recording_hooks.py``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.op_errors import OutOfRangeError

from .global_step import _get_or_create_global_step_read
from .hook_timer import NeverTriggerTimer, SecondOrStepTimer
from .session_run_hook import SessionRunArgs, SessionRunHook

if TYPE_CHECKING:
    from collections.abc import Callable

# What TF 1.15 says when the operations run at the end read an input that has ended.
_FINAL_READS = (
    "An OutOfRangeError or StopIteration exception is raised by the code in "
    "FinalOpsHook. This typically means the Ops running by the FinalOpsHook have a "
    "dependency back to some input source, which should not happen. For example, for "
    "metrics in tf.estimator.Estimator, all metrics functions return two Ops: "
    "`value_op` and  `update_op`. Estimator.evaluate calls the `update_op` for each "
    "batch of the data in input source and, once it is exhausted, it call the "
    "`value_op` to get the metric values. The `value_op` here should have dependency "
    "back to variables reading only, rather than reading another batch from input. "
    "Otherwise, the `value_op`, executed by `FinalOpsHook`, triggers another data "
    "reading, which ends OutOfRangeError/StopIteration. Please fix that."
)


def read_global_step(hook: str) -> Any:
    """The tensor of the step before it is increased.

    Raises:
        RuntimeError: the graph has no global step, which the hook needs.
    """
    found = _get_or_create_global_step_read()
    if found is None:
        raise RuntimeError(f"Global step should be created to use {hook}.")
    return found


class StopAtStepHook(SessionRunHook):
    """Stops after some steps, or at a step.

    Raises:
        ValueError: none or both are given.
    """

    def __init__(self, num_steps: Any = None, last_step: Any = None) -> None:
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def begin(self) -> None:
        """Finds the global step."""
        self._global_step_tensor = read_global_step("StopAtStepHook")

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Finds at which step to stop."""
        del coord
        if self._last_step is None:
            self._last_step = session.run(self._global_step_tensor) + self._num_steps

    def before_run(self, run_context: Any) -> Any:
        """Asks for the step."""
        del run_context
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Asks for a stop if the step is reached: what was read may be old."""
        if run_values.results + 1 < self._last_step:
            return
        if run_context.session.run(self._global_step_tensor) >= self._last_step:
            run_context.request_stop()


class NanLossDuringTrainingError(RuntimeError):
    """The loss is no number."""

    def __str__(self) -> str:
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Stops when a loss is no number: by an error if `fail_on_nan_loss`."""

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._loss_tensor, self._fail_on_nan_loss = loss_tensor, fail_on_nan_loss

    def before_run(self, run_context: Any) -> Any:
        """Asks for the loss."""
        del run_context
        return SessionRunArgs(self._loss_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Looks at the loss.

        Raises:
            NanLossDuringTrainingError: it is no number.
        """
        if not np.isnan(run_values.results):
            return
        said = "Model diverged with loss = NaN."
        if self._fail_on_nan_loss:
            tf_logging.error(said)
            raise NanLossDuringTrainingError
        tf_logging.warning(said)
        run_context.request_stop()


class LoggingTensorHook(SessionRunHook):
    """Logs tensors every few runs, every few seconds or at the end.

    Args:
        tensors: by tag, or a list of tensors or their names.
        every_n_iter: how many runs lie between two lines.
        every_n_secs: how many seconds do.
        at_end: whether they are logged at the end too.
        formatter: makes the line of the values by tag.

    Raises:
        ValueError: it is not said when, or said twice.
    """

    def __init__(
        self,
        tensors: Any,
        every_n_iter: Any = None,
        every_n_secs: Any = None,
        at_end: bool = False,
        formatter: Callable[[Any], str] | None = None,
    ) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError(
                "either at_end and/or exactly one of every_n_iter and every_n_secs "
                "must be provided."
            )
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        if isinstance(tensors, dict):
            self._tag_order = sorted(tensors)
        else:
            self._tag_order = tensors
            tensors = {item: item for item in tensors}
        self._tensors, self._formatter, self._log_at_end = tensors, formatter, at_end
        self._timer: Any = (
            NeverTriggerTimer()
            if only_at_end
            else SecondOrStepTimer(every_n_secs, every_n_iter)
        )

    def begin(self) -> None:
        """Finds the tensors."""
        self._timer.reset()
        self._iter_count = 0
        self._current_tensors = {
            tag: _as_graph_element(tensor) for tag, tensor in self._tensors.items()
        }

    def before_run(self, run_context: Any) -> Any:
        """Asks for the tensors if it is time."""
        del run_context
        self._should_trigger = self._timer.should_trigger_for_step(self._iter_count)
        return SessionRunArgs(self._current_tensors) if self._should_trigger else None

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Logs them."""
        del run_context
        if self._should_trigger:
            self._log_tensors(run_values.results)
        self._iter_count += 1

    def end(self, session: Any) -> None:
        """Logs them once more if that was asked for."""
        if self._log_at_end:
            self._log_tensors(session.run(self._current_tensors))

    def _log_tensors(self, values: Any) -> None:
        seconds, _ = self._timer.update_last_triggered_step(self._iter_count)
        with np.printoptions(suppress=True):
            if self._formatter:
                tf_logging.info(self._formatter(values))
                return
            line = ", ".join(f"{tag} = {values[tag]}" for tag in self._tag_order)
        if seconds is None:
            tf_logging.info("%s", line)
        else:
            tf_logging.info("%s (%.3f sec)", line, seconds)


class GlobalStepWaiterHook(SessionRunHook):
    """Waits before the first run until others have trained up to a step."""

    def __init__(self, wait_until_step: int) -> None:
        self._wait_until_step = wait_until_step

    def begin(self) -> None:
        """Finds the global step."""
        self._worker_is_started = False
        self._global_step_tensor = read_global_step("_GlobalStepWaiterHook")

    def before_run(self, run_context: Any) -> Any:
        """Waits."""
        if self._worker_is_started:
            return
        if self._wait_until_step > 0:
            self._wait(run_context.session)
        self._worker_is_started = True

    def _wait(self, session: Any) -> None:
        said = "Waiting for global step %d before starting training."
        tf_logging.info(said, self._wait_until_step)
        logged = 0
        while (step := session.run(self._global_step_tensor)) < self._wait_until_step:
            if step - logged > 1000:
                tf_logging.info(
                    f"{said} Current step is %d.", self._wait_until_step, step
                )
                logged = step
            time.sleep(0.5)


class FinalOpsHook(SessionRunHook):
    """Runs something at the end."""

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._final_ops, self._final_ops_feed_dict = final_ops, final_ops_feed_dict
        self._final_ops_values: Any = None

    @property
    def final_ops_values(self) -> Any:
        """What came of it; None before the end."""
        return self._final_ops_values

    def end(self, session: Any) -> None:
        """Runs it."""
        if self._final_ops is None:
            return
        try:
            self._final_ops_values = session.run(
                self._final_ops, feed_dict=self._final_ops_feed_dict
            )
        except (OutOfRangeError, StopIteration):
            tf_logging.warning(_FINAL_READS)
            raise


class FeedFnHook(SessionRunHook):
    """Feeds in each run what a function gives."""

    def __init__(self, feed_fn: Callable[[], Any]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: Any) -> Any:
        """Feeds it."""
        del run_context
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())


def _as_graph_element(given: Any) -> Any:
    """A tensor of the default graph, by itself or by its name.

    Raises:
        ValueError: it is of another graph, or its operation has several.
    """
    graph = defaults.get_default_graph()
    if not isinstance(given, str):
        if getattr(given, "graph", None) is not graph:
            raise ValueError(
                f"Passed {given} should have graph attribute that is equal to current "
                f"graph {graph}."
            )
        return given
    if ":" in given:
        return graph.as_graph_element(given)
    element = graph.as_graph_element(f"{given}:0")
    try:
        graph.as_graph_element(f"{given}:1")
    except (KeyError, ValueError):
        return element
    raise ValueError(
        f"Name {given} is ambiguous, as this `Operation` has multiple outputs (at "
        "least 2)."
    )
