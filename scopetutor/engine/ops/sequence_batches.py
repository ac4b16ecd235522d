"""Many SequenceExamples as tensors, the shorter lists filled up.

After sequence_parsing, which reads one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.registry import define

from . import rules
from .io import text_of
from .sequence_parsing import (
    context_dense,
    context_sparse,
    list_dense,
    list_sparse,
    message_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _kernel(op: Operation) -> Callable[..., Any]:
    attrs = op._attrs

    def kernel(serialized: Any, names: Any, *defaults: Any) -> Any:
        texts = np.asarray(serialized, object).reshape(-1)
        messages = [message_of(np.asarray(text, object)) for text in texts]
        called = [text_of(name) for name in np.asarray(names).reshape(-1)]
        rows = list(zip(messages, called or ["<unknown>"] * len(messages), strict=True))
        outputs = [*_contexts(attrs, rows, defaults), *_lists(attrs, rows)]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    return kernel


def _contexts(attrs: Any, rows: list[Any], defaults: Any) -> list[Array]:
    sparse = [
        _rows_of_sparse(
            [context_sparse(m.context.feature, key, dtype, name) for m, name in rows]
        )
        for key, dtype in zip(
            attrs["context_sparse_keys"], attrs["context_sparse_types"], strict=True
        )
    ]
    dense = [
        np.stack(
            [
                context_dense(
                    m.context.feature, key, dtype, np.asarray(default), dims, name
                )
                for m, name in rows
            ]
        )
        for key, dtype, default, dims in zip(
            attrs["context_dense_keys"],
            attrs["Tcontext_dense"],
            defaults,
            attrs["context_dense_shapes"],
            strict=True,
        )
    ]
    return [*(column[i] for i in range(3) for column in sparse), *dense]


def _lists(attrs: Any, rows: list[Any]) -> list[Array]:
    parts = [(m.feature_lists.feature_list, name) for m, name in rows]
    may_miss = set(attrs["feature_list_dense_missing_assumed_empty"])
    sparse = [
        _rows_of_sparse([list_sparse(lists, key, dtype, name) for lists, name in parts])
        for key, dtype in zip(
            attrs["feature_list_sparse_keys"],
            attrs["feature_list_sparse_types"],
            strict=True,
        )
    ]
    dense = [
        _filled(
            [
                list_dense(lists, key, dtype, dims, key in may_miss, name)
                for lists, name in parts
            ]
        )
        for key, dtype, dims in zip(
            attrs["feature_list_dense_keys"],
            attrs["feature_list_dense_types"],
            attrs["feature_list_dense_shapes"],
            strict=True,
        )
    ]
    return [
        *(column[i] for i in range(3) for column in sparse),
        *(column[i] for i in range(2) for column in dense),
    ]


def _rows_of_sparse(rows: list[list[Array]]) -> tuple[Array, Array, Array]:
    """Sparse tensors as the rows of one."""
    places = [
        np.concatenate([np.full((len(indices), 1), i, np.int64), indices], 1)
        for i, (indices, _, _) in enumerate(rows)
    ]
    largest = np.max([shape for _, _, shape in rows], axis=0)
    return (
        np.concatenate(places),
        np.concatenate([values for _, values, _ in rows]),
        np.array([len(rows), *largest.tolist()], np.int64),
    )


def _filled(rows: list[Array]) -> tuple[Array, Array]:
    """Lists as rows of one tensor, filled up with 0, and their lengths."""
    lengths = np.array([len(row) for row in rows], np.int64)
    made = np.zeros((len(rows), int(lengths.max()), *rows[0].shape[1:]), rows[0].dtype)
    if made.dtype == object:
        made[...] = b""
    for i, row in enumerate(rows):
        made[i, : len(row)] = row
    return made, lengths


def _shape(op: Operation) -> list[Dims]:
    (batch,) = rules.with_rank(op._inputs[0]._dims, 1)
    attrs = op._attrs
    sparse, list_sparse_count = attrs["Ncontext_sparse"], attrs["Nfeature_list_sparse"]
    return [
        *[(None, 2)] * sparse, *[(None,)] * sparse, *[(2,)] * sparse,
        *((batch, *dims) for dims in attrs["context_dense_shapes"]),
        *[(None, 3)] * list_sparse_count, *[(None,)] * list_sparse_count,
        *[(3,)] * list_sparse_count,
        *((batch, None, *dims) for dims in attrs["feature_list_dense_shapes"]),
        *[(batch,)] * attrs["Nfeature_list_dense"],
    ]  # fmt: skip


define("ParseSequenceExample", shape=_shape, build=_kernel)
