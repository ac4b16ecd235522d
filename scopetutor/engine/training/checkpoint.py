"""`tf.train.Checkpoint`: objects that are saved together, by their attributes.

After object_saver.py. Variables keep their values by the way that leads to them, and
not by their names as with a `tf.train.Saver`.
"""

from __future__ import annotations

import os
import weakref
from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.surroundings import colocate_with, device, init_scope
from scopetutor.engine.variables import Variable

from .checkpoint_management import update_state
from .object_saver import ObjectSaver, session_for
from .trackable import (
    AutoTrackable,
    attribute_was_set,
    attributes_of,
    is_trackable,
)

_HIDDEN = frozenset({"_save_counter", "_save_assign_op"})


class Checkpoint(AutoTrackable):
    """Objects by name, that are saved and restored together.

    Args:
        kwargs: the objects: variables, layers, models, optimizers, other checkpoints.

    Raises:
        ValueError: one of them holds no variables.
    """

    def __init__(self, **kwargs: Any) -> None:
        for name, value in sorted(kwargs.items()):
            if not is_trackable(value):
                raise ValueError(
                    "`Checkpoint` was expecting a trackable object (an object derived "
                    f"from `TrackableBase`), got {value}. If you believe this object "
                    "should be trackable (i.e. it is part of the TensorFlow Python API "
                    "and manages state), please open an issue."
                )
            setattr(self, name, value)
        self._save_counter: Any = None
        self._save_assign_op: Any = None
        self._saver = ObjectSaver(weakref.ref(self))

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        found = attributes_of(self, _HIDDEN)
        counter = self._save_counter
        return found if counter is None else [*found, ("save_counter", counter)]

    @property
    def save_counter(self) -> Any:
        """The variable that counts how often it was saved."""
        if self._save_counter is None:
            with device("/cpu:0"), init_scope():
                self._save_counter = Variable(
                    0,
                    name="save_counter",
                    dtype=dtypes.int64,
                    trainable=False,
                    use_resource=True,
                )
            attribute_was_set(self, "save_counter", self._save_counter)
        return self._save_counter

    def write(self, file_prefix: str, session: Any = None) -> Any:
        """Writes a checkpoint of exactly this prefix, and tells no one.

        Args:
            file_prefix: of its files.
            session: None: the default one, or keras's; in eager mode none is needed.

        Returns:
            The prefix.
        """
        found = self._saver.save(file_prefix, session=session)
        return found.decode() if isinstance(found, bytes) else found

    def save(self, file_prefix: str, session: Any = None) -> Any:
        """Writes a checkpoint, numbered, that `tf.train.latest_checkpoint` will find.

        Args:
            file_prefix: of its files; a number is added.
            session: None: the default one, or keras's; in eager mode none is needed.

        Returns:
            The prefix with the number.
        """
        eager = defaults.state.eager
        if not eager:
            session = session_for(session)
            if self._save_counter is None:
                session.run(self.save_counter.initializer)
        if eager or self._save_assign_op is None:
            with colocate_with(self.save_counter):
                counted = self.save_counter.assign_add(1, read_value=True)
            self._save_assign_op = counted
        number = counted.numpy() if eager else session.run(self._save_assign_op)
        path = self.write(f"{file_prefix}-{number}", session=session)
        update_state(
            os.path.dirname(file_prefix),
            path,
            all_model_checkpoint_paths=[path],
            save_relative_paths=True,
        )
        return path

    def restore(self, save_path: Any) -> Any:
        """Gives the objects the values that a checkpoint has of them.

        Args:
            save_path: what `save` gave; None: nothing is restored.

        Returns:
            What tells how much was found, and in graphs runs the operations.

        Raises:
            NotFoundError: there are no such files.
        """
        status = self._saver.restore(save_path)
        _ = self.save_counter
        return status
