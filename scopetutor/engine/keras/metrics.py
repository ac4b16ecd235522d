"""`tf.keras.metrics`: numbers that are gathered over the batches of an epoch.

After losses, before compiling. TF 1.15: a metric is a layer with variables; calling it
updates them, and gives what they say then.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.confusion import remove_squeezable_dimensions
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.reshaping import expand_dims, squeeze
from scopetutor.engine.ops.sorting import in_top_k
from scopetutor.engine.surroundings import control_dependencies, init_scope
from scopetutor.engine.variables import VariableAggregation, VariableSynchronization
from scopetutor.engine.weights_broadcast import broadcast_weights

from . import assignments, losses
from .layer import Layer
from .lookup import find


class Metric(Layer):
    """A number that is gathered over batches."""

    def __init__(self, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name=name, dtype=dtype or "float32", **kwargs)
        self.stateful = True
        self.built = True
        self._call_result: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Updates it, and gives what it is then."""
        update = self.update_state(*args, **kwargs)
        with control_dependencies([update]):
            self._call_result = array.identity(self.result())
        return self._call_result

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """The operation that takes a batch in; a subclass says which."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def result(self) -> Any:
        """What it is; a subclass says it."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def reset_states(self) -> None:
        """Begins again, in the session of keras."""
        assignments.assign([(variable, 0) for variable in self.variables])

    def add_weight(  # type: ignore[override]  # a metric's are never trained
        self,
        name: Any,
        shape: Any = (),
        aggregation: Any = VariableAggregation.SUM,
        synchronization: Any = VariableSynchronization.ON_READ,
        initializer: Any = None,
        dtype: Any = None,
    ) -> Any:
        """Makes a variable that is in no collection."""
        return super().add_weight(
            name=name,
            shape=shape,
            dtype=self._dtype if dtype is None else dtype,
            trainable=False,
            initializer=initializer,
            collections=[],
            synchronization=synchronization,
            aggregation=aggregation,
        )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {"name": self.name, "dtype": self.dtype}


class _Gathered(Metric):
    """A sum of values, and for a mean their number."""

    _counts = True

    def __init__(self, name: Any, dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        with init_scope():
            self.total = self.add_weight("total", initializer=Zeros())
            if self._counts:
                self.count = self.add_weight("count", initializer=Zeros())

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """The operation that adds a batch of values."""
        values = math.cast(values, self._dtype)
        if sample_weight is not None:
            sample_weight = math.cast(sample_weight, self._dtype)
            values, sample_weight = _with_weights(values, sample_weight)
            sample_weight = broadcast_weights(sample_weight, values)
            values = math.multiply(values, sample_weight)
        found = math.reduce_sum(values)
        with control_dependencies([found]):
            update = self.total.assign_add(found)
        if not self._counts:
            return update
        if sample_weight is None:
            number = math.cast(array.size(values), self._dtype)
        else:
            number = math.reduce_sum(sample_weight)
        with control_dependencies([update]):
            return self.count.assign_add(number)

    def result(self) -> Any:
        """The mean, or the sum."""
        if self._counts:
            return math.div_no_nan(self.total, self.count)
        return array.identity(self.total)


def _with_weights(values: Any, weights: Any) -> tuple[Any, Any]:
    """Values and weights whose ranks differ by one at most; a last 1 is dropped."""
    ranks = values.shape.ndims, weights.shape.ndims
    if None in ranks or ranks[1] == 0:
        return values, weights
    if ranks[1] - ranks[0] == 1:
        weights = squeeze(weights, [-1])
    elif ranks[0] - ranks[1] == 1:
        weights = expand_dims(weights, [-1])
    return values, weights


class Sum(_Gathered):
    """The sum of all values."""

    _counts = False

    def __init__(self, name: Any = "sum", dtype: Any = None) -> None:
        super().__init__(name, dtype)


class Mean(_Gathered):
    """The mean of all values."""

    def __init__(self, name: Any = "mean", dtype: Any = None) -> None:
        super().__init__(name, dtype)


class MeanMetricWrapper(Mean):
    """The mean of what a function of truth and predictions gives."""

    def __init__(
        self, fn: Any, name: Any = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]  # TensorFlow's own arguments
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> Any:
        """The operation that adds a batch."""
        y_true = math.cast(y_true, self._dtype)
        y_pred = math.cast(y_pred, self._dtype)
        y_pred, y_true = _squeezed(y_pred, y_true)
        matches = self._fn(y_true, y_pred, **self._fn_kwargs)
        return super().update_state(matches, sample_weight=sample_weight)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), **self._fn_kwargs}


def _squeezed(y_pred: Any, y_true: Any) -> tuple[Any, Any]:
    """TF 1.15: where ranks differ by one and the last size is 1, it is dropped."""
    ranks = y_pred.shape.ndims, y_true.shape.ndims
    if None in ranks:
        return y_pred, y_true
    if ranks[0] - ranks[1] != 0 or y_pred.shape[-1].value == 1:
        y_true, y_pred = remove_squeezable_dimensions(y_true, y_pred)
    return y_pred, y_true


