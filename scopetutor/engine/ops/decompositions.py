"""Matrices taken apart: singular values, eigenvalues, LU, roots, logarithms.

After matrices. Everything works on batches: the matrices lie in the last two
dimensions. A vector of a decomposition may as well be its negative: which one comes out
is LAPACK's choice here and Eigen's in TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import math, matrices, ranks, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

_NOT_SQUARE = "Input matrix must be square."


def _least(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else min(a, b)


def _as(x: Array, *parts: Any) -> Any:
    """Parts in the type of the matrix."""
    found = tuple(np.asarray(part, x.dtype) for part in parts)
    return found if len(found) > 1 else found[0]


# -- singular values and eigenvalues -----------------------------------------------


def _svd_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    if dims is None:
        vectors = None if op._attrs["compute_uv"] else (0,)
        return [None, vectors, vectors]
    *batch, rows, columns = dims
    least = _least(rows, columns)
    if not op._attrs["compute_uv"]:
        return [(*batch, least), (0,), (0,)]
    full = op._attrs["full_matrices"]
    left = (*batch, rows, rows if full else least)
    right = (*batch, columns, columns if full else least)
    return [(*batch, least), left, right]


def _svd_kernel(op: Operation) -> Callable[[Array], Any]:
    full, vectors = op._attrs["full_matrices"], op._attrs["compute_uv"]

    def kernel(x: Array) -> Any:
        none = np.zeros(0, x.dtype)
        if not vectors:
            return _as(x, np.linalg.svd(x, compute_uv=False)), none, none
        left, values, right = np.linalg.svd(x, full_matrices=full)
        return _as(x, values, left, np.conj(np.swapaxes(right, -1, -2)))

    return kernel


define(
    "Svd",
    shape=_svd_shape,
    build=_svd_kernel,
    gradient="decomposition_gradients.svd",
)


def _eigen_shape(op: Operation) -> list[Dims]:
    dims = matrices.square_dims(op._inputs[0]._dims)
    values = None if dims is None else dims[:-1]
    return [values, dims if op._attrs["compute_v"] else (0,)]


def _eigen_kernel(op: Operation) -> Callable[[Array], Any]:
    def kernel(x: Array) -> Any:
        if not op._attrs["compute_v"]:
            return _as(x, np.linalg.eigvalsh(x)), np.zeros(0, x.dtype)
        return _as(x, *np.linalg.eigh(x))

    return ranks.square(_NOT_SQUARE, kernel)


define(
    "SelfAdjointEigV2",
    shape=_eigen_shape,
    build=_eigen_kernel,
    gradient="decomposition_gradients.self_adjoint_eig",
)


def svd(
    tensor: Any,
    full_matrices: bool = False,
    compute_uv: bool = True,
    name: str | None = None,
) -> Any:
    """Each matrix as U * diag(s) * V^T.

    Args:
        tensor: [..., rows, columns].
        full_matrices: whether U and V are square.
        compute_uv: whether they are wanted.
        name: of the operation.

    Returns:
        s, U, V; s alone if `compute_uv` is not set.
    """
    s, u, v = apply(
        "Svd", tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name
    )
    return (math.real(s), u, v) if compute_uv else math.real(s)


def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Any, Any]:
    """The eigenvalues, from the least on, and eigenvectors of symmetric matrices."""
    values, vectors = apply("SelfAdjointEigV2", tensor, compute_v=True, name=name)
    return values, vectors


def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Any:
    """The eigenvalues of symmetric matrices, from the least on."""
    return apply("SelfAdjointEigV2", tensor, compute_v=False, name=name)[0]


# -- triangles ---------------------------------------------------------------------


def _lu_shape(op: Operation) -> list[Dims]:
    dims = matrices.square_dims(op._inputs[0]._dims)
    return [dims, None if dims is None else dims[:-1]]


def _lu_kernel(op: Operation) -> Callable[[Array], tuple[Array, Array]]:
    kind = op._attrs["output_idx_type"].as_numpy_dtype

    def kernel(x: Array) -> tuple[Array, Array]:
        size = x.shape[-1]
        result = x.reshape(-1, size, size).copy()
        order = np.tile(np.arange(size, dtype=kind), (len(result), 1))
        for matrix, rows in zip(result, order, strict=True):
            _eliminate(matrix, rows)
        return result.reshape(x.shape), order.reshape(x.shape[:-1])

    return ranks.square(_NOT_SQUARE, kernel)


def _eliminate(matrix: Array, rows: Array) -> None:
    """Gauss's elimination in place; the largest element of a column goes up."""
    for k in range(len(matrix)):
        best = k + int(np.argmax(np.abs(matrix[k:, k])))
        if not matrix[best, k]:
            raise InvalidArgumentError(None, None, "Input is not invertible.")
        if best != k:
            matrix[[k, best]] = matrix[[best, k]]
            rows[[k, best]] = rows[[best, k]]
        matrix[k + 1 :, k] /= matrix[k, k]
        matrix[k + 1 :, k + 1 :] -= np.outer(matrix[k + 1 :, k], matrix[k, k + 1 :])


