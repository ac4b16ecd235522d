"""Dense columns as one matrix: `tf.feature_column.input_layer`, `DenseFeatures`.

After dense, numeric and state; a model's first layer takes the matrix. TF 1.15: columns
are sorted by name, whatever order they are given in.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keras.layer import Layer
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import array
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.scopes import get_variable_scope
from scopetutor.engine.surroundings import name_scope

from .columns import (
    DenseColumn,
    FeatureTransformationCache,
    check_batch_sizes,
    checked_columns,
)
from .state import LayerState, ScopeState

_WRAP = (
    "You can wrap a categorical column with an embedding_column or indicator_column."
)


def _checked(feature_columns: Any, said: Any, kind: str) -> list[Any]:
    columns = checked_columns(feature_columns, kind)
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError(
                f"Items of feature_columns must be a {said}. {_WRAP} Given: {column}"
            )
    return columns


def input_layer(
    features: Any,
    feature_columns: Any,
    weight_collections: Any = None,
    trainable: bool = True,
    cols_to_vars: Any = None,
    cols_to_output_tensors: Any = None,
) -> Any:
    """What dense columns make of some features, side by side.

    Args:
        features: tensors by name.
        feature_columns: dense columns.
        weight_collections: their variables are entered in these, too.
        trainable: whether optimizers may change the variables.
        cols_to_vars: is given the variables of each column.
        cols_to_output_tensors: is given what each column made.

    Returns:
        A tensor [batch, the sum of all sizes], in the order of the columns' names.

    Raises:
        ValueError: a column is not dense, or batches are of different sizes.
    """
    columns = _checked(feature_columns, "_DenseColumn", "_FeatureColumn")
    state = ScopeState(weight_collections, trainable)
    with variable_scope(None, default_name="input_layer", values=features.values()):
        cache = FeatureTransformationCache(features)
        outputs = []
        for column in columns:
            with variable_scope(None, default_name=column.scope_name):
                tensor = column.get_dense_tensor(cache, state)
                size = column.variable_shape.num_elements()
                batch = array.shape(tensor)[0]
                outputs.append(reshape(tensor, shape=(batch, size)))
                if cols_to_vars is not None:
                    cols_to_vars[column] = _variables_here()
                if cols_to_output_tensors is not None:
                    cols_to_output_tensors[column] = outputs[-1]
        check_batch_sizes(outputs, columns)
        return concat(outputs, 1)


def _variables_here() -> list[Any]:
    return defaults.get_default_graph().get_collection(
        GraphKeys.GLOBAL_VARIABLES, scope=get_variable_scope().name
    )


class DenseFeatures(Layer):
    """A layer of keras that makes one matrix of some features.

    Raises:
        ValueError: a column is not dense.
    """

    def __init__(
        self,
        feature_columns: Any,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, trainable=trainable, **kwargs)
        self._feature_columns = _checked(feature_columns, DenseColumn, "FeatureColumn")
        self._state_manager = LayerState(self, self.trainable)

    def build(self, _: Any) -> None:
        """Makes the columns' variables."""
        for column in self._feature_columns:
            with (
                variable_scope(self.name, auxiliary_name_scope=False),
                variable_scope(column.name, auxiliary_name_scope=False),
            ):
                column.create_state(self._state_manager)
        super().build(None)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The batch, and the sum of all sizes."""
        sizes = [c.variable_shape.num_elements() for c in self._feature_columns]
        return input_shape[0], sum(sizes)

    def call(self, features: Any, cols_to_output_tensors: Any = None) -> Any:
        """What the columns make of some features, side by side.

        Raises:
            ValueError: they are no dictionary, or batches are of different sizes.
        """
        if not isinstance(features, dict):
            raise ValueError(
                "We expected a dictionary here. Instead we got: ", features
            )
        cache = FeatureTransformationCache(features)
        outputs = []
        for column in self._feature_columns:
            with name_scope(column.name):
                tensor = column.get_dense_tensor(cache, self._state_manager)
                size = column.variable_shape.num_elements()
                batch = array.shape(tensor)[0]
                outputs.append(reshape(tensor, shape=(batch, size)))
            if cols_to_output_tensors is not None:
                cols_to_output_tensors[column] = outputs[-1]
        check_batch_sizes(outputs, self._feature_columns)
        return concat(outputs, -1)
