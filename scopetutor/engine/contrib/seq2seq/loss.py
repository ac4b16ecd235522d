"""`tf.contrib.seq2seq.sequence_loss`: cross entropy, weighted by step and example.

After decoding: it takes the logits of all steps. The weights are usually a mask of
lengths, so that what is padded counts nothing.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.softmax import sparse_softmax_cross_entropy_with_logits
from scopetutor.engine.surroundings import name_scope

_SHAPES = (
    ("Logits must be a [batch_size x sequence_length x logits] tensor", 3),
    ("Targets must be a [batch_size x sequence_length] tensor", 2),
    ("Weights must be a [batch_size x sequence_length] tensor", 2),
)


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Any = None,
    name: str | None = None,
) -> Any:
    """Weighted cross entropy of sequences of logits.

    Args:
        logits: [batch, steps, classes].
        targets: [batch, steps], whole numbers.
        weights: [batch, steps].
        average_across_timesteps: divide by the steps' total weight.
        average_across_batch: divide by the examples' total weight.
        sum_over_timesteps: divide by how many weights of the steps are not 0.
        sum_over_batch: divide by how many weights of the examples are not 0.
        softmax_loss_function: (labels, logits) -> losses; None: sparse softmax.
        name: of the operations.

    Returns:
        A scalar; [steps] or [batch] if only the other is averaged; else both.

    Raises:
        ValueError: a rank is wrong, or two ways are wanted at once.
    """
    for (message, rank), tensor in zip(
        _SHAPES, (logits, targets, weights), strict=True
    ):
        if len(tensor.get_shape()) != rank:
            raise ValueError(message)
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError(
            "average_across_timesteps and sum_over_timesteps cannot be set to True at "
            "same time."
        )
    if average_across_batch and sum_over_batch:
        raise ValueError(
            "average_across_batch and sum_over_batch cannot be set to True at same "
            "time."
        )
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        classes = array.shape(logits)[2]
        flat = reshape(logits, [-1, classes])
        targets = reshape(targets, [-1])
        loss = softmax_loss_function or sparse_softmax_cross_entropy_with_logits
        losses = loss(labels=targets, logits=flat)
        losses *= reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return _averaged(losses, weights, None)
        if sum_over_timesteps and sum_over_batch:
            return _summed(losses, weights, None)
        losses = reshape(losses, array.shape(logits)[0:2])
        if average_across_timesteps or average_across_batch:
            return _averaged(losses, weights, [0] if average_across_batch else [1])
        if sum_over_timesteps or sum_over_batch:
            return _summed(losses, weights, [0] if sum_over_batch else [1])
        return losses


def _averaged(losses: Any, weights: Any, axis: Any) -> Any:
    total = math.reduce_sum(losses, axis=axis)
    return math.div_no_nan(total, math.reduce_sum(weights, axis=axis))


def _summed(losses: Any, weights: Any, axis: Any) -> Any:
    total = math.reduce_sum(losses, axis=axis)
    count = math.cast(math.count_nonzero(weights, axis=axis), total.dtype)
    return math.div_no_nan(total, count)
