"""Matrices of three diagonals: `tf.linalg.tridiagonal_solve`, `tridiagonal_matmul`.

After matrices. A matrix is given as its upper, main and lower diagonal, [..., 3, n] in
the compact format: the upper one ends with an element that does not count, the lower
one begins with one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define

from . import gathering, joining, math, padding, reshaping, rules
from .matrices import matrix_diag_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_NOWHERE = [0, 0]  # any place will do: the element there does not count


# -- solving ---------------------------------------------------------------------------


def tridiagonal_solve(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    transpose_rhs: bool = False,
    conjugate_rhs: bool = False,
    name: str | None = None,
    partial_pivoting: bool = True,
) -> Any:
    """The x for which the matrix times x is `rhs`.

    Args:
        diagonals: "compact": [..., 3, n]; "sequence": three tensors; "matrix":
            [..., n, n].
        rhs: [..., n] or [..., n, right sides].
        diagonals_format: of `diagonals`.
        transpose_rhs: whether `rhs` is [..., right sides, n], and the result too.
        conjugate_rhs: whether `rhs` is conjugated.
        name: of the operation.
        partial_pivoting: whether rows are exchanged where that is more exact.

    Raises:
        ValueError: the shapes do not fit, or there is no such format.
    """
    if diagonals_format == "sequence":
        diagonals = _compact_of_sequence(diagonals)
    elif diagonals_format == "matrix":
        diagonals = _compact_of_matrix(diagonals)
    elif diagonals_format != "compact":
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    _check_shapes(diagonals.shape, rhs.shape)
    options: dict[str, Any] = {"partial_pivoting": partial_pivoting, "name": name}
    if len(rhs.shape) == len(diagonals.shape) - 1:
        if conjugate_rhs:
            rhs = math.conj(rhs)
        rhs = reshaping.expand_dims(rhs, -1)
        _check_counts(diagonals.shape, rhs.shape)
        solved = apply("TridiagonalSolve", diagonals, rhs, **options)
        return reshaping.squeeze(solved, -1)
    if transpose_rhs:
        rhs = reshaping.matrix_transpose(rhs, conjugate=conjugate_rhs)
    elif conjugate_rhs:
        rhs = math.conj(rhs)
    _check_counts(diagonals.shape, rhs.shape)
    solved = apply("TridiagonalSolve", diagonals, rhs, **options)
    return reshaping.matrix_transpose(solved) if transpose_rhs else solved


def _check_shapes(diagonals: Any, rhs: Any) -> None:
    rank = len(diagonals)
    if rank < 2:
        raise ValueError(f"Expected diagonals to have rank at least 2, got {rank}")
    if len(rhs) not in (rank, rank - 1):
        raise ValueError(
            f"Expected the rank of rhs to be {rank - 1} or {rank}, got {len(rhs)}"
        )
    if diagonals[-2].value and diagonals[-2].value != 3:
        raise ValueError(f"Expected 3 diagonals got {diagonals[-2]}")
    if not diagonals[:-2].is_compatible_with(rhs[: rank - 2]):
        raise ValueError(
            f"Batch shapes {diagonals[:-2]} and {rhs[: rank - 2]} are incompatible"
        )


def _check_counts(diagonals: Any, rhs: Any) -> None:
    left, right = diagonals[-1].value, rhs[-2].value
    if left and right and left != right:
        raise ValueError(
            "Expected number of left-hand sided and right-hand sides to be equal, got "
            f"{left} and {right}"
        )


def _compact_of_sequence(diagonals: Any) -> Any:
    if not isinstance(diagonals, (tuple, list)) or len(diagonals) != 3:
        raise ValueError("Expected diagonals to be a sequence of length 3.")
    upper, main, lower = diagonals
    batch = main.shape[:-1]
    if not all(each.shape[:-1].is_compatible_with(batch) for each in (lower, upper)):
        raise ValueError(
            "Tensors representing the three diagonals must have the same shape,except "
            f"for the last dimension, got {lower.shape}, {main.shape}, {upper.shape}"
        )
    size = main.shape[-1].value
    lower = _padded(lower, size, "subdiagonal", [1, 0])
    upper = _padded(upper, size, "superdiagonal", [0, 1])
    return joining.stack((upper, main, lower), axis=-2)


def _padded(diagonal: Any, size: Any, which: str, pads: list[int]) -> Any:
    found = diagonal.shape[-1].value
    if not found or found == size:
        return diagonal
    if found == size - 1:
        rank = len(diagonal.shape)
        return padding.pad(diagonal, [*([0, 0] for _ in range(rank - 1)), pads])
    raise ValueError(
        f"Expected {which} to be have length {size} or {size - 1}, got {found}."
    )


def _compact_of_matrix(matrix: Any) -> Any:
    columns, rows = matrix.shape[-1].value, matrix.shape[-2].value
    if columns and rows and columns != rows:
        raise _not_square(columns, rows)
    size = columns or rows
    if not size:
        raise _unknown_size()
    places = [
        [[1, 0], [0, 0], _NOWHERE],
        *([[i + 1, i], [i, i], [i - 1, i]] for i in range(1, size - 1)),
        [_NOWHERE, [size - 1, size - 1], [size - 2, size - 1]],
    ]
    turned = reshaping.transpose(matrix)
    return reshaping.transpose(gathering.gather_nd(turned, places))


def _not_square(columns: int, rows: int) -> ValueError:
    return ValueError(
        "Expected last two dimensions of diagonals to be same, got "
        f"{columns} and {rows}"
    )


def _unknown_size() -> ValueError:
    return ValueError(
        'The size of the matrix needs to be known for diagonals_format="matrix"'
    )


# -- multiplying -----------------------------------------------------------------------


def tridiagonal_matmul(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    name: str | None = None,
) -> Any:
    """The matrix times `rhs`; see tridiagonal_solve.

    Raises:
        ValueError: the matrix is not square, or there is no such format.
    """
    if diagonals_format == "compact":
        upper, main, lower = (diagonals[..., i, :] for i in range(3))
    elif diagonals_format == "sequence":
        upper, main, lower = diagonals
    elif diagonals_format == "matrix":
        upper, main, lower = _diagonals_of_matrix(diagonals)
    else:
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    rows = [reshaping.expand_dims(each, -2) for each in (upper, main, lower)]
    return apply("TridiagonalMatMul", *rows, rhs, name=name)


def _diagonals_of_matrix(matrix: Any) -> tuple[Any, Any, Any]:
    columns, rows = matrix.shape[-1].value, matrix.shape[-2].value
    if not columns or not rows:
        raise _unknown_size()
    if columns != rows:
        raise _not_square(columns, rows)
    main = matrix_diag_part(matrix)
    turned = reshaping.transpose(matrix)
    above = [*([i + 1, i] for i in range(columns - 1)), _NOWHERE]
    below = [_NOWHERE, *([i - 1, i] for i in range(1, columns))]
    upper, lower = (
        reshaping.transpose(gathering.gather_nd(turned, places))
        for places in (above, below)
    )
    return upper, main, lower


# -- the operations --------------------------------------------------------------------


def _solve_shape(op: Operation) -> list[Dims]:
    diagonals, rhs = (rules.at_least_rank(taken._dims, 2) for taken in op._inputs)
    if diagonals is None or rhs is None:
        return [rhs]
    if len(diagonals) != len(rhs):
        raise ShapeError(
            f"Shapes must be equal rank, but are {len(diagonals)} and {len(rhs)}"
        )
    rules.merge(diagonals[:-2], rhs[:-2])
    rules.with_size(diagonals[-2], 3)
    size = rules.merge_dim(diagonals[-1], rhs[-2])
    return [(*rhs[:-2], size, rhs[-1])]


def _solve_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    pivots = op._attrs["partial_pivoting"]

    def kernel(diagonals: Array, rhs: Array) -> Array:
        result = np.empty_like(rhs)
        for place in np.ndindex(*rhs.shape[:-2]):
            result[place] = _solved(diagonals[place], rhs[place], pivots)
        return result

    return kernel


def _solved(diagonals: Array, rhs: Array, pivots: bool) -> Array:
    """The x of one matrix, by Gauss's elimination."""
    size = diagonals.shape[-1]
    x = rhs.copy()
    if not size:
        return x
    # Three elements of each row, from the main diagonal on: exchanged rows have more.
    rows = np.zeros((size, 3), diagonals.dtype)
    rows[:, 0], rows[:, 1], below = diagonals[1], diagonals[0], diagonals[2].copy()
    rows[-1, 1] = 0
    for i in range(size - 1):
        if pivots and abs(rows[i, 0]) < abs(below[i + 1]):
            kept = rows[i].copy()
            rows[i] = below[i + 1], rows[i + 1, 0], rows[i + 1, 1]
            below[i + 1] = kept[0]
            rows[i + 1] = kept[1], kept[2], 0
            x[[i, i + 1]] = x[[i + 1, i]]
        _check_pivot(rows[i, 0], pivots)
        factor = below[i + 1] / rows[i, 0]
        rows[i + 1, :2] -= factor * rows[i, 1:]
        x[i + 1] -= factor * x[i]
    _check_pivot(rows[-1, 0], pivots)
    x[-1] /= rows[-1, 0]
    for i in range(size - 2, -1, -1):
        x[i] -= rows[i, 1] * x[i + 1]
        if i + 2 < size:
            x[i] -= rows[i, 2] * x[i + 2]
        x[i] /= rows[i, 0]
    return x


def _check_pivot(pivot: Any, pivots: bool) -> None:
    if pivot == 0:
        raise InvalidArgumentError(
            None,
            None,
            "The matrix is not invertible."
            if pivots
            else "The matrix is either not invertible, or requires pivoting. Try "
            "setting partial_pivoting = True.",
        )


def _product_shape(op: Operation) -> list[Dims]:
    *diagonals, rhs = (rules.at_least_rank(taken._dims, 2) for taken in op._inputs)
    if rhs is None or None in diagonals:
        return [rhs]
    for dims in diagonals:
        rules.merge(dims[:-2], rhs[:-2])  # type: ignore[index]
        rules.merge_dim(dims[-1], rhs[-2])  # type: ignore[index]
        rules.with_size(dims[-2], 1)  # type: ignore[index]
    return [rhs]


def _product(upper: Array, main: Array, lower: Array, rhs: Array) -> Array:
    result: Array = main[..., 0, :, None] * rhs
    result[..., :-1, :] += upper[..., 0, :-1, None] * rhs[..., 1:, :]
    result[..., 1:, :] += lower[..., 0, 1:, None] * rhs[..., :-1, :]
    return result


define(
    "TridiagonalSolve",
    shape=_solve_shape,
    build=_solve_kernel,
    gradient="tridiagonal_gradients.tridiagonal_solve",
)
define(
    "TridiagonalMatMul",
    shape=_product_shape,
    kernel=_product,
    gradient="tridiagonal_gradients.tridiagonal_mat_mul",
)
