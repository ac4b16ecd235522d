"""Softmax, and the losses that are computed from logits.

After nn. TF 1.15: a cross entropy is one operation that computes the loss and, beside
it, its gradient; labels and logits of other ranks are reshaped around it.
"""

from __future__ import annotations

import math as scalar_math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, defaults, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Tensor, dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import array, checks, gathering, joining, math, nn, reshaping, rules, slicing
from .elementwise import one_of
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- softmax -----------------------------------------------------------------------


def _softmax_shape(op: Operation) -> list[Dims]:
    return [rules.at_least_rank(op._inputs[0]._dims, 1)]


def _softmax(logits: Array) -> Any:
    _check_has_axis(logits)
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _log_softmax(logits: Array) -> Any:
    _check_has_axis(logits)
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def _check_has_axis(logits: Array) -> None:
    if not logits.ndim:
        raise InvalidArgumentError(
            None, None, "logits must have >= 1 dimension, got []"
        )


def _softmax_gradient(op: Operation, grad: Any) -> Any:
    y = op._outputs[0]
    total = math.reduce_sum(grad * y, -1, keepdims=True)
    return (grad - total) * y


def _log_softmax_gradient(op: Operation, grad: Any) -> Any:
    y = math.exp(op._outputs[0])
    return grad - math.reduce_sum(grad, -1, keepdims=True) * y


define("Softmax", shape=_softmax_shape, kernel=_softmax, gradient=_softmax_gradient)
define(
    "LogSoftmax",
    shape=_softmax_shape,
    kernel=_log_softmax,
    gradient=_log_softmax_gradient,
)


def _along(op_type: str, logits: Any, axis: Any, name: str | None) -> Any:
    """Applies an operation of the last axis along another one."""
    logits = convert_to_tensor(logits)
    rank = logits.shape.ndims
    if axis == -1 or (rank is not None and axis == rank - 1):
        return apply(op_type, logits, name=name)
    place = static_value(axis)
    if place is not None and not -rank <= place < rank:
        raise InvalidArgumentError(
            None,
            None,
            f"Dimension ({place}) must be in the range [{-rank}, {rank}) where {rank} "
            "is the number of dimensions in the input.",
        )
    count = array.rank(logits)
    if isinstance(axis, Tensor):
        axis = gathering.where_no_warning(math.less(axis, 0), axis + count, axis)
    elif axis < 0:
        axis = axis + count
    last = array.rank(logits)
    axis = axis % rank
    moved = _swapped(logits, axis, math.subtract(last, 1))
    result = _swapped(apply(op_type, moved), axis, math.subtract(last, 1), name=name)
    result.set_shape(logits.shape)
    return result


def _swapped(x: Any, axis: Any, last: Any, name: str | None = None) -> Any:
    order = joining.concat(
        [math.range_(axis), [last], math.range_(axis + 1, last), [axis]], 0
    )
    return reshaping.transpose(x, order, name=name)


def _softmax_function(op_type: str, function: str, does: str) -> Callable[..., Any]:
    def softmax(
        logits: Any, axis: Any = None, name: str | None = None, dim: Any = None
    ) -> Any:
        if dim is not None:
            deprecation.warn_argument(
                function, "nn_ops", "dim", "dim is deprecated, use axis instead"
            )
        axis = deprecation.either("axis", axis, "dim", dim)
        return _along(op_type, logits, -1 if axis is None else axis, name)

    softmax.__doc__ = does
    return softmax


softmax = _softmax_function(
    "Softmax", "softmax", "Positive numbers along an axis whose sum is 1."
)
log_softmax = _softmax_function(
    "LogSoftmax", "log_softmax", "The logarithm of the softmax along an axis."
)


# -- softmax cross entropy ---------------------------------------------------------


def _cross_entropy_shape(op: Operation) -> list[Dims]:
    logits, labels = (taken._dims for taken in op._inputs)
    both = rules.broadcast(rules.with_rank(logits, 2), rules.with_rank(labels, 2))
    assert both is not None
    return [(both[0],), both]


def _cross_entropy(logits: Array, labels: Array) -> tuple[Any, Any]:
    if logits.shape != labels.shape:
        try:
            logits, labels = np.broadcast_arrays(logits, labels)
        except ValueError:
            raise InvalidArgumentError(
                None,
                None,
                "logits and labels must be broadcastable: logits_size="
                f"{dims_text(logits.shape)} labels_size={dims_text(labels.shape)}",
            ) from None
    shifted = logits - logits.max(1, keepdims=True)
    powers = np.exp(shifted)
    total = powers.sum(1, keepdims=True)
    loss = (labels * (np.log(total) - shifted)).sum(1, dtype=logits.dtype)
    return loss, powers / total - labels


