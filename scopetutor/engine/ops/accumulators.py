"""What runs accumulators: gradients that are collected until there are enough.

After queues; the classes of `tf` are in ``accumulators.py``. TF 1.15: a gradient of a
step before the accumulator's own is left out, and taking begins the next step.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import CancelledError, InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.shapes import are_compatible

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]
_PATIENCE = 0.05  # seconds between two looks, so that Ctrl-C is heard


def _refused(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)


def _listed(dims: Dims) -> str:
    return dims_text(dims).replace(" ", "")


class Accumulator:
    """The gradients of one accumulator in one session.

    Attributes:
        count: how many were collected since some were taken.
        step: gradients of earlier steps are left out.
        value: that it is there: a session asks that of all references.
    """

    value = True

    def __init__(self, op: Operation) -> None:
        self._dims: Dims = op._attrs["shape"]
        self._means = op._attrs["reduction_type"] == "MEAN"
        self.count = 0
        self.step = 0
        self._changed = threading.Condition()
        self._ended = False

    def set_step(self, step: int) -> None:
        """Says which step it is."""
        with self._changed:
            self.step = step

    def put(self, step: int, *gradient: Any) -> None:
        """Collects a gradient, unless it is of an earlier step."""
        with self._changed:
            if step < self.step:
                return
            self._check(*gradient)
            self._add(*gradient)
            self.count += 1
            self._changed.notify_all()

    def take(self, least: int) -> Any:
        """The mean or the sum of what was collected, when it is enough.

        Raises:
            tf.errors.CancelledError: the session is closed.
        """
        if least <= 0:
            raise _refused(f"Argument num_required must be positive, but was {least}")
        with self._changed:
            while self.count < least:
                self._changed.wait(_PATIENCE)
                if self._ended:
                    raise CancelledError(None, None, "TakeGrad operation was cancelled")
            found = self._result()
            self.count = 0
            self.step += 1
            return found

    def end(self) -> None:
        """The session is closed: who waits is told so."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    # -- inside ------------------------------------------------------------------------

    def _check(self, *gradient: Any) -> None:
        raise NotImplementedError

    def _add(self, *gradient: Any) -> None:
        raise NotImplementedError

    def _result(self) -> Any:
        raise NotImplementedError


class DenseAccumulator(Accumulator):
    """Of gradients that are whole."""

    def __init__(self, op: Operation) -> None:
        super().__init__(op)
        self._sum: Array | None = None

    def _check(self, *gradient: Any) -> None:
        wanted = self._dims
        if self.count and self._sum is not None:
            wanted = self._sum.shape
        found = np.shape(gradient[0])
        if not are_compatible(wanted, found):
            raise _refused(
                f"Shape mismatch: expected {_listed(wanted)}, got {_listed(found)}"
            )

    def _add(self, *gradient: Any) -> None:
        value = np.asarray(gradient[0])
        self._sum = self._sum + value if self.count else value.copy()

    def _result(self) -> Array:
        assert self._sum is not None
        total = self._sum
        return total / total.dtype.type(self.count) if self._means else total


