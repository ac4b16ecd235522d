"""`LSTMBlockCell` and `BlockLSTM`: a step, or all steps, of an LSTM in one operation.

The cells in ``contrib/rnn`` make them. The gates lie side by side, in the order i, ci,
f, o: input, new values, forget, output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.registry import ShapeError, define

from . import math, rules
from .elementwise import logistic
from .joining import concat
from .slicing import slice as slice_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_GATES = 4


class _Weights(NamedTuple):
    """What every step uses: matrix, peepholes and bias."""

    w: Array
    wci: Array
    wcf: Array
    wco: Array
    b: Array


class _Step(NamedTuple):
    """What a step gives, in the order of the operations' outputs."""

    i: Array
    cs: Array
    f: Array
    o: Array
    ci: Array
    co: Array
    h: Array


class _Slopes(NamedTuple):
    """The gradients of what went into a step."""

    cs_prev: Array
    gates: Array
    wci: Array
    wcf: Array
    wco: Array


# -- one step ----------------------------------------------------------------------


def _stepper(op: Operation) -> Callable[[Array, Array, Array, _Weights], _Step]:
    attrs = op._attrs
    bias, clip = attrs["forget_bias"], attrs["cell_clip"]
    peeps = attrs["use_peephole"]

    def step(x: Array, cs_prev: Array, h_prev: Array, weights: _Weights) -> _Step:
        seen = np.concatenate([x, h_prev], 1)
        i, ci, f, o = np.split(seen @ weights.w + weights.b, _GATES, axis=1)
        f = f + f.dtype.type(bias)
        if peeps:
            i, f = i + weights.wci * cs_prev, f + weights.wcf * cs_prev
        i, f, ci = logistic(i), logistic(f), np.tanh(ci)
        cs = ci * i + f * cs_prev
        if clip > 0:
            cs = np.clip(cs, -clip, clip)
        o = logistic(o + weights.wco * cs if peeps else o)
        co = np.tanh(cs)
        return _Step(i, cs, f, o, ci, co, co * o)

    return step


def _slopes(
    step: _Step,
    cs_prev: Array,
    weights: _Weights,
    cs_grad: Array,
    h_grad: Array,
    peeps: bool,
) -> _Slopes:
    i, cs, f, o, ci, co, _ = step
    do = o * (1 - o) * h_grad * co
    dcs = (1 - co * co) * h_grad * o + cs_grad
    if peeps:
        dcs = dcs + do * weights.wco
    dci = (1 - ci * ci) * dcs * i
    df = f * (1 - f) * dcs * cs_prev
    di = i * (1 - i) * dcs * ci
    gates = np.concatenate([di, dci, df, do], 1)
    cs_prev_grad = dcs * f
    if not peeps:
        none = np.zeros_like(weights.wci)
        return _Slopes(cs_prev_grad, gates, none, none, none)
    return _Slopes(
        cs_prev_grad + di * weights.wci + df * weights.wcf,
        gates,
        np.sum(di * cs_prev, 0),
        np.sum(df * cs_prev, 0),
        np.sum(do * cs, 0),
    )


def _cell_shape(op: Operation) -> list[Dims]:
    batch, size = _batch_and_size(op)
    return [(batch, size)] * len(op._outputs)


def _batch_and_size(op: Operation) -> tuple[int | None, int | None]:
    x = rules.with_rank(op._inputs[0]._dims, 2)
    state = rules.with_rank(op._inputs[1]._dims, 2)
    return x[0], state[1]


def _cell_grad_shape(op: Operation) -> list[Dims]:
    batch, size = _batch_and_size(op)
    gates = None if size is None else _GATES * size
    return [(batch, size), (batch, gates), (size,), (size,), (size,)]


def _cell_kernel(op: Operation) -> Callable[..., _Step]:
    step = _stepper(op)
    return lambda x, cs, h, *weights: step(x, cs, h, _Weights(*weights))


def _cell_grad_kernel(op: Operation) -> Callable[..., _Slopes]:
    peeps = op._attrs["use_peephole"]

    def kernel(_x: Array, cs_prev: Array, _h: Array, *rest: Array) -> _Slopes:
        *given, cs_grad, h_grad = rest
        weights, step = _Weights(*given[:5]), _Step._make([*given[5:], h_grad])
        return _slopes(step, cs_prev, weights, cs_grad, h_grad, peeps)

    return kernel


