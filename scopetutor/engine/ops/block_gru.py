"""`GRUBlockCell`: a step of a GRU in one operation, which a cell of contrib makes.

`GRUBlockCell` of ``contrib/rnn/block_cells.py`` adds it; ``block_lstm.py`` is the same
for LSTMs. TF 1.15: the gradient is an operation for the step, and plain ones for the
matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.registry import define

from . import math, rules
from .elementwise import logistic
from .joining import concat

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    batch = rules.with_rank(op._inputs[0]._dims, 2)[0]
    units = rules.with_rank(op._inputs[1]._dims, 2)[1]
    return [(batch, units)] * len(op._outputs)


def _grad_shape(op: Operation) -> list[Dims]:
    x, state, w_ru = (rules.with_rank(op._inputs[i]._dims, 2) for i in range(3))
    return [x, state, (x[0], state[1]), (x[0], w_ru[1])]


def _kernel(
    x: Array, h_prev: Array, w_ru: Array, w_c: Array, b_ru: Array, b_c: Array
) -> tuple[Array, ...]:
    r, u = np.split(logistic(np.concatenate([x, h_prev], 1) @ w_ru + b_ru), 2, axis=1)
    c = np.tanh(np.concatenate([x, h_prev * r], 1) @ w_c + b_c)
    return r, u, c, u * h_prev + (1 - u) * c


def _grad_kernel(
    x: Array, h_prev: Array, w_ru: Array, w_c: Array, *rest: Array
) -> tuple[Array, ...]:
    _, _, r, u, c, d_h = rest
    depth = x.shape[1]
    d_c = d_h * (1 - u) * (1 - c * c)
    d_u = d_h * (h_prev - c) * u * (1 - u)
    through_c = d_c @ w_c.T
    d_hr = through_c[:, depth:]
    d_ru = np.concatenate([d_hr * h_prev * r * (1 - r), d_u], 1)
    through_ru = d_ru @ w_ru.T
    d_x = through_c[:, :depth] + through_ru[:, :depth]
    return d_x, through_ru[:, depth:] + d_hr * r + d_h * u, d_c, d_ru


def _gradient(op: Operation, *grads: Any) -> list[Any]:
    x, h_prev = op.inputs[:2]
    r, u, c = op.outputs[:3]
    d_x, d_state, d_c, d_ru = apply("GRUBlockCellGrad", *op.inputs, r, u, c, grads[3])
    d_w_ru = math.matmul(concat([x, h_prev], 1), d_ru, transpose_a=True)
    d_b_ru = apply("BiasAddGrad", d_ru)
    d_w_c = math.matmul(concat([x, h_prev * r], 1), d_c, transpose_a=True)
    return [d_x, d_state, d_w_ru, d_w_c, d_b_ru, apply("BiasAddGrad", d_c)]


define("GRUBlockCell", shape=_shape, kernel=_kernel, gradient=_gradient)
define("GRUBlockCellGrad", shape=_grad_shape, kernel=_grad_kernel)
