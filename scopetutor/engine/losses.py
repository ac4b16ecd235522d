"""`tf.losses`: what training makes small.

Each function gives one number, weighted and averaged, and enters it in the collection
LOSSES; `get_total_loss` adds them up with what the regularizers gave.
"""

from __future__ import annotations

from typing import Any

from . import constants, defaults, deprecation, dtypes
from .confusion import remove_squeezable_dimensions
from .convert import convert_to_tensor
from .keys import GraphKeys
from .ops import array, math, nn, reshaping, softmax
from .ops.branches import cond
from .ops.gathering import where
from .surroundings import control_dependencies, name_scope
from .weights_broadcast import assert_broadcastable, broadcast_weights


class Reduction:
    """How a loss for each element becomes one number."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Every way there is."""
        return (
            cls.NONE,
            cls.SUM,
            cls.MEAN,
            cls.SUM_OVER_BATCH_SIZE,
            cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )

    @classmethod
    def validate(cls, key: Any) -> None:
        """ValueError unless there is such a way."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


# -- the collections -----------------------------------------------------------------


def add_loss(loss: Any, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Enters a loss in the collection, if there is one."""
    if loss_collection and not defaults.state.eager:
        defaults.get_default_graph().add_to_collection(loss_collection, loss)


def get_losses(
    scope: str | None = None, loss_collection: Any = GraphKeys.LOSSES
) -> list[Any]:
    """What was entered with `add_loss`."""
    return defaults.get_default_graph().get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """What the regularizers of variables gave."""
    graph = defaults.get_default_graph()
    return graph.get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Any:
    """The sum of what the regularizers gave; a constant 0 if there is none."""
    losses = get_regularization_losses(scope)
    if losses:
        return math.add_n(losses, name=name)
    return constants.constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True,
    name: str = "total_loss",
    scope: str | None = None,
) -> Any:
    """The sum of all losses, with those of the regularizers if wanted.

    Raises:
        ValueError: there is none.
    """
    losses = get_losses(scope=scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope=scope)
    return math.add_n(losses, name=name)


# -- one number from many ------------------------------------------------------------


def _num_elements(losses: Any) -> Any:
    with name_scope(None, "num_elements", [losses]) as scope:
        return math.cast(array.size(losses, name=scope), dtype=losses.dtype)


def _num_present(losses: Any, weights: Any, per_batch: bool = False) -> Any:
    """How many elements have a weight other than 0."""
    if isinstance(weights, float) and weights != 0.0:
        return _num_elements(losses)
    with name_scope(None, "num_present", (losses, weights)) as scope:
        weights = math.cast(weights, dtypes.float32)
        present = where(
            math.equal(weights, 0.0),
            array.zeros_like(weights),
            array.ones_like(weights),
        )
        present = broadcast_weights(present, losses)
        if per_batch:
            axes = math.range_(1, array.rank(present))
            return math.reduce_sum(present, axis=axes, keepdims=True, name=scope)
        return math.reduce_sum(present, name=scope)


def _safe_mean(losses: Any, num_present: Any) -> Any:
    return math.div_no_nan(math.reduce_sum(losses), num_present, name="value")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """Losses of elements, weighted and made one number.

    Args:
        losses: a tensor.
        weights: a number, or a tensor that fits the losses.
        scope: name of the name scope.
        loss_collection: where the result is entered; None: nowhere.
        reduction: how they are made one.

    Raises:
        ValueError: the weights do not fit, or there is no such reduction.
    """
    Reduction.validate(reduction)
    with (
        name_scope(scope, "weighted_loss", (losses, weights)),
        control_dependencies((assert_broadcastable(weights, losses),)),
    ):
        losses = convert_to_tensor(losses)
        input_dtype = losses.dtype
        losses = math.cast(losses, dtypes.float32)
        weights = math.cast(weights, dtypes.float32)
        weighted = math.multiply(losses, weights)
        loss = math.cast(_reduced(weighted, losses, weights, reduction), input_dtype)
        add_loss(loss, loss_collection)
        return loss


