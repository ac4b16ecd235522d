"""Columns of ids: numbers, hashed texts, vocabularies, weighted and crossed ones.

After columns and numeric, whose buckets may be crossed; before dense, which makes
numbers of the ids, and linear_model, which gives each id a weight.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scopetutor.engine import dtypes, tf_logging
from scopetutor.engine.gfile import Exists, GFile
from scopetutor.engine.lookup import index_table_from_file, index_table_from_tensor
from scopetutor.engine.ops import array
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.checks import assert_greater_equal, assert_less
from scopetutor.engine.ops.gathering import where_v2
from scopetutor.engine.ops.hashing import string_to_hash_bucket_fast
from scopetutor.engine.ops.math import logical_or
from scopetutor.engine.ops.sparse_cross import sparse_cross_hashed
from scopetutor.engine.ops.text import as_string
from scopetutor.engine.parsing import VarLenFeature
from scopetutor.engine.sparse import SparseTensor, convert_to_tensor_or_sparse_tensor
from scopetutor.engine.surroundings import control_dependencies

from .columns import (
    CategoricalColumn,
    IdWeightPair,
    check_key,
    check_text_or_integer,
    to_sparse,
)


class _OfFeature(CategoricalColumn):
    """A column of one feature's ids."""

    __slots__ = ()
    key: Any
    dtype: Any

    @property
    def name(self) -> str:
        """The feature's."""
        return str(self.key)

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """How `tf.parse_example` reads the feature."""
        return {self.key: VarLenFeature(self.dtype)}

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The ids, as a SparseTensor."""
        raw = transformation_cache.get(self.key, state_manager)
        return self._ids(to_sparse(raw))

    def _ids(self, tensor: Any) -> Any:
        raise NotImplementedError

    def _check(self, tensor: Any) -> None:
        """ValueError unless the feature is of the column's kind."""
        if self.dtype.is_integer != tensor.dtype.is_integer:
            raise ValueError(
                f"Column dtype and SparseTensors dtype must be compatible. key: "
                f"{self.key}, column dtype: {self.dtype}, tensor dtype: {tensor.dtype}"
            )

    def _check_kind(self, tensor: Any) -> None:
        prefix = f"column_name: {self.key} input_tensor"
        check_text_or_integer(tensor.dtype, prefix=prefix)


# -- numbers that are ids --------------------------------------------------------------


class _Identity(NamedTuple):
    key: Any
    number_buckets: Any
    default_value: Any


class IdentityCategoricalColumn(_Identity, _OfFeature):
    """Integers that are ids themselves."""

    __slots__ = ()
    dtype = dtypes.int64

    @property
    def num_buckets(self) -> int:
        """How many ids there are."""
        return int(self.number_buckets)

    def _ids(self, tensor: Any) -> Any:
        if not tensor.dtype.is_integer:
            raise ValueError(
                f"Invalid input, not integer. key: {self.key} dtype: {tensor.dtype}"
            )
        values = cast(tensor.values, dtypes.int64, name="values")
        count = cast(self.num_buckets, dtypes.int64, name="num_buckets")
        zero = cast(0, dtypes.int64, name="zero")
        if self.default_value is None:
            values = self._in_range(values, count, zero)
        else:
            outside = logical_or(values < zero, values >= count, name="out_of_range")
            default = array.fill(
                dims=array.shape(values),
                value=cast(self.default_value, dtypes.int64),
                name="default_values",
            )
            values = where_v2(outside, default, values)
        return SparseTensor(tensor.indices, values, tensor.dense_shape)

    def _in_range(self, values: Any, count: Any, zero: Any) -> Any:
        less = assert_less(
            values,
            count,
            data=(values, count),
            message=f'Bucket index for categorical column "{self.name}" exceeds number '
            "of buckets",
            name="assert_less_than_num_buckets",
        )
        greater = assert_greater_equal(
            values,
            zero,
            data=(values,),
            message=f'Negative bucket index for categorical column "{self.name}"',
            name="assert_greater_or_equal_0",
        )
        with control_dependencies((less, greater)):
            return array.identity(values)


