"""`tf.keras.callbacks.ModelCheckpoint` and `CSVLogger`: files of a training.

After callbacks.py, and saving.py, which writes the weights; given to `fit` like all
others.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from scopetutor.engine import tf_logging
from scopetutor.engine.training.checkpoint_management import latest_checkpoint

from .callbacks import Callback, Watching
from .progress_bar import say


class ModelCheckpoint(Watching):
    """Saves a model after each epoch.

    Args:
        filepath: of the files; {epoch} and the names of metrics in it are filled in.
        monitor: the metric that tells the best model.
        verbose: whether it says what it does.
        save_best_only: whether only better models are saved.
        save_weights_only: whether only weights are saved; whole models are not saved in
            scopetutor.
        mode: "min", "max" or "auto".
        save_freq: "epoch", or after how many samples.
        kwargs: the old `period`, in epochs, and `load_weights_on_restart`.

    Raises:
        ValueError: the frequency is none.
    """

    def __init__(
        self,
        filepath: str,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        **kwargs: Any,
    ) -> None:
        super().__init__(monitor, mode, 0.0)
        self.best = self._worst
        self.verbose = verbose
        self.filepath = filepath
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.epochs_since_last_save = 0
        self._samples = self._epoch = 0
        self.load_weights_on_restart = kwargs.get("load_weights_on_restart", False)
        if "load_weights_on_restart" in kwargs:
            tf_logging.warning(
                "`load_weights_on_restart` argument is deprecated. Please use "
                "`model.load_weights()` for loading weights before the start of "
                "`model.fit()`."
            )
        self.period = kwargs.get("period", 1)
        if "period" in kwargs:
            tf_logging.warning(
                "`period` argument is deprecated. Please use `save_freq` to specify "
                "the frequency in number of samples seen."
            )
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(f"Unrecognized save_freq: {save_freq}")

    def set_model(self, model: Any) -> None:
        """Says what is trained; of models that are classes only weights are saved."""
        self.model = model
        if not model._is_graph_network and type(model).__name__ != "Sequential":
            self.save_weights_only = True

    def on_train_begin(self, logs: Any = None) -> None:
        """Loads the newest weights, if that was wanted."""
        found = self._newest() if self.load_weights_on_restart else None
        if found is not None:
            self.model.load_weights(found)

    def _newest(self) -> str | None:
        """The newest checkpoint that `filepath` may name."""
        folder, name = os.path.split(self.filepath)
        found: str | None = latest_checkpoint(folder)
        wanted = f"^{re.sub('{.*}', '.*', name)}$"
        if found is not None and re.match(wanted, os.path.basename(found)):
            return found
        return None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Remembers the epoch."""
        self._epoch = epoch

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Saves the model after enough samples."""
        if not isinstance(self.save_freq, int):
            return
        self._samples += (logs or {}).get("size", 1)
        if self._samples >= self.save_freq:
            self._save(self._epoch, logs or {})
            self._samples = 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Saves the model after enough epochs."""
        self.epochs_since_last_save += 1
        if self.save_freq == "epoch" and self.epochs_since_last_save >= self.period:
            self._save(epoch, logs or {})

    def _save(self, epoch: int, logs: Any) -> None:
        self.epochs_since_last_save = 0
        path = self.filepath.format(epoch=epoch + 1, **logs)
        if not self.save_best_only:
            self._tell(epoch, f"saving model to {path}")
        else:
            current = logs.get(self.monitor)
            if current is None:
                tf_logging.warning(
                    "Can save best model only with %s available, skipping.",
                    self.monitor,
                )
                return
            if not self.monitor_op(current, self.best):
                self._tell(
                    epoch, f"{self.monitor} did not improve from {self.best:.5f}"
                )
                return
            self._tell(
                epoch,
                f"{self.monitor} improved from {self.best:.5f} to {current:.5f}, "
                f"saving model to {path}",
            )
            self.best = current
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)

    def _tell(self, epoch: int, text: str) -> None:
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1:05d}: {text}")


class CSVLogger(Callback):
    """Writes the metrics of each epoch to a table.

    Args:
        filename: of the table.
        separator: between the columns.
        append: whether it goes on with a table that is there.
    """

    def __init__(
        self, filename: str, separator: str = ",", append: bool = False
    ) -> None:
        super().__init__()
        self.filename = filename
        self.sep = separator
        self.append = append
        self.keys: Any = None
        self._file: Any = None
        self._writer: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Opens the table."""
        has_lines = False
        if self.append and os.path.exists(self.filename):
            has_lines = os.path.getsize(self.filename) > 0
        mode = "a" if self.append else "w"
        # The callback closes it when the training ends.
        self._file = open(  # noqa: SIM115
            self.filename, mode, newline="\n", encoding="utf-8"
        )
        self._needs_header = not has_lines

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes a row; TF 1.15: a training that was ended has NA where it must."""
        logs = dict(logs or {})
        if self.keys is None:
            self.keys = sorted(logs)
        if self.model.stop_training:
            logs = {key: logs.get(key, "NA") for key in self.keys}
        if self._writer is None:
            self._writer = csv.DictWriter(
                self._file, ["epoch", *self.keys], delimiter=self.sep
            )
            if self._needs_header:
                self._writer.writeheader()
        row = {key: _cell(logs[key]) for key in self.keys}
        self._writer.writerow({"epoch": epoch, **row})
        self._file.flush()

    def on_train_end(self, logs: Any = None) -> None:
        """Closes the table."""
        self._file.close()
        self._writer = None


def _cell(value: Any) -> Any:
    """A value as a cell of a table; a list in one cell."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value
    return f'"[{", ".join(map(str, value))}]"'