define("Lu", shape=_lu_shape, build=_lu_kernel)


def lu(input: Any, output_idx_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """Both triangles of each matrix in one, and the order of its rows."""
    return apply("Lu", input, output_idx_type=output_idx_type, name=name)


def _triangular_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    lower, adjoint = op._attrs["lower"], op._attrs["adjoint"]

    def kernel(matrix: Array, rhs: Array) -> Array:
        matrix = np.tril(matrix) if lower else np.triu(matrix)
        if adjoint:
            matrix = np.conj(np.swapaxes(matrix, -1, -2))
        try:
            result: Array = _as(rhs, np.linalg.solve(matrix, rhs))
        except np.linalg.LinAlgError:
            text = "Input matrix is not invertible."
            raise InvalidArgumentError(None, op, text) from None
        return result

    return ranks.square(_NOT_SQUARE, kernel)


define(
    "MatrixTriangularSolve",
    shape=matrices.solve_shape,
    build=_triangular_kernel,
    gradient="decomposition_gradients.matrix_triangular_solve",
)


def matrix_triangular_solve(
    matrix: Any,
    rhs: Any,
    lower: bool = True,
    adjoint: bool = False,
    name: str | None = None,
) -> Any:
    """The x of `matrix * x = rhs`, where one half of the matrix is taken for zeros."""
    return apply(
        "MatrixTriangularSolve", matrix, rhs, lower=lower, adjoint=adjoint, name=name
    )


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Any:
    """The x of `A * x = rhs`, given the lower triangle of A that `cholesky` gives."""
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        y = matrix_triangular_solve(chol, rhs, adjoint=False, lower=True)
        return matrix_triangular_solve(chol, y, adjoint=True, lower=True)


def _least_squares_shape(op: Operation) -> list[Dims]:
    matrix = rules.at_least_rank(op._inputs[0]._dims, 2)
    rhs = rules.at_least_rank(op._inputs[1]._dims, 2)
    rules.with_rank(op._inputs[2]._dims, 0)
    if matrix is None or rhs is None:
        return [None]
    rules.merge_dim(matrix[-2], rhs[-2])
    batch = rules.merge(matrix[:-2], rhs[:-2]) or ()
    return [(*batch, matrix[-1], rhs[-1])]


def _least_squares_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    fast = op._attrs["fast"]

    def kernel(matrix: Array, rhs: Array, l2: Array) -> Array:
        if not (fast and l2):  # TF 1.15: it counts only where Cholesky's is used
            return np.asarray(np.linalg.pinv(matrix) @ rhs, rhs.dtype)
        adjoint = np.conj(np.swapaxes(matrix, -1, -2))
        gramian = adjoint @ matrix + l2 * np.eye(matrix.shape[-1])
        return np.asarray(np.linalg.solve(gramian, adjoint @ rhs), rhs.dtype)

    return kernel


define("MatrixSolveLs", shape=_least_squares_shape, build=_least_squares_kernel)

# -- determinants, roots, logarithms -----------------------------------------------


def _log_determinant_shape(op: Operation) -> list[Dims]:
    dims = matrices.square_dims(op._inputs[0]._dims)
    return [None if dims is None else dims[:-2]] * 2


define(
    "LogMatrixDeterminant",
    shape=_log_determinant_shape,
    kernel=ranks.square(_NOT_SQUARE, lambda x: _as(x, *np.linalg.slogdet(x))),
    gradient="decomposition_gradients.log_matrix_determinant",
)


def _eigen_function(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """A function of matrices that it is of their eigenvalues."""

    def kernel(x: Array) -> Array:
        values, vectors = np.linalg.eig(x.astype(np.complex128))
        middle = function(values)[..., None, :]
        result = (vectors * middle) @ np.linalg.inv(vectors)
        found: Array = _as(x, result if x.dtype.kind == "c" else result.real)
        return found

    return ranks.square(_NOT_SQUARE, kernel)


define(
    "MatrixSquareRoot",
    shape=lambda op: [matrices.square_dims(op._inputs[0]._dims)],
    kernel=_eigen_function(np.sqrt),
    gradient="decomposition_gradients.matrix_square_root",
)
define(
    "MatrixLogarithm",
    shape=lambda op: [matrices.square_dims(op._inputs[0]._dims)],
    kernel=_eigen_function(np.log),
)


def matrix_square_root(input: Any, name: str | None = None) -> Any:
    """The matrix whose square each matrix is."""
    return apply("MatrixSquareRoot", input, name=name)


def matrix_logarithm(input: Any, name: str | None = None) -> Any:
    """The matrix whose exponential each matrix is; of complex numbers only."""
    return apply("MatrixLogarithm", input, name=name)


def slogdet(input: Any, name: str | None = None) -> Any:
    """The sign of each determinant, and the logarithm of its size."""
    return apply("LogMatrixDeterminant", input, name=name)


name_functions(globals(), slogdet="log_matrix_determinant")
