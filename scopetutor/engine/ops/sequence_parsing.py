"""Records of SequenceExamples as tensors: one context, and lists of features.

After ``parsing.py``, which parses Examples; the function of `tf` is in
``engine/sequence_parsing.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Never

import numpy as np

from scopetutor.engine.dtypes import runtime_name
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.errors import FileFormatError
from scopetutor.formats import protos

from . import rules
from .io import text_of
from .parsing import LISTS, array_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


class _Where(NamedTuple):
    """What errors call the example, and the feature of it."""

    name: str
    feature: str

    def refuse(self, what: str) -> Never:
        raise InvalidArgumentError(None, None, f"Name: {self.name}, {what}")

    def values(self, feature: Any, dtype: Any, index: str = "") -> list[Any]:
        """The values of a feature, which must be of a type; of an empty one: none."""
        kind = feature.WhichOneof("kind")
        if kind is None:
            return []
        if LISTS[kind] != dtype:
            self.refuse(
                f"{self.feature}{index}.  Data types don't match. Expected type: "
                f"{runtime_name(dtype)}  Feature is: {_shown(kind, feature)}"
            )
        return list(getattr(feature, kind).value)


def _shown(kind: str, feature: Any) -> str:
    """A feature as messages of errors print it."""
    values = getattr(feature, kind).value
    items = (
        '"' + value.decode("latin-1") + '"'
        if isinstance(value, bytes)
        else f"{value:g}"
        for value in values
    )
    return "\n".join([f"{kind} {{", *(f"  value: {item}" for item in items), "}", ""])


def context_dense(
    features: Any, key: str, dtype: Any, default: Array, dims: Any, name: str
) -> Array:
    """A feature of the context, of a fixed shape."""
    where = _Where(name, f"Context feature: {key}")
    if key not in features:
        if not default.size and 0 not in dims:
            where.refuse(f"Context feature '{key}' is required but could not be found.")
        return default.reshape(dims)
    values = where.values(features[key], dtype)
    if len(values) != int(np.prod(dims)):
        where.refuse(
            f"Key: {key}, Index: 0.  Number of {runtime_name(dtype)} values != "
            f"expected.  values size: {len(values)} but output shape: {dims_text(dims)}"
        )
    return array_of(values, dtype).reshape(dims)


def list_dense(
    lists: Any, key: str, dtype: Any, dims: Any, lenient: bool, name: str
) -> Array:
    """A list of features of a fixed shape, one row for each."""
    where = _Where(name, f"Feature list: {key}")
    if key not in lists:
        if not lenient:
            where.refuse(
                f"Feature list '{key}' is required but could not be found.  Did you "
                "mean to include it in feature_list_dense_missing_assumed_empty or "
                "feature_list_dense_defaults?"
            )
        return array_of([], dtype).reshape(0, *dims)
    rows: list[Any] = []
    for index, feature in enumerate(lists[key].feature):
        values = where.values(feature, dtype, f", Index: {index}")
        if len(values) != int(np.prod(dims)):
            where.refuse(
                f"Key: {key}, Index: {index}.  Number of {runtime_name(dtype)} values "
                f"!= expected.  values size: {len(values)} but output shape: "
                f"{dims_text(dims)}"
            )
        rows += values
    return array_of(rows, dtype).reshape(-1, *dims)


def context_sparse(features: Any, key: str, dtype: Any, name: str) -> list[Array]:
    """Indices, values and shape."""
    where = _Where(name, f"Context feature: {key}")
    values = where.values(features[key], dtype) if key in features else []
    return [
        np.arange(len(values), dtype=np.int64)[:, None],
        array_of(values, dtype),
        np.array([len(values)], np.int64),
    ]


def list_sparse(lists: Any, key: str, dtype: Any, name: str) -> list[Array]:
    """Indices, values and shape."""
    where = _Where(name, f"Feature List: {key}")
    rows = [
        where.values(feature, dtype, f", Index: {index}")
        for index, feature in enumerate(lists[key].feature if key in lists else [])
    ]
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    return [
        np.array(places, np.int64).reshape(-1, 2),
        array_of([value for row in rows for value in row], dtype),
        np.array([len(rows), max(map(len, rows), default=0)], np.int64),
    ]


def message_of(serialized: Any) -> Any:
    """A SequenceExample.

    Raises:
        tf.errors.InvalidArgumentError: it is none.
    """
    item = serialized.item() if isinstance(serialized, np.ndarray) else serialized
    message = protos.SequenceExample()
    try:
        message.ParseFromString(item)
    except (FileFormatError, ValueError):
        shown = item[:100].decode("latin-1")
        raise InvalidArgumentError(
            None, None, f"Could not parse example input, value: '{shown}'"
        ) from None
    return message


_COUNTS = (
    "Ncontext_sparse",
    "Ncontext_dense",
    "Nfeature_list_sparse",
    "Nfeature_list_dense",
)


class _Kernel:
    """Reads an example: keys of four kinds, one kind after the other."""

    def __init__(self, attrs: Any) -> None:
        self._attrs = attrs
        self._ends: list[int] = np.cumsum([attrs[name] for name in _COUNTS]).tolist()

    def __call__(self, serialized: Any, lenient: Any, *rest: Any) -> Any:
        """The values of an example.

        Args:
            serialized: a SequenceExample.
            lenient: keys of lists that may be missing.
            rest: the keys, the defaults of dense ones, and the example's own name.
        """
        message, name = message_of(serialized), text_of(rest[-1])
        count = self._ends[-1]
        keys = [text_of(key) for key in rest[:count]]
        may_miss = {text_of(key) for key in np.asarray(lenient).reshape(-1)}
        values = [
            *self._context(message.context.feature, keys, rest[count:-1], name),
            *self._lists(message.feature_lists.feature_list, keys, may_miss, name),
        ]
        return values[0] if len(values) == 1 else tuple(values)

    def _context(
        self, features: Any, keys: list[str], defaults: Sequence[Any], name: str
    ) -> list[Array]:
        attrs, ends = self._attrs, self._ends
        sparse = [
            context_sparse(features, key, dtype, name)
            for key, dtype in zip(keys, attrs["context_sparse_types"], strict=False)
        ]
        dense = [
            context_dense(features, key, dtype, np.asarray(default), dims, name)
            for key, dtype, default, dims in zip(
                keys[ends[0] : ends[1]],
                attrs["Tcontext_dense"],
                defaults,
                attrs["context_dense_shapes"],
                strict=True,
            )
        ]
        return [*_by_part(sparse), *dense]

    def _lists(
        self, lists: Any, keys: list[str], may_miss: set[str], name: str
    ) -> list[Array]:
        attrs, ends = self._attrs, self._ends
        sparse = [
            list_sparse(lists, key, dtype, name)
            for key, dtype in zip(
                keys[ends[1] : ends[2]], attrs["feature_list_sparse_types"], strict=True
            )
        ]
        dense = [
            list_dense(lists, key, dtype, dims, key in may_miss, name)
            for key, dtype, dims in zip(
                keys[ends[2] :],
                attrs["feature_list_dense_types"],
                attrs["feature_list_dense_shapes"],
                strict=True,
            )
        ]
        return [*_by_part(sparse), *dense]


def _kernel(op: Operation) -> Callable[..., Any]:
    return _Kernel(op._attrs)


def _by_part(columns: list[list[Array]]) -> list[Array]:
    """All indices, then all values, then all shapes."""
    return [column[part] for part in range(3) for column in columns]


def _shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 0)
    attrs = op._attrs
    sparse, list_sparse = attrs["Ncontext_sparse"], attrs["Nfeature_list_sparse"]
    return [
        *[(None, 1)] * sparse, *[(None,)] * sparse, *[(1,)] * sparse,
        *attrs["context_dense_shapes"],
        *[(None, 2)] * list_sparse, *[(None,)] * list_sparse, *[(2,)] * list_sparse,
        *((None, *dims) for dims in attrs["feature_list_dense_shapes"]),
    ]  # fmt: skip


define("ParseSingleSequenceExample", shape=_shape, build=_kernel)
