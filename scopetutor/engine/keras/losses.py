"""`tf.keras.losses`: functions of truth and predictions, and classes of them.

Before compiling. TF 1.15: where predictions are a softmax or a sigmoid, the loss is
computed of the logits that went into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.losses import _num_elements, _safe_mean
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.clip import clip_by_value
from scopetutor.engine.ops.nn import softplus
from scopetutor.engine.ops.normalize import l2_normalize
from scopetutor.engine.smart_cond import smart_cond
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.weights_broadcast import broadcast_weights

from . import backend_nn
from .lookup import find
from .settings import epsilon

if TYPE_CHECKING:
    from collections.abc import Callable

_FLOAT = dtypes.float32


class Reduction:
    """How the losses of examples become one number."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """All ways."""
        return cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE

    @classmethod
    def validate(cls, key: str) -> None:
        """ValueError unless it is one of the ways."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


# -- weighing and adding up ------------------------------------------------------------


def weighed(losses: Any, sample_weight: Any, name: str = "weighted_loss") -> Any:
    """The losses of examples, each times its weight."""
    with name_scope(name):
        losses = convert_to_tensor(losses)
        values = math.cast(losses, _FLOAT)
        weights = math.cast(1.0 if sample_weight is None else sample_weight, _FLOAT)
        weights = broadcast_weights(weights, values)
        return math.cast(math.multiply(values, weights), losses.dtype)


def reduced(losses: Any, reduction: str) -> Any:
    """The losses of examples as one number, or as they are."""
    if reduction == Reduction.NONE:
        return losses
    total = math.reduce_sum(losses)
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        return _safe_mean(total, _num_elements(losses))
    return total


# -- functions -------------------------------------------------------------------------


def _compared(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    y_pred = convert_to_tensor(y_pred)
    return math.cast(y_true, y_pred.dtype), y_pred


def _mean(x: Any) -> Any:
    if x.dtype.base_dtype == dtypes.bool_:
        x = math.cast(x, _FLOAT)
    return math.reduce_mean(x, -1, False)


def _clip(x: Any, least: float, most: float | None) -> Any:
    kind = x.dtype.base_dtype
    low = constants.constant(least, dtype=kind)
    high = constants.constant(np.inf if most is None else most, dtype=kind)
    return clip_by_value(x, low, high)


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the squared differences of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    return _mean(math.squared_difference(y_pred, y_true))


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the absolute differences of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    return _mean(math.abs(y_pred - y_true))


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the differences in percent of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    difference = y_true - y_pred
    size = _clip(math.abs(y_true), epsilon(), None)
    return 100.0 * _mean(math.abs(difference / size))


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the squared differences of the logarithms of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    first = math.log(_clip(y_pred, epsilon(), None) + 1.0)
    second = math.log(_clip(y_true, epsilon(), None) + 1.0)
    return _mean(math.squared_difference(first, second))


def _signs(y_true: Any) -> Any:
    """Labels of 0 and 1 as -1 and 1."""
    zeros, ones = math.equal(y_true, 0), math.equal(y_true, 1)
    binary = math.reduce_all(math.logical_or(zeros, ones))
    return smart_cond(binary, lambda: 2.0 * y_true - 1.0, lambda: y_true)


def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    """The mean of the squared hinge losses of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    y_true = _signs(y_true)
    return _mean(math.square(math.maximum(1.0 - y_true * y_pred, 0.0)))


def hinge(y_true: Any, y_pred: Any) -> Any:
    """The mean of the hinge losses of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    y_true = _signs(y_true)
    return _mean(math.maximum(1.0 - y_true * y_pred, 0.0))


def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    """The hinge loss of the best wrong class of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    right = math.reduce_sum(y_true * y_pred, axis=-1)
    wrong = math.reduce_max((1.0 - y_true) * y_pred, axis=-1)
    return math.maximum(0.0, wrong - right + 1.0)


def huber_loss(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    """Squares of small differences, and the sizes of large ones."""
    y_pred = math.cast(y_pred, dtype=_FLOAT)
    y_true = math.cast(y_true, dtype=_FLOAT)
    size = math.abs(math.subtract(y_pred, y_true))
    small = math.minimum(size, delta)
    large = math.subtract(size, small)
    half = convert_to_tensor(0.5, dtype=small.dtype)
    square = math.multiply(half, math.multiply(small, small))
    return math.add(square, math.multiply(delta, large))


def logcosh(y_true: Any, y_pred: Any) -> Any:
    """The mean of the logarithms of the hyperbolic cosine of the differences."""
    y_true, y_pred = _compared(y_true, y_pred)
    x = y_pred - y_true
    return _mean(x + softplus(-2.0 * x) - math.log(2.0))


def _smoothed(y_true: Any, smoothing: Any, smooth: Any) -> Any:
    """Labels a little nearer to each other, if there is a smoothing."""
    amount = convert_to_tensor(smoothing, dtype=_FLOAT)
    return smart_cond(amount, lambda: smooth(amount), lambda: y_true)


def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: Any = 0
) -> Any:
    """The cross entropy of one-hot labels and predictions."""
    y_true, y_pred = _compared(y_true, y_pred)

    def smooth(amount: Any) -> Any:
        count = math.cast(array.shape(y_true)[1], y_pred.dtype)
        return y_true * (1.0 - amount) + (amount / count)

    labels = _smoothed(y_true, label_smoothing, smooth)
    return backend_nn.categorical_crossentropy(labels, y_pred, from_logits)


def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """The cross entropy of classes' numbers and predictions."""
    return backend_nn.sparse_categorical_crossentropy(
        y_true, convert_to_tensor(y_pred), from_logits, axis
    )


def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: Any = 0
) -> Any:
    """The mean of the cross entropies of labels of 0 and 1, of each example."""
    y_true, y_pred = _compared(y_true, y_pred)

    def smooth(amount: Any) -> Any:
        return y_true * (1.0 - amount) + 0.5 * amount

    labels = _smoothed(y_true, label_smoothing, smooth)
    return _mean(backend_nn.binary_crossentropy(labels, y_pred, from_logits))


