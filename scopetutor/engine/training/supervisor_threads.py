"""The threads of a Supervisor: summaries, steps in a second, checkpoints.

After ``coordinator.py``, before ``supervisor.py``.
"""

from __future__ import annotations

import time
from typing import Any

from scopetutor.engine import tf_logging
from scopetutor.formats import protos

from .coordinator import LooperThread
from .global_step import global_step as step_of
from .recording_hooks import rate_summary


class SVSummaryThread(LooperThread):
    """Writes the summaries from time to time."""

    def __init__(self, sv: Any, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self) -> None:
        """Writes them once."""
        step = None
        if self._sv.global_step is not None:
            wanted = [self._sv.summary_op, self._sv.global_step]
            summaries, step = self._sess.run(wanted)
        else:
            summaries = self._sess.run(self._sv.summary_op)
        if self._sv.summary_writer:
            tf_logging.info("Recording summary at step %s.", step)
            self._sv.summary_writer.add_summary(summaries, step)


class SVStepCounterThread(LooperThread):
    """Writes from time to time how many steps are made in a second."""

    def __init__(self, sv: Any, sess: Any, step_counter: Any = None) -> None:
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess
        self._last_time, self._last_step = 0.0, 0
        self._step_counter = sv.global_step if step_counter is None else step_counter
        self._summary_tag = f"{self._step_counter.op.name}/sec"

    def start_loop(self) -> None:
        """Notes when it begins."""
        self._last_time = time.time()
        self._last_step = step_of(self._sess, self._step_counter)

    def run_loop(self) -> None:
        """Counts once."""
        step = step_of(self._sess, self._step_counter)
        now = time.time()
        steps, seconds = step - self._last_step, now - self._last_time
        self._last_step, self._last_time = step, now
        rate = steps / seconds if seconds > 0 else float("inf")
        if self._sv.summary_writer:
            self._sv.summary_writer.add_summary(
                rate_summary(self._summary_tag, rate), step
            )
        tf_logging.log_first_n(tf_logging.INFO, "%s: %g", 10, self._summary_tag, rate)


class SVTimerCheckpointThread(LooperThread):
    """Writes a checkpoint from time to time."""

    def __init__(self, sv: Any, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_model_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self) -> None:
        """Writes one."""
        sv = self._sv
        tf_logging.info("Saving checkpoint to path %s", sv.save_path)
        sv.saver.save(self._sess, sv.save_path, global_step=sv.global_step)
        if sv.summary_writer and sv.global_step is not None:
            log: Any = protos.SessionLog(
                status=protos.SessionLog.CHECKPOINT, checkpoint_path=sv.save_path
            )
            step = step_of(self._sess, sv.global_step)
            sv.summary_writer.add_session_log(log, step)
