"""Texts and numbers sorted into buckets: `tf.string_to_hash_bucket*`, bucketize.

After text; the hashes are in ``farmhash.py`` and ``string_hashes.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.farmhash import fingerprint64
from scopetutor.engine.naming import name_functions
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.string_hashes import hash64, siphash

from . import rules
from .text import Array, each

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims


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


# -- fingerprints ----------------------------------------------------------------------


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


name_functions(globals(), string_to_hash_bucket="string_to_hash_bucket_v1")