def categorical_column_with_identity(
    key: Any, num_buckets: Any, default_value: Any = None
) -> IdentityCategoricalColumn:
    """A column of integers that are ids.

    Args:
        key: the feature's name.
        num_buckets: how many ids there are, from 0.
        default_value: the id of all other numbers; None: they are refused.

    Raises:
        ValueError: a number is too small or too large, or the key is no text.
    """
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(
            f"default_value {default_value} not in range [0, {num_buckets}), "
            f"column_name {key}"
        )
    check_key(key)
    return IdentityCategoricalColumn(key, num_buckets, default_value)


# -- hashed ----------------------------------------------------------------------------


class _Hashed(NamedTuple):
    key: Any
    hash_bucket_size: Any
    dtype: Any


class HashedCategoricalColumn(_Hashed, _OfFeature):
    """Texts or integers sorted into buckets by their hash."""

    __slots__ = ()

    @property
    def num_buckets(self) -> int:
        """How many buckets there are."""
        return int(self.hash_bucket_size)

    def _ids(self, tensor: Any) -> Any:
        self._check_kind(tensor)
        self._check(tensor)
        values = tensor.values
        if self.dtype != dtypes.string:
            values = as_string(values)
        ids = string_to_hash_bucket_fast(values, self.hash_bucket_size, name="lookup")
        return SparseTensor(tensor.indices, ids, tensor.dense_shape)


def categorical_column_with_hash_bucket(
    key: Any, hash_bucket_size: Any, dtype: Any = dtypes.string
) -> HashedCategoricalColumn:
    """A column of texts or integers by their hash.

    Raises:
        ValueError: the number of buckets, the key or the type cannot be.
    """
    if hash_bucket_size is None:
        raise ValueError(f"hash_bucket_size must be set. key: {key}")
    if hash_bucket_size < 1:
        raise ValueError(
            f"hash_bucket_size must be at least 1. hash_bucket_size: "
            f"{hash_bucket_size}, key: {key}"
        )
    check_key(key)
    check_text_or_integer(dtype, prefix=f"column_name: {key}")
    return HashedCategoricalColumn(key, hash_bucket_size, dtype)


# -- vocabularies ----------------------------------------------------------------------


class _VocabularyFile(NamedTuple):
    key: Any
    vocabulary_file: Any
    vocabulary_size: Any
    num_oov_buckets: Any
    dtype: Any
    default_value: Any


class _Vocabulary(_OfFeature):
    """Texts or integers by their place in a vocabulary."""

    __slots__ = ()

    def _ids(self, tensor: Any) -> Any:
        self._check(tensor)
        self._check_kind(tensor)
        kind = self.dtype
        if tensor.dtype.is_integer:
            kind = dtypes.int64
            tensor = cast(tensor, dtypes.int64)
        return self._table(kind, f"{self.key}_lookup").lookup(tensor)

    def _table(self, kind: Any, name: str) -> Any:
        raise NotImplementedError


class VocabularyFileCategoricalColumn(_VocabularyFile, _Vocabulary):
    """Texts or integers by their line in a file."""

    __slots__ = ()

    @property
    def num_buckets(self) -> int:
        """How many ids there are."""
        return int(self.vocabulary_size + self.num_oov_buckets)

    def _table(self, kind: Any, name: str) -> Any:
        return index_table_from_file(
            vocabulary_file=self.vocabulary_file,
            num_oov_buckets=self.num_oov_buckets,
            vocab_size=self.vocabulary_size,
            default_value=self.default_value,
            key_dtype=kind,
            name=name,
        )


def categorical_column_with_vocabulary_file(
    key: Any,
    vocabulary_file: Any,
    vocabulary_size: Any = None,
    num_oov_buckets: Any = 0,
    default_value: Any = None,
    dtype: Any = dtypes.string,
) -> VocabularyFileCategoricalColumn:
    """A column of texts or integers by their line in a file.

    Args:
        key: the feature's name.
        vocabulary_file: one value in each line.
        vocabulary_size: how many lines are read; None: all.
        num_oov_buckets: buckets for values that are not in the file.
        default_value: the id of such values if there are no buckets; None: -1.
        dtype: of the feature.

    Raises:
        ValueError: there is no file, or a number cannot be.
    """
    if not vocabulary_file:
        raise ValueError(f"Missing vocabulary_file in {key}.")
    if vocabulary_size is None:
        vocabulary_size = _lines_in(vocabulary_file, key)
    if vocabulary_size < 1:
        raise ValueError(f"Invalid vocabulary_size in {key}.")
    _check_buckets(key, num_oov_buckets, default_value is not None)
    check_text_or_integer(dtype, prefix=f"column_name: {key}")
    check_key(key)
    return VocabularyFileCategoricalColumn(
        key,
        vocabulary_file,
        vocabulary_size,
        num_oov_buckets or 0,
        dtype,
        -1 if default_value is None else default_value,
    )


