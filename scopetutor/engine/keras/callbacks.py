"""`tf.keras.callbacks`: what is called while a model is trained.

Before fitting, which tells them of each epoch and batch; those that write files are in
saving_callbacks.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import tf_logging

from . import assignments
from .progress_bar import say

_EVENTS = "train test predict"


class Callback:
    """Something that is told of the course of a training; all methods may be left out.

    Attributes:
        model: that is trained.
        params: how: "epochs", "batch_size", "samples" and others.
    """

    def __init__(self) -> None:
        self.validation_data: Any = None
        self.model: Any = None
        self.params: Any = None

    def set_params(self, params: Any) -> None:
        """Says how it is trained."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Says what is trained."""
        self.model = model

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """An epoch begins."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """An epoch ends."""

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """A batch of a training begins."""

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """A batch of a training ends."""

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """A batch of a training begins."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """A batch of a training ends."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """A batch of an evaluation begins."""

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """A batch of an evaluation ends."""

    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
        """A batch of predictions begins."""

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """A batch of predictions ends."""

    def on_train_begin(self, logs: Any = None) -> None:
        """A training begins."""

    def on_train_end(self, logs: Any = None) -> None:
        """A training ends."""

    def on_test_begin(self, logs: Any = None) -> None:
        """An evaluation begins."""

    def on_test_end(self, logs: Any = None) -> None:
        """An evaluation ends."""

    def on_predict_begin(self, logs: Any = None) -> None:
        """Predictions begin."""

    def on_predict_end(self, logs: Any = None) -> None:
        """Predictions end."""


class CallbackList:
    """Callbacks that are told together.

    Attributes:
        callbacks: they.
        model, params: as for Callback.
    """

    def __init__(self, callbacks: Any, model: Any, params: Any) -> None:
        self.callbacks = list(callbacks)
        self.model, self.params = model, params
        for one in self.callbacks:
            one.set_model(model)
            one.set_params(params)

    def tell(self, event: str, *args: Any) -> None:
        """Calls a method of all of them."""
        for one in self.callbacks:
            getattr(one, event)(*args)


class BaseLogger(Callback):
    """Makes means of what the batches of an epoch gave."""

    def __init__(self, stateful_metrics: Any = None) -> None:
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or [])

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begins again."""
        self.seen = 0
        self.totals: dict[str, Any] = {}

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Adds a batch."""
        logs = logs or {}
        size = logs.get("size", 0)
        self.seen += size * logs.get("num_steps", 1)
        for key, value in logs.items():
            if key in self.stateful_metrics:
                self.totals[key] = value
            else:
                self.totals[key] = self.totals.get(key, 0) + np.float64(value) * size

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Puts the means into the logs."""
        if logs is None:
            return
        for key in self.params["metrics"]:
            if key in self.totals:
                stays = key in self.stateful_metrics
                logs[key] = self.totals[key] if stays else self.totals[key] / self.seen


class History(Callback):
    """Keeps what the epochs gave.

    Attributes:
        epoch: their numbers.
        history: the values of each metric.
    """

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins again."""
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Keeps an epoch."""
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)


class TerminateOnNaN(Callback):
    """Ends a training whose loss is no number."""

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Looks at a batch's loss."""
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            say(f"Batch {batch}: Invalid loss, terminating training")
            self.model.stop_training = True


class Watching(Callback):
    """Looks whether a metric gets better.

    Args:
        monitor: the metric.
        mode: "min", "max", or "auto": by its name.
        known: the modes that there are.
    """

    def __init__(self, monitor: str, mode: str, least: float) -> None:
        super().__init__()
        self.monitor = monitor
        if mode not in ("auto", "min", "max"):
            tf_logging.warning(
                "%s mode %s is unknown, fallback to auto mode.",
                type(self).__name__,
                mode,
            )
            mode = "auto"
        self._rises = mode == "max" or (mode == "auto" and "acc" in monitor)
        self.min_delta = abs(least) if self._rises else -abs(least)
        self.monitor_op = np.greater if self._rises else np.less
        self._worst = -np.inf if self._rises else np.inf


