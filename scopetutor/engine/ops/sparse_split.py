"""`tf.sparse.split`: a sparse tensor cut along an axis.

After sparse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from . import rules
from .sparse import as_sparse, rank_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


class KeywordRequired:
    """What stands before arguments that can be given by their names only."""

    def __repr__(self) -> str:
        return "KeywordRequired()"


_KEYWORD_REQUIRED = KeywordRequired()


def sparse_split(
    keyword_required: Any = _KEYWORD_REQUIRED,
    sp_input: Any = None,
    num_split: int | None = None,
    axis: Any = None,
    name: str | None = None,
    split_dim: Any = None,
) -> list[SparseTensor]:
    """A sparse tensor cut into parts along an axis; the first ones may be larger.

    Args:
        keyword_required: nothing: the arguments are given by their names.
        sp_input: the sparse tensor.
        num_split: how many parts.
        axis: along which it is cut.
        name: of the operation.
        split_dim: another name of axis.

    Raises:
        ValueError: an argument is missing, or not given by its name.
    """
    if not isinstance(keyword_required, KeywordRequired):
        raise ValueError("Keyword arguments are required for this function.")
    given = {"sp_input": sp_input, "num_split": num_split, "axis": axis}
    for argument, value in given.items():
        if value is None:
            raise ValueError(f"{argument} is required")
    axis = deprecation.either("axis", axis, "split_dim", split_dim)
    sp_input = as_sparse(sp_input)
    indices, values, shapes = apply(
        "SparseSplit",
        axis,
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        num_split=num_split,
        name=name,
    )
    return [SparseTensor(*parts) for parts in zip(indices, values, shapes, strict=True)]


def _shape(op: Operation) -> list[Dims]:
    count, shape = op._attrs["num_split"], op._inputs[3]
    rules.with_rank(op._inputs[1]._dims, 2)
    places: Dims = (None, rank_of(shape))
    return [*[places] * count, *[(None,)] * count, *[shape._dims] * count]


def _build(op: Operation) -> Callable[..., Any]:
    count = op._attrs["num_split"]

    def kernel(axis: Array, indices: Array, values: Array, shape: Array) -> Any:
        _check(axis, count, shape)
        place = int(axis)
        size, more = divmod(int(shape[place]), count)
        ends = np.cumsum([size + (i < more) for i in range(count)])
        number = np.searchsorted(ends, indices[:, place], side="right")
        parts = []
        for i, end in enumerate(ends.tolist()):
            begin = end - size - (i < more)
            mine, sizes = indices[number == i].copy(), shape.copy()
            mine[:, place] -= begin
            sizes[place] = end - begin
            parts.append((mine, values[number == i], sizes))
        return [each for kind in zip(*parts, strict=True) for each in kind]

    return kernel


def _check(axis: Array, count: int, shape: Array) -> None:
    said = None
    if axis < 0:
        said = f"num_dim must be in the interval [0, {len(shape)})"
    elif axis >= len(shape):
        said = (
            f"Input split_dim should be between 0 and rank ({len(shape)}), got {axis}"
        )
    elif not 1 <= count <= shape[int(axis)]:
        said = (
            "Input num_split should be between 1 and the splitting dimension size "
            f"({shape[int(axis)]}), got {count}"
        )
    if said:
        raise InvalidArgumentError(None, None, said)


define("SparseSplit", shape=_shape, build=_build)
