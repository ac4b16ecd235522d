"""`tf.sparse_merge`: ids and values as one sparse tensor with a column for each id.

After sparse and sparse_shapes; feature columns use `merged`, which does not warn.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.operation import Tensor
from scopetutor.engine.sparse import SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

from .casting import cast
from .joining import concat
from .reshaping import expand_dims
from .sparse import as_sparse, sparse_reorder


def merged(
    sp_ids: Any,
    sp_values: Any,
    vocab_size: Any,
    name: str | None = None,
    already_sorted: bool = False,
) -> SparseTensor:
    """As `sparse_merge`, and says nothing of its being deprecated."""
    sp_ids, vocab_size = _listed(sp_ids, vocab_size)
    with name_scope(name, "SparseMerge", [*sp_ids, sp_values]):
        sp_ids = [as_sparse(one) for one in sp_ids]
        sp_values = as_sparse(sp_values)
        columns = [expand_dims(_int64(one.values), axis=1) for one in sp_ids]
        sizes = [cast(size, dtypes.int64) for size in vocab_size]
        first = sp_ids[0]
        indices = concat([first.indices[:, :-1], *columns], 1)
        values = sp_values.values
        shape = concat([first.dense_shape[:-1], sizes], 0)
        result = SparseTensor(indices, values, shape)
        if already_sorted:
            return result
        ordered = sparse_reorder(result)
        return SparseTensor(ordered.indices, ordered.values, shape)


@deprecation.deprecated(
    "sparse_merge", "sparse_ops", "No similar op available at this time."
)
def sparse_merge(
    sp_ids: Any,
    sp_values: Any,
    vocab_size: Any,
    name: str | None = None,
    already_sorted: bool = False,
) -> SparseTensor:
    """One sparse tensor of values whose last places are ids.

    Args:
        sp_ids: the ids, or a list of several columns of them.
        sp_values: the values, at the same places.
        vocab_size: how many ids there are; a list if there are several columns.
        name: of the scope.
        already_sorted: whether the places are in order.

    Raises:
        TypeError: ids or sizes are none.
        ValueError: there are not as many of both.
    """
    return merged(sp_ids, sp_values, vocab_size, name, already_sorted)


def _listed(sp_ids: Any, vocab_size: Any) -> tuple[list[Any], list[Any]]:
    if isinstance(sp_ids, (SparseTensor, SparseTensorValue)):
        if not isinstance(vocab_size, (Tensor, numbers.Integral)):
            raise TypeError(
                f"vocab_size has to be a Tensor or Python int. Found {type(vocab_size)}"
            )
        return [sp_ids], [vocab_size]
    if not isinstance(sp_ids, Iterable):
        raise TypeError(
            f"sp_ids has to be a SparseTensor or list thereof. Found {type(sp_ids)}"
        )
    said = "vocab_size has to be a list of Tensors or Python ints. Found"
    if not isinstance(vocab_size, Iterable):
        raise TypeError(f"{said} {type(vocab_size)}")
    for size in vocab_size:
        if not isinstance(size, (Tensor, numbers.Integral)):
            raise TypeError(f"{said} {type(size)}")
    ids, sizes = list(sp_ids), list(vocab_size)
    if len(ids) != len(sizes):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    return ids, sizes


def _int64(tensor: Any) -> Any:
    return tensor if tensor.dtype == dtypes.int64 else cast(tensor, dtypes.int64)