def _scaled_rows(rows: Any, matrix: Any) -> Any:
    """A matrix whose rows are multiplied by numbers."""
    return reshaping.expand_dims(rows, -1) * matrix


def _is_zero(grad: Any) -> bool:
    """Whether a gradient is known to be zero everywhere."""
    if defaults.state.eager:
        return False
    if grad.op.type in ("ZerosLike", "Zeros"):
        return True
    value = static_value(grad)
    return value is not None and bool((value == 0).all())


def _cross_entropy_gradient(op: Operation, grad_loss: Any, grad_grad: Any) -> Any:
    logits = op._inputs[0]
    grad = _scaled_rows(grad_loss, op._outputs[1])
    if grad_grad is not None and not _is_zero(grad_grad):
        probabilities = softmax(logits)
        row = reshaping.expand_dims(grad_grad, 1)
        column = reshaping.expand_dims(probabilities, 2)
        inner = reshaping.squeeze(math.matmul(row, column), axis=1)
        grad = grad + (grad_grad - inner) * probabilities
    return grad, _scaled_rows(grad_loss, -log_softmax(logits))


define(
    "SoftmaxCrossEntropyWithLogits",
    shape=_cross_entropy_shape,
    kernel=_cross_entropy,
    gradient=_cross_entropy_gradient,
)


def _flattened(logits: Any) -> Any:
    """A tensor as a matrix: all axes but the last as one."""
    rank = array.rank(logits)
    last = slicing.slice(array.shape(logits), [math.subtract(rank, 1)], [1])
    matrix = reshaping.reshape(logits, joining.concat([[-1], last], 0))
    dims = logits.shape.dims
    if not defaults.state.eager and dims is not None:
        sizes = logits.shape.as_list()
        if None not in sizes[:-1]:
            matrix.set_shape([scalar_math.prod(sizes[:-1]), sizes[-1]])
    return matrix


def _at_end(tensor: Any, axis: Any, rank: Any) -> Any:
    order = joining.concat([math.range_(axis), math.range_(axis + 1, rank), [axis]], 0)
    return reshaping.transpose(tensor, order)


def softmax_cross_entropy_with_logits_v2(
    labels: Any,
    logits: Any,
    axis: Any = None,
    name: str | None = None,
    dim: Any = None,
) -> Any:
    """How far the softmax of logits is from probabilities: -sum(p log q).

    Args:
        labels: probabilities, of the logits' shape; gradients flow into them.
        logits: any numbers.
        axis: of the classes; the last one, if None.
        name: of the operation.
        dim: the old name of axis.

    Returns:
        One loss per row, of the logits' type.
    """
    if dim is not None:
        deprecation.warn_argument(
            "softmax_cross_entropy_with_logits_v2_helper",
            "nn_ops",
            "dim",
            "dim is deprecated, use axis instead",
        )
    axis = deprecation.either("axis", axis, "dim", dim)
    return _cross_entropies(labels, logits, -1 if axis is None else axis, name)


def _cross_entropies(labels: Any, logits: Any, axis: Any, name: str | None) -> Any:
    with name_scope(
        name, "softmax_cross_entropy_with_logits", [logits, labels]
    ) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        coarse = logits.dtype in (dtypes.float16, dtypes.bfloat16)
        precise = math.cast(logits, dtypes.float32) if coarse else logits
        labels = math.cast(labels, precise.dtype)
        rank = array.rank(precise)
        if axis != -1:
            precise = _at_end(precise, axis, rank)
            labels = _at_end(labels, axis, rank)
        sizes = array.shape(precise)
        precise, labels = _flattened(precise), _flattened(labels)
        cost, _ = apply("SoftmaxCrossEntropyWithLogits", precise, labels, name=scope)
        rows = slicing.slice(sizes, [0], [math.subtract(rank, 1)])
        cost = reshaping.reshape(cost, rows)
        if not defaults.state.eager and logits.shape.dims is not None:
            known = logits.shape.as_list()
            del known[axis]
            cost.set_shape(known)
        return math.cast(cost, logits.dtype) if coarse else cost


