"""The likeliest labels of all ways to say them: `tf.nn.ctc_beam_search_decoder`.

After ``ctc.py``, which says what the classes of the steps are.
"""

from __future__ import annotations

import heapq
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import FailedPreconditionError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from . import rules
from .ctc import check_sizes, merged_batch, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_Labels = tuple[int, ...]


class _Beams(NamedTuple):
    """Beginnings of labels, the likeliest first, with logs of probabilities."""

    labels: list[_Labels]
    blank: Array  # of all ways that end in a blank
    label: Array  # of all that end in the last label

    def total(self) -> Array:
        return np.logaddexp(self.blank, self.label)


def _stayed(beams: _Beams, said: Array) -> tuple[Array, Array]:
    """The beginnings when one more step adds no label: `blank` and `label`."""
    total, places = beams.total(), {one: i for i, one in enumerate(beams.labels)}
    label = np.full_like(total, -np.inf)
    for place, labels in enumerate(beams.labels):
        if not labels:
            continue
        parent, ways = places.get(labels[:-1]), beams.label[place]
        if parent is not None:
            again = labels[-2:-1] == labels[-1:]
            ways = np.logaddexp(ways, (beams.blank if again else total)[parent])
        label[place] = ways + said[labels[-1]]
    return total + said[-1], label


class _Leaves:
    """The likeliest beginnings so far in a step: no more than `width`."""

    def __init__(self, width: int) -> None:
        self._width = width
        self.heap: list[tuple[float, int, _Labels]] = []
        self._count = 0
        self.dropped: set[_Labels] = set()

    def floor(self) -> float:
        """What a beginning must be likelier than."""
        return self.heap[0][0] if len(self.heap) >= self._width else -np.inf

    def push(self, score: float, labels: _Labels) -> None:
        self._count -= 1
        item = score, self._count, labels
        if len(self.heap) < self._width:
            heapq.heappush(self.heap, item)
        else:
            self.dropped.add(heapq.heapreplace(self.heap, item)[2])


def _longer(beams: _Beams, said: Array, width: int) -> _Beams:
    """The likeliest beginnings after one more step.

    TF 1.15: a beginning that better ones drove out is not continued, if it is a child
    of one whose turn came between.

    Args:
        beams: those before it.
        said: log of the probability of each class in this step; the last is the blank.
        width: how many to keep.
    """
    blank, label = _stayed(beams, said)
    ways = dict(zip(beams.labels, zip(blank, label, strict=True), strict=True))
    leaves, total, lost = _Leaves(width), beams.total(), set[_Labels]()
    for labels, score in zip(beams.labels, np.logaddexp(blank, label), strict=True):
        leaves.push(score, labels)
    grown = _grown(beams, total, said)
    children = _children(beams.labels)
    for place, labels in enumerate(beams.labels):
        if labels in lost or total[place] <= leaves.floor():
            continue
        known = children.get(labels, ())
        likely = np.flatnonzero(grown[place] > leaves.floor()).tolist()
        for last in sorted({*likely, *known}) if known else likely:
            child, score = (*labels, last), grown[place, last]
            if child in leaves.dropped:
                lost.add(child)
            elif child not in ways and score > leaves.floor():
                leaves.push(score, child)
    return _sorted(leaves, ways)


def _grown(beams: _Beams, total: Array, said: Array) -> Array:
    """How likely each beginning is with each label more: [beams, labels]."""
    grown = total[:, None] + said[:-1]
    for place, labels in enumerate(beams.labels):
        if labels:
            grown[place, labels[-1]] = beams.blank[place] + said[labels[-1]]
    return grown


def _children(beginnings: list[_Labels]) -> dict[_Labels, list[int]]:
    """By beginning: the labels with which it is another one."""
    found: dict[_Labels, list[int]] = {}
    for labels in beginnings:
        if labels:
            found.setdefault(labels[:-1], []).append(labels[-1])
    return found


