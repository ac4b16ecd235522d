"""Dense columns of ids: embeddings, shared ones, and indicators.

After categorical; input_layer puts them side by side. Embeddings have a variable,
indicators none.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.initializers import TruncatedNormal
from scopetutor.engine.ops.embedding import safe_embedding_lookup_sparse
from scopetutor.engine.ops.gathering import one_hot
from scopetutor.engine.ops.math import reduce_sum
from scopetutor.engine.ops.scattering import scatter_nd
from scopetutor.engine.ops.sparse import sparse_tensor_to_dense
from scopetutor.engine.ops.sparse_merge import merged
from scopetutor.engine.ops.sparse_shapes import sparse_slice
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope

from .categorical import WeightedCategoricalColumn
from .columns import CategoricalColumn, DenseColumn


class _Embedding(NamedTuple):
    categorical_column: Any
    dimension: Any
    combiner: Any
    initializer: Any
    ckpt_to_load_from: Any
    tensor_name_in_ckpt: Any
    max_norm: Any
    trainable: Any


class _OfIds(DenseColumn):
    """A dense column that is made of a column of ids."""

    __slots__ = ()
    categorical_column: Any

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the ids."""
        spec: dict[str, Any] = self.categorical_column.parse_example_spec
        return spec

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The ids."""
        return transformation_cache.get(self.categorical_column, state_manager)


def _looked_up(column: Any, ids: Any, weights: Any) -> Any:
    """Rows of a column's variable, combined for each example."""
    if column.ckpt_to_load_from is not None:
        from scopetutor.engine.training.checkpoint_utils import (  # noqa: PLC0415 - rarely wanted
            init_from_checkpoint,
        )

        known = {column.tensor_name_in_ckpt: weights}
        init_from_checkpoint(column.ckpt_to_load_from, known)
    return safe_embedding_lookup_sparse(
        embedding_weights=weights,
        sparse_ids=ids.id_tensor,
        sparse_weights=ids.weight_tensor,
        combiner=column.combiner,
        name=f"{column.name}_weights",
        max_norm=column.max_norm,
    )


