"""`tf.parse_single_example` and its kind: what records hold, as tensors.

After ``ops/parsing.py``, which runs them.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, NamedTuple

from . import constants, deprecation, dtypes
from .apply import apply
from .convert import convert_to_tensor
from .naming import name_functions
from .operation import Tensor
from .ops.reshaping import reshape
from .shapes import TensorShape
from .sparse import SparseTensor
from .surroundings import name_scope


class VarLenFeature(NamedTuple):
    """A feature with any number of values, as a sparse tensor."""

    dtype: Any


class FixedLenFeature(NamedTuple):
    """A feature with as many values as its shape says."""

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """A feature with any number of rows of one shape."""

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class SparseFeature(NamedTuple):
    """A sparse feature whose indices and values are features of their own."""

    index_key: Any
    value_key: Any
    dtype: Any
    size: Any
    already_sorted: bool = False


class Features:
    """Features as lists: the sparse ones, and the dense ones with their defaults."""

    def __init__(self, features: dict[str, Any]) -> None:
        self.sparse_keys: list[str] = []
        self.sparse_types: list[Any] = []
        self.dense_keys: list[str] = []
        self.dense_types: list[Any] = []
        self.dense_shapes: list[Any] = []
        self.given: dict[str, Any] = {}
        for key in sorted(features):
            feature = features[key]
            if isinstance(feature, SparseFeature):
                raise NotImplementedError(
                    "scopetutor does not parse SparseFeature (see `scopetutor coverage "
                    "tf.SparseFeature`)"
                )
            if not isinstance(
                feature, (VarLenFeature, FixedLenFeature, FixedLenSequenceFeature)
            ):
                raise ValueError(f"Invalid feature {key}:{feature}.")
            if not feature.dtype:
                raise ValueError(f"Missing type for feature {key}.")
            if isinstance(feature, VarLenFeature):
                self.sparse_keys.append(key)
                self.sparse_types.append(feature.dtype)
            else:
                self._add_dense(key, feature)

    def _add_dense(self, key: str, feature: Any) -> None:
        if feature.shape is None:
            raise ValueError(f"Missing shape for feature {key}.")
        shape = feature.shape
        if isinstance(feature, FixedLenFeature):
            check_known(key, shape)
        else:
            if not feature.allow_missing:
                raise ValueError(
                    "Unsupported: FixedLenSequenceFeature requires allow_missing to be "
                    "True."
                )
            shape = [None, *shape]
        self.dense_keys.append(key)
        self.dense_types.append(feature.dtype)
        self.dense_shapes.append(TensorShape(shape))
        if feature.default_value is not None:
            self.given[key] = feature.default_value

    def defaults(self) -> list[Any]:
        """The dense features' defaults as tensors; an empty one: it is required."""
        return [
            self._default(key, dtype, shape)
            for key, dtype, shape in zip(
                self.dense_keys, self.dense_types, self.dense_shapes, strict=True
            )
        ]

    def _default(self, key: str, dtype: Any, shape: TensorShape) -> Any:
        value, label = self.given.get(key), re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)
        if shape.ndims and shape.dims is not None and shape.dims[0].value is None:
            if value is None:
                zero = "" if dtype == dtypes.string else 0
                return convert_to_tensor(zero, dtype=dtype)
            padding = convert_to_tensor(value, dtype=dtype, name=f"padding_{label}")
            return reshape(padding, [])
        if value is None:
            return constants.constant([], dtype=dtype)
        if isinstance(value, Tensor):
            return value
        tensor = convert_to_tensor(value, dtype=dtype, name=f"key_{label}")
        return reshape(tensor, shape)

    def attributes(self) -> dict[str, Any]:
        """What both operations are told of the features."""
        return {"sparse_types": self.sparse_types, "dense_shapes": self.dense_shapes}

    def tensors(self, outputs: Any) -> dict[str, Any]:
        """An operation's outputs by the features' keys."""
        indices, values, shapes, dense = outputs
        sparse = [
            SparseTensor(*parts) for parts in zip(indices, values, shapes, strict=True)
        ]
        keys = [*self.sparse_keys, *self.dense_keys]
        return dict(zip(keys, [*sparse, *dense], strict=True))


