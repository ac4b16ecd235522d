"""How far sequences are from each other: `tf.edit_distance`.

After sparse. What a speech recognizer is judged by: `tf.nn.ctc_beam_search_decoder`
gives sequences, this compares them with the true ones. It has no gradient.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.sparse import SparseTensor, SparseTensorValue

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    for first in (0, 3):
        rules.with_rank(op._inputs[first]._dims, 2)
        rules.with_rank(op._inputs[first + 1]._dims, 1)
        rules.with_rank(op._inputs[first + 2]._dims, 1)
    said, meant = (shape_inference.value(op, place) for place in (2, 5))
    if said is None or meant is None:
        return [None]
    if len(said) != len(meant):
        raise ShapeError(
            "Num elements of hypothesis_shape does not match truth_shape: "
            f"{len(said)} vs. {len(meant)}"
        )
    return [tuple(np.maximum(said, meant)[:-1].tolist())]


def _sequences(indices: Array, values: Array) -> dict[tuple[int, ...], list[Any]]:
    """The sequences in the last dimension, by their place in the others."""
    found: dict[tuple[int, ...], list[Any]] = {}
    for place, value in zip(indices.tolist(), values.tolist(), strict=True):
        found.setdefault(tuple(place[:-1]), []).append(value)
    return found


def _steps(said: list[Any], meant: list[Any]) -> int:
    """How many insertions, deletions and exchanges make one sequence the other."""
    costs = list(range(len(meant) + 1))
    for row, item in enumerate(said, 1):
        last, costs = costs, [row]
        for column, other in enumerate(meant, 1):
            exchanged = last[column - 1] + (item != other)
            costs.append(min(exchanged, last[column] + 1, costs[-1] + 1))
    return costs[-1]


def _share(steps: int, length: int) -> float:
    """The steps for each item of the truth."""
    if length:
        return steps / length
    return np.inf if steps else 0.0


def _kernel(op: Operation) -> Callable[..., Array]:
    normalize = op._attrs["normalize"]

    def kernel(*parts: Array) -> Array:
        said, meant = _sequences(*parts[:2]), _sequences(*parts[3:5])
        distances = np.zeros(np.maximum(parts[2], parts[5])[:-1], np.float32)
        for place in said.keys() | meant.keys():
            truth = meant.get(place, [])
            steps = _steps(said.get(place, []), truth)
            if all(map(operator.lt, place, distances.shape)):  # others have no result
                distances[place] = _share(steps, len(truth)) if normalize else steps
        return distances

    return kernel


define("EditDistance", shape=_shape, build=_kernel, gradient=None)


def edit_distance(
    hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance"
) -> Any:
    """The Levenshtein distance of sequences.

    Args:
        hypothesis: a SparseTensor; the sequences are in its last dimension.
        truth: a SparseTensor of the same rank.
        normalize: whether distances are divided by the truth's length.
        name: of the operation.

    Returns:
        float32, without the last dimension.

    Raises:
        TypeError: one is not sparse.
    """
    kinds = SparseTensor, SparseTensorValue
    if not isinstance(hypothesis, kinds):
        raise TypeError("Hypothesis must be a SparseTensor.")
    if not isinstance(truth, kinds):
        raise TypeError("Truth must be a SparseTensor.")
    return apply(
        "EditDistance",
        hypothesis.indices,
        hypothesis.values,
        hypothesis.dense_shape,
        truth.indices,
        truth.values,
        truth.dense_shape,
        normalize=normalize,
        name=name,
    )
