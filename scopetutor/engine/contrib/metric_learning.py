"""`tf.contrib.losses.metric_learning`: losses of distances between embeddings.

Stands beside losses.py. Embeddings are [batch, size], labels [batch].
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.joining import tile
from scopetutor.engine.ops.linalg import diag
from scopetutor.engine.ops.reshaping import reshape, transpose


def pairwise_distance(feature: Any, squared: bool = False) -> Any:
    """The distance between each two rows, [batch, batch]; 0 on the diagonal."""
    lengths = math.reduce_sum(math.square(feature), axis=[1], keepdims=True)
    across = math.reduce_sum(math.square(transpose(feature)), axis=[0], keepdims=True)
    sums = math.add(lengths, across)
    products = math.matmul(feature, transpose(feature))
    distances = math.maximum(sums - 2.0 * products, 0.0)
    none = math.less_equal(distances, 0.0)
    if not squared:
        distances = math.sqrt(distances + cast(none, dtypes.float32) * 1e-16)
    some = cast(math.logical_not(none), dtypes.float32)
    distances = math.multiply(distances, some)
    count = array.shape(feature)[0]
    others = array.ones_like(distances) - diag(array.ones([count]))
    return math.multiply(distances, others)


def contrastive_loss(
    labels: Any, embeddings_anchor: Any, embeddings_positive: Any, margin: float = 1.0
) -> Any:
    """Pairs with the label 1 should be near, others at least `margin` apart.

    Args:
        labels: [batch] of 0 and 1.
        embeddings_anchor: [batch, size].
        embeddings_positive: [batch, size].
        margin: the least distance of the others.
    """
    squares = math.squared_difference(embeddings_anchor, embeddings_positive)
    distances = math.sqrt(math.reduce_sum(squares, 1))
    near = cast(labels, distances.dtype) * math.square(distances)
    apart = 1.0 - cast(labels, distances.dtype)
    far = apart * math.square(math.maximum(margin - distances, 0.0))
    return math.reduce_mean(near + far, name="contrastive_loss")


def _masked_maximum(data: Any, mask: Any, dim: int = 1) -> Any:
    least = math.reduce_min(data, dim, keepdims=True)
    chosen = math.multiply(data - least, mask)
    return math.reduce_max(chosen, dim, keepdims=True) + least


def _masked_minimum(data: Any, mask: Any, dim: int = 1) -> Any:
    most = math.reduce_max(data, dim, keepdims=True)
    chosen = math.multiply(data - most, mask)
    return math.reduce_min(chosen, dim, keepdims=True) + most


def triplet_semihard_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> Any:
    """Rows with one label should be nearer than the nearest of another that is farther.

    Args:
        labels: [batch] of int32.
        embeddings: [batch, size].
        margin: by how much nearer.
    """
    shape = array.shape(labels)
    labels = reshape(labels, [shape[0], 1])
    distances = pairwise_distance(embeddings, squared=True)
    same = math.equal(labels, transpose(labels))
    others = math.logical_not(same)
    size = array.size(labels)
    tiled = tile(distances, [size, 1])
    mask = math.logical_and(
        tile(others, [size, 1]),
        math.greater(tiled, reshape(transpose(distances), [-1, 1])),
    )
    farther = math.reduce_sum(cast(mask, dtypes.float32), 1, keepdims=True)
    there_are = transpose(reshape(math.greater(farther, 0.0), [size, size]))
    others, mask = cast(others, dtypes.float32), cast(mask, dtypes.float32)
    outside = transpose(reshape(_masked_minimum(tiled, mask), [size, size]))
    inside = tile(_masked_maximum(distances, others), [1, size])
    chosen = where(there_are, outside, inside)
    losses = math.add(margin, distances - chosen)
    positives = cast(same, dtypes.float32) - diag(array.ones([size]))
    count = math.reduce_sum(positives)
    wrong = math.maximum(math.multiply(losses, positives), 0.0)
    return math.truediv(math.reduce_sum(wrong), count, name="triplet_semihard_loss")
