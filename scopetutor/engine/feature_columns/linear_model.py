"""Columns weighed and added up: `tf.feature_column.linear_model`, `LinearModel`.

Beside input_layer; `LinearClassifier` is made of it. TF 1.15: each column has its
weights in a scope of its name, and there is one bias for all.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.keras.layer import Layer as KerasLayer
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.layers.base import Layer
from scopetutor.engine.ops import array
from scopetutor.engine.ops.embedding import safe_embedding_lookup_sparse
from scopetutor.engine.ops.math import add_n, matmul
from scopetutor.engine.ops.nn import bias_add
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.sparse_shapes import sparse_reshape
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.scopes import get_variable, get_variable_scope
from scopetutor.engine.surroundings import name_scope

from .columns import (
    CategoricalColumn,
    DenseColumn,
    FeatureTransformationCache,
    check_batch_sizes,
    checked_columns,
)
from .state import LayerState, ScopeState


def _weighed(
    column: Any, cache: Any, state: Any, weights: Any, sparse_combiner: str
) -> Any:
    """What a column adds to the sum."""
    if not isinstance(column, CategoricalColumn):
        tensor = column.get_dense_tensor(cache, state)
        size = column.variable_shape.num_elements()
        batch = array.shape(tensor)[0]
        tensor = reshape(tensor, shape=(batch, size))
        return matmul(tensor, weights, name="weighted_sum")
    ids, counts = column.get_sparse_tensors(cache, state)
    ids = sparse_reshape(ids, [array.shape(ids)[0], -1])
    if counts is not None:
        counts = sparse_reshape(counts, [array.shape(counts)[0], -1])
    return safe_embedding_lookup_sparse(
        weights,
        ids,
        sparse_weights=counts,
        combiner=sparse_combiner,
        name="weighted_sum",
    )


def _size_of(column: Any) -> int:
    if isinstance(column, CategoricalColumn):
        return column.num_buckets
    return int(column.variable_shape.num_elements())


def _check_kinds(columns: list[Any], said: str) -> None:
    for column in columns:
        if not isinstance(column, (DenseColumn, CategoricalColumn)):
            raise ValueError(f"Items of feature_columns must be either a {said}. "
                             f"Given: {column}")  # fmt: skip


# -- with variables of scopes ----------------------------------------------------------


class _FCLinearWrapper(Layer):  # TF 1.15: the name is that of the layers' scopes
    """The weights of one column."""

    def __init__(
        self, column: Any, units: int, combiner: str, state: Any, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.column = column
        self._use_resource_variables = True  # TF 1.15: as a layer of a keras model
        self._units, self._combiner, self._state = units, combiner, state

    def build(self, _: Any) -> None:
        """Makes the weights."""
        self._weights = self.add_weight(
            name="weights",
            shape=(_size_of(self.column), self._units),
            initializer=Zeros(),
            trainable=self.trainable,
        )
        _collect(self._weights, self._state.collections)
        self.built = True

    def call(self, cache: Any) -> Any:
        """What the column adds to the sum."""
        return _weighed(self.column, cache, self._state, self._weights, self._combiner)


class _BiasLayer(Layer):
    """The bias."""

    def __init__(self, units: int, collections: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._use_resource_variables = True
        self._units, self._collections = units, collections

    def build(self, _: Any) -> None:
        """Makes the variable."""
        self._bias = self.add_weight(
            "bias_weights",
            shape=[self._units],
            initializer=Zeros(),
            trainable=self.trainable,
        )
        _collect(self._bias, self._collections)
        self.built = True

    def call(self, _: Any) -> Any:
        """The variable."""
        return self._bias


def _collect(variable: Any, collections: Any) -> None:
    parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
    graph = defaults.get_default_graph()
    for key in collections:
        if key != GraphKeys.GLOBAL_VARIABLES:
            for part in parts:
                graph.add_to_collection(key, part)


def linear_model(
    features: Any,
    feature_columns: Any,
    units: int = 1,
    sparse_combiner: str = "sum",
    weight_collections: Any = None,
    trainable: bool = True,
    cols_to_vars: Any = None,
) -> Any:
    """The weighted sum of some columns, and a bias.

    Args:
        features: tensors by name.
        feature_columns: columns of any kind.
        units: how many sums.
        sparse_combiner: "sum", "mean" or "sqrtn": what is done to several ids.
        weight_collections: the variables are entered in these, too.
        trainable: whether optimizers may change the variables.
        cols_to_vars: is given the variables of each column, and of "bias".

    Returns:
        A tensor [batch, units].

    Raises:
        ValueError: columns or batches do not fit.
    """
    with variable_scope(None, "linear_model") as scope:
        name = _last_part(scope.name)
    columns = checked_columns(feature_columns, "_FeatureColumn")
    state = ScopeState(weight_collections, trainable)
    layers = [
        _wrapper(column, units, sparse_combiner, state, trainable) for column in columns
    ]
    bias = _BiasLayer(units, state.collections, trainable=trainable, name="bias_layer")
    found: dict[Any, list[Any]] = {}
    with name_scope(name), variable_scope(name):
        _check_kinds(columns, "_DenseColumn or _CategoricalColumn")
        cache = FeatureTransformationCache(features)
        sums = []
        for layer in sorted(layers, key=lambda one: one.name):
            sums.append(layer(cache))
            found[layer.column] = defaults.get_default_graph().get_collection(
                GraphKeys.GLOBAL_VARIABLES, scope=layer.scope_name
            )
        check_batch_sizes(sums, [layer.column for layer in layers])
        total = add_n(sums, name="weighted_sum_no_bias")
        made = bias(cache, scope=get_variable_scope())
        predictions = bias_add(total, made, name="weighted_sum")
        variable = bias.variables[0]
        partitioned = isinstance(variable, PartitionedVariable)
        found["bias"] = list(variable) if partitioned else [variable]
    if cols_to_vars is not None:
        cols_to_vars.update(found)
    return predictions


def _wrapper(
    column: Any, units: int, combiner: str, state: Any, trainable: bool
) -> Any:
    with variable_scope(None, default_name=column.scope_name) as scope:
        name = _last_part(scope.name)
    return _FCLinearWrapper(
        column, units, combiner, state, trainable=trainable, name=name
    )


def _last_part(name: str) -> str:
    return name.rsplit("/", 1)[-1]


# -- as a layer of keras ---------------------------------------------------------------


class LinearModel(KerasLayer):
    """The weighted sum of some columns, and a bias, as a layer of keras.

    Attributes:
        bias: the variable.
    """

    def __init__(
        self,
        feature_columns: Any,
        units: int = 1,
        sparse_combiner: str = "sum",
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, trainable=trainable, **kwargs)
        self._feature_columns = checked_columns(feature_columns)
        _check_kinds(self._feature_columns, "DenseColumn or CategoricalColumn")
        self._units, self._sparse_combiner = units, sparse_combiner
        self._state_manager = LayerState(self, self.trainable)
        self.bias: Any = None

    def build(self, _: Any) -> None:
        """Makes the weights of each column, and the bias."""
        with variable_scope(self.name, auxiliary_name_scope=False):
            for column in self._feature_columns:
                with variable_scope(column.name, auxiliary_name_scope=False):
                    column.create_state(self._state_manager)
                    self._state_manager.create_variable(
                        column,
                        name="weights",
                        dtype=dtypes.float32,
                        shape=(_size_of(column), self._units),
                        initializer=Zeros(),
                        trainable=self.trainable,
                    )
            self.bias = self.add_weight(
                name="bias_weights",
                dtype=dtypes.float32,
                shape=[self._units],
                initializer=Zeros(),
                trainable=self.trainable,
                use_resource=True,
                getter=get_variable,
            )
        super().build(None)

    def call(self, features: Any) -> Any:
        """The sum.

        Raises:
            ValueError: the features are no dictionary, or batches do not fit.
        """
        if not isinstance(features, dict):
            raise ValueError(
                f"We expected a dictionary here. Instead we got: {features}"
            )
        with name_scope(self.name):
            cache = FeatureTransformationCache(features)
            sums = [self._summand(column, cache) for column in self._feature_columns]
            check_batch_sizes(sums, self._feature_columns)
            total = add_n(sums, name="weighted_sum_no_bias")
            return bias_add(total, self.bias, name="weighted_sum")

    def _summand(self, column: Any, cache: Any) -> Any:
        with name_scope(column.name):
            weights = self._state_manager.get_variable(column, "weights")
            state, combiner = self._state_manager, self._sparse_combiner
            return _weighed(column, cache, state, weights, combiner)