# -- functions -------------------------------------------------------------------------


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Which predictions are the truth."""
    if y_true.dtype != y_pred.dtype:
        y_pred = math.cast(y_pred, y_true.dtype)
    return math.cast(math.equal(y_true, y_pred), dtypes.float32)


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    """How many of an example's predictions are on the right side."""
    limit = math.cast(threshold, y_pred.dtype)
    y_pred = math.cast(y_pred > limit, y_pred.dtype)
    right = math.cast(math.equal(y_true, y_pred), dtypes.float32)
    return math.reduce_mean(right, -1, False)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether the most likely class is the right one, of one-hot labels."""
    found = math.equal(math.argmax(y_true, axis=-1), math.argmax(y_pred, axis=-1))
    return math.cast(found, dtypes.float32)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether the most likely class is the right one, of classes' numbers."""
    y_true = _without_last(y_true, y_pred)
    y_pred = math.argmax(y_pred, axis=-1)
    if y_pred.dtype != y_true.dtype:
        y_pred = math.cast(y_pred, y_true.dtype)
    return math.cast(math.equal(y_true, y_pred), dtypes.float32)


def _without_last(y_true: Any, y_pred: Any) -> Any:
    ranks = y_true.shape.ndims, y_pred.shape.ndims
    if None not in ranks and ranks[0] == ranks[1]:
        return squeeze(y_true, [-1])
    return y_true


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """Whether the right class is among the most likely, of one-hot labels."""
    found = in_top_k(y_pred, math.argmax(y_true, axis=-1), k)
    return math.cast(found, dtypes.float32)


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """Whether the right class is among the most likely, of classes' numbers."""
    numbers = math.cast(_without_last(y_true, y_pred), dtypes.int32)
    return math.cast(in_top_k(y_pred, numbers, k), dtypes.float32)


# -- classes of them -------------------------------------------------------------------


def _class(title: str, function: Any, own_name: str) -> type[Metric]:
    """A metric that is the mean of a function."""

    def init(self: Any, name: Any = own_name, dtype: Any = None) -> None:
        MeanMetricWrapper.__init__(self, function, name, dtype)

    body = {"__init__": init, "__doc__": function.__doc__, "__module__": __name__}
    return type(title, (MeanMetricWrapper,), body)


Accuracy = _class("Accuracy", accuracy, "accuracy")
CategoricalAccuracy = _class(
    "CategoricalAccuracy", categorical_accuracy, "categorical_accuracy"
)
SparseCategoricalAccuracy = _class(
    "SparseCategoricalAccuracy",
    sparse_categorical_accuracy,
    "sparse_categorical_accuracy",
)
MeanSquaredError = _class(
    "MeanSquaredError", losses.mean_squared_error, "mean_squared_error"
)
MeanAbsoluteError = _class(
    "MeanAbsoluteError", losses.mean_absolute_error, "mean_absolute_error"
)


class BinaryAccuracy(MeanMetricWrapper):
    """How many predictions are on the right side of a threshold."""

    def __init__(
        self, name: Any = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the most likely, of one-hot labels."""

    def __init__(
        self, k: int = 5, name: Any = "top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the most likely, of classes' numbers."""

    def __init__(
        self,
        k: int = 5,
        name: Any = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
    ) -> None:
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=k)


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean cross entropy of labels of 0 and 1."""

    def __init__(
        self,
        name: Any = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: Any = 0,
    ) -> None:
        settings = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(losses.binary_crossentropy, name, dtype, **settings)


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean cross entropy of one-hot labels."""

    def __init__(
        self,
        name: Any = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: Any = 0,
    ) -> None:
        settings = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(losses.categorical_crossentropy, name, dtype, **settings)


_FUNCTIONS = (
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    top_k_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
)
_CLASSES = (
    Sum,
    Mean,
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    TopKCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    MeanSquaredError,
    MeanAbsoluteError,
    CategoricalCrossentropy,
    BinaryCrossentropy,
)
BY_NAME: dict[str, Any] = {
    **{name: one for name, one in losses.BY_NAME.items() if not isinstance(one, type)},
    **{function.__name__: function for function in _FUNCTIONS},
    **{one.__name__: one for one in _CLASSES},
}
"""The metrics by the names that `compile` knows them by."""


def get(identifier: Any) -> Any:
    """The metric of a name or a configuration; functions and metrics stay.

    Raises:
        ValueError: there is none.
    """
    if callable(identifier):
        return identifier
    if isinstance(identifier, (str, dict)):
        return find(identifier, BY_NAME, "metric function")
    raise ValueError(f"Could not interpret metric function identifier: {identifier}")