def _check_arguments(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    """ValueError unless both were given, and by name."""
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


@deprecation.deprecated(
    "softmax_cross_entropy_with_logits",
    "nn_ops",
    "\nFuture major versions of TensorFlow will allow gradients to flow\ninto the "
    "labels input on backprop by default.\n\nSee "
    "`tf.nn.softmax_cross_entropy_with_logits_v2`.\n",
)
def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: Any = -1,
    name: str | None = None,
    axis: Any = None,
) -> Any:
    """As softmax_cross_entropy_with_logits_v2; no gradient flows into the labels."""
    # TF 1.15: dim has a default, so giving axis is always refused.
    dim = deprecation.either("axis", axis, "dim", dim)
    _check_arguments("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(
        name, "softmax_cross_entropy_with_logits_sg", [logits, labels]
    ) as scope:
        labels = array.stop_gradient(labels, name="labels_stop_gradient")
    return _cross_entropies(labels, logits, dim, scope)


# -- labels that are numbers of classes ------------------------------------------------


def _sparse_shape(op: Operation) -> list[Dims]:
    logits = rules.with_rank(op._inputs[0]._dims, 2)
    labels = rules.with_rank(op._inputs[1]._dims, 1)
    batch = rules.merge_dim(logits[0], labels[0])
    return [(batch,), (batch, logits[1])]


def _sparse_cross_entropy(logits: Array, labels: Array) -> tuple[Any, Any]:
    _check_labels(logits, labels)
    rows = np.arange(len(labels))
    shifted = logits - np.maximum.reduce(logits, 1, keepdims=True)
    powers = np.exp(shifted)
    total = np.add.reduce(powers, 1, keepdims=True)
    loss = np.log(total[:, 0]) - shifted[rows, labels]
    gradient = np.divide(powers, total, powers)
    gradient[rows, labels] -= one_of(logits.dtype)
    return loss, gradient


def _check_labels(logits: Array, labels: Array) -> None:
    problem = ""
    if logits.ndim != 2:
        problem = f"logits must be 2-D, but got shape {dims_text(logits.shape)}"
    elif labels.ndim != 1:
        problem = f"labels must be 1-D, but got shape {dims_text(labels.shape)}"
    elif len(logits) != len(labels):
        problem = (
            "logits and labels must have the same first dimension, got logits shape "
            f"{dims_text(logits.shape)} and labels shape {dims_text(labels.shape)}"
        )
    elif labels.size and (labels.min() < 0 or labels.max() >= logits.shape[1]):
        outside = (labels < 0) | (labels >= logits.shape[1])
        problem = (
            f"Received a label value of {labels[outside][0]} which is outside the "
            f"valid range of [0, {logits.shape[1]}).  Label values: "
            f"{' '.join(map(str, labels))}"
        )
    if problem:
        raise InvalidArgumentError(None, None, problem)


def _sparse_gradient(op: Operation, grad: Any, _: Any) -> tuple[Any, None]:
    once = apply(
        "PreventGradient",
        op._outputs[1],
        message="Currently there is no way to take the second derivative of "
        "sparse_softmax_cross_entropy_with_logits due to the fused implementation's "
        "interaction with tf.gradients()",
    )
    return _scaled_rows(grad, once), None


define(
    "SparseSoftmaxCrossEntropyWithLogits",
    shape=_sparse_shape,
    kernel=_sparse_cross_entropy,
    gradient=_sparse_gradient,
)


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    name: str | None = None,
) -> Any:
    """How far the softmax of logits is from being 1 at a class: -log q[label].

    Args:
        _sentinel: keeps the others from being given by place.
        labels: the numbers of the classes; of the logits' shape without its last axis.
        logits: any numbers; the last axis is that of the classes.
        name: of the operation.

    Raises:
        ValueError: the shapes do not fit.
    """
    _check_arguments(
        "sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits
    )
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
        coarse = logits.dtype == dtypes.float16
        precise = math.cast(logits, dtypes.float32) if coarse else logits
        sizes = array.shape(labels)
        known = _check_label_shape(labels.shape, logits.shape)

        def cost_of(logits_2d: Any, labels_1d: Any) -> Any:
            return apply(
                "SparseSoftmaxCrossEntropyWithLogits", logits_2d, labels_1d, name=name
            )[0]

        if logits.shape.ndims == 2:
            cost = cost_of(precise, labels)
            return math.cast(cost, dtypes.float16) if coarse else cost
        waits = []
        if not known:
            waits.append(
                checks.assert_equal(array.shape(labels), array.shape(logits)[:-1])
            )
        with control_dependencies(waits):
            classes = array.shape(logits)[array.rank(logits) - 1]
            precise = reshaping.reshape(precise, [-1, classes])
            flat = reshaping.reshape(labels, [-1])
            cost = reshaping.reshape(cost_of(precise, flat), sizes)
            cost.set_shape(labels.shape)
            return math.cast(cost, dtypes.float16) if coarse else cost