def _lines_in(path: Any, key: Any) -> int:
    if not Exists(path):
        raise ValueError(f"vocabulary_file in {key} does not exist.")
    with GFile(path) as file:
        count = sum(1 for _ in file)
    tf_logging.info(
        "vocabulary_size = %d in %s is inferred from the number of elements in the "
        "vocabulary_file %s.",
        count,
        key,
        path,
    )
    return count


def _check_buckets(key: Any, count: Any, has_default: bool) -> None:
    if not count:
        return
    if has_default:
        raise ValueError(
            f"Can't specify both num_oov_buckets and default_value in {key}."
        )
    if count < 0:
        raise ValueError(f"Invalid num_oov_buckets {count} in {key}.")


class _VocabularyList(NamedTuple):
    key: Any
    vocabulary_list: Any
    dtype: Any
    default_value: Any
    num_oov_buckets: Any


class VocabularyListCategoricalColumn(_VocabularyList, _Vocabulary):
    """Texts or integers by their place in a list."""

    __slots__ = ()

    @property
    def num_buckets(self) -> int:
        """How many ids there are."""
        return len(self.vocabulary_list) + int(self.num_oov_buckets)

    def _table(self, kind: Any, name: str) -> Any:
        return index_table_from_tensor(
            vocabulary_list=tuple(self.vocabulary_list),
            default_value=self.default_value,
            num_oov_buckets=self.num_oov_buckets,
            dtype=kind,
            name=name,
        )


def categorical_column_with_vocabulary_list(
    key: Any,
    vocabulary_list: Any,
    dtype: Any = None,
    default_value: Any = -1,
    num_oov_buckets: Any = 0,
) -> VocabularyListCategoricalColumn:
    """A column of texts or integers by their place in a list.

    Raises:
        ValueError: the list is empty or has something twice, or types do not fit.
    """
    if vocabulary_list is None or len(vocabulary_list) < 1:
        raise ValueError(
            f"vocabulary_list {vocabulary_list} must be non-empty, column_name: {key}"
        )
    if len(set(vocabulary_list)) != len(vocabulary_list):
        raise ValueError(
            f"Duplicate keys in vocabulary_list {vocabulary_list}, column_name: {key}"
        )
    kind = dtypes.as_dtype(np.array(vocabulary_list).dtype)
    _check_buckets(key, num_oov_buckets, default_value != -1)
    check_text_or_integer(kind, prefix=f"column_name: {key} vocabulary")
    if dtype is None:
        dtype = kind
    elif dtype.is_integer != kind.is_integer:
        raise ValueError(
            f"dtype {dtype} and vocabulary dtype {kind} do not match, column_name: "
            f"{key}"
        )
    check_text_or_integer(dtype, prefix=f"column_name: {key}")
    check_key(key)
    return VocabularyListCategoricalColumn(
        key, tuple(vocabulary_list), dtype, default_value, num_oov_buckets
    )


# -- weighted --------------------------------------------------------------------------


class _Weighted(NamedTuple):
    categorical_column: Any
    weight_feature_key: Any
    dtype: Any


