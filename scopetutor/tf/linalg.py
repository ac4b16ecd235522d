"""`tf.linalg`: matrices, under shorter names than `tf` has for them.

`tf.linalg.inv` is `tf.matrix_inverse`. From the files on matrices in ``engine/ops``.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.linear_operators": "LinearOperatorLowerTriangular",
        "engine.ops.clip": "global_norm",
        "engine.ops.decompositions": (
            "cholesky_solve eigh=self_adjoint_eig eigvalsh=self_adjoint_eigvals "
            "logm=matrix_logarithm lu slogdet sqrtm=matrix_square_root svd "
            "triangular_solve=matrix_triangular_solve"
        ),
        "engine.ops.einsum": "einsum",
        "engine.ops.linalg": "cross eye tensor_diag=diag tensor_diag_part=diag_part",
        "engine.ops.math": "matmul matvec",
        "engine.ops.matrices": (
            "band_part=matrix_band_part cholesky det=matrix_determinant "
            "diag=matrix_diag diag_part=matrix_diag_part inv=matrix_inverse norm qr "
            "set_diag=matrix_set_diag solve=matrix_solve trace"
        ),
        "engine.ops.matrix_functions": (
            "adjoint expm=matrix_exponential logdet lstsq=matrix_solve_ls matrix_rank "
            "normalize pinv"
        ),
        "engine.ops.normalize": "l2_normalize",
        "engine.ops.reshaping": "matrix_transpose transpose=matrix_transpose",
        "engine.ops.tensordot": "tensordot",
        "engine.ops.tridiagonal": "tridiagonal_matmul tridiagonal_solve",
    },
)
