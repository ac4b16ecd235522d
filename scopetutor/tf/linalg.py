"""`tf.linalg`."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.einsum": "einsum",
        "engine.ops.linalg": "cross eye tensor_diag=diag tensor_diag_part=diag_part",
        "engine.ops.math": "matmul matvec",
        "engine.ops.matrices": (
            "band_part=matrix_band_part cholesky det=matrix_determinant "
            "diag=matrix_diag diag_part=matrix_diag_part inv=matrix_inverse norm qr "
            "set_diag=matrix_set_diag solve=matrix_solve trace"
        ),
        "engine.ops.normalize": "l2_normalize",
        "engine.ops.reshaping": "transpose=matrix_transpose",
        "engine.ops.tensordot": "tensordot",
    },
)
