"""`tf.linalg.LinearOperatorLowerTriangular`: a matrix of which one half counts.

After ``ops/matrices.py``; `tf.linalg` lists it. Programs of the time made causal masks
with it: `…(tf.ones_like(x)).to_dense()`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .convert import convert_to_tensor
from .ops import math, matrices
from .surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dtypes import DType
    from .shapes import TensorShape


class LinearOperatorLowerTriangular:
    """The lower triangle of square matrices, without making it.

    Args:
        tril: the matrices, [..., n, n]; what lies above the diagonal is not looked at.
        is_non_singular: what the caller knows; only kept.
        is_self_adjoint: what the caller knows; only kept.
        is_positive_definite: what the caller knows; it implies `is_non_singular`.
        is_square: not False.
        name: of the operator; its operations are made in a scope of this name.

    Raises:
        ValueError: `tril` is no matrix, or the hints contradict each other.
    """

    def __init__(
        self,
        tril: Any,
        is_non_singular: bool | None = None,
        is_self_adjoint: bool | None = None,
        is_positive_definite: bool | None = None,
        is_square: bool | None = None,
        name: str = "LinearOperatorLowerTriangular",
    ) -> None:
        if is_square is False:
            raise ValueError(
                "Only square lower triangular operators supported at this time."
            )
        with name_scope(name, values=[tril]):
            self._tril = convert_to_tensor(tril, name="tril")
        if self._tril.shape.ndims is not None and self._tril.shape.ndims < 2:
            raise ValueError(
                f"Argument tril must have at least 2 dimensions.  Found: {self._tril}"
            )
        if is_positive_definite and is_non_singular is False:
            raise ValueError("A positive definite matrix is always non-singular.")
        self.name = name or type(self).__name__
        self.is_non_singular = is_positive_definite or is_non_singular
        self.is_self_adjoint = is_self_adjoint
        self.is_positive_definite = is_positive_definite
        self.is_square = True

    @contextmanager
    def _scope(self, name: str) -> Iterator[None]:
        with name_scope(f"{self.name}/{name}"):
            yield

    def _triangle(self) -> Any:
        return matrices.matrix_band_part(self._tril, -1, 0)

    def _diagonal(self) -> Any:
        return matrices.matrix_diag_part(self._tril)

    @property
    def dtype(self) -> DType:
        """The elements' type."""
        dtype: DType = self._tril.dtype.base_dtype
        return dtype

    @property
    def shape(self) -> TensorShape:
        """The matrices' shape."""
        shape: TensorShape = self._tril.shape
        return shape

    @property
    def batch_shape(self) -> Any:
        """The shape without the matrices' own two dimensions."""
        return self.shape[:-2]

    def to_dense(self, name: str = "to_dense") -> Any:
        """The matrices, with zeros above the diagonal."""
        with self._scope(name):
            return self._triangle()

    def matmul(
        self,
        x: Any,
        adjoint: bool = False,
        adjoint_arg: bool = False,
        name: str = "matmul",
    ) -> Any:
        """The matrices, or their adjoints, times others."""
        with self._scope(name):
            x = convert_to_tensor(x, name="x")
            return math.matmul(
                self._triangle(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg
            )

    def determinant(self, name: str = "det") -> Any:
        """The determinants."""
        with self._scope(name):
            return math.reduce_prod(self._diagonal(), axis=[-1])

    def log_abs_determinant(self, name: str = "log_abs_det") -> Any:
        """The logs of the determinants' absolute values."""
        with self._scope(name):
            return math.reduce_sum(math.log(math.abs(self._diagonal())), axis=[-1])
