"""`tf.reverse_sequence`: the first elements of each row in reverse.

Recurrent networks in both directions (``rnn/dynamic.py``, ``rnn/static.py``) turn each
example's own part round with it, and turn the results back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    lengths = rules.with_rank(op._inputs[1]._dims, 1)
    seq, batch = op._attrs["seq_dim"], op._attrs["batch_dim"]
    if dims is None:
        return [None]
    if batch >= len(dims):
        raise ShapeError(f"batch_dim must be < input rank: {batch} vs. {len(dims)}")
    if seq >= len(dims):
        raise ShapeError(f"seq_dim must be < input rank: {seq} vs. {len(dims)}")
    size = rules.merge_dim(dims[batch], lengths[0])
    return [(*dims[:batch], size, *dims[batch + 1 :])]


def _kernel(op: Operation) -> Callable[[Array, Array], Array]:
    seq, batch = op._attrs["seq_dim"], op._attrs["batch_dim"]

    def kernel(x: Array, lengths: Array) -> Array:
        size = x.shape[seq]
        for i, length in enumerate(lengths.tolist()):
            if not 0 <= length <= size:
                problem = "< 0" if length < 0 else f"> input.dims({seq})"
                raise InvalidArgumentError(None, op, f"seq_lens({i}) {problem}")
        steps = np.arange(size)
        column = np.asarray(lengths)[:, None]
        places = np.where(steps < column, column - 1 - steps, steps)
        shape = [1] * x.ndim
        shape[batch], shape[seq] = places.shape
        if batch > seq:
            places = places.T
        return np.take_along_axis(x, places.reshape(shape), axis=seq)

    return kernel


def _gradient(op: Operation, grad: Any) -> list[Any]:
    lengths = op._inputs[1]
    back = apply(
        "ReverseSequence",
        grad,
        lengths,
        seq_dim=op._attrs["seq_dim"],
        batch_dim=op._attrs["batch_dim"],
    )
    return [back, None]


define("ReverseSequence", shape=_shape, build=_kernel, gradient=_gradient)


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Any:
    """Each row's first elements in reverse.

    Args:
        input: a tensor.
        seq_lengths: how many elements of each row.
        seq_axis: the axis along which it is reversed.
        batch_axis: the axis of the rows; None: the first.
        name: of the operation.
        seq_dim: the old name of seq_axis.
        batch_dim: the old name of batch_axis.
    """
    for old, value in (("seq_dim", seq_dim), ("batch_dim", batch_dim)):
        if value is not None:
            instead = old.replace("dim", "axis")
            deprecation.warn_argument(
                "reverse_sequence",
                "array_ops",
                old,
                f"{old} is deprecated, use {instead} instead",
            )
    seq_axis = deprecation.either("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch_axis = deprecation.either("batch_axis", batch_axis, "batch_dim", batch_dim)
    return apply(
        "ReverseSequence",
        input,
        seq_lengths,
        seq_dim=seq_axis,
        batch_dim=batch_axis,
        name=name,
    )