def kullback_leibler_divergence(y_true: Any, y_pred: Any) -> Any:
    """How far predictions are from the truth, as distributions."""
    y_true, y_pred = _compared(y_true, y_pred)
    y_true, y_pred = _clip(y_true, epsilon(), 1), _clip(y_pred, epsilon(), 1)
    return math.reduce_sum(y_true * math.log(y_true / y_pred), axis=-1)


def poisson(y_true: Any, y_pred: Any) -> Any:
    """The mean of the Poisson losses of each example."""
    y_true, y_pred = _compared(y_true, y_pred)
    return _mean(y_pred - y_true * math.log(y_pred + epsilon()))


def cosine_proximity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """The cosine of the angle between truth and predictions."""
    y_true = l2_normalize(y_true, axis=axis)
    y_pred = l2_normalize(y_pred, axis=axis)
    return math.reduce_sum(y_true * y_pred, axis=axis)


# -- classes ---------------------------------------------------------------------------


class Loss:
    """A loss with a way to make one number of it.

    Attributes:
        reduction: one of Reduction.
        name: of its scope, or None.
    """

    def __init__(self, reduction: str = Reduction.AUTO, name: Any = None) -> None:
        Reduction.validate(reduction)
        self.reduction = reduction
        self.name = name

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The losses of the examples; a subclass says which."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The loss as one number, or of each example if nothing is reduced."""
        with name_scope(self.name or type(self).__name__):
            losses = self.call(y_true, y_pred)
            with name_scope("weighted_loss"):
                return _weighed_number(losses, sample_weight, self._way())

    def _way(self) -> str:
        if self.reduction == Reduction.AUTO:
            return Reduction.SUM_OVER_BATCH_SIZE
        return self.reduction

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {"reduction": self.reduction, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A loss of what `get_config` gave."""
        return cls(**config)


def _weighed_number(losses: Any, sample_weight: Any, reduction: str) -> Any:
    losses = convert_to_tensor(losses)
    values = math.cast(losses, _FLOAT)
    weights = math.cast(1.0 if sample_weight is None else sample_weight, _FLOAT)
    weights = broadcast_weights(weights, values)
    found = reduced(math.multiply(values, weights), reduction)
    return math.cast(found, losses.dtype)


class LossFunctionWrapper(Loss):
    """A loss that a function computes.

    Attributes:
        fn: (y_true, y_pred, ...) -> the losses of the examples.
    """

    def __init__(
        self,
        fn: Any,
        reduction: str = Reduction.AUTO,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(reduction=reduction, name=name)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The losses of the examples."""
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), **self._fn_kwargs}


