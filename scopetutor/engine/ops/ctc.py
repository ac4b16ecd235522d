"""Connectionist temporal classification: `tf.nn.ctc_loss` and `ctc_greedy_decoder`.

Labels without times: a network says in each step a label or, as its last class, a
blank; all ways to say the labels in order count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import FailedPreconditionError, InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from . import rules
from .reshaping import expand_dims, transpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def refusal(sentence: str) -> InvalidArgumentError:
    """The error of a kernel that cannot take its input."""
    return InvalidArgumentError(None, None, sentence)


def merged_batch(inputs: tuple[int | None, ...], lengths: Dims) -> int | None:
    """The batch's size, which the inputs and their lengths both say."""
    return rules.merge_dim(inputs[1], rules.with_rank(lengths, 1)[0])


def check_sizes(
    inputs: Array,
    lengths: Array,
    error: type[InvalidArgumentError | FailedPreconditionError],
) -> None:
    """Refuses inputs that are not [time, batch, classes], or lengths that do not fit.

    Args:
        inputs: logits.
        lengths: how many steps of each entry of the batch count.
        error: the class of errors about lengths.
    """
    if inputs.ndim != 3:
        raise refusal("inputs is not a 3-Tensor")
    if lengths.ndim != 1:
        raise refusal("sequence_length is not a vector")
    times, batch = inputs.shape[:2]
    if len(lengths) != batch:
        raise error(
            None,
            None,
            "len(sequence_length) != batch_size.  len(sequence_length):  "
            f"{len(lengths)} batch_size: {batch}",
        )
    for entry, length in enumerate(lengths.tolist()):
        if length > times:
            raise error(None, None, f"sequence_length({entry}) <= {times}")


# -- loss ----------------------------------------------------------------------------


def _loss_shape(op: Operation) -> list[Dims]:
    inputs, indices, values, lengths = (one._dims for one in op._inputs)
    inputs = rules.with_rank(inputs, 3)
    indices, values = rules.with_rank(indices, 2), rules.with_rank(values, 1)
    rules.merge_dim(indices[0], values[0])
    batch = merged_batch(inputs, lengths)
    return [(batch,), (inputs[0], batch, inputs[2])]


def _loss_kernel(op: Operation) -> Callable[..., Any]:
    collapse = op._attrs["preprocess_collapse_repeated"]
    merge = op._attrs["ctc_merge_repeated"]
    lenient = op._attrs["ignore_longer_outputs_than_inputs"]

    def kernel(inputs: Array, indices: Array, values: Array, lengths: Array) -> Any:
        check_sizes(inputs, lengths, InvalidArgumentError)
        batch, classes = inputs.shape[1:]
        losses, slopes = np.zeros(batch, inputs.dtype), np.zeros_like(inputs)
        for entry, length in enumerate(lengths.tolist()):
            labels = _labels_of(
                values[indices[:, 0] == entry], entry, classes, collapse
            )
            if len(labels) > length:
                if lenient:
                    continue
                raise refusal(
                    "Not enough time for target transition sequence (required: "
                    f"{len(labels)}, available: {length}){entry}You can turn this "
                    "error into a warning by using the flag "
                    "ignore_longer_outputs_than_inputs"
                )
            losses[entry], slopes[:length, entry] = _paths(
                inputs[:length, entry], labels, merge
            )
        return losses, slopes

    return kernel


def _labels_of(given: Array, entry: int, classes: int, collapse: bool) -> Array:
    """The labels of an entry of the batch, up to the first blank.

    Raises:
        InvalidArgumentError: there are none, or they are no labels.
    """
    if not len(given):
        raise refusal(f"Labels length is zero in batch {entry}")
    labels = given
    if collapse:
        labels = given[np.append(True, given[1:] != given[:-1])]
    blanks = np.flatnonzero(labels >= classes - 1)
    if len(blanks):
        after = labels[blanks[0] :]
        labels = labels[: blanks[0]]
        if (after < classes - 1).any():
            raise refusal(
                "Saw a non-null label (index >= num_classes - 1) following a null "
                f"label, batch: {entry} num_classes: {classes} labels: "
                f"{_listed(given)} labels seen so far: {_listed(labels)}"
            )
    if (labels < 0).any():
        raise refusal(
            f"All labels must be nonnegative integers, batch: {entry} labels: "
            f"{_listed(given)}"
        )
    return labels


def _listed(labels: Array) -> str:
    return ",".join(map(str, labels.tolist()))


