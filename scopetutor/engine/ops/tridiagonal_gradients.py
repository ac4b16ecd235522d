"""Gradients of the operations on matrices with three diagonals.

Loaded when first wanted. They make the operations that TF 1.15 makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant

from . import array, joining, math, padding, reshaping

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation


def tridiagonal_mat_mul(op: Operation, grad: Any) -> tuple[Any, ...]:
    upper, main, lower = (
        reshaping.matrix_transpose(each, conjugate=True) for each in op.inputs[:3]
    )
    rhs = math.conj(op.inputs[3])
    upper_grad = math.reduce_sum(_left(rhs) * grad, axis=-1)
    main_grad = math.reduce_sum(rhs * grad, axis=-1)
    lower_grad = math.reduce_sum(_right(rhs) * grad, axis=-1)
    rhs_grad = _right(upper * grad) + main * grad + _left(lower * grad)
    grads = (upper_grad, main_grad, lower_grad)
    return (*(reshaping.expand_dims(each, -2) for each in grads), rhs_grad)


def tridiagonal_solve(op: Operation, grad: Any) -> tuple[Any, Any]:
    transposed = _transposed(op.inputs[0])
    rhs_grad = apply(
        "TridiagonalSolve",
        transposed,
        grad,
        partial_pivoting=op._attrs["partial_pivoting"],
    )
    return -_product_diagonals(rhs_grad, op.outputs[0]), rhs_grad


def _left(x: Any) -> Any:
    """Rows moved up by one."""
    pads = _pads(x, [[0, 1], [0, 0]])
    return padding.pad(x[..., 1:, :], pads)


def _right(x: Any) -> Any:
    """Rows moved down by one."""
    pads = _pads(x, [[1, 0], [0, 0]])
    return padding.pad(x[..., :-1, :], pads)


def _pads(x: Any, last: list[list[int]]) -> Any:
    return joining.concat([_no_pads(x), constant(last)], axis=0)


def _no_pads(x: Any) -> Any:
    """Paddings of nothing, of all axes but the last two."""
    return array.zeros((array.rank(x) - 2, 2), dtype=dtypes.int32)


def _transposed(diagonals: Any) -> Any:
    """The diagonals of the matrix whose rows are the columns of another."""
    main = diagonals[..., 1, :]
    if diagonals.shape.is_fully_defined():
        sizes = [*diagonals.shape[:-2].as_list(), 1]
        zeros = array.zeros(sizes, dtype=diagonals.dtype)
        upper = joining.concat((diagonals[..., 2, 1:], zeros), axis=-1)
        lower = joining.concat((zeros, diagonals[..., 0, :-1]), axis=-1)
    else:
        zeros = _no_pads(diagonals)
        pads = joining.concat((zeros, constant([[0, 1]])), axis=0)
        upper = padding.pad(diagonals[..., 2, 1:], pads)
        pads = joining.concat((zeros, constant([[1, 0]])), axis=0)
        lower = padding.pad(diagonals[..., 0, :-1], pads)
    return joining.stack([upper, main, lower], axis=-2)


def _product_diagonals(x: Any, y: Any) -> Any:
    """The diagonals of x times y transposed, without the rest of it."""
    main = math.reduce_sum(x * y, axis=-1)
    if y.shape.is_fully_defined():
        sizes = [*x.shape[:-2].as_list(), 1, x.shape[-1].value]
        zeros = array.zeros(sizes, dtype=x.dtype)
        above = joining.concat((y[..., 1:, :], zeros), axis=-2)
        upper = math.reduce_sum(x * above, axis=-1)
        below = joining.concat((zeros, y[..., :-1, :]), axis=-2)
        lower = math.reduce_sum(x * below, axis=-1)
    else:
        zeros = _no_pads(y)
        pads = joining.concat((zeros, constant([[0, 1], [0, 0]])), axis=0)
        upper = math.reduce_sum(x * padding.pad(y[..., 1:, :], pads), axis=-1)
        pads = joining.concat((zeros, constant([[1, 0], [0, 0]])), axis=0)
        lower = math.reduce_sum(x * padding.pad(y[..., :-1, :], pads), axis=-1)
    return joining.stack([upper, main, lower], axis=-2)
