"""Gradients of products of matrices.

Loaded when a gradient is first asked for; see math_gradients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.apply import apply

from . import array, math, reshaping
from .broadcast_gradients import summed

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation


# Which matrices are multiplied for the gradients of a and b: "g" is the gradient, a
# "'" means transposed, by (transpose_a, transpose_b) of the product.
_PRODUCTS = {
    (False, False): ("gb'", "a'g"),
    (False, True): ("gb", "g'a"),
    (True, False): ("bg'", "ag"),
    (True, True): ("b'g'", "g'a'"),
}


def _multiplied(word: str, tensors: dict[str, Any]) -> tuple[Any, Any, bool, bool]:
    """The two factors of a word like "gb'", and which are transposed."""
    first, second = (letter for letter in word if letter != "'")
    return (
        tensors[first],
        tensors[second],
        word[1] == "'",
        word[-1] == "'",
    )


def mat_mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    words = _PRODUCTS[op._attrs["transpose_a"], op._attrs["transpose_b"]]
    a, b = math.conj(op._inputs[0]), math.conj(op._inputs[1])
    results = []
    for word in words:
        x, y, ta, tb = _multiplied(word, {"a": a, "b": b, "g": grad})
        results.append(apply("MatMul", x, y, transpose_a=ta, transpose_b=tb))
    return results[0], results[1]


def sparse_mat_mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    words = _PRODUCTS[op._attrs["transpose_a"], op._attrs["transpose_b"]]
    a, b = op._inputs
    sparse = {
        "a": op._attrs["a_is_sparse"],
        "b": op._attrs["b_is_sparse"],
        "g": not defaults.state.eager and grad.op.type == "ReluGrad",
    }
    results = []
    for word, like in zip(words, (a, b), strict=True):
        x, y, ta, tb = _multiplied(word, {"a": a, "b": b, "g": grad})
        first, second = (letter for letter in word if letter != "'")
        if tb:
            y = reshaping.transpose(y)
        product = math.matmul(
            x,
            y,
            transpose_a=ta,
            a_is_sparse=sparse[first],
            b_is_sparse=sparse[second],
        )
        if product.dtype != like.dtype:
            product = math.cast(product, like.dtype)
        results.append(product)
    return results[0], results[1]


def batch_mat_mul(op: Operation, grad: Any) -> tuple[Any, Any]:
    words = _PRODUCTS[op._attrs["adj_x"], op._attrs["adj_y"]]
    x, y = op._inputs
    results = []
    for word in words:
        first, second, adjoint_a, adjoint_b = _multiplied(
            word, {"a": x, "b": y, "g": grad}
        )
        results.append(
            math.matmul(first, second, adjoint_a=adjoint_a, adjoint_b=adjoint_b)
        )
    return results[0], results[1]


def batch_mat_mul_v2(op: Operation, grad: Any) -> tuple[Any, Any]:
    x, y = op._inputs
    gx, gy = batch_mat_mul(op, grad)
    if array.is_known(x) and array.is_known(y) and x._dims == y._dims:
        return gx, gy
    sx, sy = array.shape(x), array.shape(y)
    rx, ry = apply("BroadcastGradientArgs", sx[:-2], sy[:-2])
    gx = summed(gx, rx, sx)
    return gx, summed(gy, ry, sy)
