"""What feature columns have in common, and the features they are made of.

First of its folder. A column says what becomes of a feature: a dense tensor, or sparse
ids. What several columns need is computed once (`FeatureTransformationCache`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scopetutor.engine import dtypes
from scopetutor.engine.ops import array
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.checks import assert_positive
from scopetutor.engine.ops.gathering import gather_nd, where_v2
from scopetutor.engine.ops.math import equal, not_equal
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.ops.sparse_shapes import sparse_reshape
from scopetutor.engine.sparse import SparseTensor, convert_to_tensor_or_sparse_tensor
from scopetutor.engine.surroundings import control_dependencies, name_scope


class IdWeightPair(NamedTuple):
    """The ids of a feature, and how much each counts.

    Attributes:
        id_tensor: a SparseTensor of ids.
        weight_tensor: a SparseTensor of weights, or None.
    """

    id_tensor: Any
    weight_tensor: Any


class FeatureColumn:
    """What becomes of a feature."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """Of the scopes of its operations and variables."""
        raise NotImplementedError

    @property
    def scope_name(self) -> str:
        """Of the scope of its variables, which it may share."""
        return self.name

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """How `tf.parse_example` reads its features."""
        raise NotImplementedError

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """What the feature becomes."""
        raise NotImplementedError

    def create_state(self, state_manager: Any) -> None:
        """Makes its variables; most have none."""


class DenseColumn(FeatureColumn):
    """A column that gives a dense tensor."""

    __slots__ = ()

    @property
    def variable_shape(self) -> Any:
        """The shape of what it gives for one example."""
        raise NotImplementedError

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The tensor."""
        return transformation_cache.get(self, state_manager)


class CategoricalColumn(FeatureColumn):
    """A column that gives ids."""

    __slots__ = ()

    @property
    def num_buckets(self) -> int:
        """How many ids there are."""
        raise NotImplementedError

    def get_sparse_tensors(
        self, transformation_cache: Any, state_manager: Any
    ) -> IdWeightPair:
        """The ids, and how much they count."""
        return IdWeightPair(transformation_cache.get(self, state_manager), None)


class FeatureTransformationCache:
    """Features, and what was made of them.

    Args:
        features: tensors by name.
    """

    def __init__(self, features: Any) -> None:
        self._features = dict(features)
        self._made: dict[Any, Any] = {}

    def get(self, key: Any, state_manager: Any) -> Any:
        """A feature by name, or what a column makes.

        Raises:
            ValueError: there is no such feature, or it is a scalar.
            TypeError: `key` is neither a name nor a column.
        """
        if key not in self._made:
            self._made[key] = self._make(key, state_manager)
        return self._made[key]

    def _make(self, key: Any, state_manager: Any) -> Any:
        if key in self._features:
            return _with_columns(key, self._features[key])
        if isinstance(key, str):
            raise ValueError(f"Feature {key} is not in features dictionary.")
        if not isinstance(key, FeatureColumn):
            raise TypeError(
                f'"key" must be either a "str" or "FeatureColumn". Provided: {key}'
            )
        made = key.transform_feature(self, state_manager)
        if made is None:
            raise ValueError(f"Column {key.name} is not supported.")
        return made


def _with_columns(key: Any, raw: Any) -> Any:
    """A feature as a tensor of at least two dimensions."""
    tensor = convert_to_tensor_or_sparse_tensor(raw)
    rank = tensor.get_shape().ndims
    said = f"Feature (key: {key}) cannot have rank 0. Given: {tensor}"
    if rank == 0:
        raise ValueError(said)
    if rank is not None:
        return _as_column(tensor) if rank == 1 else tensor
    with control_dependencies([assert_positive(array.rank(tensor), message=said)]):
        return cond(
            equal(1, array.rank(tensor)), lambda: _as_column(tensor), lambda: tensor
        )


def _as_column(tensor: Any) -> Any:
    if isinstance(tensor, SparseTensor):
        return sparse_reshape(tensor, [array.shape(tensor)[0], 1])
    return expand_dims(tensor, -1)


def to_sparse(tensor: Any, ignore_value: Any = None) -> Any:
    """A tensor as a sparse one, without the elements that say that there is nothing.

    Args:
        tensor: dense or sparse.
        ignore_value: None: "", -1 or 0, by its type.
    """
    tensor = convert_to_tensor_or_sparse_tensor(tensor)
    if isinstance(tensor, SparseTensor):
        return tensor
    with name_scope(None, "to_sparse_input", (tensor, ignore_value)):
        if ignore_value is None:
            ignore_value = _nothing(tensor.dtype)
        ignore_value = cast(ignore_value, tensor.dtype, name="ignore_value")
        indices = where_v2(not_equal(tensor, ignore_value), name="indices")
        return SparseTensor(
            indices=indices,
            values=gather_nd(tensor, indices, name="values"),
            dense_shape=array.shape(tensor, out_type=dtypes.int64, name="dense_shape"),
        )


def _nothing(dtype: Any) -> Any:
    if dtype == dtypes.string:
        return ""
    return -1 if dtype.is_integer else dtype.as_numpy_dtype()


def checked_columns(feature_columns: Any, kind: str = "FeatureColumn") -> list[Any]:
    """Columns in the order of their names.

    Args:
        feature_columns: one or several.
        kind: what the error says that they must be.

    Raises:
        ValueError: they are none, are no columns, or share a name.
    """
    if isinstance(feature_columns, FeatureColumn):
        feature_columns = [feature_columns]
    if isinstance(feature_columns, Iterator):
        feature_columns = list(feature_columns)
    if isinstance(feature_columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"Items of feature_columns must be a {kind}. Given (type "
                f"{type(column)}): {column}."
            )
    if not feature_columns:
        raise ValueError("feature_columns must not be empty.")
    known: dict[str, Any] = {}
    for column in feature_columns:
        if column.name in known:
            raise ValueError(
                "Duplicate feature column name found for columns: "
                f"{column} and {known[column.name]}. This usually means that these "
                "columns refer to same base feature. Either one must be discarded or a "
                "duplicated but renamed item must be inserted in features dict."
            )
        known[column.name] = column
    return sorted(feature_columns, key=lambda one: str(one.name))


def check_batch_sizes(tensors: list[Any], columns: list[Any]) -> None:
    """ValueError unless the known first dimensions are the same."""
    known: tuple[Any, int] | None = None
    for tensor, column in zip(tensors, columns, strict=True):
        size = tensor.shape[0].value
        if size is None:
            continue
        if known is None:
            known = column, size
        elif known[1] != size:
            raise ValueError(
                "Batch size (first dimension) of each feature must be same. Batch size "
                f"of columns ({known[0].name}, {column.name}): ({known[1]}, {size})"
            )


def check_key(key: Any) -> None:
    """ValueError unless a feature's key is a text."""
    if not isinstance(key, str):
        raise ValueError(
            f"key must be a string. Got: type {type(key)}. Given key: {key}."
        )


def check_text_or_integer(dtype: Any, prefix: str) -> None:
    """ValueError unless a type is that of texts or integers."""
    if dtype != dtypes.string and not dtype.is_integer:
        raise ValueError(f"{prefix} dtype must be string or integer. dtype: {dtype}.")
