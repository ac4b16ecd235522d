"""Running sums and products along an axis: `tf.cumsum` and `tf.cumprod`.

Beside reductions; ``math.py`` gathers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]


def _scan_axis(rank: int, axis: Array) -> int:
    if np.ndim(axis):
        problem = f"axis must be a scalar, not {dims_text(np.shape(axis))}"
        raise InvalidArgumentError(None, None, f"ScanOp: {problem}")
    place = int(axis) + rank if axis < 0 else int(axis)
    if not 0 <= place < rank:
        raise InvalidArgumentError(
            None,
            None,
            f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got "
            f"{place}",
        )
    return place


def _cumulative(function: Callable[..., Any], start: float | None) -> Any:
    """The kernel of a running total; `start` None: at the least number of the type."""

    def build(op: Operation) -> Callable[[Array, Array], Any]:
        exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
        first = op._attrs["T"].min if start is None else start

        def kernel(x: Array, axis: Array) -> Any:
            place = _scan_axis(x.ndim, axis)
            if reverse:
                x = np.flip(x, place)
            result = function(x, axis=place, dtype=x.dtype)
            if exclusive:
                result = np.roll(result, 1, place)
                np.moveaxis(result, place, 0)[:1] = first
            return np.flip(result, place) if reverse else result

        return kernel

    return build


define(
    "Cumsum",
    shape=rules.unchanged,
    build=_cumulative(np.cumsum, 0),
    gradient="reduction_gradients.cumsum",
)
define(
    "Cumprod",
    shape=rules.unchanged,
    build=_cumulative(np.cumprod, 1),
    gradient="reduction_gradients.cumprod",
)


def _log_sums(x: Array, axis: int, dtype: Any) -> Array:
    return np.logaddexp.accumulate(x, axis=axis, dtype=dtype)


define(
    "CumulativeLogsumexp",
    shape=rules.unchanged,
    build=_cumulative(_log_sums, None),
    gradient="reduction_gradients.cumulative_logsumexp",
)


def _cumulative_function(op_type: str) -> Callable[..., Any]:
    def cumulative(
        x: Any,
        axis: Any = 0,
        exclusive: bool = False,
        reverse: bool = False,
        name: str | None = None,
    ) -> Any:
        with name_scope(name, op_type, [x]) as scope:
            x = convert_to_tensor(x, name="x")
            return apply(
                op_type, x, axis, exclusive=exclusive, reverse=reverse, name=scope
            )

    cumulative.__doc__ = f"{op_type} along an axis."
    return cumulative


cumsum, cumprod = _cumulative_function("Cumsum"), _cumulative_function("Cumprod")
cumulative_logsumexp = _cumulative_function("CumulativeLogsumexp")


name_functions(globals())
