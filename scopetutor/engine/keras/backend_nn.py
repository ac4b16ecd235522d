"""`tf.keras.backend`: activations, cross entropies, normalization, dropout, CTC.

After the operations of ``ops/nn.py`` and others; ``losses.py`` is built on the cross
entropies. TF 1.15: those look behind a softmax for the logits that went into it.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.ops import array, ctc, functional, math, nn, normalize, sorting
from scopetutor.engine.ops.clip import clip_by_value
from scopetutor.engine.ops.gathering import gather_nd
from scopetutor.engine.ops.joining import stack, tile
from scopetutor.engine.ops.reshaping import expand_dims, reshape, squeeze, transpose
from scopetutor.engine.ops.slicing import boolean_mask
from scopetutor.engine.ops.softmax import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from scopetutor.engine.ops.softmax import softmax as tf_softmax
from scopetutor.engine.ops.sparse import sparse_to_dense
from scopetutor.engine.sparse import SparseTensor

from .backend_shaping import concatenate, reverse
from .learning_phase import drawn_seed
from .settings import epsilon


def softmax(x: Any, axis: int = -1) -> Any:
    """Numbers above 0 that add up to 1 along an axis."""
    return tf_softmax(x, axis=axis)


def dropout(x: Any, level: Any, noise_shape: Any = None, seed: Any = None) -> Any:
    """A random share of the numbers left out, and the others made larger."""
    seed = drawn_seed() if seed is None else seed
    return nn.dropout(x, rate=level, noise_shape=noise_shape, seed=seed)


def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Whether the target is among the k likeliest classes."""
    return sorting.in_top_k(predictions, targets, k)


# -- cross entropies -------------------------------------------------------------------


def logits_of(output: Any, kind: str) -> Any:
    """What went into a Softmax or Sigmoid; None of what is none.

    TF 1.15: probabilities are not made logits again if those are still there.
    """
    if not defaults.state.eager and output.op.type == kind:
        return output.op.inputs[0]
    return None


def _clipped(output: Any) -> Any:
    low = constants.constant(epsilon(), output.dtype.base_dtype)
    return clip_by_value(output, low, 1.0 - low)


def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """The cross entropies of distributions and predictions."""
    logits = output if from_logits else logits_of(output, "Softmax")
    if logits is None:
        output = output / math.reduce_sum(output, axis, True)
        return -math.reduce_sum(target * math.log(_clipped(output)), axis)
    return softmax_cross_entropy_with_logits_v2(labels=target, logits=logits, axis=axis)


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """The cross entropies of classes' numbers and predictions.

    Raises:
        ValueError: the axis of the classes is not the last, of an unknown rank.
    """
    logits = output if from_logits else logits_of(output, "Softmax")
    if logits is None:
        logits = math.log(_clipped(output))
    rank = logits.shape.ndims
    if rank is not None:
        axis %= rank
        if axis != rank - 1:
            others = [*range(axis), *range(axis + 1, rank), axis]
            logits = transpose(logits, perm=others)
    elif axis != -1:
        raise ValueError(
            f"Cannot compute sparse categorical crossentropy with `axis={axis}` on an "
            "output tensor with unknown rank"
        )
    target = math.cast(target, dtypes.int64)
    sizes = array.shape(logits)
    flat = None not in (rank, target.shape.ndims) and target.shape.ndims != rank - 1
    if flat:
        target = reshape(target, [-1])
        logits = reshape(logits, [-1, sizes[-1]])
    found = sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits)
    return reshape(found, sizes[:-1]) if flat and rank >= 3 else found


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """The cross entropies of labels of 0 and 1, number by number."""
    logits = output if from_logits else logits_of(output, "Sigmoid")
    if logits is None:
        output = _clipped(output)
        found = target * math.log(output + epsilon())
        found += (1 - target) * math.log(1 - output + epsilon())
        return -found
    return sigmoid_cross_entropy_with_logits(labels=target, logits=logits)


# -- normalization ---------------------------------------------------------------------


def batch_normalization(
    x: Any,
    mean: Any,
    var: Any,
    beta: Any,
    gamma: Any,
    axis: int = -1,
    epsilon: float = 1e-3,
) -> Any:
    """(x - mean) / sqrt(var + epsilon) * gamma + beta.

    Args:
        x: floats.
        mean: of x.
        var: of x.
        beta: what is added; None: nothing.
        gamma: what is multiplied with; None: nothing.
        axis: of the channels.
        epsilon: added to the variance.
    """
    if x.shape.ndims != 4 or axis not in (1, -3, 3, -1):
        return normalize.batch_normalization(x, mean, var, beta, gamma, epsilon)
    last = axis in (3, -1)
    if last:
        mean, var = _vector(mean), _vector(var)
        beta = array.zeros_like(mean) if beta is None else _vector(beta)
        gamma = array.ones_like(mean) if gamma is None else _vector(gamma)
    found, _, _ = normalize.fused_batch_norm(
        x,
        gamma,
        beta,
        epsilon=epsilon,
        mean=mean,
        variance=var,
        data_format="NHWC" if last else "NCHW",
        is_training=False,
    )
    return found


def _vector(x: Any) -> Any:
    return reshape(x, [-1]) if x.shape.ndims > 1 else x


