"""`GatherTree`: the sequences that a beam search has found, read from their ends.

After a search: each step has noted what it chose and from which beam it went on.
`BeamSearchDecoder` of contrib calls it at the end, for its outputs; programs may too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    steps, parents, lengths, end = (one._dims for one in op._inputs)
    steps = rules.with_rank(steps, 3)
    parents = rules.with_rank(parents, 3)
    lengths = rules.with_rank(lengths, 1)
    rules.with_rank(end, 0)
    rules.merge_dim(steps[1], lengths[0])
    return [rules.merge(steps, parents)]


def _check(steps: Array, parents: Array, lengths: Array, end: Array) -> None:
    wanted = (
        (end, 0, "end_token must be a scalar"),
        (steps, 3, "step_ids must be a 3-tensor"),
        (parents, 3, "parent_ids must be a 3-tensor"),
        (lengths, 1, "max_sequence_lengths must be a vector"),
    )
    for value, rank, sentence in wanted:
        if value.ndim != rank:
            saw = dims_text(value.shape)
            raise InvalidArgumentError(None, None, f"{sentence}, saw shape: {saw}")
    if steps.shape != parents.shape:
        raise InvalidArgumentError(
            None,
            None,
            "step_ids.shape must match parent_ids.shape.  but shapes are: "
            f"{dims_text(steps.shape)} and {dims_text(parents.shape)}",
        )
    if steps.shape[1] != len(lengths):
        raise InvalidArgumentError(
            None,
            None,
            "batch size dimensions step_ids.shape[1] and max_sequence_lengths.shape[0] "
            f"must match.  but shapes are: {dims_text(steps.shape)} and "
            f"{dims_text(lengths.shape)}",
        )


def _kernel(steps: Array, parents: Array, lengths: Array, end: Array) -> Array:
    """From each last step back to the first; after an `end`, nothing but `end`."""
    _check(steps, parents, lengths, end)
    times, batch, width = steps.shape
    found = np.full_like(steps, end)
    last = np.minimum(lengths, times)[:, None] - 1
    rows = np.arange(batch)[:, None]
    beam = np.broadcast_to(np.arange(width), (batch, width))
    wrong: dict[tuple[int, int], tuple[int, int]] = {}  # parents and times, by beam
    for time in reversed(range(times)):
        bad = (beam < 0) | (beam >= width)
        for place in zip(*np.nonzero(bad), strict=True):
            wrong.setdefault(place, (int(beam[place]), time))
        safe = np.where(bad, 0, beam)
        inside = (time <= last) & ~bad
        found[time] = np.where(inside, steps[time][rows, safe], end)
        beam = np.where(inside, parents[time][rows, safe], beam)
    if wrong:
        row, column = min(wrong)
        parent, time = wrong[row, column]
        raise InvalidArgumentError(
            None,
            None,
            f"Saw invalid parent id {parent} at (batch, time, beam) == ({row}, {time}, "
            f"{column})",
        )
    ended = np.maximum.accumulate(found == end, axis=0)
    return np.where(ended, end, found)


define("GatherTree", shape=_shape, kernel=_kernel, gradient=None)


def gather_tree(
    step_ids: Any,
    parent_ids: Any,
    max_sequence_lengths: Any,
    end_token: Any,
    name: str | None = None,
) -> Any:
    """The sequences of a beam search.

    Args:
        step_ids: [time, batch, beam], int32: what was chosen.
        parent_ids: of the same shape: from which beam each went on.
        max_sequence_lengths: [batch], int32.
        end_token: what stands after the end.
        name: of the operation.

    Returns:
        [time, batch, beam], int32.
    """
    return apply(
        "GatherTree", step_ids, parent_ids, max_sequence_lengths, end_token, name=name
    )