def check_known(key: str, shape: Any) -> None:
    """Refuses shapes of FixedLenFeature that are not wholly known."""
    known = TensorShape(shape)
    if shape and known.ndims and known.dims is not None and known.dims[0].value is None:
        raise ValueError(
            f"First dimension of shape for feature {key} unknown. Consider using "
            "FixedLenSequenceFeature."
        )
    if not known.is_fully_defined():
        raise ValueError(
            f"All dimensions of shape for feature {key} need to be known but received "
            f"{shape}."
        )


def parse_single_example(
    serialized: Any, features: Any, name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of an Example.

    Args:
        serialized: a scalar string: the message.
        features: a dictionary of VarLenFeature, FixedLenFeature and so on.
        name: of the operation.
        example_names: kept, and not looked at.

    Returns:
        A dictionary of tensors and sparse tensors.

    Raises:
        ValueError: there are no features, or one is not fully described.
    """
    del example_names
    if not features:
        raise ValueError("Missing features.")
    wanted = Features(features)
    with name_scope(name, "ParseSingleExample", [serialized]):
        message = convert_to_tensor(serialized, name="serialized")
        outputs = apply(
            "ParseSingleExample",
            message,
            wanted.defaults(),
            num_sparse=len(wanted.sparse_keys),
            sparse_keys=wanted.sparse_keys,
            dense_keys=wanted.dense_keys,
            name=name,
            **wanted.attributes(),
        )
        return wanted.tensors(outputs)


def parse_example(
    serialized: Any, features: Any, name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of several Examples, as batches.

    Args:
        serialized: a vector of strings: the messages.
        features: a dictionary of VarLenFeature, FixedLenFeature and so on.
        name: of the operation.
        example_names: what errors call the Examples.

    Returns:
        A dictionary of tensors and sparse tensors.

    Raises:
        ValueError: there are no features, or one is not fully described.
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    wanted = Features(features)
    with name_scope(name, "ParseExample", [serialized, example_names]):
        defaults = wanted.defaults()
        outputs = apply(
            "ParseExample",
            serialized,
            [] if example_names is None else example_names,
            wanted.sparse_keys,
            wanted.dense_keys,
            defaults,
            name=name,
            **wanted.attributes(),
        )
        return wanted.tensors(outputs)


def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Any:
    """The bytes of texts as numbers, in a last dimension of their own."""
    texts = deprecation.either("input_bytes", input_bytes, "bytes", bytes)
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    return apply(
        "DecodeRaw", texts, out_type=out_type, little_endian=little_endian, name=name
    )


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Any = None,
) -> list[Any]:
    """The columns of lines of a CSV file.

    Args:
        records: the lines.
        record_defaults: for each column, a list with its default, or without one if it
            is required; the type is the column's.
        field_delim: between the fields.
        use_quote_delim: whether fields may stand in quotes.
        name: of the operation.
        na_value: what stands for a missing value, beside nothing.
        select_cols: which columns; None: all.

    Raises:
        ValueError: the columns are not in order, or not as many as the defaults.
    """
    if select_cols is not None:
        if any(a >= b for a, b in pairwise(select_cols)):
            raise ValueError("select_cols is not strictly increasing.")
        if select_cols[0] < 0:
            raise ValueError("select_cols contains negative values.")
        if len(select_cols) != len(record_defaults):
            raise ValueError("Length of select_cols and record_defaults do not match.")
    columns: list[Any] = apply(
        "DecodeCSV",
        records,
        record_defaults,
        field_delim=field_delim,
        use_quote_delim=use_quote_delim,
        na_value=na_value,
        select_cols=select_cols,
        name=name,
    )
    return columns


name_functions(globals(), decode_raw="decode_raw_v1")
