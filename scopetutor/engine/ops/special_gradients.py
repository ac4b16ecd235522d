"""Gradients of special functions.

After ``special.py``, which names them; loaded, like ``math_gradients.py``, when one is
first asked for.
TF 1.15 has none for the a and b of `betainc`, the x of `zeta` and the n
of `polygamma`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.surroundings import control_dependencies

from . import array, gathering, math, reshaping, special
from .broadcast_gradients import broadcast_axes


def _back(partial: Any, grad: Any, axes: Any, shape: Any) -> Any:
    return reshaping.reshape(math.reduce_sum(partial * grad, axes), shape)


def igamma(op: Any, grad: Any) -> tuple[Any, Any]:
    a, x = op.inputs
    sa, ra, sx, rx = broadcast_axes(a, x)
    with control_dependencies([grad]):
        of_a = apply("IgammaGradA", a, x)
        of_x = math.exp(-x + (a - 1) * math.log(x) - math.lgamma(a))
        return _back(of_a, grad, ra, sa), _back(of_x, grad, rx, sx)


def igammac(op: Any, grad: Any) -> tuple[Any, Any]:
    of_a, of_x = igamma(op, grad)
    return -of_a, -of_x


def betainc(op: Any, grad: Any) -> tuple[None, None, Any]:
    a, b, x = op.inputs
    _, _, sx, rx = broadcast_axes(a, x)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    slope = math.exp((b - 1) * math.log(1 - x) + (a - 1) * math.log(x) - log_beta)
    return None, None, _back(slope, grad, rx, sx)


def zeta(op: Any, grad: Any) -> tuple[None, Any]:
    x, q = op.inputs
    _, _, sq, rq = broadcast_axes(x, q)
    with control_dependencies([grad]):
        return None, _back(-x * special.zeta(x + 1, q), grad, rq, sq)


def polygamma(op: Any, grad: Any) -> tuple[None, Any]:
    n, x = op.inputs
    _, _, sx, rx = broadcast_axes(n, x)
    with control_dependencies([grad]):
        return None, _back(special.polygamma(n + 1, x), grad, rx, sx)


def bessel_i0e(op: Any, grad: Any) -> Any:
    (x,), (y,) = op.inputs, op.outputs
    with control_dependencies([grad]):
        return grad * (special.bessel_i1e(x) - math.sign(x) * y)


def bessel_i1e(op: Any, grad: Any) -> Any:
    """TF 1.15: near 0 it is taken for 0.5."""
    (x,), (y,) = op.inputs, op.outputs
    with control_dependencies([grad]):
        least = np.finfo(x.dtype.as_numpy_dtype).eps
        zeros = array.zeros_like(x)
        large = math.abs(x) > least
        safe = gathering.where(large, x, least + zeros)
        slope = special.bessel_i0e(safe) - y * (math.sign(safe) + math.reciprocal(safe))
        slope = gathering.where(large, slope, 0.5 + zeros)
        return grad * slope


def nextafter(op: Any, grad: Any) -> tuple[Any, Any]:
    x1, x2 = op.inputs
    s1, r1, s2, r2 = broadcast_axes(x1, x2)
    with control_dependencies([grad]):
        of_x1 = array.ones(s1, dtype=x1.dtype)
        of_x2 = array.zeros(s2, dtype=x2.dtype)
        return (
            reshaping.reshape(math.reduce_sum(of_x1 * grad, r1), s1),
            reshaping.reshape(math.reduce_sum(of_x2 * grad, r2), s2),
        )
