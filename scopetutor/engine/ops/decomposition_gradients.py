"""Gradients of decompositions and of what is solved with them.

After math_gradients, loaded like it. The formulas are those of TF 1.15.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.surroundings import control_dependencies

from . import array, decompositions, joining, linalg, math, matrices, reshaping, slicing
from .matrix_functions import adjoint


def cholesky(op: Any, grad: Any) -> Any:
    lower = op.outputs[0]
    rows = array.shape(lower)[-1]
    batch = array.shape(lower)[:-2]
    identity = linalg.eye(rows, batch_shape=batch, dtype=lower.dtype)
    inverse = decompositions.matrix_triangular_solve(lower, identity)
    middle = math.matmul(lower, grad, adjoint_a=True)
    middle = _halved_diagonal(middle)
    middle = matrices.matrix_band_part(middle, -1, 0)
    found = math.matmul(math.matmul(inverse, middle, adjoint_a=True), inverse)
    found += adjoint(found)
    return found * 0.5


def _halved_diagonal(matrix: Any) -> Any:
    half = 0.5 * matrices.matrix_diag_part(matrix)
    return matrices.matrix_set_diag(matrix, half)


def matrix_triangular_solve(op: Any, grad: Any) -> tuple[Any, Any]:
    matrix, found = op.inputs[0], op.outputs[0]
    adjoint_a, lower = op.get_attr("adjoint"), op.get_attr("lower")
    of_rhs = decompositions.matrix_triangular_solve(
        matrix, grad, lower=lower, adjoint=not adjoint_a
    )
    left, right = (found, of_rhs) if adjoint_a else (of_rhs, found)
    of_matrix = -math.matmul(left, right, adjoint_b=True)
    band = (-1, 0) if lower else (0, -1)
    return matrices.matrix_band_part(of_matrix, *band), of_rhs


def log_matrix_determinant(op: Any, _: Any, grad: Any) -> Any:
    inverse = matrices.matrix_inverse(op.inputs[0], adjoint=True)
    sizes = joining.concat([array.shape(op.outputs[1]), [1, 1]], 0)
    return reshaping.reshape(grad, sizes) * inverse


def self_adjoint_eig(op: Any, of_values: Any, of_vectors: Any) -> Any:
    values = op.outputs[0]
    with control_dependencies([of_values, of_vectors]):
        if op.get_attr("compute_v"):
            vectors = op.outputs[1]
            between = reshaping.expand_dims(values, -2) - reshaping.expand_dims(
                values, -1
            )
            share = matrices.matrix_set_diag(
                math.reciprocal(between), array.zeros_like(values)
            )
            middle = matrices.matrix_diag(of_values) + share * math.matmul(
                vectors, of_vectors, adjoint_a=True
            )
        else:
            _, vectors = decompositions.self_adjoint_eig(op.inputs[0])
            middle = matrices.matrix_diag(of_values)
        right = math.matmul(middle, vectors, adjoint_b=True)
        found = math.matmul(vectors, right)
        found = matrices.matrix_band_part(found + adjoint(found), -1, 0)
        return _halved_diagonal(found)


def matrix_square_root(op: Any, grad: Any) -> Any:
    """Solves Sylvester's equation, written out as one large system."""
    root = op.outputs[0]
    shape = array.shape(root)
    order = shape[-1]
    count = math.reduce_prod(shape[0:-2])
    identity = reshaping.reshape(linalg.eye(order, dtype=root.dtype), [-1])
    identity = reshaping.reshape(joining.tile(identity, [count]), shape)
    turned = reshaping.matrix_transpose(root)
    first = _kronecker(identity, turned)
    second = _kronecker(root, identity)
    both = math.add(first, second)
    batch = slicing.slice(shape, [0], [math.subtract(array.size(shape), 2)])
    column = joining.concat([batch, [order * order], [1]], 0)
    flat = reshaping.reshape(reshaping.matrix_transpose(grad), column)
    found = matrices.matrix_solve(both, flat)
    return reshaping.matrix_transpose(reshaping.reshape(found, shape))