def _paths(logits: Array, labels: Array, merge: bool) -> tuple[Any, Array]:
    """-log of the probability of all paths, and its gradient to the logits."""
    classes = logits.shape[1]
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    log_y = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    states = np.full(2 * len(labels) + 1, classes - 1)
    states[1::2] = labels
    blank = states == classes - 1
    jumps = ~blank
    if merge:
        jumps[2:] &= states[2:] != states[:-2]
    stays = blank | merge
    said = log_y[:, states]
    ahead = _sums(said, stays, jumps)
    turned = _jumps_back(jumps)
    behind = _sums(said[::-1, ::-1], stays[::-1], turned)[::-1, ::-1] - said
    log_p = np.logaddexp.reduce(ahead[-1, -2:])
    y = np.exp(log_y)
    if np.isneginf(log_p):
        return np.inf, y
    share = np.exp(ahead + behind - log_p)
    taken = np.zeros_like(y)
    np.add.at(taken.T, states, share.T)
    return -log_p, y - taken


def _jumps_back(jumps: Array) -> Array:
    """Where a path may jump over a state, read from the end to the beginning."""
    turned = np.zeros_like(jumps)
    turned[:-2] = jumps[2:]
    return turned[::-1]


def _sums(said: Array, stays: Array, jumps: Array) -> Array:
    """Log of the probability of all ways to each state at each time."""
    found = np.full(said.shape, -np.inf)
    found[0, :2] = said[0, :2]
    for time in range(1, len(said)):
        last = found[time - 1]
        total = np.where(stays, last, -np.inf)
        total[1:] = np.logaddexp(total[1:], last[:-1])
        jumped = np.where(jumps[2:], last[:-2], -np.inf)
        total[2:] = np.logaddexp(total[2:], jumped)
        found[time] = said[time] + total
    return found


def _loss_gradient(op: Operation, grad: Any, _: Any) -> list[Any]:
    slope = apply(
        "PreventGradient",
        op.outputs[1],
        message="Currently there is no way to take the second  derivative of ctc_loss "
        "due to the fused implementation's interaction  with tf.gradients()",
    )
    return [expand_dims(grad, -1) * slope, None, None, None]


define("CTCLoss", shape=_loss_shape, build=_loss_kernel, gradient=_loss_gradient)


def ctc_loss(
    labels: Any,
    inputs: Any = None,
    sequence_length: Any = None,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
    time_major: bool = True,
    logits: Any = None,
) -> Any:
    """How unlikely labels without times are: -log of their probability.

    Args:
        labels: a SparseTensor [batch, number], int32.
        inputs: logits, [time, batch, classes]; the last class is the blank.
        sequence_length: [batch], int32: how many steps count.
        preprocess_collapse_repeated: whether repeated labels are first made one.
        ctc_merge_repeated: whether a label said several times in a row is one.
        ignore_longer_outputs_than_inputs: whether too many labels have no loss.
        time_major: whether the time comes first, and not the batch.
        logits: another name of `inputs`.

    Returns:
        [batch].

    Raises:
        TypeError: the labels are not sparse.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = deprecation.either("logits", logits, "inputs", inputs)
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    return apply(
        "CTCLoss",
        inputs,
        labels.indices,
        labels.values,
        sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )[0]


# -- the likeliest labels --------------------------------------------------------------


def _greedy_shape(op: Operation) -> list[Dims]:
    inputs = rules.with_rank(op._inputs[0]._dims, 3)
    batch = merged_batch(inputs, op._inputs[1]._dims)
    return [(None, 2), (None,), (2,), (batch, 1)]


def _greedy_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    merge = op._attrs["merge_repeated"]

    def kernel(inputs: Array, lengths: Array) -> Any:
        check_sizes(inputs, lengths, FailedPreconditionError)
        batch, classes = inputs.shape[1:]
        best = inputs.argmax(2)
        said: list[Array] = []
        scores = np.zeros((batch, 1), inputs.dtype)
        for entry, length in enumerate(lengths.tolist()):
            path = best[:length, entry]
            keep = path != classes - 1
            if merge:
                keep[1:] &= path[1:] != path[:-1]
            said.append(path[keep])
            scores[entry] = -inputs[:length, entry].max(1).sum()
        counts = [len(labels) for labels in said]
        places = [(b, i) for b, count in enumerate(counts) for i in range(count)]
        return (
            np.array(places, np.int64).reshape(-1, 2),
            np.concatenate([*said, np.zeros(0)]).astype(np.int64),
            np.array([batch, max(counts, default=0)], np.int64),
            scores,
        )

    return kernel


define("CTCGreedyDecoder", shape=_greedy_shape, build=_greedy_kernel, gradient=None)


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True
) -> tuple[list[SparseTensor], Any]:
    """The labels of the likeliest class of each step.

    Args:
        inputs: logits, [time, batch, classes]; the last class is the blank.
        sequence_length: [batch], int32: how many steps count.
        merge_repeated: whether a label said several times in a row is one.

    Returns:
        A list of one SparseTensor, and minus the sum of the highest logits, [batch, 1].
    """
    indices, values, shape, scores = apply(
        "CTCGreedyDecoder", inputs, sequence_length, merge_repeated=merge_repeated
    )
    return [SparseTensor(indices, values, shape)], scores