def _check_label_shape(labels: Any, logits: Any) -> bool:
    """Whether the shapes are known, and then fit; ValueError if they do not."""
    if logits.ndims == 0:
        raise ValueError(f"Logits cannot be scalars - received shape {logits}.")
    if None not in (logits.ndims, labels.ndims) and labels.ndims != logits.ndims - 1:
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {labels.ndims}) should equal "
            f"rank of logits minus 1 (received {logits.ndims})."
        )
    known = labels.is_fully_defined() and logits[:-1].is_fully_defined()
    if known and labels != logits[:-1]:
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels}) should equal the "
            f"shape of logits except for the last dimension (received {logits})."
        )
    return bool(known)


# -- other losses ------------------------------------------------------------------


def _same_shape(labels: Any, logits: Any, words: str) -> None:
    try:
        labels.shape.merge_with(logits.shape)
    except ValueError:
        first, second = (
            (logits, labels) if words.startswith("log") else (labels, logits)
        )
        raise ValueError(
            f"{words} must have the same shape ({first.shape} vs {second.shape})"
        ) from None


def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    name: str | None = None,
) -> Any:
    """How far sigmoids of logits are from probabilities, each by itself."""
    _check_arguments("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _same_shape(labels, logits, "logits and labels")
        zeros = array.zeros_like(logits, dtype=logits.dtype)
        above = logits >= zeros
        positive = gathering.where_no_warning(above, logits, zeros)
        minus_size = gathering.where_no_warning(above, -logits, logits)
        return math.add(
            positive - logits * labels, math.log1p(math.exp(minus_size)), name=scope
        )


def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Any:
    """As sigmoid_cross_entropy_with_logits, with positive labels weighted."""
    if targets is not None:
        deprecation.warn_argument(
            "weighted_cross_entropy_with_logits",
            "nn_impl",
            "targets",
            "targets is deprecated, use labels instead",
        )
    labels = deprecation.either("labels", labels, "targets", targets)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _same_shape(labels, logits, "logits and labels")
        weight = 1 + (pos_weight - 1) * labels
        return math.add(
            (1 - labels) * logits,
            weight * (math.log1p(math.exp(-math.abs(logits))) + nn.relu(-logits)),
            name=scope,
        )


def log_poisson_loss(
    targets: Any,
    log_input: Any,
    compute_full_loss: bool = False,
    name: str | None = None,
) -> Any:
    """The loss of a Poisson distribution whose mean is e^log_input."""
    with name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input = convert_to_tensor(log_input, name="log_input")
        targets = convert_to_tensor(targets, name="targets")
        _same_shape(targets, log_input, "log_input and targets")
        result = math.exp(log_input) - log_input * targets
        if compute_full_loss:
            half = constants.constant(0.5, dtype=targets.dtype)
            two_pi = constants.constant(2 * scalar_math.pi, dtype=targets.dtype)
            stirling = (
                (targets * math.log(targets))
                - targets
                + (half * math.log(two_pi * targets))
            )
            zeros = array.zeros_like(targets, dtype=targets.dtype)
            ones = array.ones_like(targets, dtype=targets.dtype)
            small = math.logical_and(targets >= zeros, targets <= ones)
            result = result + gathering.where_no_warning(small, zeros, stirling)
        return result


define(
    "L2Loss",
    shape=rules.scalar,
    kernel=lambda x: np.asarray(np.square(x).sum() / 2, x.dtype),
    gradient=lambda op, grad: op._inputs[0] * grad,
)


def l2_loss(t: Any, name: str | None = None) -> Any:
    """Half the sum of the squares of all elements."""
    return apply("L2Loss", t, name=name)


name_functions(
    globals(),
    softmax_cross_entropy_with_logits_v2="softmax_cross_entropy_with_logits_v2_helper",
)