class SparseAccumulator(Accumulator):
    """Of gradients of some rows. A mean of a row is of the gradients that have it."""

    def __init__(self, op: Operation) -> None:
        super().__init__(op)
        self._rows: list[tuple[int, Array, int]] = []  # index, sum, of how many

    def _check(self, *gradient: Any) -> None:
        known, indices, values, shape = gradient
        if len(indices) != len(values):
            raise _refused(
                f"Expected {len(indices)} non-empty input values, got {len(values)}"
            )
        dims = self._dims
        if dims:
            if values.ndim < len(dims):
                raise _refused(
                    f"Shape mismatch: expected values rank at least {len(dims)}, got "
                    f"{values.ndim}"
                )
            self._check_places(indices, dims[0])
            if known:
                _compare("shape", dims, shape.tolist(), 0)
        if self._rows:
            wanted = self._rows[0][1].shape
            if values.ndim != len(wanted) + 1:
                raise _refused(
                    f"Shape mismatch: expected values rank {len(wanted) + 1}, got "
                    f"{values.ndim}"
                )
            _compare("values", wanted, values.shape[1:], 1)

    @staticmethod
    def _check_places(indices: Array, limit: int | None) -> None:
        for place, index in enumerate(indices.tolist()):
            if limit is not None and index >= limit:
                raise _refused(
                    f"Shape mismatch: index of slice {place} exceeded limits of shape; "
                    f"index is {index} exceeded {limit}"
                )

    def _add(self, *gradient: Any) -> None:
        """Merges rows. TF 1.15: as if both were sorted, whether they are or not."""
        _, indices, values, _ = gradient
        new = [
            (index, values[place].copy(), 1)
            for place, index in enumerate(indices.tolist())
        ]
        old, merged = self._rows, []
        i = j = 0
        while i < len(old) and j < len(new):
            if old[i][0] == new[j][0]:
                merged.append((old[i][0], old[i][1] + new[j][1], old[i][2] + 1))
                i, j = i + 1, j + 1
            elif old[i][0] < new[j][0]:
                merged.append(old[i])
                i += 1
            else:
                merged.append(new[j])
                j += 1
        self._rows = [*merged, *old[i:], *new[j:]]

    def _result(self) -> tuple[Array, Array, Array]:
        rows, self._rows = self._rows, []
        sums = np.array([row for _, row, _ in rows])
        if self._means:
            counts = np.array([count for _, _, count in rows], sums.dtype)
            sums = sums / counts.reshape(-1, *[1] * (sums.ndim - 1))
        sizes = [-1 if size is None else size for size in self._dims or ()]
        shape = sizes or [-1, *sums.shape[1:]]
        indices = np.array([index for index, _, _ in rows], np.int64)
        return indices, sums, np.array(shape, np.int64)


def _compare(what: str, wanted: Any, found: Any, first: int) -> None:
    """Refuses sizes that are not as wanted; `first` is the number of the first."""
    for place, (size, other) in enumerate(zip(wanted, found, strict=False)):
        if size not in (None, other):
            raise _refused(
                f"Shape mismatch: expected {what} dim {place + first} to be {size}, "
                f"got {other}"
            )


# -- the operations --------------------------------------------------------------------


def _holder(kind: type[Accumulator]) -> Any:
    def bind(op: Operation, state: State) -> Callable[[], Accumulator]:
        shared = op._attrs["shared_name"]
        key = ("accumulator", op._attrs["container"], shared) if shared else op._name

        def kernel() -> Accumulator:
            found: Accumulator
            if key not in state.resources:
                state.resources[key] = kind(op)
            found = state.resources[key]
            return found

        return kernel

    return bind


def _put_rows(op: Operation) -> Callable[..., None]:
    known = op._attrs["has_known_shape"]

    def kernel(held: Any, step: Any, indices: Any, values: Any, shape: Any) -> None:
        held.put(int(step), known, indices, values, shape)

    return kernel


def _set_step(held: Accumulator, step: Any) -> None:
    held.set_step(int(step))


def _take_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[1]._dims, 0)
    return [None] * len(op._outputs)


define(
    "ResourceConditionalAccumulator",
    shape=lambda _: [(2,)],
    bind=_holder(DenseAccumulator),
)
define(
    "SparseConditionalAccumulator",
    shape=lambda _: [(2,)],
    bind=_holder(SparseAccumulator),
)
define(
    "ResourceAccumulatorApplyGradient",
    shape=rules.no_outputs,
    kernel=lambda held, step, gradient: held.put(int(step), gradient),
)
define("SparseAccumulatorApplyGradient", shape=rules.no_outputs, build=_put_rows)
for _kind in ("ResourceAccumulator", "SparseAccumulator"):
    define(
        f"{_kind}TakeGradient",
        shape=_take_shape,
        kernel=lambda held, least: held.take(int(least)),
    )
for _kind in ("ResourceAccumulator", "Accumulator"):
    define(
        f"{_kind}NumAccumulated",
        shape=rules.scalar,
        kernel=lambda held: np.int32(held.count),
    )
    define(f"{_kind}SetGlobalStep", shape=rules.no_outputs, kernel=_set_step)
