"""Columns of numbers: as they are, and sorted into buckets.

After columns. Numbers go straight into a matrix; buckets may also be taken for ids, and
then be embedded or crossed.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

from scopetutor.engine import dtypes, nest
from scopetutor.engine.ops import array
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.gathering import one_hot
from scopetutor.engine.ops.hashing import bucketize
from scopetutor.engine.ops.joining import stack, tile
from scopetutor.engine.ops.ranges import range_
from scopetutor.engine.ops.reshaping import expand_dims, reshape, transpose
from scopetutor.engine.parsing import FixedLenFeature
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor

from .columns import CategoricalColumn, DenseColumn, IdWeightPair, check_key


class _Numeric(NamedTuple):
    key: Any
    shape: Any
    default_value: Any
    dtype: Any
    normalizer_fn: Any


class NumericColumn(_Numeric, DenseColumn):
    """Numbers as they are, or as a function makes them."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The feature's."""
        return str(self.key)

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """How `tf.parse_example` reads the feature."""
        feature = FixedLenFeature(self.shape, self.dtype, self.default_value)
        return {self.key: feature}

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The numbers as float32.

        Raises:
            ValueError: the feature is sparse.
        """
        tensor = transformation_cache.get(self.key, state_manager)
        if isinstance(tensor, SparseTensor):
            raise ValueError(
                "The corresponding Tensor of numerical column must be a Tensor. "
                f"SparseTensor is not supported. key: {self.key}"
            )
        if self.normalizer_fn is not None:
            tensor = self.normalizer_fn(tensor)
        return cast(tensor, dtypes.float32)

    @property
    def variable_shape(self) -> Any:
        """The shape of the numbers of one example."""
        return TensorShape(self.shape)


def numeric_column(
    key: Any,
    shape: Any = (1,),
    default_value: Any = None,
    dtype: Any = dtypes.float32,
    normalizer_fn: Any = None,
) -> NumericColumn:
    """A column of numbers.

    Args:
        key: the feature's name.
        shape: of the numbers of one example.
        default_value: of examples without the feature: a number, or as many as there
            are; None: they are refused.
        dtype: of the feature in files.
        normalizer_fn: what is done to the tensor first.

    Raises:
        ValueError: shape, type or key cannot be.
        TypeError: shape, default value or function are of another kind.
    """
    shape = _checked_shape(shape, key)
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(
            f"dtype must be convertible to float. dtype: {dtype}, key: {key}"
        )
    default_value = _checked_default(shape, default_value, dtype, key)
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    check_key(key)
    return NumericColumn(key, shape, default_value, dtype, normalizer_fn)


def _checked_shape(shape: Any, key: Any) -> tuple[int, ...]:
    sizes = tuple(shape) if nest.is_sequence(shape) else (shape,)
    for size in sizes:
        if not isinstance(size, int):
            raise TypeError(
                f"shape dimensions must be integer. shape: {sizes}, key: {key}"
            )
        if size < 1:
            raise ValueError(
                f"shape dimensions must be greater than 0. shape: {sizes}, key: {key}"
            )
    return sizes


def _checked_default(shape: Any, value: Any, dtype: Any, key: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, int) or (isinstance(value, float) and dtype.is_floating):
        return _filled(shape, value)
    if callable(getattr(value, "tolist", None)):
        value = value.tolist()
    if nest.is_sequence(value):
        if not _fits(value, shape):
            raise ValueError(
                "The shape of default_value must be equal to given shape. "
                f"default_value: {value}, shape: {shape}, key: {key}"
            )
        flat = nest.flatten(value)
        whole = all(isinstance(one, int) for one in flat)
        if whole or (dtype.is_floating and any(isinstance(one, float) for one in flat)):
            return _as_tuple(value)
    raise TypeError(
        f"default_value must be compatible with dtype. default_value: {value}, "
        f"dtype: {dtype}, key: {key}"
    )


def _filled(shape: Any, value: Any) -> Any:
    return tuple(_filled(shape[1:], value) for _ in range(shape[0])) if shape else value


def _as_tuple(value: Any) -> Any:
    return tuple(map(_as_tuple, value)) if nest.is_sequence(value) else value


def _fits(value: Any, shape: Any) -> bool:
    if nest.is_sequence(value) != bool(shape):
        return False
    return not shape or (
        len(value) == shape[0] and all(_fits(one, shape[1:]) for one in value)
    )


class _Bucketized(NamedTuple):
    source_column: Any
    boundaries: Any


class BucketizedColumn(_Bucketized, DenseColumn, CategoricalColumn):
    """Numbers sorted into buckets, one-hot or as ids."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The numbers' name, and what is done to them."""
        return f"{self.source_column.name}_bucketized"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the numbers."""
        spec: dict[str, Any] = self.source_column.parse_example_spec
        return spec

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The number of each bucket."""
        source = transformation_cache.get(self.source_column, state_manager)
        return bucketize(source, boundaries=self.boundaries)

    @property
    def _count(self) -> int:
        return len(self.boundaries) + 1

    @property
    def variable_shape(self) -> Any:
        """That of the numbers, with one more dimension for the buckets."""
        return TensorShape((*self.source_column.shape, self._count))

    @property
    def num_buckets(self) -> int:
        """How many ids there are: buckets of their own for each number."""
        return self._count * int(self.source_column.shape[0])

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        """One-hot."""
        found = transformation_cache.get(self, state_manager)
        indices = cast(found, dtypes.int64)
        return one_hot(indices, depth=self._count, on_value=1.0, off_value=0.0)

    def get_sparse_tensors(
        self, transformation_cache: Any, state_manager: Any
    ) -> IdWeightPair:
        """As ids."""
        found = transformation_cache.get(self, state_manager)
        batch = array.shape(found)[0]
        numbers = self.source_column.shape[0]
        rows = reshape(tile(expand_dims(range_(0, batch), 1), [1, numbers]), (-1,))
        columns = tile(range_(0, numbers), [batch])
        ids = reshape(found, (-1,)) + self._count * columns
        indices = cast(transpose(stack((rows, columns))), dtypes.int64)
        shape = cast(stack([batch, numbers]), dtypes.int64)
        return IdWeightPair(SparseTensor(indices, ids, shape), None)


def bucketized_column(source_column: Any, boundaries: Any) -> BucketizedColumn:
    """Numbers sorted into buckets.

    Args:
        source_column: a numeric column of one dimension.
        boundaries: rising numbers; a bucket holds its lower one.

    Raises:
        ValueError: column or boundaries are not as they must be.
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError(
            "source_column must be a column generated with numeric_column(). Given: "
            f"{source_column}"
        )
    if len(source_column.shape) > 1:
        raise ValueError(
            f"source_column must be one-dimensional column. Given: {source_column}"
        )
    if not boundaries:
        raise ValueError("boundaries must not be empty.")
    rising = isinstance(boundaries, (list, tuple)) and all(
        one < other for one, other in itertools.pairwise(boundaries)
    )
    if not rising:
        raise ValueError("boundaries must be a sorted list.")
    return BucketizedColumn(source_column, tuple(boundaries))
