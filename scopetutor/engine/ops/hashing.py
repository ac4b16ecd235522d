"""Texts and numbers sorted into buckets: `tf.string_to_hash_bucket*`, bucketize, cross.

After text; the hashes are in ``farmhash.py`` and ``string_hashes.py``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.farmhash import fingerprint64, fingerprint_cat64
from scopetutor.engine.naming import name_functions
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.string_hashes import hash64, siphash

from . import rules
from .casting import cast
from .text import Array, each

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

_DEFAULT_KEY = 0xDECAFCAFFE
_STRONGEST = (1 << 63) - 1


# -- buckets by hash -------------------------------------------------------------------


def _buckets(hashing: Callable[[bytes], int]) -> Callable[[Operation], Any]:
    def build(op: Operation) -> Callable[[Any], Array]:
        count = op._attrs["num_buckets"]
        return lambda values: each(lambda x: hashing(x) % count, values, np.int64)

    return build


def _strong_buckets(op: Operation) -> Any:
    one, other = (int(part) % (1 << 64) for part in op._attrs["key"])
    return _buckets(lambda text: siphash(text, (one, other)))(op)


define("StringToHashBucket", shape=rules.unchanged, build=_buckets(hash64))
define("StringToHashBucketFast", shape=rules.unchanged, build=_buckets(fingerprint64))
define("StringToHashBucketStrong", shape=rules.unchanged, build=_strong_buckets)


def string_to_hash_bucket_fast(
    input: Any, num_buckets: int, name: str | None = None
) -> Any:
    """The bucket of each text, by its FarmHash fingerprint."""
    return apply("StringToHashBucketFast", input, num_buckets=num_buckets, name=name)


def string_to_hash_bucket_strong(
    input: Any, num_buckets: int, key: Any, name: str | None = None
) -> Any:
    """The bucket of each text, by SipHash with a key of two numbers."""
    return apply(
        "StringToHashBucketStrong", input, num_buckets=num_buckets, key=key, name=name
    )


def string_to_hash_bucket(
    string_tensor: Any = None,
    num_buckets: Any = None,
    name: str | None = None,
    input: Any = None,
) -> Any:
    """The bucket of each text, by TensorFlow's old hash.

    Raises:
        ValueError: both `string_tensor` and `input` are given.
    """
    if input is not None:
        if string_tensor is not None:
            raise ValueError("Cannot specify both 'string_tensor' and 'input'")
        string_tensor = input
    return apply(
        "StringToHashBucket", string_tensor, num_buckets=num_buckets, name=name
    )


# -- buckets by size -------------------------------------------------------------------


def _bucketize_kernel(op: Operation) -> Callable[[Array], Array]:
    boundaries = np.asarray(op._attrs["boundaries"], np.float32)

    def kernel(values: Array) -> Array:
        found: Array = np.searchsorted(boundaries, values, "right").astype(np.int32)
        return found

    return kernel


define("Bucketize", shape=rules.unchanged, build=_bucketize_kernel)


def bucketize(input: Any, boundaries: Any, name: str | None = None) -> Any:
    """How many of some rising boundaries each number has reached."""
    return apply("Bucketize", input, boundaries=boundaries, name=name)


# -- crossed features ------------------------------------------------------------------


def _cross_shape(_: Operation) -> list[Dims]:
    return [(None, 2), (None,), (2,)]


def _cross_kernel(op: Operation) -> Callable[..., Any]:
    """Every combination of one value of each feature, row by row, hashed."""
    attrs = op._attrs
    count = len(attrs["sparse_types"])
    key, buckets = attrs["hash_key"] % (1 << 64), attrs["num_buckets"] or _STRONGEST

    def crossed(values: tuple[Any, ...]) -> int:
        found: int = key
        for value in values:
            found = fingerprint_cat64(found, _fingerprint(value))
        return found % int(buckets)

    def kernel(*given: Any) -> Any:
        indices, values, shapes = (given[i * count : (i + 1) * count] for i in range(3))
        dense = given[3 * count :]
        rows = int(shapes[0][0]) if count else len(dense[0])
        features = [
            *(_rows_of(i, v, rows) for i, v in zip(indices, values, strict=True)),
            *(list(matrix) for matrix in dense),
        ]
        made = [
            [crossed(one) for one in itertools.product(*[f[row] for f in features])]
            for row in range(rows)
        ]
        places = [(i, j) for i, row in enumerate(made) for j in range(len(row))]
        widest = max(map(len, made), default=0)
        return (
            np.array(places, np.int64).reshape(-1, 2),
            np.array([item for row in made for item in row], np.int64),
            np.array([rows, widest], np.int64),
        )

    return kernel


def _fingerprint(value: Any) -> int:
    """TF 1.15: a text's fingerprint; a number is its own."""
    return fingerprint64(value) if isinstance(value, bytes) else int(value) % (1 << 64)