def cell_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Of one step. TF 1.15: the kernel gives the gates', and matrices do the rest."""
    x, cs_prev, h_prev, w, wci, wcf, wco, b = op.inputs
    i, cs, f, o, ci, co, _ = op.outputs
    batch, depth = x.shape.with_rank(2).as_list()
    batch = -1 if batch is None else batch
    units = cs_prev.shape.with_rank(2).as_list()[1]
    for size, named, of in (
        (depth, "input_size", "x"),
        (units, "cell_size", "cs_prev"),
    ):
        if size is None:
            raise ValueError(f"{named} from `{of}` should not be None.")
    cs_prev_grad, gates, *peepholes = apply(
        "LSTMBlockCellGrad",
        *(x, cs_prev, h_prev, w, wci, wcf, wco, b),
        *(i, cs, f, o, ci, co, grads[1], grads[6]),
        use_peephole=op.get_attr("use_peephole"),
    )
    seen_grad = math.matmul(gates, w, transpose_b=True)
    x_grad = slice_of(seen_grad, (0, 0), (batch, depth))
    h_grad = slice_of(seen_grad, (0, depth), (batch, units))
    seen = concat([x, h_prev], 1)
    w_grad = math.matmul(seen, gates, transpose_a=True)
    b_grad = apply("BiasAddGrad", gates)
    return [x_grad, cs_prev_grad, h_grad, w_grad, *peepholes, b_grad]


# -- all steps ---------------------------------------------------------------------


def _block_shape(op: Operation) -> list[Dims]:
    x = rules.with_rank(op._inputs[1]._dims, 3)
    bias = rules.with_rank(op._inputs[-1]._dims, 1)[0]
    if bias is not None and bias % _GATES:
        raise ShapeError(
            f"Dimension size must be evenly divisible by {_GATES} but is {bias}"
        )
    units = None if bias is None else bias // _GATES
    return [(x[0], x[1], units)] * len(op._outputs)


_BLOCK_RANKS = (3, 2, 2, 2, 1, 1, 1, 1)  # x, cs_prev, h_prev, w, wci, wcf, wco, b


def _block_grad_shape(op: Operation) -> list[Dims]:
    return [
        rules.with_rank(given._dims, rank)
        for given, rank in zip(op._inputs[1:9], _BLOCK_RANKS, strict=True)
    ]


def _block_kernel(op: Operation) -> Callable[..., list[Array]]:
    step = _stepper(op)

    def kernel(
        count: Array, x: Array, cs: Array, h: Array, *rest: Array
    ) -> list[Array]:
        weights = _Weights(*rest)
        made = [np.zeros((*x.shape[:2], cs.shape[1]), x.dtype) for _ in _Step._fields]
        for t in range(int(count)):
            now = step(x[t], cs, h, weights)
            cs, h = now.cs, now.h
            for all_steps, this in zip(made, now, strict=True):
                all_steps[t] = this
        return made

    return kernel


def _block_grad_kernel(op: Operation) -> Callable[..., list[Array]]:
    peeps = op._attrs["use_peephole"]

    def kernel(
        count: Array, x: Array, cs_prev: Array, h_prev: Array, *rest: Array
    ) -> list[Array]:
        weights, steps = _Weights(*rest[:5]), _Step(*rest[5:12])
        cs_grad, h_grad = rest[12:]
        depth = x.shape[2]
        x_grad, w_grad = np.zeros_like(x), np.zeros_like(weights.w)
        b_grad, peepholes = np.zeros_like(weights.b), np.zeros((3, *weights.wci.shape))
        dcs, dh = np.zeros_like(cs_prev), np.zeros_like(h_prev)
        for t in reversed(range(int(count))):
            before, out = (steps.cs[t - 1], steps.h[t - 1]) if t else (cs_prev, h_prev)
            now = _Step(*(of[t] for of in steps))
            slopes = _slopes(
                now, before, weights, cs_grad[t] + dcs, h_grad[t] + dh, peeps
            )
            seen_grad = slopes.gates @ weights.w.T
            x_grad[t], dh, dcs = seen_grad[:, :depth], seen_grad[:, depth:], slopes[0]
            w_grad += np.concatenate([x[t], out], 1).T @ slopes.gates
            b_grad += slopes.gates.sum(0)
            peepholes += slopes[2:]
        return [x_grad, dcs, dh, w_grad, *peepholes.astype(x.dtype), b_grad]

    return kernel


def block_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Of all steps, backwards in one operation."""
    found = apply(
        "BlockLSTMGrad",
        *op.inputs,
        *op.outputs,
        *(grads[1], grads[6]),
        use_peephole=op.get_attr("use_peephole"),
    )
    return [None, *found]


define("LSTMBlockCell", shape=_cell_shape, build=_cell_kernel, gradient=cell_gradient)
define("LSTMBlockCellGrad", shape=_cell_grad_shape, build=_cell_grad_kernel)
define("BlockLSTM", shape=_block_shape, build=_block_kernel, gradient=block_gradient)
define("BlockLSTMGrad", shape=_block_grad_shape, build=_block_grad_kernel)