def _sorted(leaves: _Leaves, ways: dict[_Labels, tuple[Any, Any]]) -> _Beams:
    kept = sorted(leaves.heap, reverse=True)
    parts = [ways.get(labels, (-np.inf, score)) for score, _, labels in kept]
    blank, label = np.array(parts).T
    return _Beams([labels for _, _, labels in kept], blank, label)


def _decoded(logits: Array, width: int, paths: int) -> tuple[list[_Labels], Array]:
    """The likeliest labels of one sequence, [time, classes], and their logs."""
    beams = _Beams([()], np.zeros(1), np.full(1, -np.inf))
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    for said in shifted - np.log(np.exp(shifted).sum(1, keepdims=True)):
        beams = _longer(beams, said, width)
    if len(beams.labels) < paths:
        raise refusal("Less leaves in the beam search than requested.")
    return beams.labels[:paths], beams.total()[:paths]


def _sparse(rows: list[list[int]]) -> tuple[Array, Array, Array]:
    """Labels of the batch's entries as the parts of a sparse matrix."""
    places = [(entry, at) for entry, row in enumerate(rows) for at in range(len(row))]
    return (
        np.array(places, np.int64).reshape(-1, 2),
        np.array([label for row in rows for label in row], np.int64),
        np.array([len(rows), max(map(len, rows), default=0)], np.int64),
    )


def _kernel(op: Operation) -> Callable[[Array, Array], Any]:
    width, paths = op._attrs["beam_width"], op._attrs["top_paths"]
    merge = op._attrs["merge_repeated"]

    def kernel(inputs: Array, lengths: Array) -> Any:
        check_sizes(inputs, lengths, FailedPreconditionError)
        if paths > width:
            raise refusal("requested more paths than the beam width.")
        found = [
            _decoded(inputs[:length, entry], width, paths)
            for entry, length in enumerate(lengths.tolist())
        ]
        ways = [
            _sparse([_said(labels[way], merge) for labels, _ in found])
            for way in range(paths)
        ]
        logs = np.array([logs for _, logs in found], inputs.dtype)
        return (*(way[part] for part in range(3) for way in ways), logs)

    return kernel


def _said(labels: _Labels, merge: bool) -> list[int]:
    return [label for label, _ in groupby(labels)] if merge else list(labels)


def _shape(op: Operation) -> list[Dims]:
    inputs = rules.with_rank(op._inputs[0]._dims, 3)
    batch = merged_batch(inputs, op._inputs[1]._dims)
    paths = op._attrs["top_paths"]
    return [*[(None, 2)] * paths, *[(None,)] * paths, *[(2,)] * paths, (batch, paths)]


define("CTCBeamSearchDecoder", shape=_shape, build=_kernel, gradient=None)


def ctc_beam_search_decoder(
    inputs: Any,
    sequence_length: Any,
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
) -> tuple[list[SparseTensor], Any]:
    """The likeliest labels, found by keeping the likeliest beginnings.

    Args:
        inputs: logits, [time, batch, classes]; the last class is the blank.
        sequence_length: [batch], int32: how many steps count.
        beam_width: how many beginnings are kept in each step.
        top_paths: how many answers there are.
        merge_repeated: whether equal labels in a row become one at the end, even where
            a blank was between them.

    Returns:
        A list of `top_paths` SparseTensors, and the logs of their probabilities,
        [batch, top_paths].
    """
    indices, values, shapes, logs = apply(
        "CTCBeamSearchDecoder",
        inputs,
        sequence_length,
        beam_width=beam_width,
        top_paths=top_paths,
        merge_repeated=merge_repeated,
    )
    parts = zip(indices, values, shapes, strict=True)
    return [SparseTensor(*one) for one in parts], logs


def ctc_beam_search_decoder_v2(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[SparseTensor], Any]:
    """`ctc_beam_search_decoder` that merges no labels at the end."""
    return ctc_beam_search_decoder(
        inputs, sequence_length, beam_width, top_paths, merge_repeated=False
    )
