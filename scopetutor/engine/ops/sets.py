"""`tf.sets`: rows as sets, their unions, intersections and differences.

After sparse: metrics of the k best compare labels and predictions with these. A set is
the last axis of a tensor; results are sparse, since sets of different sizes make rows
of different lengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_Sets = dict[tuple[int, ...], set[Any]]

_COMBINED: dict[str, Callable[[set[Any], set[Any]], set[Any]]] = {
    "a-b": lambda a, b: a - b,
    "b-a": lambda a, b: b - a,
    "intersection": lambda a, b: a & b,
    "union": lambda a, b: a | b,
}


def _dense_sets(values: Array) -> _Sets:
    return {
        place: set(values[place].tolist()) for place in np.ndindex(values.shape[:-1])
    }


def _sparse_sets(indices: Array, values: Array) -> _Sets:
    found: _Sets = {}
    for index, value in zip(indices.tolist(), values.tolist(), strict=True):
        found.setdefault(tuple(index[:-1]), set()).add(value)
    return found


def _combined(op: Operation, a: _Sets, b: _Sets, outer: Iterable[int]) -> Any:
    """The sets as a sparse tensor; the last size is that of the largest set."""
    combine = _COMBINED[op._attrs["set_operation"]]
    indices: list[tuple[int, ...]] = []
    values: list[Any] = []
    widest = 0
    for place in sorted({*a, *b}):
        members = sorted(combine(a.get(place, set()), b.get(place, set())))
        widest = max(widest, len(members))
        values.extend(members)
        indices.extend((*place, i) for i in range(len(members)))
    shape = [*outer, widest]
    kind = op._attrs["T"].as_numpy_dtype
    return (
        np.array(indices, np.int64).reshape(-1, len(shape)),
        np.array(values, kind),
        np.array(shape, np.int64),
    )


def _check_groups(op: Operation, a: Iterable[int], b: Iterable[int]) -> None:
    if list(a) != list(b):
        raise InvalidArgumentError(
            None,
            op,
            f"Mismatched shapes {dims_text(tuple(a))} vs {dims_text(tuple(b))}",
        )


def _dense_to_dense(op: Operation) -> Callable[[Array, Array], Any]:
    def kernel(a: Array, b: Array) -> Any:
        _check_groups(op, a.shape[:-1], b.shape[:-1])
        return _combined(op, _dense_sets(a), _dense_sets(b), a.shape[:-1])

    return kernel


def _dense_to_sparse(op: Operation) -> Callable[..., Any]:
    def kernel(a: Array, indices: Array, values: Array, shape: Array) -> Any:
        _check_groups(op, a.shape[:-1], shape[:-1].tolist())
        sets = _sparse_sets(indices, values)
        return _combined(op, _dense_sets(a), sets, a.shape[:-1])

    return kernel


def _sparse_to_sparse(op: Operation) -> Callable[..., Any]:
    def kernel(*parts: Array) -> Any:
        _check_groups(op, parts[2][:-1].tolist(), parts[5][:-1].tolist())
        a, b = _sparse_sets(*parts[:2]), _sparse_sets(*parts[3:5])
        return _combined(op, a, b, parts[2][:-1].tolist())

    return kernel


def _sparse_result(rank: int | None) -> list[Dims]:
    return [(None, rank), (None,), (rank,)]


def _dense_to_dense_shape(op: Operation) -> list[Dims]:
    a, b = (tensor._dims for tensor in op._inputs)
    for dims in (a, b):
        rules.at_least_rank(dims, 2)
    if a is not None and b is not None:
        rules.merge(a[:-1], rules.with_rank(b, len(a))[:-1])
    known = a or b
    return _sparse_result(None if known is None else len(known))


def _dense_to_sparse_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    return _sparse_result(None if dims is None else len(dims))


def _sparse_to_sparse_shape(op: Operation) -> list[Dims]:
    for index in (2, 5):
        dims = op._inputs[index]._dims
        if dims is not None and dims[0] is not None:
            return _sparse_result(dims[0])
    return _sparse_result(None)


define(
    "DenseToDenseSetOperation",
    shape=_dense_to_dense_shape,
    build=_dense_to_dense,
    gradient=None,
)
define(
    "DenseToSparseSetOperation",
    shape=_dense_to_sparse_shape,
    build=_dense_to_sparse,
    gradient=None,
)
define(
    "SparseToSparseSetOperation",
    shape=_sparse_to_sparse_shape,
    build=_sparse_to_sparse,
    gradient=None,
)


def _set_size(indices: Array, values: Array, shape: Array) -> Any:
    sizes = np.zeros(shape[:-1].tolist(), np.int32)
    for place, members in _sparse_sets(indices, values).items():
        sizes[place] = len(members)
    return sizes


define("SetSize", shape=rules.unknown, kernel=_set_size, gradient=None)

_ALLOWED = frozenset(
    {
        dtypes.int8,
        dtypes.int16,
        dtypes.int32,
        dtypes.int64,
        dtypes.uint8,
        dtypes.uint16,
        dtypes.string,
    }
)


def _as_sets(value: Any, name: str) -> Any:
    if isinstance(value, SparseTensor):
        return value
    return convert_to_tensor(value, name=name)


def _both(a: Any, b: Any) -> tuple[Any, Any, bool]:
    """The two as tensors, dense before sparse, and whether they changed places."""
    a = _as_sets(a, "a")
    if a.dtype.base_dtype not in _ALLOWED:
        raise TypeError(f"'a' invalid dtype {a.dtype}.")
    b = _as_sets(b, "b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        return b, a, True
    return a, b, False


def _parts(value: Any) -> list[Any]:
    if isinstance(value, SparseTensor):
        return [value.indices, value.values, value.dense_shape]
    return [value]


def _operate(a: Any, b: Any, operation: str, validate_indices: bool) -> SparseTensor:
    kinds = [
        "Sparse" if isinstance(value, SparseTensor) else "Dense" for value in (a, b)
    ]
    indices, values, shape = apply(
        f"{kinds[0]}To{kinds[1]}SetOperation",
        *_parts(a),
        *_parts(b),
        set_operation=operation,
        validate_indices=validate_indices,
    )
    return SparseTensor(indices, values, shape)


def set_size(a: Any, validate_indices: bool = True) -> Any:
    """How many different members the sets of a SparseTensor have."""
    a = _as_sets(a, "a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    if a.values.dtype.base_dtype not in _ALLOWED:
        raise TypeError(f"Invalid dtype {a.values.dtype}.")
    return apply("SetSize", *_parts(a), validate_indices=validate_indices)


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What is in both sets."""
    a, b, _ = _both(a, b)
    return _operate(a, b, "intersection", validate_indices)


def set_difference(
    a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True
) -> SparseTensor:
    """What is in one set and not in the other."""
    a, b, flipped = _both(a, b)
    return _operate(a, b, "a-b" if aminusb != flipped else "b-a", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What is in either set."""
    a, b, _ = _both(a, b)
    return _operate(a, b, "union", validate_indices)