def normalize_batch_in_training(
    x: Any, gamma: Any, beta: Any, reduction_axes: Any, epsilon: float = 1e-3
) -> Any:
    """A batch with mean 0 and variance 1, and both as they were.

    Args:
        x: floats.
        gamma: what is multiplied with; None: nothing.
        beta: what is added; None: nothing.
        reduction_axes: along which mean and variance are taken.
        epsilon: added to the variance.
    """
    axes, rank = list(reduction_axes), x.shape.ndims
    if rank == 4 and axes == [0, 1, 2]:
        size = [x.shape[3]]
        if gamma is None:
            gamma = constants.constant(1.0, dtype=x.dtype, shape=size)
        if beta is None:
            beta = constants.constant(0.0, dtype=x.dtype, shape=size)
        return normalize.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
    mean, var = normalize.moments(x, reduction_axes, None, None, False)
    parts = [mean, var, gamma, beta]
    if sorted(axes) != list(range(rank))[:-1]:
        sizes = [1 if axis in axes else array.shape(x)[axis] for axis in range(rank)]
        shape = stack(sizes)
        parts = [None if one is None else reshape(one, shape) for one in parts]
    wide_mean, wide_var, scale, offset = parts
    found = normalize.batch_normalization(
        x, wide_mean, wide_var, offset, scale, epsilon
    )
    return found, mean, var


# -- functions of rows -----------------------------------------------------------------


def map_fn(fn: Any, elems: Any, name: Any = None, dtype: Any = None) -> Any:
    """What a function gives for each row."""
    return functional.map_fn(fn, elems, name=name, dtype=dtype)


def foldl(fn: Any, elems: Any, initializer: Any = None, name: Any = None) -> Any:
    """What a function makes of all rows, from the first to the last."""
    return functional.foldl(fn, elems, initializer=initializer, name=name)


def foldr(fn: Any, elems: Any, initializer: Any = None, name: Any = None) -> Any:
    """What a function makes of all rows, from the last to the first."""
    return functional.foldr(fn, elems, initializer=initializer, name=name)


# -- labels without times --------------------------------------------------------------


def ctc_label_dense_to_sparse(labels: Any, label_lengths: Any) -> Any:
    """The first labels of each row, as many as its length says, as a SparseTensor."""
    shape = array.shape(labels)
    batch, most = stack([shape[0]]), stack([shape[1]])

    def before(old: Any, length: Any) -> Any:
        places = expand_dims(math.range_(array.shape(old)[1]), 0)
        return places < array.fill(most, length)

    first = math.cast(array.fill([1, shape[1]], 0), dtypes.bool_)
    found = functional.scan(
        before, label_lengths, initializer=first, parallel_iterations=1
    )
    kept = found[:, 0, :]
    columns = reshape(tile(math.range_(0, shape[1]), batch), shape)
    column = boolean_mask(columns, kept)
    rows = reshape(tile(math.range_(0, shape[0]), most), reverse(shape, 0))
    row = boolean_mask(transpose(rows), kept)
    indices = transpose(reshape(concatenate([row, column], axis=0), [2, -1]))
    values = gather_nd(labels, indices)
    return SparseTensor(
        math.cast(indices, dtypes.int64), values, math.cast(shape, dtypes.int64)
    )


def ctc_batch_cost(
    y_true: Any, y_pred: Any, input_length: Any, label_length: Any
) -> Any:
    """How unlikely labels without times are, [batch, 1].

    Args:
        y_true: labels [batch, number].
        y_pred: probabilities [batch, time, classes]; the last class is the blank.
        input_length: how many moments count, [batch, 1].
        label_length: how many labels count, [batch, 1].
    """
    label_length = math.cast(squeeze(label_length, axis=-1), dtypes.int32)
    input_length = math.cast(squeeze(input_length, axis=-1), dtypes.int32)
    labels = math.cast(ctc_label_dense_to_sparse(y_true, label_length), dtypes.int32)
    y_pred = math.log(transpose(y_pred, perm=[1, 0, 2]) + epsilon())
    cost = ctc.ctc_loss(inputs=y_pred, labels=labels, sequence_length=input_length)
    return expand_dims(cost, 1)


def ctc_decode(
    y_pred: Any,
    input_length: Any,
    greedy: bool = True,
    beam_width: int = 100,
    top_paths: int = 1,
) -> Any:
    """The likeliest labels as dense tensors, -1 beyond their end; and how likely.

    Args:
        y_pred: probabilities [batch, time, classes]; the last class is the blank.
        input_length: how many moments count, [batch].
        greedy: whether the likeliest class of each moment is taken.
        beam_width: otherwise, how many beginnings are followed.
        top_paths: and how many labels are given.
    """
    y_pred = math.log(transpose(y_pred, perm=[1, 0, 2]) + epsilon())
    input_length = math.cast(input_length, dtypes.int32)
    if greedy:
        decoded, likely = ctc.ctc_greedy_decoder(
            inputs=y_pred, sequence_length=input_length
        )
    else:
        from scopetutor.engine.ops.ctc_beams import (  # noqa: PLC0415 - used here only
            ctc_beam_search_decoder,
        )

        decoded, likely = ctc_beam_search_decoder(
            inputs=y_pred,
            sequence_length=input_length,
            beam_width=beam_width,
            top_paths=top_paths,
        )
    dense = [
        sparse_to_dense(one.indices, one.dense_shape, one.values, default_value=-1)
        for one in decoded
    ]
    return dense, likely
