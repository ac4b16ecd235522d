"""`tf.train.basic_train_loop`: calls a function until a Supervisor says stop.

After ``supervisor.py``, which opens the session. After a worker was lost, another
session goes on; most programs have `MonitoredTrainingSession` for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.op_errors import AbortedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .supervisor import Supervisor


def basic_train_loop(
    supervisor: Supervisor,
    train_step_fn: Callable[..., Any],
    args: Any = None,
    kwargs: Any = None,
    master: str = "",
) -> None:
    """Calls a function of a session again and again, also after a lost worker."""
    while True:
        try:
            with supervisor.managed_session(master) as session:
                while not supervisor.should_stop():
                    train_step_fn(session, *(args or ()), **(kwargs or {}))
        except AbortedError:
            continue
        return
