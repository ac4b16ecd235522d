"""`tf.train.SecondOrStepTimer`: when a hook does its work.

Before ``basic_session_run_hooks.py`` and ``recording_hooks.py``.
"""

from __future__ import annotations

import time
from typing import Any


class SecondOrStepTimer:
    """Says yes every few seconds, or every few steps.

    Raises:
        ValueError: none or both are given.
    """

    def __init__(self, every_secs: Any = None, every_steps: Any = None) -> None:
        self.reset()
        self._every_secs, self._every_steps = every_secs, every_steps
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")

    def reset(self) -> None:
        """Begins anew."""
        self._last_triggered_step: Any = None
        self._last_triggered_time: Any = None

    def should_trigger_for_step(self, step: Any) -> bool:
        """Whether it is time again; always at first, never twice at a step."""
        last = self._last_triggered_step
        if last is None:
            return True
        if last == step:
            return False
        if self._every_secs is not None:
            return bool(time.time() >= self._last_triggered_time + self._every_secs)
        return bool(step >= last + self._every_steps)

    def update_last_triggered_step(self, step: Any) -> tuple[Any, Any]:
        """Notes that it was time at a step.

        Returns:
            The seconds and the steps since the last time; None, None at first.
        """
        now = time.time()
        since: tuple[Any, Any] = (None, None)
        if self._last_triggered_time is not None:
            since = now - self._last_triggered_time, step - self._last_triggered_step
        self._last_triggered_time, self._last_triggered_step = now, step
        return since

    def last_triggered_step(self) -> Any:
        """When it was time last; None if it never was."""
        return self._last_triggered_step


class NeverTriggerTimer:
    """Always says no."""

    def reset(self) -> None:
        """Begins anew."""

    def should_trigger_for_step(self, step: Any) -> bool:
        """No."""
        return False

    def update_last_triggered_step(self, step: Any) -> tuple[Any, Any]:
        """Notes nothing."""
        return None, None

    def last_triggered_step(self) -> Any:
        """None: it never was time."""
        return None
