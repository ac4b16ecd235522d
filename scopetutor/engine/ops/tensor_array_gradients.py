"""Gradients of the operations of a TensorArray: reads and writes change places.

After ``tensor_arrays.py``; loaded when a gradient is first asked for. TF 1.15: the
array of the gradients is found by the name of the `tf.gradients` call, which has to
begin with "gradients" for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.tensor_arrays import TensorArray

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation


def _gradients_for(op: Operation, dtype: Any, flow: Any, grad: Any) -> TensorArray:
    """The array of the gradients of the array that an operation takes."""
    forward = TensorArray(
        dtype=dtype,
        handle=op._inputs[0],
        flow=flow,
        colocate_with_first_write_call=False,
    )
    gradients: TensorArray = forward.grad(source=_source(grad), flow=flow)
    return gradients


def _source(tensor: Any) -> str:
    """Which call of `tf.gradients` made a tensor, by its name."""
    parts = tensor.name.split("/")
    places = [i for i, part in enumerate(parts) if part.startswith("gradients")]
    if not places:
        raise ValueError(
            "Expected op/tensor name to start with gradients (excluding scope), got: "
            f"{tensor.name}. This means that a tf.gradients op with this op in its "
            "dependency path has a custom name that does not start with 'gradients'. "
            "Please make sure all calls to tf.gradients that have non-empty 'name' "
            "arguments use names that start with 'gradients'."
        )
    return "/".join(parts[: places[-1] + 1])


def write(op: Operation, flow: Any) -> list[Any]:
    gradients = _gradients_for(op, op._attrs["T"], flow, flow)
    return [None, None, gradients.read(op._inputs[1]), flow]


def read(op: Operation, grad: Any) -> list[Any]:
    gradients = _gradients_for(op, op._attrs["dtype"], op._inputs[2], grad)
    return [None, None, gradients.write(op._inputs[1], grad).flow]


def gather(op: Operation, grad: Any) -> list[Any]:
    gradients = _gradients_for(op, op._attrs["dtype"], op._inputs[2], grad)
    return [None, None, gradients.scatter(op._inputs[1], grad).flow]


def scatter(op: Operation, flow: Any) -> list[Any]:
    gradients = _gradients_for(op, op._attrs["T"], flow, flow)
    return [None, None, gradients.gather(op._inputs[1]), flow]


def concat(op: Operation, grad: Any, _lengths: Any) -> list[Any]:
    gradients = _gradients_for(op, op._attrs["dtype"], op._inputs[1], grad)
    return [None, gradients.split(grad, lengths=op.outputs[1]).flow]


def split(op: Operation, flow: Any) -> list[Any]:
    gradients = _gradients_for(op, op._attrs["T"], flow, flow)
    return [None, gradients.concat(), None, flow]
