"""Products of matrices: `tf.matmul` and `tf.linalg.matvec`.

After casting; ``math.py`` gathers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .casting import conj

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _matmul_shape(op: Operation) -> list[Dims]:
    a = rules.with_rank(op._inputs[0]._dims, 2)
    b = rules.with_rank(op._inputs[1]._dims, 2)
    if op._attrs["transpose_a"]:
        a = a[::-1]
    if op._attrs["transpose_b"]:
        b = b[::-1]
    rules.merge_dim(a[1], b[0])
    return [(a[0], b[1])]


def _matmul_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    ta, tb = op._attrs["transpose_a"], op._attrs["transpose_b"]

    def kernel(a: Array, b: Array) -> Any:
        a = a.T if ta else a
        b = b.T if tb else b
        if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
            _refuse_matmul(op, a.T if ta else a, b.T if tb else b)
        return a.dot(b)  # of matrices the same as a @ b, with less before it

    return kernel


def _refuse_matmul(op: Operation, a: Array, b: Array) -> None:
    for index, matrix in enumerate((a, b)):
        if matrix.ndim != 2:
            raise InvalidArgumentError(
                None,
                op,
                f"In[{index}] is not a matrix. Instead it has shape "
                f"{_shape_text(matrix)}",
            )
    raise InvalidArgumentError(
        None,
        op,
        f"Matrix size-incompatible: In[0]: {_shape_text(a)}, In[1]: {_shape_text(b)}",
    )


def _shape_text(array: Array) -> str:
    return "[" + ",".join(map(str, array.shape)) + "]"


define(
    "MatMul",
    shape=_matmul_shape,
    build=_matmul_kernel,
    gradient="matmul_gradients.mat_mul",
)
define(
    "SparseMatMul",
    shape=_matmul_shape,
    build=_matmul_kernel,
    gradient="matmul_gradients.sparse_mat_mul",
)


def _batch_matmul_shape(op: Operation) -> list[Dims]:
    a = rules.at_least_rank(op._inputs[0]._dims, 2)
    b = rules.at_least_rank(op._inputs[1]._dims, 2)
    if a is None or b is None:
        return [None]
    rows, inner_a = a[-2:][::-1] if op._attrs["adj_x"] else a[-2:]
    inner_b, columns = b[-2:][::-1] if op._attrs["adj_y"] else b[-2:]
    rules.merge_dim(inner_a, inner_b)
    batch = rules.broadcast(a[:-2], b[:-2])
    return [(*batch, rows, columns)]  # type: ignore[misc]


def adjoint_of(x: Array) -> Any:
    """Each of a batch of matrices, turned and conjugated."""
    return np.conj(np.swapaxes(x, -1, -2))


def _batch_matmul_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    ax, ay = op._attrs["adj_x"], op._attrs["adj_y"]

    def kernel(a: Array, b: Array) -> Any:
        for place, x in enumerate((a, b)):
            if x.ndim < 2:
                problem = f"In[{place}] ndims must be >= 2: {x.ndim}"
                raise InvalidArgumentError(None, op, problem)
        left, right = adjoint_of(a) if ax else a, adjoint_of(b) if ay else b
        inner, other = left.shape[-1], right.shape[-2]
        if inner != other:
            raise InvalidArgumentError(
                None,
                op,
                f"In[0] mismatch In[1] shape: {inner} vs. {other}: {_shape_text(a)} "
                f"{_shape_text(b)} {ax:d} {ay:d}",
            )
        try:
            return np.matmul(left, right)
        except ValueError:
            raise InvalidArgumentError(
                None,
                op,
                "In[0] and In[1] must have compatible batch dimensions: "
                f"{_shape_text(a)} vs. {_shape_text(b)}",
            ) from None

    return kernel


define(
    "BatchMatMul",
    shape=_batch_matmul_shape,
    build=_batch_matmul_kernel,
    gradient="matmul_gradients.batch_mat_mul",
)
define(
    "BatchMatMulV2",
    shape=_batch_matmul_shape,
    build=_batch_matmul_kernel,
    gradient="matmul_gradients.batch_mat_mul_v2",
)


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """The product of two matrices, or of two batches of them.

    Raises:
        ValueError: the sizes do not fit, or transpose and adjoint are both asked for.
    """
    with name_scope(name, "MatMul", [a, b]) as scope:
        for transpose, adjoint, letter in (
            (transpose_a, adjoint_a, "a"),
            (transpose_b, adjoint_b, "b"),
        ):
            if transpose and adjoint:
                raise ValueError(
                    f"Only one of transpose_{letter} and adjoint_{letter} can be True."
                )
        a, b = convert_to_tensor(a, name="a"), convert_to_tensor(b, name="b")
        batched = any(x._dims is None or len(x._dims) > 2 for x in (a, b))
        if batched and not (a_is_sparse or b_is_sparse):
            if transpose_a:
                a, adjoint_a = conj(a), True
            if transpose_b:
                b, adjoint_b = conj(b), True
            return apply(
                "BatchMatMulV2", a, b, adj_x=adjoint_a, adj_y=adjoint_b, name=scope
            )
        if adjoint_a:
            a, transpose_a = conj(a), True
        if adjoint_b:
            b, transpose_b = conj(b), True
        sparse = {}
        if (a_is_sparse or b_is_sparse) and a.dtype.base_dtype is dtypes.float32:
            sparse = {"a_is_sparse": a_is_sparse, "b_is_sparse": b_is_sparse}
        return apply(
            "SparseMatMul" if sparse else "MatMul",
            a,
            b,
            transpose_a=transpose_a,
            transpose_b=transpose_b,
            name=scope,
            **sparse,
        )


def sparse_matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """The product of two matrices that may be mostly zeros, but are written out."""
    return apply(
        "SparseMatMul",
        a,
        b,
        transpose_a=transpose_a,
        transpose_b=transpose_b,
        a_is_sparse=a_is_sparse,
        b_is_sparse=b_is_sparse,
        name=name,
    )


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """A matrix times a vector."""
    with name_scope(name, "MatVec", [a, b]):
        column = apply("ExpandDims", b, -1)
        product = matmul(
            a,
            column,
            transpose_a=transpose_a,
            adjoint_a=adjoint_a,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
        )
        return apply("Squeeze", product, squeeze_dims=[-1])
