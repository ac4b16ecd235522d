"""`tf.parse_single_sequence_example`: what a SequenceExample holds, as tensors.

After ``parsing.py``, whose features it takes; ``ops/sequence_parsing.py`` runs it, and
``ops/sequence_batches.py`` what parses many.
"""

from __future__ import annotations

import re
from typing import Any

from . import constants
from .apply import apply
from .convert import convert_to_tensor
from .operation import Tensor
from .ops import sequence_batches  # noqa: F401 - runs it
from .ops.reshaping import reshape
from .parsing import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
    check_known,
)
from .shapes import TensorShape
from .sparse import SparseTensor
from .surroundings import name_scope

_KINDS = VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature


class _Part:
    """The features of a context, or of the lists, as the operation takes them."""

    def __init__(self, features: dict[str, Any] | None, kind: type[Any]) -> None:
        self.sparse: dict[str, Any] = {}
        self.dense: dict[str, Any] = {}
        for key in sorted(features or {}):
            feature = (features or {})[key]
            if not isinstance(feature, _KINDS):
                raise ValueError(f"Invalid feature {key}:{feature}.")
            if not isinstance(feature, (VarLenFeature, kind)):
                raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
            if not feature.dtype:
                raise ValueError(f"Missing type for feature {key}.")
            if isinstance(feature, VarLenFeature):
                self.sparse[key] = feature
                continue
            if feature.shape is None:
                raise ValueError(f"Missing shape for feature {key}.")
            if kind is FixedLenFeature:
                check_known(key, feature.shape)
            self.dense[key] = feature

    def default(self, key: str, *, reshaped: bool = True) -> Any:
        """The default of a feature of the context; an empty one: it is required."""
        feature = self.dense[key]
        value = feature.default_value
        if value is None:
            return constants.constant([], dtype=feature.dtype)
        if isinstance(value, Tensor):
            return value
        label = re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)
        tensor = convert_to_tensor(value, dtype=feature.dtype, name=f"key_{label}")
        return reshape(tensor, feature.shape) if reshaped else tensor

    def may_miss(self) -> list[str]:
        """The lists that count as empty where there are none."""
        for key, feature in self.dense.items():
            if feature.default_value is not None:
                raise ValueError(
                    f"Value feature_list_dense_defaults[{key}] must be None"
                )
        return [key for key, feature in self.dense.items() if feature.allow_missing]

    def attributes(self, part: str) -> dict[str, Any]:
        """What the operation is told of the features; `part` begins the names."""
        return {
            f"{part}_sparse_types": [one.dtype for one in self.sparse.values()],
            f"{part}_dense_shapes": [
                TensorShape(one.shape) for one in self.dense.values()
            ],
        }

    def tensors(self, indices: Any, values: Any, shapes: Any, dense: Any) -> Any:
        """An operation's outputs by the features' keys."""
        parts = zip(indices, values, shapes, strict=True)
        keys = [*self.sparse, *self.dense]
        return dict(
            zip(keys, [*(SparseTensor(*one) for one in parts), *dense], strict=True)
        )


def parse_single_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The features of a SequenceExample.

    Args:
        serialized: a scalar string: the message.
        context_features: a dictionary of VarLenFeature and FixedLenFeature.
        sequence_features: a dictionary of VarLenFeature and FixedLenSequenceFeature.
        example_name: what errors call the example.
        name: of the operation.

    Returns:
        Two dictionaries of tensors and sparse tensors: of the context, and of the
        lists, whose first dimension is the place in the list.

    Raises:
        ValueError: there are no features, or one is not fully described.
    """
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = _Part(context_features, FixedLenFeature)
    lists = _Part(sequence_features, FixedLenSequenceFeature)
    with name_scope(name, "ParseSingleSequenceExample", [serialized]):
        outputs = apply(
            "ParseSingleSequenceExample",
            serialized,
            lists.may_miss(),
            list(context.sparse),
            list(context.dense),
            list(lists.sparse),
            list(lists.dense),
            [context.default(key) for key in context.dense],
            "" if example_name is None else example_name,
            feature_list_dense_types=[one.dtype for one in lists.dense.values()],
            name=name,
            **context.attributes("context"),
            **lists.attributes("feature_list"),
        )
        return context.tensors(*outputs[:4]), lists.tensors(*outputs[4:])


def parse_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The features of many SequenceExamples.

    Args:
        serialized: a vector of strings: the messages.
        context_features: a dictionary of VarLenFeature and FixedLenFeature.
        sequence_features: a dictionary of VarLenFeature and FixedLenSequenceFeature.
        example_names: what errors call the examples.
        name: of the operation.

    Returns:
        Three dictionaries: of the contexts; of the lists, shorter ones filled up; and
        of the lengths of the lists that were filled up.

    Raises:
        ValueError: there are no features, or one is not fully described.
    """
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = _Part(context_features, FixedLenFeature)
    lists = _Part(sequence_features, FixedLenSequenceFeature)
    with name_scope(name, "ParseSequenceExample", [serialized]):
        may_miss = lists.may_miss()
        outputs = apply(
            "ParseSequenceExample",
            serialized,
            [] if example_names is None else example_names,
            [context.default(key, reshaped=False) for key in context.dense],
            Ncontext_sparse=len(context.sparse),
            Ncontext_dense=len(context.dense),
            Nfeature_list_sparse=len(lists.sparse),
            Nfeature_list_dense=len(lists.dense),
            context_sparse_keys=list(context.sparse),
            context_dense_keys=list(context.dense),
            feature_list_sparse_keys=list(lists.sparse),
            feature_list_dense_keys=list(lists.dense),
            feature_list_dense_types=[one.dtype for one in lists.dense.values()],
            feature_list_dense_missing_assumed_empty=may_miss,
            name=name,
            **context.attributes("context"),
            **lists.attributes("feature_list"),
        )
        lengths = dict(zip(lists.dense, outputs[8], strict=True))
        found = context.tensors(*outputs[:4]), lists.tensors(*outputs[4:8])
        return (*found, lengths)
