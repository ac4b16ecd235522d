"""`tf.contrib.losses`, which slim calls `slim.losses`: predictions before labels.

TF 1.15: these are older than `tf.losses`, make other operations, and divide by how many
elements have a weight that is not 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, deprecation, dtypes
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import array, math, nn, softmax
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.reshaping import reshape, squeeze
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Callable

_MODULE = "tensorflow.contrib.losses.python.losses.loss_ops"


def _deprecated(name: str, more: str = "") -> Callable[..., Any]:
    instead = f"Use tf.losses.{name} instead.{more}"
    return deprecation.deprecated(name, _MODULE, instead, "2016-12-30")


def _turned(what: str) -> str:
    return f" Note that the order of the {what} and labels arguments has been changed."


# -- weights -----------------------------------------------------------------------


def _present(losses: Any, weights: Any) -> Any:
    """How many elements have a weight that is not 0."""
    rank = weights.get_shape().ndims
    if rank == 0:
        first = slice_of(array.shape(losses), [0], [1])
        batch_size = reshape(first, [])
        each = math.div(
            math.cast(array.size(losses), dtypes.float32),
            math.cast(batch_size, dtypes.float32),
        )
        each = where(math.equal(weights, 0), 0.0, each)
        ones = array.ones(reshape(batch_size, [1]))
        return math.reduce_sum(math.multiply(ones, each))
    present = math.cast(math.not_equal(weights, 0), dtypes.float32)
    present = math.reduce_sum(present, axis=list(range(1, rank)))
    others = slice_of(array.shape(losses), [rank], [-1])
    others = math.cast(math.reduce_prod(others), dtypes.float32)
    return math.reduce_sum(math.multiply(present, others))


@_deprecated("compute_weighted_loss")
def compute_weighted_loss(losses: Any, weights: Any = 1.0, scope: Any = None) -> Any:
    """The mean of the losses whose weight is not 0, entered in LOSSES.

    Args:
        losses: [batch, …].
        weights: a number, or [batch] or more of the losses' axes.
        scope: of the operations.

    Raises:
        ValueError: a rank is not known.
    """
    with name_scope(scope, "weighted_loss", [losses, weights]):
        losses = convert_to_tensor(losses)
        given = losses.dtype
        losses = math.cast(losses, dtypes.float32)
        weights = math.cast(convert_to_tensor(weights), dtypes.float32)
        for name, tensor in (("losses", losses), ("weights", weights)):
            if tensor.get_shape().ndims is None:
                raise ValueError(f"{name}.get_shape().ndims cannot be None")
        shape = weights.get_shape()
        if shape.ndims > 1 and shape[-1].is_compatible_with(1):
            weights = squeeze(weights, [-1])
        start = max(0, weights.get_shape().ndims)
        axes = list(range(start, losses.get_shape().ndims))
        weighted = math.multiply(math.reduce_sum(losses, axis=axes), weights)
        total = math.reduce_sum(weighted)
        count = _present(losses, weights)
        mean = math.div_no_nan(math.reduce_sum(total), count, name="value")
        mean = math.cast(mean, given)
        add_loss(mean)
        return mean


# -- the collection ----------------------------------------------------------------


@_deprecated("add_loss")
@add_arg_scope
def add_loss(loss: Any, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Enters a loss in a collection."""
    if loss_collection:
        defaults.get_default_graph().add_to_collection(loss_collection, loss)


@_deprecated("get_losses")
def get_losses(scope: Any = None, loss_collection: Any = GraphKeys.LOSSES) -> list[Any]:
    """The losses of a collection."""
    found: list[Any] = defaults.get_default_graph().get_collection(
        loss_collection, scope
    )
    return found


@_deprecated("get_regularization_losses")
def get_regularization_losses(scope: Any = None) -> list[Any]:
    """What regularizers gave."""
    found: list[Any] = defaults.get_default_graph().get_collection(
        GraphKeys.REGULARIZATION_LOSSES, scope
    )
    return found


