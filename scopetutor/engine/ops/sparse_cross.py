"""`tf.sparse.cross`: combinations of the values of several features, row by row.

After sparse; a combination is a text, or the number of a bucket by the hashes in
``farmhash.py``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.farmhash import fingerprint64, fingerprint_cat64
from scopetutor.engine.operation import Tensor
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from .casting import cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_DEFAULT_KEY = 0xDECAFCAFFE
_STRONGEST = (1 << 63) - 1


def sparse_cross(inputs: Any, name: str | None = None) -> SparseTensor:
    """Combinations of the values of some features, as texts joined by "_X_".

    Args:
        inputs: a list of sparse and dense matrices of texts or integers with the same
            rows.
        name: of the operation.

    Raises:
        TypeError: the inputs are no list of matrices.
    """
    return _crossed(inputs, dtypes.string, name, hashed_output=False)


def sparse_cross_hashed(
    inputs: Any,
    num_buckets: int = 0,
    hash_key: int | None = None,
    name: str | None = None,
) -> SparseTensor:
    """Combinations of the values of some features, each as the number of a bucket.

    Args:
        inputs: see sparse_cross.
        num_buckets: 0: as many as there are numbers.
        hash_key: where hashing begins; None: TensorFlow's own.
        name: of the operation.

    Raises:
        TypeError: the inputs are no list of matrices.
    """
    return _crossed(
        inputs,
        dtypes.int64,
        name,
        hashed_output=True,
        num_buckets=num_buckets,
        hash_key=hash_key,
    )


def _crossed(
    inputs: Any,
    out_type: Any,
    name: str | None,
    hashed_output: bool,
    num_buckets: int = 0,
    hash_key: int | None = None,
) -> SparseTensor:
    if not isinstance(inputs, list):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(one, (SparseTensor, Tensor)) for one in inputs):
        raise TypeError("All inputs must be SparseTensors")
    sparse = [one for one in inputs if isinstance(one, SparseTensor)]
    dense = [one for one in inputs if not isinstance(one, SparseTensor)]
    indices, values, shape = apply(
        "SparseCross",
        [one.indices for one in sparse],
        [_as_known(one.values) for one in sparse],
        [one.dense_shape for one in sparse],
        [_as_known(one) for one in dense],
        hashed_output=hashed_output,
        num_buckets=num_buckets,
        hash_key=hash_key or _DEFAULT_KEY,
        out_type=out_type,
        internal_type=_common([one.dtype for one in inputs]),
        name=name,
    )
    return SparseTensor(indices, values, shape)


def _as_known(tensor: Any) -> Any:
    return tensor if tensor.dtype == dtypes.string else cast(tensor, dtypes.int64)


def _common(types: list[Any]) -> Any:
    texts = all(kind == dtypes.string for kind in types)
    return dtypes.string if texts else dtypes.int64


# -- the operation ---------------------------------------------------------------------


def _shape(_: Operation) -> list[Dims]:
    return [(None, 2), (None,), (2,)]


def _joined(values: tuple[Any, ...]) -> bytes:
    return b"_X_".join(
        value if isinstance(value, bytes) else b"%d" % value for value in values
    )


def _hashing(attrs: dict[str, Any]) -> Callable[[tuple[Any, ...]], int]:
    key = attrs["hash_key"] % (1 << 64)
    buckets = int(attrs["num_buckets"] or _STRONGEST)

    def hashed(values: tuple[Any, ...]) -> int:
        found: int = key
        for value in values:
            found = fingerprint_cat64(found, _fingerprint(value))
        return found % buckets

    return hashed


def _fingerprint(value: Any) -> int:
    """TF 1.15: a text's fingerprint; a number is its own."""
    return fingerprint64(value) if isinstance(value, bytes) else int(value) % (1 << 64)


def _kernel(op: Operation) -> Callable[..., Any]:
    attrs = op._attrs
    count = len(attrs["sparse_types"])
    combine: Any = _hashing(attrs) if attrs["hashed_output"] else _joined
    kind: Any = np.int64 if attrs["hashed_output"] else object

    def kernel(*given: Any) -> Any:
        indices, values, shapes = (given[i * count : (i + 1) * count] for i in range(3))
        dense = given[3 * count :]
        rows = int(shapes[0][0]) if count else len(dense[0])
        features = [
            *(_rows_of(i, v, rows) for i, v in zip(indices, values, strict=True)),
            *(list(matrix) for matrix in dense),
        ]
        made = [
            [combine(one) for one in itertools.product(*[f[row] for f in features])]
            for row in range(rows)
        ]
        places = [(i, j) for i, row in enumerate(made) for j in range(len(row))]
        widest = max(map(len, made), default=0)
        return (
            np.array(places, np.int64).reshape(-1, 2),
            np.array([item for row in made for item in row], kind),
            np.array([rows, widest], np.int64),
        )

    return kernel


def _rows_of(indices: Array, values: Any, rows: int) -> list[list[Any]]:
    found: list[list[Any]] = [[] for _ in range(rows)]
    for (row, *_), value in zip(indices.tolist(), values, strict=True):
        found[row].append(value)
    return found


define("SparseCross", shape=_shape, build=_kernel, gradient=None)