def _reduced(weighted: Any, losses: Any, weights: Any, reduction: str) -> Any:
    if reduction == Reduction.NONE:
        return weighted
    loss = math.reduce_sum(weighted)
    if reduction == Reduction.MEAN:
        return _safe_mean(loss, math.reduce_sum(array.ones_like(losses) * weights))
    if reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
        return _safe_mean(loss, _num_present(losses, weights))
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        return _safe_mean(loss, _num_elements(losses))
    return loss


# -- the losses ----------------------------------------------------------------------


def _require(**given: Any) -> None:
    """ValueError if one of the values is None."""
    for name, value in given.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")


def _floats(predictions: Any, labels: Any) -> tuple[Any, Any]:
    """Both as float32, and of one shape."""
    predictions = math.cast(predictions, dtypes.float32)
    labels = math.cast(labels, dtypes.float32)
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    return predictions, labels


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """The distance of predictions from labels."""
    _require(labels=labels, predictions=predictions)
    given = (predictions, labels, weights)
    with name_scope(scope, "absolute_difference", given) as opened:
        predictions, labels = _floats(predictions, labels)
        losses = math.abs(math.subtract(predictions, labels))
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: Any = None,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
    dim: Any = None,
) -> Any:
    """1 less the cosine of the angle, for unit vectors along an axis."""
    if dim is not None:
        deprecation.warn_argument(
            "cosine_distance",
            "tensorflow.python.ops.losses.losses_impl",
            "dim",
            "dim is deprecated, use axis instead",
        )
    axis = deprecation.either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    _require(labels=labels, predictions=predictions)
    given = (predictions, labels, weights)
    with name_scope(scope, "cosine_distance_loss", given) as opened:
        predictions, labels = _floats(predictions, labels)
        product = math.multiply(predictions, labels)
        losses = 1 - math.reduce_sum(product, axis=(axis,), keepdims=True)
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """What logits lack to be 1 on the right side; labels are 0 or 1."""
    _require(labels=labels, logits=logits)
    with name_scope(scope, "hinge_loss", (logits, labels, weights)) as opened:
        logits, labels = _floats(logits, labels)
        all_ones = array.ones_like(labels)
        labels = math.subtract(2 * labels, all_ones)
        losses = nn.relu(math.subtract(all_ones, math.multiply(labels, logits)))
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """Half the square of the error up to delta, and straight beyond."""
    _require(labels=labels, predictions=predictions)
    given = (predictions, labels, weights)
    with name_scope(scope, "huber_loss", given) as opened:
        predictions, labels = _floats(predictions, labels)
        size = math.abs(math.subtract(predictions, labels))
        quadratic = math.minimum(size, delta)
        linear = math.subtract(size, quadratic)
        losses = math.add(
            math.multiply(
                convert_to_tensor(0.5, dtype=quadratic.dtype),
                math.multiply(quadratic, quadratic),
            ),
            math.multiply(delta, linear),
        )
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """How surprising labels of 0 or 1 are if predictions are their probabilities."""
    _require(labels=labels, predictions=predictions)
    given = (predictions, labels, weights)
    with name_scope(scope, "log_loss", given) as opened:
        predictions, labels = _floats(predictions, labels)
        losses = -math.multiply(
            labels, math.log(predictions + epsilon)
        ) - math.multiply((1 - labels), math.log(1 - predictions + epsilon))
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
) -> Any:
    """The mean square of how differently pairs of elements differ."""
    _require(labels=labels, predictions=predictions)
    given = (predictions, labels, weights)
    with name_scope(scope, "mean_pairwise_squared_error", given):
        weights = math.cast(weights, dtypes.float32)
        labels = math.cast(labels, dtypes.float32)
        with control_dependencies((assert_broadcastable(weights, labels),)):
            predictions = math.cast(predictions, dtypes.float32)
            predictions.get_shape().assert_is_compatible_with(labels.get_shape())
            mean_loss = _pairwise(math.subtract(predictions, labels), weights)
            add_loss(mean_loss, loss_collection)
            return mean_loss