class BinaryCrossentropy(LossFunctionWrapper):
    """The cross entropy of labels of 0 and 1."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: Any = 0,
        reduction: str = Reduction.AUTO,
        name: Any = "binary_crossentropy",
    ) -> None:
        super().__init__(
            binary_crossentropy,
            reduction,
            name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(LossFunctionWrapper):
    """The cross entropy of one-hot labels."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: Any = 0,
        reduction: str = Reduction.AUTO,
        name: Any = "categorical_crossentropy",
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            reduction,
            name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """The cross entropy of classes' numbers."""

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str = Reduction.AUTO,
        name: Any = "sparse_categorical_crossentropy",
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy, reduction, name, from_logits=from_logits
        )


class Huber(LossFunctionWrapper):
    """Squares of small differences, and the sizes of large ones."""

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str = Reduction.AUTO,
        name: Any = "huber_loss",
    ) -> None:
        super().__init__(huber_loss, reduction, name, delta=delta)


class CosineSimilarity(LossFunctionWrapper):
    """The cosine of the angle between truth and predictions."""

    def __init__(
        self,
        axis: int = -1,
        reduction: str = Reduction.AUTO,
        name: Any = "cosine_similarity",
    ) -> None:
        super().__init__(cosine_proximity, reduction, name, axis=axis)


def _class(title: str, function: Callable[..., Any], own_name: str) -> type[Loss]:
    def init(self: Any, reduction: str = Reduction.AUTO, name: Any = own_name) -> None:
        LossFunctionWrapper.__init__(self, function, reduction, name)

    body = {"__init__": init, "__doc__": function.__doc__, "__module__": __name__}
    return type(title, (LossFunctionWrapper,), body)


MeanSquaredError = _class("MeanSquaredError", mean_squared_error, "mean_squared_error")
MeanAbsoluteError = _class(
    "MeanAbsoluteError", mean_absolute_error, "mean_absolute_error"
)
MeanAbsolutePercentageError = _class(
    "MeanAbsolutePercentageError",
    mean_absolute_percentage_error,
    "mean_absolute_percentage_error",
)
MeanSquaredLogarithmicError = _class(
    "MeanSquaredLogarithmicError",
    mean_squared_logarithmic_error,
    "mean_squared_logarithmic_error",
)
Hinge = _class("Hinge", hinge, "hinge")
SquaredHinge = _class("SquaredHinge", squared_hinge, "squared_hinge")
CategoricalHinge = _class("CategoricalHinge", categorical_hinge, "categorical_hinge")
Poisson = _class("Poisson", poisson, "poisson")
LogCosh = _class("LogCosh", logcosh, "logcosh")
KLDivergence = _class(
    "KLDivergence", kullback_leibler_divergence, "kullback_leibler_divergence"
)

_SHORT = {
    "mse": mean_squared_error,
    "mae": mean_absolute_error,
    "mape": mean_absolute_percentage_error,
    "msle": mean_squared_logarithmic_error,
    "kld": kullback_leibler_divergence,
    "cosine": cosine_proximity,
    "cosine_similarity": cosine_proximity,
}
_FUNCTIONS = (
    *dict.fromkeys(_SHORT.values()),
    squared_hinge,
    hinge,
    categorical_hinge,
    huber_loss,
    logcosh,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
    binary_crossentropy,
    poisson,
)
BY_NAME: dict[str, Any] = {
    **{function.__name__: function for function in _FUNCTIONS},
    **_SHORT,
    **{name.upper(): function for name, function in _SHORT.items() if len(name) < 5},
    **{
        one.__name__: one
        for one in (
            MeanSquaredError,
            MeanAbsoluteError,
            MeanAbsolutePercentageError,
            MeanSquaredLogarithmicError,
            BinaryCrossentropy,
            CategoricalCrossentropy,
            SparseCategoricalCrossentropy,
            Hinge,
            SquaredHinge,
            CategoricalHinge,
            Poisson,
            LogCosh,
            KLDivergence,
            Huber,
            CosineSimilarity,
        )
    },
}
"""The losses by the names that `compile` knows them by."""


def get(identifier: Any) -> Any:
    """The loss of a name or a configuration; functions stay.

    Raises:
        ValueError: there is none.
    """
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, (str, dict)):
        return find(identifier, BY_NAME, "loss function")
    raise ValueError("Could not interpret loss function identifier:", identifier)