@_deprecated("get_total_loss")
def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss"
) -> Any:
    """The sum of all losses, with or without what regularizers gave."""
    losses = get_losses()
    if add_regularization_losses:
        losses += get_regularization_losses()
    return math.add_n(losses, name=name)


# -- the losses --------------------------------------------------------------------


def _compared(
    loss: Callable[[Any, Any], Any],
    scope_name: str,
    predictions: Any,
    labels: Any,
    weights: Any,
    scope: Any,
) -> Any:
    """A loss of predictions and labels of one shape, both as float32."""
    given = [predictions, labels, weights]
    with name_scope(scope, scope_name, given) as opened:
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        predictions = math.cast(predictions, dtypes.float32)
        labels = math.cast(labels, dtypes.float32)
        losses = loss(predictions, labels)
        return compute_weighted_loss(losses, weights, scope=opened)


@_deprecated("absolute_difference")
def absolute_difference(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: Any = None
) -> Any:
    """The mean of |prediction - label|."""

    def loss(x: Any, y: Any) -> Any:
        return math.abs(math.subtract(x, y))

    name = "absolute_difference"
    return _compared(loss, name, predictions, labels, weights, scope)


@_deprecated("mean_squared_error")
def mean_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: Any = None
) -> Any:
    """The mean of (prediction - label)²."""
    name = "mean_squared_error"
    return _compared(math.squared_difference, name, predictions, labels, weights, scope)


@_deprecated("log_loss", _turned("predictions"))
def log_loss(
    predictions: Any,
    labels: Any = None,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: Any = None,
) -> Any:
    """The cross entropy of probabilities."""

    def loss(x: Any, y: Any) -> Any:
        true = -math.multiply(y, math.log(x + epsilon))
        return true - math.multiply(1 - y, math.log(1 - x + epsilon))

    return _compared(loss, "log_loss", predictions, labels, weights, scope)


@_deprecated(
    "hinge_loss",
    " Note that the order of the logits and labels arguments has been changed, and to "
    "stay unweighted, reduction=Reduction.NONE",
)
def hinge_loss(logits: Any, labels: Any = None, scope: Any = None) -> Any:
    """The hinge loss of each element; it is not entered anywhere."""
    with name_scope(scope, "hinge_loss", [logits, labels]):
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        labels = math.cast(labels, dtypes.float32)
        ones = array.ones_like(labels)
        signs = math.subtract(2 * labels, ones)
        return nn.relu(math.subtract(ones, math.multiply(signs, logits)))


@_deprecated("sigmoid_cross_entropy", _turned("predictions"))
def sigmoid_cross_entropy(
    logits: Any,
    multi_class_labels: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: Any = None,
) -> Any:
    """The cross entropy of independent classes."""
    given = [logits, multi_class_labels, weights]
    with name_scope(scope, "sigmoid_cross_entropy_loss", given) as opened:
        logits.get_shape().assert_is_compatible_with(multi_class_labels.get_shape())
        labels = math.cast(multi_class_labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = softmax.sigmoid_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope=opened)


@_deprecated("softmax_cross_entropy", _turned("logits"))
def softmax_cross_entropy(
    logits: Any,
    onehot_labels: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: Any = None,
) -> Any:
    """The cross entropy of one class among several, as [batch, classes]."""
    given = [logits, onehot_labels, weights]
    with name_scope(scope, "softmax_cross_entropy_loss", given) as opened:
        logits.get_shape().assert_is_compatible_with(onehot_labels.get_shape())
        labels = math.cast(onehot_labels, logits.dtype)
        if label_smoothing > 0:
            classes = math.cast(array.shape(labels)[1], logits.dtype)
            others = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + others
        losses = softmax.softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope=opened)


@_deprecated("sparse_softmax_cross_entropy", _turned("logits"))
def sparse_softmax_cross_entropy(
    logits: Any, labels: Any, weights: Any = 1.0, scope: Any = None
) -> Any:
    """The cross entropy of one class among several, by its number."""
    given = [logits, labels, weights]
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", given) as opened:
        labels = reshape(labels, shape=[array.shape(labels)[0]])
        losses = softmax.sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope=opened)