def _pairwise(diffs: Any, weights: Any) -> Any:
    axes = math.range_(1, array.rank(diffs))
    squares = math.reduce_sum(math.square(diffs), axis=axes, keepdims=True)
    count = _num_present(diffs, weights, per_batch=True)
    term1 = 2.0 * math.div_no_nan(squares, math.maximum(count - 1, 0), name="value")
    total = math.reduce_sum(diffs, axis=axes, keepdims=True)
    term2 = 2.0 * math.div_no_nan(
        math.square(total),
        math.maximum(math.multiply(count, count - 1), 0),
        name="value",
    )
    loss = math.reduce_sum(math.multiply(term1 - term2, weights))
    return where(math.reduce_sum(count) > 0, loss, array.zeros_like(loss), name="value")


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """The square of the distance of predictions from labels."""
    _require(labels=labels, predictions=predictions)
    given = (predictions, labels, weights)
    with name_scope(scope, "mean_squared_error", given) as opened:
        predictions, labels = _floats(predictions, labels)
        losses = math.squared_difference(predictions, labels)
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: Any = 0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """How surprising labels of 0 or 1 are, each on its own.

    Args:
        multi_class_labels: of the shape of the logits.
        logits: numbers whose sigmoid is a probability.
        weights: a number, or a tensor that fits.
        label_smoothing: how far labels are moved towards a half.
        scope: name of the name scope.
        loss_collection: where the result is entered.
        reduction: how the elements are made one.
    """
    _require(multi_class_labels=multi_class_labels, logits=logits)
    given = (logits, multi_class_labels, weights)
    with name_scope(scope, "sigmoid_cross_entropy_loss", given) as opened:
        logits = convert_to_tensor(logits)
        labels = math.cast(multi_class_labels, logits.dtype)
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = softmax.sigmoid_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: Any = 0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """How surprising one of several classes is.

    Args:
        onehot_labels: [batch, classes], 1 for the right class.
        logits: [batch, classes].
        weights: a number, or [batch].
        label_smoothing: how far labels are moved towards all classes alike.
        scope: name of the name scope.
        loss_collection: where the result is entered.
        reduction: how the elements are made one.
    """
    _require(onehot_labels=onehot_labels, logits=logits)
    given = (logits, onehot_labels, weights)
    with name_scope(scope, "softmax_cross_entropy_loss", given) as opened:
        logits = convert_to_tensor(logits)
        labels = math.cast(onehot_labels, logits.dtype)
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        if label_smoothing > 0:
            classes = math.cast(array.shape(labels)[-1], logits.dtype)
            positives = 1.0 - label_smoothing
            negatives = label_smoothing / classes
            labels = labels * positives + negatives
        labels = array.stop_gradient(labels, name="labels_stop_gradient")
        losses = softmax.softmax_cross_entropy_with_logits_v2(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Any:
    """How surprising one of several classes is, given by its number.

    Args:
        labels: [batch], whole numbers.
        logits: [batch, classes].
        weights: a number, or [batch].
        scope: name of the name scope.
        loss_collection: where the result is entered.
        reduction: how the elements are made one.
    """
    _require(labels=labels, logits=logits)
    given = (logits, labels, weights)
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", given) as opened:
        labels, logits, weights = _of_one_rank(labels, logits, weights)
        losses = softmax.sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(
            losses, weights, opened, loss_collection, reduction=reduction
        )


def _of_one_rank(labels: Any, logits: Any, weights: Any) -> tuple[Any, Any, Any]:
    """Labels and weights without a last size of 1 that is one too many."""
    labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
    if weights is None:
        return labels, logits, None
    weights = convert_to_tensor(weights)
    rank, labels_rank = weights.shape.ndims, labels.shape.ndims
    if labels_rank is not None and rank is not None:
        if rank - labels_rank == 1:
            weights = reshaping.squeeze(weights, [-1])
        return labels, logits, weights
    difference = array.rank(weights) - array.rank(labels)
    if rank is None or (rank > 0 and weights.shape[-1].is_compatible_with(1)):
        full = weights
        weights = cond(
            math.equal(1, difference),
            lambda: reshaping.squeeze(full, [-1]),
            lambda: full,
        )
    return labels, logits, weights