class WeightedCategoricalColumn(_Weighted, CategoricalColumn):
    """Ids, with another feature that says how much each counts."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The names of both features."""
        return f"{self.categorical_column.name}_weighted_by_{self.weight_feature_key}"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """How `tf.parse_example` reads both features.

        Raises:
            ValueError: they are the same one.
        """
        spec: dict[str, Any] = dict(self.categorical_column.parse_example_spec)
        key = self.weight_feature_key
        if key in spec:
            raise ValueError(f"Parse config {spec[key]} already exists for {key}.")
        spec[key] = VarLenFeature(self.dtype)
        return spec

    @property
    def num_buckets(self) -> int:
        """How many ids there are."""
        return int(self.categorical_column.num_buckets)

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """Ids and weights, as SparseTensors."""
        raw = transformation_cache.get(self.weight_feature_key, state_manager)
        weights = self._weights(raw)
        ids = transformation_cache.get(self.categorical_column, state_manager)
        return ids, weights

    def _weights(self, raw: Any) -> Any:
        weights = convert_to_tensor_or_sparse_tensor(raw)
        if self.dtype != weights.dtype.base_dtype:
            raise ValueError(
                f"Bad dtype, expected {self.dtype}, but got {weights.dtype}."
            )
        if not isinstance(weights, SparseTensor):
            weights = to_sparse(weights, ignore_value=0.0)
        if not weights.dtype.is_floating:
            weights = cast(weights, dtypes.float32)
        return weights

    def get_sparse_tensors(
        self, transformation_cache: Any, state_manager: Any
    ) -> IdWeightPair:
        """The ids, and how much they count."""
        return IdWeightPair(*transformation_cache.get(self, state_manager))


def weighted_categorical_column(
    categorical_column: Any, weight_feature_key: Any, dtype: Any = dtypes.float32
) -> WeightedCategoricalColumn:
    """Ids, with another feature that says how much each counts.

    Raises:
        ValueError: the weights' type is not one of numbers.
    """
    if dtype is None or not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype {dtype} is not convertible to float.")
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, dtype)


# -- crossed ---------------------------------------------------------------------------


class _Crossed(NamedTuple):
    keys: Any
    hash_bucket_size: Any
    hash_key: Any


class CrossedColumn(_Crossed, CategoricalColumn):
    """Combinations of features, sorted into buckets by their hash."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """All features' names."""
        names = [getattr(leaf, "name", leaf) for leaf in _leaves(self)]
        return "_X_".join(sorted(names))

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """How `tf.parse_example` reads the features."""
        spec: dict[str, Any] = {}
        for key in self.keys:
            if isinstance(key, str):
                spec[key] = VarLenFeature(dtypes.string)
            else:
                spec.update(key.parse_example_spec)
        return spec

    @property
    def num_buckets(self) -> int:
        """How many buckets there are."""
        return int(self.hash_bucket_size)

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The combinations' buckets, as a SparseTensor.

        Raises:
            ValueError: a feature has weights.
        """
        inputs = []
        for leaf in _leaves(self):
            if isinstance(leaf, str):
                inputs.append(transformation_cache.get(leaf, state_manager))
                continue
            ids = leaf.get_sparse_tensors(transformation_cache, state_manager)
            if ids.weight_tensor is not None:
                raise ValueError(
                    "crossed_column does not support weight_tensor, but the given "
                    f"column populates weight_tensor. Given column: {leaf.name}"
                )
            inputs.append(ids.id_tensor)
        return sparse_cross_hashed(
            inputs, num_buckets=self.hash_bucket_size, hash_key=self.hash_key
        )


def _leaves(cross: CrossedColumn) -> list[Any]:
    """The features and columns that are crossed, also inside others."""
    found: list[Any] = []
    for key in cross.keys:
        found += _leaves(key) if isinstance(key, CrossedColumn) else [key]
    return found


def crossed_column(
    keys: Any, hash_bucket_size: Any, hash_key: Any = None
) -> CrossedColumn:
    """Combinations of features, by their hash.

    Args:
        keys: features' names, or columns of ids.
        hash_bucket_size: how many buckets there are.
        hash_key: where hashing begins; None: TensorFlow's own.

    Raises:
        ValueError: there are fewer than two, one cannot be crossed, or no buckets.
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError(
            f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}"
        )
    if not keys or len(keys) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in keys:
        if not isinstance(key, (str, CategoricalColumn)):
            raise ValueError(
                "Unsupported key type. All keys must be either string, or categorical "
                f"column except HashedCategoricalColumn. Given: {key}"
            )
        if isinstance(key, HashedCategoricalColumn):
            raise ValueError(
                "categorical_column_with_hash_bucket is not supported for crossing. "
                "Hashing before crossing will increase probability of collision. "
                f"Instead, use the feature name as a string. Given: {key}"
            )
    return CrossedColumn(tuple(keys), hash_bucket_size, hash_key)
