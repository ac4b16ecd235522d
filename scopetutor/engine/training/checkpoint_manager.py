"""`tf.train.CheckpointManager`: the last few checkpoints of a `tf.train.Checkpoint`.

After checkpoint.py. The file `checkpoint` of the folder tells which there are, so that
another manager of the folder goes on with them.
"""

from __future__ import annotations

import os
import time
from typing import Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.entering import variable_creator_scope

from .checkpoint_management import get_checkpoint_state, remove_files, update_state
from .global_step import global_step


class CheckpointManager:
    """Saves checkpoints of objects, numbered, and removes old ones.

    Args:
        checkpoint: the objects.
        directory: of the checkpoints.
        max_to_keep: how many are kept; None: all.
        keep_checkpoint_every_n_hours: one in so many hours is kept for ever.
        checkpoint_name: with which their names begin.

    Raises:
        ValueError: no checkpoint would be kept.
    """

    def __init__(
        self,
        checkpoint: Any,
        directory: str,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
    ) -> None:
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(
                "Expected a positive integer or `None` for `max_to_max_to_keep`, got "
                f"{max_to_keep}."
            )
        self._checkpoint = checkpoint
        self._counted: Any = None
        self._max_to_keep = max_to_keep
        self._hours = keep_checkpoint_every_n_hours
        self._directory = directory
        self._prefix = os.path.join(directory, checkpoint_name)
        self._kept: dict[str, float] = {}
        self._latest: str | None = None
        self._preserved = time.time() - 1.0
        state = get_checkpoint_state(directory)
        if state is not None:
            self._go_on(state)

    def _go_on(self, state: Any) -> None:
        """Takes over the checkpoints that the folder has."""
        now = time.time()
        self._latest = state.model_checkpoint_path
        self._preserved = state.last_preserved_timestamp
        if now < self._preserved:
            tf_logging.warning(
                "time.time() returned a value %f seconds behind the last preserved "
                "checkpoint timestamp.",
                self._preserved - now,
            )
            self._preserved = now
        paths = list(state.all_model_checkpoint_paths)
        times = list(state.all_model_checkpoint_timestamps)
        for path, made in zip(paths, times or [self._preserved] * len(paths)):  # noqa: B905
            if min(made, now) > self._preserved:
                self._kept[path] = min(made, now)

    @property
    def latest_checkpoint(self) -> str | None:
        """The prefix of the newest one, or None."""
        return self._latest

    @property
    def checkpoints(self) -> list[str]:
        """The prefixes of those that may be removed later, the oldest first."""
        return list(self._kept)

    def save(self, checkpoint_number: Any = None) -> Any:
        """Writes a checkpoint, and removes what is too old.

        Args:
            checkpoint_number: a number, or a variable with it; None: how often the
                objects were saved.

        Returns:
            The prefix of its files.
        """
        counter, session = self._count()
        number = counter if checkpoint_number is None else checkpoint_number
        if not isinstance(number, int):
            number = global_step(session, number)
        path = self._checkpoint.write(f"{self._prefix}-{number}")
        self._kept.pop(path, None)
        self._kept[path] = time.time()
        self._latest = path
        self._record()
        self._sweep()
        self._record()
        return path

    def _count(self) -> tuple[Any, Any]:
        """Adds one to the objects' counter; the counter, and the session."""
        if defaults.state.eager:
            counter = self._checkpoint.save_counter
            counter.assign_add(1)
            return counter, None
        session = defaults.get_default_session()

        def initialized(next_creator: Any, **kwargs: Any) -> Any:
            made = next_creator(**kwargs)
            session.run(made.initializer)
            return made

        with variable_creator_scope(initialized):
            counter = self._checkpoint.save_counter
        if self._counted is None:
            self._counted = counter.assign_add(1, read_value=False)
        session.run(self._counted)
        return counter, session

    def _sweep(self) -> None:
        """Removes the oldest ones, but for those that are kept for ever."""
        while self._max_to_keep and len(self._kept) > self._max_to_keep:
            path, made = next(iter(self._kept.items()))
            del self._kept[path]
            if self._hours and made - self._hours * 3600.0 >= self._preserved:
                self._preserved = made
                continue
            remove_files(f"{path}.index")
            remove_files(f"{path}.data-?????-of-?????")

    def _record(self) -> None:
        update_state(
            self._directory,
            self._latest or "",
            all_model_checkpoint_paths=list(self._kept),
            all_model_checkpoint_timestamps=list(self._kept.values()),
            last_preserved_timestamp=self._preserved,
            save_relative_paths=True,
        )