class EarlyStopping(Watching):
    """Ends a training when a metric gets no better.

    Args:
        monitor: the metric.
        min_delta: how much better counts.
        patience: how many epochs it may get no better.
        verbose: whether it says so.
        mode: "min", "max" or "auto".
        baseline: a value that must be passed at first.
        restore_best_weights: whether the best epoch's weights come back.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: Any = None,
        restore_best_weights: bool = False,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.patience, self.verbose = patience, verbose
        self.baseline = baseline
        self.wait = self.stopped_epoch = 0
        self.restore_best_weights = restore_best_weights
        self.best_weights: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins again."""
        self.wait = self.stopped_epoch = 0
        self.best = self._worst if self.baseline is None else self.baseline

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Looks at an epoch."""
        current = self.get_monitor_value(logs)
        if current is None:
            return
        if self.monitor_op(current - self.min_delta, self.best):
            self.best, self.wait = current, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.restore_best_weights:
                if self.verbose > 0:
                    say("Restoring model weights from the end of the best epoch.")
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs: Any = None) -> None:
        """Says when it ended the training."""
        if self.stopped_epoch > 0 and self.verbose > 0:
            say(f"Epoch {self.stopped_epoch + 1:05d}: early stopping")

    def get_monitor_value(self, logs: Any) -> Any:
        """The metric's value, or None."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            tf_logging.warning(
                "Early stopping conditioned on metric `%s` which is not available. "
                "Available metrics are: %s",
                self.monitor,
                ",".join(logs or {}),
            )
        return value


class ReduceLROnPlateau(Watching):
    """Makes the learning rate smaller when a metric gets no better.

    Args:
        monitor: the metric.
        factor: what the rate is multiplied by.
        patience: how many epochs it may get no better.
        verbose: whether it says so.
        mode: "min", "max" or "auto".
        min_delta: how much better counts.
        cooldown: how many epochs it waits afterwards.
        min_lr: the smallest rate.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(monitor, mode, kwargs.pop("epsilon", min_delta))
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0.")
        self.factor, self.min_lr = factor, min_lr
        self.patience, self.cooldown = patience, cooldown
        self.verbose = verbose
        self.wait = self.cooldown_counter = 0
        self.best = self._worst

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins again."""
        self.best = self._worst
        self.wait = self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Looks at an epoch."""
        logs = {} if logs is None else logs
        (rate,) = assignments.values_of([self.model.optimizer.lr])
        logs["lr"] = rate
        current = logs.get(self.monitor)
        if current is None:
            tf_logging.warning(
                "Reduce LR on plateau conditioned on metric `%s` which is not "
                "available. Available metrics are: %s",
                self.monitor,
                ",".join(logs),
            )
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.monitor_op(current - self.min_delta, self.best):
            self.best, self.wait = current, 0
        elif self.cooldown_counter <= 0:
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_lr:
                self._reduce(epoch, rate)

    def _reduce(self, epoch: int, rate: float) -> None:
        smaller = max(rate * self.factor, self.min_lr)
        self.model.optimizer.lr = smaller
        if self.verbose > 0:
            say(
                f"\nEpoch {epoch + 1:05d}: ReduceLROnPlateau reducing learning rate to "
                f"{smaller}."
            )
        self.cooldown_counter = self.cooldown
        self.wait = 0


class LearningRateScheduler(Callback):
    """Says the learning rate of each epoch.

    Args:
        schedule: (epoch, present rate) -> rate, or (epoch) -> rate.
        verbose: whether it is printed.
    """

    def __init__(self, schedule: Any, verbose: int = 0) -> None:
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Sets the rate.

        Raises:
            ValueError: the optimizer has none, or the function gives no number.
        """
        if not hasattr(self.model.optimizer, "lr"):
            raise ValueError('Optimizer must have a "lr" attribute.')
        (rate,) = assignments.values_of([self.model.optimizer.lr])
        try:
            rate = self.schedule(epoch, float(rate))
        except TypeError:
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.float32, np.float64)):
            raise ValueError('The output of the "schedule" function should be float.')
        self.model.optimizer.lr = rate
        if self.verbose > 0:
            say(
                f"\nEpoch {epoch + 1:05d}: LearningRateScheduler reducing learning "
                f"rate to {rate}."
            )

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Puts the rate into the logs."""
        logs = {} if logs is None else logs
        (logs["lr"],) = assignments.values_of([self.model.optimizer.lr])


class LambdaCallback(Callback):
    """Functions that are told of the course of a training."""

    def __init__(
        self,
        on_epoch_begin: Any = None,
        on_epoch_end: Any = None,
        on_batch_begin: Any = None,
        on_batch_end: Any = None,
        on_train_begin: Any = None,
        on_train_end: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        vars(self).update(kwargs)
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
        }
        for event, function in given.items():
            if function is not None:
                setattr(self, event, function)
