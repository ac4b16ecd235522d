"""The loop over epochs and batches: `fit`, `evaluate` and `predict`.

After compiling, whose functions it runs batch by batch; callbacks and progress_bar are
told. Training calls it for each of the three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .callbacks import BaseLogger, CallbackList, History
from .progress_bar import ProgressBar, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Batches = Callable[[bool], Iterator[tuple[int, list[Any]]]]


class Source:
    """Where batches come from.

    Attributes:
        samples: how many there are, or None.
        steps: how many batches an epoch has, if batches come one by one.
    """

    samples: int | None = None
    steps: int | None = None

    def batches(self, shuffle: Any) -> Iterator[tuple[int, list[Any]]]:
        """The batches of an epoch: their sizes, and their arrays."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        """How many samples or steps there are."""
        return self.samples if self.steps is None else self.steps  # type: ignore[return-value]

    @property
    def unit(self) -> str:
        """What is counted."""
        return "sample" if self.steps is None else "step"


class Arrays(Source):
    """Batches of some arrays.

    Args:
        arrays: with as many examples each.
        batch_size: how many are in a batch.
        extra: what is fed with every batch.
    """

    def __init__(self, arrays: list[Any], batch_size: int, extra: Any = ()) -> None:
        self._arrays, self._size, self._extra = arrays, batch_size, list(extra)
        self.samples = len(arrays[0])

    def batches(self, shuffle: Any) -> Iterator[tuple[int, list[Any]]]:
        """The batches of an epoch."""
        count = len(self._arrays[0])
        order = np.arange(count)
        if shuffle == "batch":
            order = self._shuffled_batches(order)
        elif shuffle:
            np.random.shuffle(order)
        for start in range(0, count, self._size):
            chosen = order[start : start + self._size]
            whole = len(chosen) == count
            batch = [one if whole else one[chosen] for one in self._arrays]
            yield len(chosen), [*batch, *self._extra]

    def split(self, share: float) -> tuple[Arrays, Arrays]:
        """The first examples, and a share of the last ones."""
        at = int(len(self._arrays[0]) * (1.0 - share))
        first, last = (
            Arrays([one[part] for one in self._arrays], self._size, self._extra)
            for part in (slice(at), slice(at, None))
        )
        return first, last

    def _shuffled_batches(self, order: Any) -> Any:
        full = len(order) // self._size
        rows = order[: full * self._size].reshape(full, self._size)
        np.random.shuffle(rows)
        return np.append(rows.flatten(), order[full * self._size :])


class Stream(Source):
    """Batches that come one by one.

    Args:
        following: gives the next one; StopIteration if there is none.
        steps: how many an epoch has.
        extra: what is fed with every batch.
    """

    def __init__(
        self, following: Callable[[], list[Any]], steps: int, extra: Any = ()
    ) -> None:
        self._following, self._extra = following, list(extra)
        self.steps = steps

    def batches(self, shuffle: Any) -> Iterator[tuple[int, list[Any]]]:
        """The batches of an epoch."""
        for _ in range(self.steps or 0):
            try:
                batch = self._following()
            except StopIteration:
                return
            yield len(batch[0]), [*batch, *self._extra]


class Loop:
    """One course over some batches.

    Args:
        model: whose batches they are.
        mode: "train", "test" or "predict".
        step: what is run for each.
        source: where they come from.
        callbacks: what the program wants to be told, or a CallbackList.
        verbose: how much is printed.
    """

    def __init__(
        self,
        model: Any,
        mode: str,
        step: Callable[[list[Any]], list[Any]],
        source: Source,
        callbacks: Any,
        verbose: int,
    ) -> None:
        self._model, self._mode = model, mode
        self._step, self._source = step, source
        self._given, self._verbose = callbacks, verbose
        self._names = [] if mode == "predict" else model.metrics_names

    # -- training ----------------------------------------------------------------------

    def train(
        self,
        epochs: int,
        first: int,
        shuffle: Any,
        batch_size: Any,
        validate: Callable[[CallbackList], list[Any]] | None,
    ) -> History:
        """Trains for some epochs; their history."""
        model = self._model
        model.history = History()
        listed = [BaseLogger(self._names[1:]), *(self._given or []), model.history]
        names = list(self._names)
        if validate is not None:
            names += [f"val_{name}" for name in self._names]
        told = self._told(listed, epochs, batch_size, names)
        model.stop_training = False
        told.tell("on_train_begin", {})
        for epoch in range(first, epochs):
            if model.stop_training:
                break
            logs: dict[str, Any] = {}
            model.reset_metrics()
            told.tell("on_epoch_begin", epoch, logs)
            if self._verbose and epochs > 1:
                say(f"Epoch {epoch + 1}/{epochs}")
            bar = self._bar()
            results = self._course(told, bar, shuffle)
            logs.update(zip(self._names, results, strict=False))
            if validate is not None and not model.stop_training:
                found = zip(self._names, validate(told), strict=False)
                logs.update({f"val_{name}": value for name, value in found})
            told.tell("on_epoch_end", epoch, logs)
            self._end(bar, logs, names)
        told.tell("on_train_end", {})
        history: History = model.history
        return history

    # -- evaluating and predicting -----------------------------------------------------

    def test(self) -> list[Any]:
        """The loss and the metrics over all batches."""
        told = self._given
        inside = isinstance(told, CallbackList)
        if not inside:
            told = self._told(self._given or [], 1, None, list(self._names))
        self._model.stop_training = False
        told.tell("on_test_begin", {})
        self._model.reset_metrics()
        bar = self._bar()
        # TF 1.15: between epochs the examples are shuffled, though nobody notices.
        results = self._course(told, bar, shuffle=inside)
        logs = dict(zip(self._names, results, strict=False))
        self._end(bar, logs, self._names)
        told.tell("on_test_end", {})
        return results

    def predict(self) -> list[Any]:
        """What the model says of all batches, one array for each output."""
        told = self._told(self._given or [], 1, None, [])
        told.tell("on_predict_begin", {})
        bar = self._bar()
        parts: list[list[Any]] = []
        done = 0
        for number, (size, batch) in enumerate(self._source.batches(False)):
            logs = {"batch": number, "size": size}
            told.tell("on_predict_batch_begin", number, logs)
            parts.append(self._step(batch))
            told.tell("on_predict_batch_end", number, logs)
            done += size if self._source.steps is None else 1
            if done < self._source.count:
                bar.update(done)
        bar.update(done)
        told.tell("on_predict_end", {})
        return [np.concatenate(one) for one in zip(*parts, strict=True)]

    # -- both --------------------------------------------------------------------------

    def _told(
        self, callbacks: Any, epochs: int, batch_size: Any, names: list[str]
    ) -> CallbackList:
        params = {
            "batch_size": batch_size,
            "epochs": epochs,
            "steps": self._source.steps,
            "samples": self._source.count,
            "verbose": self._verbose,
            "do_validation": len(names) > len(self._names),
            "metrics": names,
        }
        return CallbackList(callbacks, self._model, params)

    def _bar(self) -> ProgressBar:
        source = self._source
        stays = self._names[1:]
        return ProgressBar(source.count, self._verbose, stays, source.unit)

    def _course(self, told: CallbackList, bar: ProgressBar, shuffle: Any) -> list[Any]:
        """All batches of an epoch: the mean loss, and the metrics at the end."""
        results: list[Any] = []
        total = np.float64(0.0)
        done = 0
        by_step = self._source.steps is not None
        for number, (size, batch) in enumerate(self._source.batches(shuffle)):
            logs: dict[str, Any] = {"batch": number, "size": 1 if by_step else size}
            told.tell(f"on_{self._mode}_batch_begin", number, logs)
            results = self._step(batch)
            amount = 1 if by_step else size
            total += np.float64(results[0]) * amount
            done += amount
            logs.update(zip(self._names, results, strict=False))
            told.tell(f"on_{self._mode}_batch_end", number, logs)
            if done < self._source.count:
                bar.update(done, [(name, logs[name]) for name in self._names])
            if self._model.stop_training:
                break
        if not results:
            raise ValueError("Empty training data.")
        self._last = done, [(name, logs[name]) for name in self._names]
        return [total / self._source.count, *results[1:]]

    def _end(self, bar: ProgressBar, logs: dict[str, Any], names: list[str]) -> None:
        """The last state of the bar: the last batch, then the epoch's values."""
        done, values = self._last
        if self._verbose:
            values = values + [(name, logs[name]) for name in names if name in logs]
            bar.update(done, values)
