"""Linear algebra: diagonals, identity matrices, the cross product and QR.

After array; before ``matrices.py`` and ``decompositions.py``, which has the other ways
to take a matrix apart. TF 1.15: matrices lie in the last two dimensions; `diag` alone
makes two of every dimension.
"""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import FailedPreconditionError
from scopetutor.engine.operation import Tensor, dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, ranks, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _qr_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    if dims is None:
        return [None, None]
    *batch, rows, columns = dims
    if op._attrs["full_matrices"]:
        return [(*batch, rows, rows), (*batch, rows, columns)]
    least = None if rows is None or columns is None else min(rows, columns)
    return [(*batch, rows, least), (*batch, least, columns)]


def _qr_kernel(op: Operation) -> Callable[[Array], Any]:
    mode: Any = "complete" if op._attrs["full_matrices"] else "reduced"
    return lambda x: tuple(np.linalg.qr(x, mode))


define("Qr", shape=_qr_shape, build=_qr_kernel)


def _cross_shape(op: Operation) -> list[Dims]:
    dims = rules.merge(op._inputs[0]._dims, op._inputs[1]._dims)
    dims = rules.at_least_rank(dims, 1)
    if dims is not None and dims[-1] not in (None, 3):
        raise ShapeError(f"Dimension must be 3 but is {dims[-1]}")
    return [dims]


def _cross(a: Array, b: Array) -> Array:
    if a.shape != b.shape:
        raise ranks.refusal(
            f"Both inputs must be of same shape: {dims_text(a.shape)} vs. "
            f"{dims_text(b.shape)}"
        )
    if not a.ndim:
        raise ranks.refusal("Input must be at least 1D[]")
    if a.shape[-1] != 3:
        problem = "Cross-products are only defined for 3-element vectors."
        raise FailedPreconditionError(None, None, problem)
    return np.cross(a, b).astype(a.dtype, copy=False)


def _cross_gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
    first, second = op.inputs
    return cross(second, grad), cross(grad, first)


define(
    "Cross",
    shape=_cross_shape,
    kernel=_cross,
    gradient=_cross_gradient,
)


def cross(a: Any, b: Any, name: str | None = None) -> Any:
    """The vectors at right angles to two others; vectors lie in the last dimension."""
    return apply("Cross", a, b, name=name)


def _diag_part_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    return [None if dims is None else dims[: len(dims) // 2]]


def _diag_part(x: Array) -> Array:
    half, shape = x.ndim // 2, dims_text(x.shape)
    if x.ndim % 2:
        # TF 1.15: with the blanks of its source.
        where = "should be                                          even and positive"
        raise ranks.refusal(f"The rank of the tensor {where}, got shape {shape}")
    for at in range(half):
        if x.shape[at] != x.shape[half + at]:
            raise ranks.refusal(
                f"Invalid shape {shape}: dimensions {at} and {half + at} do not match."
            )
    size = int(np.prod(x.shape[:half]))
    return np.diagonal(x.reshape(size, size)).reshape(x.shape[:half])


define(
    "DiagPart",
    shape=_diag_part_shape,
    kernel=_diag_part,
    gradient="array_gradients.diag_part",
)


def _diag(x: Array) -> Array:
    return np.diag(x.reshape(-1)).reshape(x.shape * 2)


def _diag_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 1)
    return [None if dims is None else dims * 2]


define(
    "Diag",
    shape=_diag_shape,
    kernel=ranks.at_least(1, "Input must be at least rank 1, got 0", _diag),
    gradient="array_gradients.diag",
)


def diag(diagonal: Any, name: str | None = None) -> Any:
    """A square matrix with a diagonal and zeros elsewhere."""
    return apply("Diag", diagonal, name=name)


def diag_part(input: Any, name: str | None = None) -> Any:
    """The diagonal of a square matrix."""
    return apply("DiagPart", input, name=name)


def _matrix_diag_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 1)
    return [None if dims is None else (*dims, dims[-1])]


def _matrix_diag(x: Array) -> Array:
    result = np.zeros((*x.shape, x.shape[-1]), x.dtype)
    places = np.arange(x.shape[-1])
    result[..., places, places] = x
    return result


define(
    "MatrixDiag",
    shape=_matrix_diag_shape,
    kernel=ranks.at_least(
        1, "diagonal must be at least 1-dim, received shape: {}", _matrix_diag
    ),
    gradient="array_gradients.matrix_diag",
)


def _matrix_set_diag(x: Array, diagonal: Array) -> Array:
    if not diagonal.ndim:
        raise ranks.refusal("diagonal must be at least 1-dim, received shape: []")
    least = min(x.shape[-2:])
    wanted = (*x.shape[:-2], least)
    if diagonal.shape != wanted:
        raise ranks.refusal(
            "Either first dimensions of diagonal don't match input.shape[:-2], or "
            "diagonal.shape[:-1] is not equal to the longests diagonal in range "
            "[lower_diag_index:upper_diag_index].\n"
            f"Input shape: {dims_text(x.shape)}\n"
            f"Diagonal shape: {dims_text(diagonal.shape)}\n"
            f"Expected diagonal shape: {dims_text(wanted)}"
        )
    result = x.copy()
    places = np.arange(least)
    result[..., places, places] = diagonal
    return result


def _matrix_set_diag_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    diagonal = rules.at_least_rank(op._inputs[1]._dims, 1)
    if dims is None and diagonal is not None:
        return [(*diagonal[:-1], None, None)]
    return [dims]


define(
    "MatrixSetDiag",
    shape=_matrix_set_diag_shape,
    kernel=ranks.at_least(
        2, "input must be at least 2-dim, received shape: {}", _matrix_set_diag
    ),
    gradient="array_gradients.matrix_set_diag",
)


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """An identity matrix, or a batch of them."""
    from .joining import concat  # noqa: PLC0415 - used here only
    from .math import minimum  # noqa: PLC0415 - used here only

    with name_scope(
        name, default_name="eye", values=[num_rows, num_columns, batch_shape]
    ):
        square = num_columns is None
        columns = num_rows if square else num_columns
        late = isinstance(num_rows, Tensor) or isinstance(columns, Tensor)
        if not late and not all(isinstance(n, Integral) for n in (num_rows, columns)):
            raise TypeError("num_rows and num_columns must be positive integer values.")
        square = square or (not late and num_rows == columns)
        size = minimum(num_rows, columns) if late else min(num_rows, columns)
        batch = [] if batch_shape is None else batch_shape
        if late or isinstance(batch, Tensor):
            batch = convert_to_tensor(batch, name="shape", dtype=dtypes.int32)
            of_diagonal = concat((batch, [size]), axis=0)
            whole = None if square else concat((batch, [num_rows, columns]), axis=0)
        else:
            of_diagonal, whole = [*batch, size], [*batch, num_rows, columns]
        diagonal = array.ones(of_diagonal, dtype=dtype)
        if square:
            return apply("MatrixDiag", diagonal, name="diag")
        zeros = array.zeros(whole, dtype=dtype)
        return apply("MatrixSetDiag", zeros, diagonal, name="set_diag")
