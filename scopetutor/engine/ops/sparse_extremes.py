"""`tf.sparse.maximum` and `tf.sparse.minimum`: of two sparse tensors, place by place.

After sparse. What is not given is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _check(*parts: Array) -> None:
    a_shape, b_shape = parts[2], parts[5]
    said = None
    if a_shape.shape != b_shape.shape:
        said = (
            "Operands do not have the same ranks; got shapes: "
            f"{_listed(a_shape)} and {_listed(b_shape)}"
        )
    elif (a_shape != b_shape).any():
        place = np.flatnonzero(a_shape != b_shape)[0]
        said = (
            f"Operands' shapes do not match: got {a_shape[place]} and "
            f"{b_shape[place]} for dimension {place}"
        )
    if said:
        raise InvalidArgumentError(None, None, said)


def _listed(sizes: Array) -> str:
    return " ".join(map(str, sizes.tolist()))


def _extreme(choose: Callable[[Array, Array], Array]) -> Callable[..., Any]:
    def kernel(
        a: Array, x: Array, a_shape: Array, b: Array, y: Array, b_shape: Array
    ) -> Any:
        _check(a, x, a_shape, b, y, b_shape)
        places, where = np.unique(np.concatenate([a, b]), axis=0, return_inverse=True)
        both = np.zeros((2, len(places)), x.dtype)
        where = where.reshape(-1)
        both[0, where[: len(a)]], both[1, where[len(a) :]] = x, y
        return places, choose(both[0], both[1])

    return kernel


def _shape(op: Operation) -> list[Dims]:
    for taken, rank in zip(op._inputs, (2, 1, 1, 2, 1, 1), strict=True):
        rules.with_rank(taken._dims, rank)
    return [(None, None), (None,)]


def _no_gradient(op: Operation, *_: Any) -> Any:
    """There is none. TF 1.15 wanted to say so, and says this."""
    raise TypeError(f"_{op.type}Grad() takes 2 positional arguments but 3 were given")


for _type, _choose in (
    ("SparseSparseMaximum", np.maximum),
    ("SparseSparseMinimum", np.minimum),
):
    define(_type, shape=_shape, kernel=_extreme(_choose), gradient=_no_gradient)


def _of_both(op_type: str, a: Any, b: Any, name: str | None) -> SparseTensor:
    values = [a.indices, a.values, b.indices, b.values]
    with name_scope(name, op_type, values) as scope:
        indices, found = apply(
            op_type,
            a.indices,
            a.values,
            a.dense_shape,
            b.indices,
            b.values,
            b.dense_shape,
            name=scope,
        )
    return SparseTensor(indices, found, a.dense_shape)


def sparse_maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The larger one of two elements in each place."""
    return _of_both("SparseSparseMaximum", sp_a, sp_b, name)


def sparse_minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The smaller one of two elements in each place."""
    return _of_both("SparseSparseMinimum", sp_a, sp_b, name)