def _kronecker(a: Any, b: Any) -> Any:
    shape_a, shape_b = array.shape(a), array.shape(b)
    rows_a, rows_b = shape_a[-1], shape_b[-1]
    batch = slicing.slice(shape_a, [0], [math.subtract(array.size(shape_a), 2)])
    wide_a = joining.concat([batch, [rows_a], [1], [rows_a], [1]], 0)
    wide_b = joining.concat([batch, [1], [rows_b], [1], [rows_b]], 0)
    a, b = reshaping.reshape(a, wide_a), reshaping.reshape(b, wide_b)
    rows = rows_a * rows_b
    shape = joining.concat([batch, [rows], [rows]], 0)
    return reshaping.reshape(a * b, shape)


# -- singular values ---------------------------------------------------------------


def svd(op: Any, of_s: Any, of_u: Any, of_v: Any) -> Any:
    """TF 1.15: of U and V it is known for real matrices of known sizes only.

    Raises:
        NotImplementedError: of other matrices.
    """
    matrix = op.inputs[0]
    known = matrix.get_shape().with_rank_at_least(2)
    middle = matrices.matrix_diag(of_s)
    if not op.get_attr("compute_uv"):
        _, u, v = decompositions.svd(matrix, compute_uv=True)
        found = math.matmul(u, math.matmul(middle, v, adjoint_b=True))
        found.set_shape(known)
        return found
    known, rows, columns = _known_sizes(matrix, known, of_u, of_v)
    s, u, v = op.outputs
    turned = rows > columns
    if turned:
        rows, columns, u, v, of_u, of_v = columns, rows, v, u, of_v, of_u
    with control_dependencies([of_s, *((of_v, of_u) if turned else (of_u, of_v))]):
        full = op.get_attr("full_matrices")
        if full and abs(rows - columns) > 1:
            raise NotImplementedError(
                "svd gradient is not implemented for abs(m - n) > 1 when full_matrices "
                "is True"
            )
        found = _svd_of_wide(s, u, v, middle, of_u, of_v, rows, columns, full)
        if turned:
            found = reshaping.matrix_transpose(found)
        found.set_shape(known)
        return found


def _known_sizes(matrix: Any, known: Any, of_u: Any, of_v: Any) -> tuple[Any, Any, Any]:
    if matrix.dtype.is_complex:
        raise NotImplementedError(
            "SVD gradient is not implemented for complex types and compute_uv=True."
        )
    u, v = (grad.get_shape().with_rank_at_least(2) for grad in (of_u, of_v))
    rows = known.dims[-2].merge_with(u[-2])
    columns = known.dims[-1].merge_with(v[-2])
    batch = known[:-2].merge_with(u[:-2]).merge_with(v[:-2])
    if rows.value is None or columns.value is None:
        raise NotImplementedError(
            "SVD gradient has not been implemented for input with unknown inner matrix "
            "shape."
        )
    return batch.concatenate([rows, columns]), rows.value, columns.value


def _svd_of_wide(
    s: Any, u: Any, v: Any, of_s: Any, of_u: Any, of_v: Any, m: int, n: int, full: bool
) -> Any:
    """The gradient where there are at least as many columns as rows."""
    values = matrices.matrix_diag(s)
    squares = math.square(s)
    shape = array.shape(s)
    identity = linalg.eye(shape[-1], batch_shape=shape[:-1], dtype=s.dtype)
    between = (
        reshaping.expand_dims(squares, -2) - reshaping.expand_dims(squares, -1)
    ) + identity
    share = matrices.matrix_set_diag(math.reciprocal(between), array.zeros_like(s))
    inverse = matrices.matrix_diag(math.reciprocal(s))
    v1, of_v1 = v[..., :, :m], of_v[..., :, :m]
    in_u = math.matmul(u, of_u, adjoint_a=True)
    in_v = math.matmul(v1, of_v1, adjoint_a=True)
    in_u, in_v = share * in_u, share * in_v
    inner = of_s + math.matmul(in_u + adjoint(in_u), values)
    inner += math.matmul(values, in_v + adjoint(in_v))
    first = math.matmul(u, math.matmul(inner, v1, adjoint_b=True))
    if m == n:
        return first
    turned = reshaping.matrix_transpose(of_v1)
    rest = turned - math.matmul(math.matmul(turned, v1), v1, adjoint_b=True)
    if full:
        v2, of_v2 = v[..., :, m:n], of_v[..., :, m:n]
        crossed = math.matmul(v1, of_v2, adjoint_a=True)
        rest -= math.matmul(crossed, v2, adjoint_b=True)
    return first + math.matmul(math.matmul(u, inverse), rest)
