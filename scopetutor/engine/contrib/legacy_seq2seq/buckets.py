"""The loss of lists of logits, and one model for several lengths.

After models: `model_with_buckets` builds one for each length, and the second and
further ones reuse its variables.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.softmax import sparse_softmax_cross_entropy_with_logits
from scopetutor.engine.scopes import get_variable_scope
from scopetutor.engine.surroundings import name_scope


def sequence_loss_by_example(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    softmax_loss_function: Any = None,
    name: str | None = None,
) -> Any:
    """Weighted cross entropy of each example.

    Args:
        logits: [batch, classes], one for each step.
        targets: [batch], one for each step.
        weights: [batch], one for each step.
        average_across_timesteps: divide by the total weight.
        softmax_loss_function: (labels, logits) -> losses; None: sparse softmax.
        name: of the operations.

    Returns:
        [batch].

    Raises:
        ValueError: the lists are not equally long.
    """
    if len(targets) != len(logits) or len(weights) != len(logits):
        raise ValueError(
            "Lengths of logits, weights, and targets must be the same "
            f"{len(logits)}, {len(weights)}, {len(targets)}."
        )
    with name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        losses = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                labels = reshape(target, [-1])
                entropy = sparse_softmax_cross_entropy_with_logits(
                    labels=labels, logits=logit
                )
            else:
                entropy = softmax_loss_function(labels=target, logits=logit)
            losses.append(entropy * weight)
        total = math.add_n(losses)
        if average_across_timesteps:
            total /= math.add_n(weights) + 1e-12
    return total


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Any = None,
    name: str | None = None,
) -> Any:
    """The sum of `sequence_loss_by_example`, divided by how many examples there are."""
    with name_scope(name, "sequence_loss", logits + targets + weights):
        cost = math.reduce_sum(
            sequence_loss_by_example(
                logits,
                targets,
                weights,
                average_across_timesteps=average_across_timesteps,
                softmax_loss_function=softmax_loss_function,
            )
        )
        if not average_across_batch:
            return cost
        return cost / math.cast(array.shape(targets[0])[0], cost.dtype)


def model_with_buckets(
    encoder_inputs: Any,
    decoder_inputs: Any,
    targets: Any,
    weights: Any,
    buckets: Any,
    seq2seq: Any,
    softmax_loss_function: Any = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[Any], list[Any]]:
    """One model for several lengths, sharing its variables.

    Args:
        encoder_inputs: a list, one for each step of the longest bucket.
        decoder_inputs: the same for the other side.
        targets: [batch], one for each step.
        weights: [batch], one for each step.
        buckets: (encoder's steps, decoder's steps), from short to long.
        seq2seq: (encoder_inputs, decoder_inputs) -> (outputs, state).
        softmax_loss_function: (labels, logits) -> losses; None: sparse softmax.
        per_example_loss: whether losses are [batch], not scalars.
        name: of the operations.

    Returns:
        Outputs and losses, one for each bucket.

    Raises:
        ValueError: a list is shorter than the longest bucket.
    """
    longest_in, longest_out = buckets[-1]
    if len(encoder_inputs) < longest_in:
        raise ValueError(
            f"Length of encoder_inputs ({len(encoder_inputs)}) must be at least that "
            f"of last bucket ({longest_in})."
        )
    for what, given in (("targets", targets), ("weights", weights)):
        if len(given) < longest_out:
            raise ValueError(
                f"Length of {what} ({len(given)}) must be at least that of last bucket "
                f"({longest_out})."
            )
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    everything = encoder_inputs + decoder_inputs + targets + weights
    with name_scope(name, "model_with_buckets", everything):
        for j, (steps_in, steps_out) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if j > 0 else None):
                made, _ = seq2seq(encoder_inputs[:steps_in], decoder_inputs[:steps_out])
                outputs.append(made)
                losses.append(
                    loss(
                        made,
                        targets[:steps_out],
                        weights[:steps_out],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses
