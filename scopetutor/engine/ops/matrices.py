"""Parts of matrices, norms, and what is computed of whole matrices.

After linalg, where diagonals of tensors and identity matrices are. Everything here
works on batches: the matrices lie in the last two dimensions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, joining, math, ranks, reshaping, rules
from .matmul import adjoint_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

_NO_MATRIX = "input must be at least 2-dim, received shape: {}"
_NOT_SQUARE = "Input matrix must be square."

# -- parts -------------------------------------------------------------------------


def _diag_part_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    if dims is None:
        return [None]
    *batch, rows, columns = dims
    least = None if rows is None or columns is None else min(rows, columns)
    return [(*batch, least)]


define(
    "MatrixDiagPart",
    shape=_diag_part_shape,
    kernel=ranks.at_least(
        2, _NO_MATRIX, lambda x: np.diagonal(x, axis1=-2, axis2=-1).copy()
    ),
    gradient="array_gradients.matrix_diag_part",
)


def _check_band(word: str, number: Array, what: str, most: int) -> None:
    if number.ndim:
        shape = dims_text(number.shape)
        raise ranks.refusal(f"{word} must be scalar, got shape {shape}")
    if number > most:
        raise ranks.refusal(
            f"{word} must be negative or less or equal to number of {what} "
            f"got: {number}"
        )


def _band_kernel(x: Array, num_lower: Array, num_upper: Array) -> Array:
    rows, columns = x.shape[-2:]
    _check_band("num_lower", num_lower, f"rows ({rows})", rows)
    _check_band("num_upper", num_upper, f"columns ({columns})", columns)
    below = np.arange(rows)[:, None] - np.arange(columns)
    kept = np.ones((rows, columns), bool)
    if num_lower >= 0:
        kept &= below <= num_lower
    if num_upper >= 0:
        kept &= -below <= num_upper
    return np.where(kept, x, np.zeros((), x.dtype))


define(
    "MatrixBandPart",
    shape=rules.unchanged,
    kernel=ranks.at_least(2, _NO_MATRIX, _band_kernel),
    gradient="array_gradients.matrix_band_part",
)


def _main_diagonal_only(k: Any) -> None:
    if k != 0:
        raise NotImplementedError(
            "scopetutor knows the main diagonal of matrices only (k=0)"
        )


def matrix_diag(
    diagonal: Any,
    name: str = "diag",
    k: Any = 0,
    num_rows: int = -1,
    num_cols: int = -1,
    padding_value: Any = 0,
) -> Any:
    """Matrices with given diagonals and zeros elsewhere."""
    _main_diagonal_only(k)
    return apply("MatrixDiag", diagonal, name=name)


def matrix_diag_part(
    input: Any, name: str = "diag_part", k: Any = 0, padding_value: Any = 0
) -> Any:
    """The diagonals of matrices."""
    _main_diagonal_only(k)
    return apply("MatrixDiagPart", input, name=name)


def matrix_set_diag(
    input: Any, diagonal: Any, name: str = "set_diag", k: Any = 0
) -> Any:
    """Matrices with other diagonals."""
    _main_diagonal_only(k)
    return apply("MatrixSetDiag", input, diagonal, name=name)


def matrix_band_part(
    input: Any, num_lower: Any, num_upper: Any, name: str | None = None
) -> Any:
    """The diagonal and some lines below and above it; all of them, if negative."""
    return apply("MatrixBandPart", input, num_lower, num_upper, name=name)


def trace(x: Any, name: str | None = None) -> Any:
    """The sum of each diagonal."""
    with name_scope(name, "Trace", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return math.reduce_sum(matrix_diag_part(x), [-1], name=scope)


# -- norms -------------------------------------------------------------------------

_AXES = "'axis' must be None, an integer, or a tuple of 2 unique integers"
_VECTOR_NORMS = ["euclidean", 1, 2, np.inf]
_MATRIX_NORMS = ["euclidean", "fro", 1, 2, np.inf]


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
) -> Any:
    """The length of vectors, or a norm of matrices.

    Args:
        tensor: what is measured.
        ord: "euclidean", 1, infinity, or another positive number; "fro" of matrices.
        axis: along which the vectors lie; two for matrices; None: all is one vector.
        keepdims: whether the axes stay, with size 1.
        name: of the name scope.
        keep_dims: the old name of `keepdims`.

    Raises:
        ValueError: the norm or the axes do not exist.
        NotImplementedError: the spectral norm of matrices.
    """
    keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    of_matrices = isinstance(axis, (tuple, list)) and len(axis) == 2
    axis = _checked_norm(ord, axis, of_matrices)
    with name_scope(name, "norm", [tensor]):
        tensor = convert_to_tensor(tensor)
        if ord in ("fro", "euclidean", 2):
            if of_matrices and ord == 2:
                raise NotImplementedError(
                    "scopetutor does not compute the spectral norm of matrices"
                )
            squares = tensor * math.conj(tensor)
            result = math.sqrt(math.reduce_sum(squares, axis, keepdims=True))
        else:
            result = _p_norm(math.abs(tensor), ord, axis, of_matrices)
        return result if keepdims else reshaping.squeeze(result, axis)


def _checked_norm(ord: Any, axis: Any, of_matrices: bool) -> tuple[int, ...] | None:
    """The axes; ValueError if they or the norm do not exist."""
    if of_matrices:
        if not all(isinstance(a, int) for a in axis) or axis[0] == axis[1]:
            raise ValueError(_AXES)
        if ord not in _MATRIX_NORMS:
            raise ValueError(
                f"'ord' must be a supported matrix norm in {_MATRIX_NORMS}, got {ord}"
            )
        return tuple(axis)
    if not (isinstance(axis, int) or axis is None):
        raise ValueError(_AXES)
    if (not np.isreal(ord) or ord <= 0) and ord not in _VECTOR_NORMS:
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")
    return None if axis is None else (axis,)


def _p_norm(sizes: Any, ord: Any, axis: Any, of_matrices: bool) -> Any:
    first = None if axis is None else axis[0]
    if ord == 1:
        result = math.reduce_sum(sizes, first, keepdims=True)
        if of_matrices:
            result = math.reduce_max(result, axis[-1], keepdims=True)
        return result
    if ord == np.inf:
        if of_matrices:
            sizes = math.reduce_sum(sizes, axis[1], keepdims=True)
        return math.reduce_max(sizes, first, keepdims=True)
    powers = math.reduce_sum(math.pow(sizes, ord), axis, keepdims=True)
    return math.pow(powers, 1.0 / ord)


# -- whole matrices ----------------------------------------------------------------


def square_dims(dims: Dims, *, turned: bool = False) -> tuple[int | None, ...] | None:
    """The shape of square matrices; an error names both sizes, `turned` or not."""
    dims = rules.at_least_rank(dims, 2)
    if dims is None:
        return None
    if dims[-1] is not None and dims[-2] is not None and dims[-1] != dims[-2]:
        sizes = (dims[-1], dims[-2]) if turned else (dims[-2], dims[-1])
        raise ShapeError(f"Dimensions must be equal, but are {sizes[0]} and {sizes[1]}")
    return dims


def _same_square(op: Operation) -> list[Dims]:
    return [square_dims(op._inputs[0]._dims)]


def _batch_of_square(op: Operation) -> list[Dims]:
    dims = square_dims(op._inputs[0]._dims, turned=True)
    return [None if dims is None else dims[:-2]]


def _not_invertible(op: Operation, what: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, op, f"{what} is not invertible.")


def _inverse_kernel(op: Operation) -> Callable[[Array], Array]:
    adjoint = op._attrs["adjoint"]

    def kernel(x: Array) -> Array:
        try:
            return np.linalg.inv(adjoint_of(x) if adjoint else x)
        except np.linalg.LinAlgError:
            raise _not_invertible(op, "Input") from None

    return ranks.square(_NOT_SQUARE, kernel)


def _inverse_gradient(op: Operation, grad: Any) -> Any:
    inverse = op.outputs[0]
    right = math.matmul(grad, inverse, adjoint_b=True)
    return -math.matmul(inverse, right, adjoint_a=True)


define(
    "MatrixInverse",
    shape=_same_square,
    build=_inverse_kernel,
    gradient=_inverse_gradient,
)


_determinant = ranks.square(
    _NOT_SQUARE, lambda x: np.asarray(np.linalg.det(x), x.dtype)
)


def _determinant_gradient(op: Operation, grad: Any) -> Any:
    determinant = op.outputs[0]
    inverse = apply("MatrixInverse", op.inputs[0], adjoint=True)
    slope = grad * determinant
    sizes = joining.concat([array.shape(determinant), [1, 1]], 0)
    return reshaping.reshape(slope, sizes) * inverse


define(
    "MatrixDeterminant",
    shape=_batch_of_square,
    kernel=ranks.at_least(
        2, "Input tensor 0 must have rank >= 2, got {rank}", _determinant
    ),
    gradient=_determinant_gradient,
)


def solve_shape(op: Operation) -> list[Dims]:
    """The shape of what is solved: that of the right sides."""
    matrix, rhs = square_dims(op._inputs[0]._dims), op._inputs[1]._dims
    rules.at_least_rank(rhs, 2)
    if matrix is None or rhs is None:
        return [rhs]
    rules.merge_dim(matrix[-1], rhs[-2])
    return [rhs]


def _solve_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    adjoint = op._attrs["adjoint"]

    def kernel(matrix: Array, rhs: Array) -> Array:
        try:
            return np.linalg.solve(adjoint_of(matrix) if adjoint else matrix, rhs)
        except np.linalg.LinAlgError:
            raise _not_invertible(op, "Input matrix") from None

    return ranks.square("First input (lhs) must be a square matrix.", kernel)


def _solve_gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
    matrix, adjoint, found = op.inputs[0], op._attrs["adjoint"], op.outputs[0]
    of_rhs = apply("MatrixSolve", matrix, grad, adjoint=not adjoint)
    left, right = (found, of_rhs) if adjoint else (of_rhs, found)
    return -math.matmul(left, right, adjoint_b=True), of_rhs


define("MatrixSolve", shape=solve_shape, build=_solve_kernel, gradient=_solve_gradient)


def _cholesky_kernel(op: Operation) -> Callable[[Array], Array]:
    def kernel(x: Array) -> Array:
        try:
            return np.linalg.cholesky(x)
        except np.linalg.LinAlgError:
            raise InvalidArgumentError(
                None,
                op,
                "Cholesky decomposition was not successful. The input might not be "
                "valid.",
            ) from None

    return ranks.square(_NOT_SQUARE, kernel)


define(
    "Cholesky",
    shape=_same_square,
    build=_cholesky_kernel,
    gradient="decomposition_gradients.cholesky",
)


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Any:
    """Each matrix as an orthogonal one times an upper triangular one."""
    return apply("Qr", input, full_matrices=full_matrices, name=name)


def cholesky(input: Any, name: str | None = None) -> Any:
    """The lower triangular L of each positive definite matrix L * L^T."""
    return apply("Cholesky", input, name=name)


def matrix_inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """The inverse of each matrix, or of its adjoint."""
    return apply("MatrixInverse", input, adjoint=adjoint, name=name)


def matrix_determinant(input: Any, name: str | None = None) -> Any:
    """The determinant of each matrix."""
    return apply("MatrixDeterminant", input, name=name)


def matrix_solve(
    matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None
) -> Any:
    """The x of `matrix * x = rhs`."""
    return apply("MatrixSolve", matrix, rhs, adjoint=adjoint, name=name)