def _rows_of(indices: Array, values: Any, rows: int) -> list[list[Any]]:
    found: list[list[Any]] = [[] for _ in range(rows)]
    for (row, *_), value in zip(indices.tolist(), values, strict=True):
        found[row].append(value)
    return found


define("SparseCross", shape=_cross_shape, build=_cross_kernel, gradient=None)


def _fingerprint_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 1)
    method = shape_inference.value(op, 1)
    if method is not None and method.item() != b"farmhash64":
        raise ShapeError(f"Unsupported method: {method.item().decode()}")
    return [(None if dims is None else dims[0], 8)]


def _fingerprints(data: Array, _method: Any) -> Array:
    """Rows of eight bytes. TF 1.15: texts are fingerprinted before their rows are."""
    rows = data.reshape(len(data), -1)
    if data.dtype == object:
        numbers = each(fingerprint64, rows, np.uint64)
        if data.ndim == 1:
            return numbers.astype("<u8").view(np.uint8).reshape(-1, 8)
        rows = numbers.astype("<u8")
    found = [fingerprint64(row.tobytes()) for row in rows]
    return np.array(found, "<u8").view(np.uint8).reshape(-1, 8)


define("Fingerprint", shape=_fingerprint_shape, kernel=_fingerprints)


def fingerprint(data: Any, method: Any = "farmhash64", name: str | None = None) -> Any:
    """Eight bytes for each row of some data, or for each text."""
    return apply("Fingerprint", data, method, name=name)


def sparse_cross_hashed(
    inputs: Any, num_buckets: int = 0, hash_key: int | None = None, name: Any = None
) -> SparseTensor:
    """Combinations of the values of some features, each as the number of a bucket.

    Args:
        inputs: sparse and dense matrices of texts or integers with the same rows.
        num_buckets: 0: as many as there are numbers.
        hash_key: where hashing begins; None: TensorFlow's own.
        name: of the operation.
    """
    inputs = [
        one if isinstance(one, SparseTensor) else convert_to_tensor(one)
        for one in inputs
    ]
    sparse = [one for one in inputs if isinstance(one, SparseTensor)]
    dense = [one for one in inputs if not isinstance(one, SparseTensor)]
    indices, values, shape = apply(
        "SparseCross",
        [one.indices for one in sparse],
        [_as_known(one.values) for one in sparse],
        [one.dense_shape for one in sparse],
        [_as_known(one) for one in dense],
        hashed_output=True,
        num_buckets=num_buckets,
        hash_key=hash_key or _DEFAULT_KEY,
        out_type=dtypes.int64,
        internal_type=_common([one.dtype for one in inputs]),
        name=name,
    )
    return SparseTensor(indices, values, shape)


def _as_known(tensor: Any) -> Any:
    return tensor if tensor.dtype == dtypes.string else cast(tensor, dtypes.int64)


def _common(types: list[Any]) -> Any:
    texts = all(kind == dtypes.string for kind in types)
    return dtypes.string if texts else dtypes.int64


name_functions(globals(), string_to_hash_bucket="string_to_hash_bucket_v1")
