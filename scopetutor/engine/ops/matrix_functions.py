"""What TF 1.15 composes of operations on whole matrices: `tf.linalg.expm` and others.

After decompositions and matrices: nothing here has a kernel of its own, as in TF 1.15.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.operation import Tensor
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import array, gathering, joining, linalg, math, reshaping
from .branches import cond, while_loop
from .decompositions import cholesky_solve, svd
from .matrices import cholesky, matrix_diag_part, matrix_solve, norm
from .rank_checks import assert_rank_at_least


def adjoint(matrix: Any, name: str | None = None) -> Any:
    """Rows and columns exchanged, complex numbers conjugated."""
    with name_scope(name, "adjoint", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        return reshaping.matrix_transpose(matrix, conjugate=True)


def logdet(matrix: Any, name: str | None = None) -> Any:
    """The logarithm of the determinant of positive definite matrices."""
    with name_scope(name, "logdet", [matrix]):
        diagonal = matrix_diag_part(cholesky(matrix))
        return 2.0 * math.reduce_sum(math.log(math.real(diagonal)), axis=[-1])


def normalize(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None
) -> tuple[Any, Any]:
    """Vectors divided by their `norm`, and the norms."""
    with name_scope(name, "normalize", [tensor]):
        tensor = convert_to_tensor(tensor)
        length = norm(tensor, ord, axis, keepdims=True)
        length = math.cast(length, tensor.dtype)
        return tensor / length, length


# -- least squares -----------------------------------------------------------------

_CACHE = 256_000  # bytes: TF 1.15's guess of what fits in a processor's cache


def matrix_solve_ls(
    matrix: Any,
    rhs: Any,
    l2_regularizer: Any = 0.0,
    fast: bool = True,
    name: str | None = None,
) -> Any:
    """The x for which `matrix * x` comes nearest to `rhs`.

    Args:
        matrix: [..., rows, columns].
        rhs: [..., rows, right sides].
        l2_regularizer: how much long x are avoided.
        fast: whether Cholesky's decomposition is used: fast, less exact.
        name: of the operations.

    Raises:
        NotImplementedError: of complex128 with `l2_regularizer`.
    """
    matrix = convert_to_tensor(matrix, name="matrix")
    if matrix.dtype == dtypes.complex128 and l2_regularizer != 0:
        raise NotImplementedError(
            "matrix_solve_ls is currently disabled for complex128 and l2_regularizer "
            "!= 0 due to poor accuracy."
        )
    if not _is_composed(matrix, fast):
        return apply("MatrixSolveLs", matrix, rhs, l2_regularizer, fast=fast, name=name)
    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        known = matrix.get_shape()[-2:]
        if known.is_fully_defined():
            solve = _tall if known[-2] >= known[-1] else _wide
            return solve(matrix, rhs, l2_regularizer)
        sizes = array.shape(matrix)[-2:]
        return cond(
            sizes[-2] >= sizes[-1],
            lambda: _tall(matrix, rhs, l2_regularizer),
            lambda: _wide(matrix, rhs, l2_regularizer),
        )


def _is_composed(matrix: Any, fast: bool) -> bool:
    shape = matrix.get_shape()
    if fast is False or not shape.is_fully_defined():
        return fast is not False
    is_large = shape.num_elements() * matrix.dtype.size > _CACHE
    return not (is_large and shape[:-2].num_elements() > min(shape[-2:].as_list()))


def _tall(matrix: Any, rhs: Any, l2: Any) -> Any:
    chol = _gramian_cholesky(matrix, l2, tall=True)
    return cholesky_solve(chol, math.matmul(matrix, rhs, adjoint_a=True))


def _wide(matrix: Any, rhs: Any, l2: Any) -> Any:
    chol = _gramian_cholesky(matrix, l2, tall=False)
    return math.matmul(matrix, cholesky_solve(chol, rhs), adjoint_a=True)


def _gramian_cholesky(matrix: Any, l2: Any, *, tall: bool) -> Any:
    gramian = math.matmul(matrix, matrix, adjoint_a=tall, adjoint_b=not tall)
    if isinstance(l2, Tensor) or l2 != 0:
        axis = -1 if tall else -2
        shape = array.shape(matrix)
        batch = shape[:-2]
        identity = linalg.eye(shape[axis], batch_shape=batch, dtype=matrix.dtype)
        size, known = matrix.shape[axis], matrix.shape[:-2]
        identity.set_shape(known.concatenate([size, size]))
        gramian += l2 * identity
    return cholesky(gramian)


# -- ranks and inverses ------------------------------------------------------------


def _checked(a: Any, validate_args: bool) -> Any:
    if not a.dtype.is_floating:
        raise TypeError(
            f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name})."
        )
    rank = a.shape.rank
    if rank is not None and rank < 2:
        raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {rank}).")
    if rank is None and validate_args:
        message = "Input `a` must have at least 2 dimensions."
        check = assert_rank_at_least(a, rank=2, message=message)
        with control_dependencies([check]):
            return array.identity(a)
    return a


def matrix_rank(
    a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None
) -> Any:
    """How many singular values of each matrix are above `tol`."""
    with name_scope(name or "matrix_rank"):
        a = convert_to_tensor(a, preferred_dtype=dtypes.float32, name="a")
        a = _checked(a, validate_args)
        values = svd(a, compute_uv=False)
        if tol is None:
            known = a.shape[-2:]
            if known.is_fully_defined():
                size = np.max(known.as_list())
            else:
                size = math.reduce_max(array.shape(a)[-2:])
            least = np.finfo(a.dtype.as_numpy_dtype).eps
            tol = least * math.cast(size, a.dtype)
            tol *= math.reduce_max(values, axis=-1, keepdims=True)
        return math.reduce_sum(math.cast(values > tol, dtypes.int32), axis=-1)


def pinv(
    a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None
) -> Any:
    """Moore and Penrose's inverse of each matrix.

    Args:
        a: [..., rows, columns].
        rcond: which singular values are taken for 0, as a share of the largest.
        validate_args: whether the rank is checked in the run if it is not known.
        name: of the name scope.
    """
    with name_scope(name or "pinv"):
        a = _checked(convert_to_tensor(a, name="a"), validate_args)
        kind = a.dtype.as_numpy_dtype
        if rcond is None:
            rcond = 10.0 * _longer_side(a, kind) * np.finfo(kind).eps
        rcond = convert_to_tensor(rcond, dtype=kind, name="rcond")
        values, left, right = svd(a, full_matrices=False, compute_uv=True)
        cutoff = rcond * math.reduce_max(values, axis=-1)
        values = gathering.where_v2(
            values > apply("ExpandDims", cutoff, -1),
            values,
            np.array(np.inf, kind),
        )
        scaled = right / apply("ExpandDims", values, -2)
        result = math.matmul(scaled, left, adjoint_b=True)
        if a.shape.rank is not None:
            sizes = [a.shape[-1], a.shape[-2]]
            result.set_shape(a.shape[:-2].concatenate(sizes))
        return result


def _longer_side(a: Any, kind: Any) -> Any:
    sizes = [
        array.shape(a)[axis] if a.shape[axis].value is None else a.shape[axis].value
        for axis in (-2, -1)
    ]
    if all(isinstance(size, int) for size in sizes):
        return float(max(sizes))
    return math.cast(math.maximum(*sizes), kind)


# -- the exponential ---------------------------------------------------------------

# Higham, "The scaling and squaring method for the matrix exponential revisited", 2005:
# Pade's coefficients, and up to which norm each order is exact.
_PADE = {
    3: [120.0, 60.0, 12.0],
    5: [30240.0, 15120.0, 3360.0, 420.0, 30.0],
    7: [17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0],
    9: [
        17643225600.0, 8821612800.0, 2075673600.0, 302702400.0, 30270240.0, 2162160.0,
        110880.0, 3960.0, 90.0,
    ],
    13: [
        64764752532480000.0, 32382376266240000.0, 7771770303897600.0,
        1187353796428800.0, 129060195264000.0, 10559470521600.0, 670442572800.0,
        33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0,
    ],
}  # fmt: skip
_NARROW = [4.258730016922831e-001, 1.880152677804762e000], 3.925724783138660
_FULL = (
    [
        1.495585217958292e-002,
        2.539398330063230e-001,
        9.504178996162932e-001,
        2.097847961257068e000,
    ],
    5.371920351148152,
)
_NORMS = {
    dtypes.float16: _NARROW,
    dtypes.float32: _NARROW,
    dtypes.complex64: _NARROW,
    dtypes.float64: _FULL,
    dtypes.complex128: _FULL,
}


def matrix_exponential(input: Any, name: str | None = None) -> Any:
    """The exponential of each matrix.

    TF 1.15 computes the approximations of all orders and chooses in the run.

    Raises:
        ValueError: the numbers are not floating or complex.
    """
    with name_scope(name, "matrix_exponential", [input]):
        matrix = convert_to_tensor(input, name="input")
        if matrix.shape[-2:] == [0, 0]:
            return matrix
        batch = matrix.shape[:-2]
        if not batch.is_fully_defined():
            batch = array.shape(matrix)[:-2]
        sizes = joining.concat(([-1], array.shape(matrix)[-2:]), axis=0)
        matrix = reshaping.reshape(matrix, sizes)
        absolute = math.abs(matrix)
        axis = array.size(array.shape(matrix)) - 2
        columns = math.reduce_sum(absolute, axis=axis)
        length = math.reduce_max(columns, axis=-1)
        if matrix.dtype not in _NORMS:
            raise ValueError(
                f"tf.linalg.expm does not support matrices of type {matrix.dtype}"
            )
        squarings, above, below = _approximated(matrix, length)
        rhs = above + below
        result = matrix_solve(-above + below, rhs)
        result = _squared(result, squarings, length.dtype)
        if not matrix.shape.is_fully_defined():
            whole = joining.concat((batch, array.shape(result)[-2:]), axis=0)
            return reshaping.reshape(result, whole)
        return reshaping.reshape(result, batch.concatenate(result.shape[-2:]))


def _approximated(matrix: Any, length: Any) -> tuple[Any, Any, Any]:
    """How often the result is squared, and the odd and even half of the fraction."""
    norms, longest = _NORMS[matrix.dtype]
    longest = constant(longest, length.dtype)
    times = math.log(length / longest)
    squarings = math.floor(times / math.log(constant(2.0, length.dtype)))
    squarings = math.maximum(squarings, 0)
    *orders, last = [order for order in _PADE if order <= (13 if len(norms) > 2 else 7)]
    halves = [_pade(matrix, order) for order in orders]
    two = constant(2.0, dtype=matrix.dtype)
    scale = math.pow(two, math.cast(squarings, matrix.dtype))
    halves.append(_pade(matrix / scale[..., None, None], last))
    odd = _chosen(length, norms, [half[0] for half in halves])
    return squarings, odd, _chosen(length, norms, [half[1] for half in halves])


def _chosen(length: Any, norms: list[float], cases: list[Any]) -> Any:
    """The first case whose norm is not reached."""
    is_short = math.less(length, constant(norms[0], length.dtype))
    if len(norms) == 1:
        return gathering.where(is_short, cases[0], cases[1])
    return gathering.where(is_short, cases[0], _chosen(length, norms[1:], cases[1:]))


def _pade(matrix: Any, order: int) -> tuple[Any, Any]:
    b = [constant(number, matrix.dtype) for number in _PADE[order]]
    rows = array.shape(matrix)[-2]
    batch = array.shape(matrix)[:-2]
    identity = linalg.eye(rows, batch_shape=batch, dtype=matrix.dtype)
    powers = [identity, math.matmul(matrix, matrix)]
    while len(powers) < min(order, 7) // 2 + 1 + (order == 9):
        powers.append(math.matmul(powers[-1], powers[1]))
    if order == 13:
        return _pade_13(matrix, b, powers)
    top = len(powers) - 1
    odd = powers[top]
    for k in range(top - 1, -1, -1):
        odd += b[2 * k + 1] * powers[k]
    odd = math.matmul(matrix, odd)
    even = b[2 * top] * powers[top]
    for k in range(top - 1, -1, -1):
        even += b[2 * k] * powers[k]
    return odd, even


def _pade_13(matrix: Any, b: list[Any], powers: list[Any]) -> tuple[Any, Any]:
    """The powers above the sixth are products with the sixth."""
    inner = powers[3] + b[11] * powers[2] + b[9] * powers[1]
    odd = math.matmul(powers[3], inner)
    for k in range(3, -1, -1):
        odd += b[2 * k + 1] * powers[k]
    odd = math.matmul(matrix, odd)
    inner = b[12] * powers[3] + b[10] * powers[2] + b[8] * powers[1]
    even = math.matmul(powers[3], inner)
    for k in range(3, -1, -1):
        even += b[2 * k] * powers[k]
    return odd, even


def _squared(result: Any, squarings: Any, dtype: Any) -> Any:
    most = math.reduce_max(squarings)

    def body(i: Any, r: Any) -> tuple[Any, Any]:
        following = i + 1
        again = math.less(i, squarings)
        return following, gathering.where(again, math.matmul(r, r), r)

    start = constant(0.0, dtype)
    return while_loop(lambda i, _: math.less(i, most), body, [start, result])[1]


name_functions(globals())
