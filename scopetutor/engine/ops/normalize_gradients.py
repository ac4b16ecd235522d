"""The second derivative of batch normalization, as a penalty on gradients needs it.

TF 1.15 writes the first derivative once more, of single operations, and differentiates
these with a tape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.tape import gradients_of, records_of

from . import array, math, reshaping

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation


def fused_batch_norm_grad(op: Operation, *grads: Any) -> tuple[Any, ...]:
    grad_y, x, scale = op._inputs[:3]
    operations = defaults.get_default_graph()._operations
    before = len(operations)
    results = _first_gradients(op)
    made = list(operations.values())[before:]
    # TF 1.15 comes to them in the order of a table of numbers.
    order = (0, 1, 2) if op._attrs["is_training"] else (0, 2, 1)
    found = gradients_of(
        records_of(made),
        [results[i] for i in order],
        [grad_y, x, scale],
        [grads[i] for i in order],
    )
    return (*found, *[None] * (len(op._inputs) - 3))


def _first_gradients(op: Operation) -> list[Any]:
    """The gradients of x, scale and offset, of single operations."""
    grad_y, x, scale = op._inputs[:3]
    kind = x.dtype.base_dtype
    if kind == dtypes.float16:
        x, grad_y = math.cast(x, dtypes.float32), math.cast(grad_y, dtypes.float32)
    build = _of_batch if op._attrs["is_training"] else _of_population
    first = op._attrs["data_format"] == "NCHW"
    grad_x, grad_scale, grad_offset = build(op, grad_y, x, scale, first)
    return [math.cast(grad_x, kind), grad_scale, grad_offset]


def _of_batch(op: Operation, grad_y: Any, x: Any, scale: Any, first: bool) -> Any:
    epsilon = op._attrs["epsilon"]
    axes = [0, 2, 3] if first else [0, 1, 2]
    if first:
        scale = reshaping.reshape(scale, [1, array.size(scale), 1, 1])

    def averaged(value: Any) -> Any:
        return math.reduce_mean(value, axes, keepdims=first)

    mean_grad_y, mean_x = averaged(grad_y), averaged(x)
    still = array.stop_gradient(mean_x)
    variance = averaged(math.squared_difference(x, still))
    grad_y_offset = grad_y - mean_grad_y
    x_offset = x - mean_x
    product = averaged(grad_y * x_offset)
    grad_x = (
        scale
        * math.rsqrt(variance + epsilon)
        * (grad_y_offset - math.reciprocal(variance + epsilon) * product * x_offset)
    )
    grad_scale = math.rsqrt(variance + epsilon) * math.reduce_sum(
        grad_y * x_offset, axis=axes, keepdims=first
    )
    if first:
        grad_scale = reshaping.squeeze(grad_scale)
    return grad_x, grad_scale, math.reduce_sum(grad_y, axis=axes)


def _of_population(op: Operation, grad_y: Any, x: Any, scale: Any, first: bool) -> Any:
    mean: Any = op._inputs[3]
    variance: Any = op._inputs[4]
    axes = [0, 1, 2]
    if first:
        axes = [0, 2, 3]
        sizes = [1, array.size(mean), 1, 1]
        mean = reshaping.reshape(mean, sizes)
        variance = reshaping.reshape(variance, sizes)
        scale = reshaping.reshape(scale, sizes)
    grad_offset = math.reduce_sum(grad_y, axis=axes)
    root = math.rsqrt(variance + op._attrs["epsilon"])
    grad_scale = math.reduce_sum(grad_y * (x - mean) * root, axis=axes)
    return grad_y * scale * root, grad_scale, grad_offset
