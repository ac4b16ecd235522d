"""What goes with `tf.nn.ctc_loss`: labels in rows, `ctc_loss_v2`, repeated labels.

After ctc, which has the loss and the decoder of TF 1.15 proper.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.shapes import dimension_value
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, padding, reshaping, scattering
from .ctc import ctc_loss
from .functional import map_fn
from .ranges import range_
from .slicing import boolean_mask
from .sorting import unique


def size_along(tensor: Any, axis: int) -> Any:
    """The size of a tensor along an axis: a number if it is known, else a tensor."""
    return dimension_value(tensor.shape[axis]) or array.shape(tensor)[axis]


def ctc_loss_v2(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int | None = None,
    name: str | None = None,
) -> Any:
    """How unlikely labels without times are: -log of their probability.

    Args:
        labels: a SparseTensor [batch, number], or [batch, most labels]; int32.
        logits: [time, batch, classes].
        label_length: [batch], how many labels of each row count; not looked at if the
            labels are sparse.
        logit_length: [batch], how many steps count.
        logits_time_major: whether the time comes first, and not the batch.
        unique: not looked at: it makes TensorFlow faster, and changes no result.
        blank_index: which class is the blank; None: the first one.
        name: of the scope of the operations, for labels in rows.

    Returns:
        [batch].

    Raises:
        ValueError: the labels are sparse, and there is no `blank_index`.
    """
    if isinstance(labels, SparseTensor):
        if blank_index is None:
            raise ValueError(
                "blank_index must be given when using SparseTensor labels."
            )
        logits, labels = _with_last_blank(logits, labels, blank_index)
        return ctc_loss(
            labels=labels,
            inputs=logits,
            sequence_length=logit_length,
            time_major=logits_time_major,
        )
    with name_scope(
        name, "ctc_loss_dense", [logits, labels, label_length, logit_length]
    ):
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        lengths = convert_to_tensor(label_length, name="label_length")
        steps = convert_to_tensor(logit_length, name="logit_length")
        sparse = _sparse_rows(labels, lengths)
        logits, sparse = _with_last_blank(logits, sparse, blank_index or 0)
        return ctc_loss(sparse, logits, steps, time_major=logits_time_major)


def _with_last_blank(
    logits: Any, labels: SparseTensor, blank: Any
) -> tuple[Any, SparseTensor]:
    """Logits whose last class is the blank, and labels that count without it."""
    if blank < 0:
        blank += size_along(logits, 2)
    if blank == size_along(logits, 2) - 1:
        return logits, labels
    before, after = logits[:, :, :blank], logits[:, :, blank + 1 :]
    moved = joining.concat([before, after, logits[:, :, blank : blank + 1]], axis=2)
    values = gathering.where(labels.values < blank, labels.values, labels.values - 1)
    return moved, SparseTensor(labels.indices, values, labels.dense_shape)


def _sparse_rows(labels: Any, lengths: Any) -> SparseTensor:
    """The labels of rows that count."""
    mask = padding.sequence_mask(lengths, maxlen=size_along(labels, 1))
    places = gathering.where(mask)
    values = math.cast(gathering.gather_nd(labels, places), dtypes.int32)
    shape = array.shape(labels, out_type=dtypes.int64)
    return SparseTensor(places, values, shape)


def collapse_repeated(
    labels: Any, seq_length: Any, name: str | None = None
) -> tuple[Any, Any]:
    """Rows of labels in which none is the same as the one before, and their lengths.

    Args:
        labels: [batch, most labels].
        seq_length: [batch], how many labels of each row count.
        name: of the scope of the operations.
    """
    with name_scope(name, "collapse_repeated_labels", [labels, seq_length]):
        labels = convert_to_tensor(labels, name="labels")
        lengths = convert_to_tensor(seq_length, name="seq_length")
        is_new = joining.concat(
            [
                array.ones_like(labels[:, :1], dtypes.bool_),
                math.not_equal(labels[:, 1:], labels[:, :-1]),
            ],
            axis=1,
        )
        counts_so_far = padding.sequence_mask(lengths, maxlen=size_along(labels, 1))
        kept = math.logical_and(is_new, counts_so_far)
        new_lengths = math.reduce_sum(math.cast(kept, dtypes.int32), axis=1)
        longest = math.reduce_max(new_lengths)
        places = padding.sequence_mask(new_lengths, maxlen=longest)
        rows = _filled_in(labels, kept, places)
        shape = [size_along(labels, 0), longest]
        return reshaping.reshape(rows, shape), math.cast(new_lengths, lengths.dtype)


def _filled_in(labels: Any, kept: Any, places: Any) -> Any:
    """The kept labels one after the other, where the places are."""
    flat_labels, flat_kept, flat_places = (
        reshaping.reshape(each, [-1]) for each in (labels, kept, places)
    )
    numbers = range_(size_along(flat_places, 0))
    indices = boolean_mask(numbers, flat_places)
    return scattering.scatter_nd(
        indices=reshaping.expand_dims(indices, axis=1),
        updates=boolean_mask(flat_labels, flat_kept),
        shape=array.shape(flat_places),
    )


def ctc_unique_labels(labels: Any, name: str | None = None) -> Any:
    """The different labels of each row, filled up with 0, and which of them each is.

    Args:
        labels: [batch, most labels].
        name: of the scope of the operations.
    """
    with name_scope(name, "ctc_unique_labels", [labels]):
        labels = convert_to_tensor(labels, name="labels")
        return map_fn(_different, labels, dtype=[dtypes.int64, dtypes.int32])


def _different(row: Any) -> list[Any]:
    found = unique(row)
    missing = size_along(found.idx, 0) - size_along(found.y, 0)
    different = padding.pad(found.y, [[0, missing]])
    return [math.cast(different, dtypes.int64), found.idx]