class EmbeddingColumn(_Embedding, _OfIds):
    """A row of a variable for each id."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The ids' name, and what is done to them."""
        return f"{self.categorical_column.name}_embedding"

    @property
    def variable_shape(self) -> Any:
        """One row."""
        return TensorShape([self.dimension])

    def create_state(self, state_manager: Any) -> None:
        """Makes the variable."""
        state_manager.create_variable(
            self,
            name="embedding_weights",
            shape=(self.categorical_column.num_buckets, self.dimension),
            dtype=dtypes.float32,
            trainable=self.trainable,
            use_resource=True,
            initializer=self.initializer,
        )

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The rows, combined for each example."""
        column = self.categorical_column
        ids = column.get_sparse_tensors(transformation_cache, state_manager)
        weights = state_manager.get_variable(self, name="embedding_weights")
        return _looked_up(self, ids, weights)


def embedding_column(
    categorical_column: Any,
    dimension: Any,
    combiner: str = "mean",
    initializer: Any = None,
    ckpt_to_load_from: Any = None,
    tensor_name_in_ckpt: Any = None,
    max_norm: Any = None,
    trainable: bool = True,
) -> EmbeddingColumn:
    """A row of a variable for each id.

    Args:
        categorical_column: the ids.
        dimension: how long the rows are.
        combiner: "mean", "sqrtn" or "sum": what is done to several of an example.
        initializer: of the variable; None: a truncated normal.
        ckpt_to_load_from: a checkpoint that has the rows.
        tensor_name_in_ckpt: their name in it.
        max_norm: rows are clipped to this length.
        trainable: whether optimizers change them.

    Raises:
        ValueError: something does not fit.
    """
    _check_checkpoint(dimension, ckpt_to_load_from, tensor_name_in_ckpt)
    if initializer is not None and not callable(initializer):
        raise ValueError(
            "initializer must be callable if specified. Embedding of column_name: "
            f"{categorical_column.name}"
        )
    return EmbeddingColumn(
        categorical_column,
        dimension,
        combiner,
        initializer or _default_initializer(dimension),
        ckpt_to_load_from,
        tensor_name_in_ckpt,
        max_norm,
        trainable,
    )


def _check_checkpoint(dimension: Any, path: Any, name: Any) -> None:
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if (path is None) != (name is None):
        raise ValueError(
            "Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none "
            "of them."
        )


def _default_initializer(dimension: int) -> Any:
    return TruncatedNormal(mean=0.0, stddev=1 / math.sqrt(dimension))


# -- shared ----------------------------------------------------------------------------


class _Shared(NamedTuple):
    categorical_column: Any
    dimension: Any
    combiner: Any
    initializer: Any
    shared_embedding_collection_name: Any
    ckpt_to_load_from: Any
    tensor_name_in_ckpt: Any
    max_norm: Any
    trainable: Any


class SharedEmbeddingColumn(_Shared, _OfIds):
    """A row of a variable for each id, where several columns have one variable."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The ids' name, and what is done to them."""
        return f"{self.categorical_column.name}_shared_embedding"

    @property
    def scope_name(self) -> str:
        """That of all columns that share the variable."""
        return str(self.shared_embedding_collection_name)

    @property
    def variable_shape(self) -> Any:
        """One row."""
        return TensorShape([self.dimension])

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The rows, combined for each example.

        Raises:
            ValueError: the collection has other variables than the shared one.
        """
        with name_scope(None, default_name=self.name):
            column = self.categorical_column
            ids = column.get_sparse_tensors(transformation_cache, state_manager)
            return _looked_up(self, ids, self._weights(state_manager))

    def _weights(self, state_manager: Any) -> Any:
        """The variable of the collection; the first column makes it."""
        shape = (self.categorical_column.num_buckets, self.dimension)
        graph = defaults.get_default_graph()
        known = graph.get_collection(self.shared_embedding_collection_name)
        if known:
            self._check_shared(known, shape)
            return known[0]
        made = state_manager.create_variable(
            self,
            name="embedding_weights",
            shape=shape,
            dtype=dtypes.float32,
            initializer=self.initializer,
            trainable=self.trainable,
        )
        graph.add_to_collection(self.shared_embedding_collection_name, made)
        return made

    def _check_shared(self, known: list[Any], shape: tuple[Any, ...]) -> None:
        advice = (
            "Suggested fix A: Choose a unique name for this collection. Suggested fix "
            "B: Do not add any variables to this collection. The feature_column "
            "library already adds a variable under the hood."
        )
        if len(known) > 1:
            raise ValueError(
                f"Collection {known} can only contain one variable. {advice}"
            )
        found = known[0].get_shape()
        if found != shape:
            raise ValueError(
                f"Shared embedding collection {self.shared_embedding_collection_name} "
                f"contains variable {known[0].name} of unexpected shape {found}. "
                f"Expected shape is {shape}. {advice}"
            )


def shared_embedding_columns(
    categorical_columns: Any,
    dimension: Any,
    combiner: str = "mean",
    initializer: Any = None,
    shared_embedding_collection_name: Any = None,
    ckpt_to_load_from: Any = None,
    tensor_name_in_ckpt: Any = None,
    max_norm: Any = None,
    trainable: bool = True,
) -> list[SharedEmbeddingColumn]:
    """A row of one variable for each id of several columns.

    Raises:
        ValueError: the columns are not of one kind and size, or something else does
            not fit.
    """
    _check_checkpoint(dimension, ckpt_to_load_from, tensor_name_in_ckpt)
    if initializer is not None and not callable(initializer):
        raise ValueError("initializer must be callable if specified.")
    ordered = sorted(categorical_columns, key=lambda column: str(column.name))
    _check_alike(ordered)
    name = shared_embedding_collection_name
    if not name:
        name = "_".join(column.name for column in ordered) + "_shared_embedding"
    return [
        SharedEmbeddingColumn(
            column,
            dimension,
            combiner,
            initializer or _default_initializer(dimension),
            name,
            ckpt_to_load_from,
            tensor_name_in_ckpt,
            max_norm,
            trainable,
        )
        for column in categorical_columns
    ]


def _check_alike(ordered: list[Any]) -> None:
    first = ordered[0]
    count = first.num_buckets
    if not isinstance(first, CategoricalColumn):
        raise ValueError(
            "All categorical_columns must be subclasses of _CategoricalColumn. Given: "
            f"{first}, of type: {type(first)}"
        )
    first = _unweighted(first)
    for one in map(_unweighted, ordered[1:]):
        if not isinstance(one, type(first)):
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the "
                "same type, or be weighted_categorical_column of the same type. Given "
                f"column: {first} of type: {type(first)} does not match given column: "
                f"{one} of type: {type(one)}"
            )
        if count != one.num_buckets:
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the "
                f"same number of buckets. Given column: {first} with buckets: {count} "
                f"does  not match column: {one} with buckets: {one.num_buckets}"
            )


def _unweighted(column: Any) -> Any:
    if isinstance(column, WeightedCategoricalColumn):
        return column.categorical_column
    return column


# -- indicators ------------------------------------------------------------------------


class _Indicator(NamedTuple):
    categorical_column: Any


class IndicatorColumn(_Indicator, _OfIds):
    """Which ids an example has, and how often."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The ids' name, and what is done to them."""
        return f"{self.categorical_column.name}_indicator"

    @property
    def variable_shape(self) -> Any:
        """One number for each id."""
        return TensorShape([1, self.categorical_column.num_buckets])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """How often each id is there, or the sum of its weights."""
        count = self.categorical_column.num_buckets
        ids, weights = self.categorical_column.get_sparse_tensors(
            transformation_cache, state_manager
        )
        if weights is None:
            dense = sparse_tensor_to_dense(ids, default_value=-1)
            found = one_hot(dense, depth=count, on_value=1.0, off_value=0.0)
            return reduce_sum(found, axis=[-2])
        summed = merged(sp_ids=ids, sp_values=weights, vocab_size=count)
        summed = sparse_slice(summed, [0, 0], summed.dense_shape)
        return scatter_nd(summed.indices, summed.values, summed.dense_shape)


def indicator_column(categorical_column: Any) -> IndicatorColumn:
    """Which ids an example has, and how often."""
    return IndicatorColumn(categorical_column)
