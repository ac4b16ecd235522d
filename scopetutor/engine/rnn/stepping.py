"""What unrolling in a loop and unrolling one by one share.

Before ``dynamic.py`` and ``static.py``. Sequences of different lengths: beyond its end,
a sequence's outputs are zeros and its state stays what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.ops import array
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.surroundings import colocate_with
from scopetutor.engine.tensor_arrays import TensorArray

if TYPE_CHECKING:
    from collections.abc import Callable


def cache_variables(scope: Any) -> None:
    """Keeps a scope's variables from being fetched from far away in every step."""
    if defaults.state.eager:
        return
    context = defaults.get_default_graph()._get_control_flow_context()
    in_loop = context is not None and context.while_context() is not None
    if not in_loop and scope.caching_device is None:
        scope.set_caching_device(lambda op: op.device)


def state_dtype(explicit: Any, state: Any) -> Any:
    """The type of zeros for outputs.

    Raises:
        ValueError: nobody says it, and the state has several.
    """
    if explicit is not None:
        return explicit
    if not nest.is_sequence(state):
        return state.dtype
    found = [element.dtype for element in nest.flatten(state)]
    if not found:
        raise ValueError("Unable to infer dtype from empty state.")
    if any(dtype != found[0] for dtype in found):
        raise ValueError(
            "State has tensors of different inferred_dtypes. Unable to infer a single "
            "representative dtype."
        )
    return found[0]


def initial_state_of(cell: Any, batch_size: Any, dtype: Any) -> Any:
    """A cell's first state."""
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


class Lengths:
    """The lengths of the sequences of a batch.

    Attributes:
        each: a tensor [batch].
        shortest, longest: of them.
    """

    def __init__(self, each: Any, shortest: Any, longest: Any) -> None:
        self.each = each
        self.shortest = shortest
        self.longest = longest


def step(
    time: Any,
    lengths: Lengths,
    zero_output: Any,
    state: Any,
    call_cell: Callable[[], Any],
    *,
    skip_conditionals: bool = False,
) -> tuple[Any, Any]:
    """Outputs and next state of one step, where sequences may have ended.

    Args:
        time: the number of the step.
        lengths: of the sequences.
        zero_output: the outputs of a sequence that has ended.
        state: before the step.
        call_cell: gives outputs and next state, as if none had ended.
        skip_conditionals: whether the cell runs even if all have ended.
    """
    flat_state = nest.flatten(state)
    flat_zeros = nest.flatten(zero_output)
    has_ended = time >= lengths.each

    def choose(old: Any, new: Any) -> Any:
        if isinstance(old, TensorArray) or old.shape.ndims == 0:
            return new
        with colocate_with(new):
            return where(has_ended, old, new)

    def chosen(outputs: list[Any], new_state: list[Any]) -> list[Any]:
        pairs = [*zip(flat_zeros, outputs, strict=True)]
        pairs += zip(flat_state, new_state, strict=True)
        return [choose(old, new) for old, new in pairs]

    def called() -> tuple[list[Any], list[Any]]:
        outputs, new_state = call_cell()
        nest.assert_same_structure(zero_output, outputs)
        nest.assert_same_structure(state, new_state)
        return nest.flatten(outputs), nest.flatten(new_state)

    def called_and_chosen() -> Any:
        outputs, new_state = called()
        return cond(
            time < lengths.shortest,
            lambda: outputs + new_state,
            lambda: chosen(outputs, new_state),
        )

    if skip_conditionals:
        final = chosen(*called())
    else:
        final = cond(
            time >= lengths.longest, lambda: flat_zeros + flat_state, called_and_chosen
        )
    count = len(flat_zeros)
    for tensor, like in zip(final, flat_zeros + flat_state, strict=True):
        if not isinstance(tensor, TensorArray):
            tensor.set_shape(like.get_shape())
    return (
        nest.pack_sequence_as(zero_output, final[:count]),
        nest.pack_sequence_as(state, final[count:]),
    )


def best_effort_batch_size(flat_inputs: Any) -> Any:
    """The batch size of inputs [time, batch, ...]: a number, or else a tensor."""
    for tensor in flat_inputs:
        shape = tensor.shape
        if shape.ndims is None:
            continue
        if shape.ndims < 2:
            raise ValueError(f"Expected input tensor {tensor} to have rank at least 2")
        if shape[1].value is not None:
            return shape[1].value
    return array.shape(flat_inputs[0])[1]


def is_keras_cell(cell: Any) -> bool:
    """Whether a cell is one of tf.keras, whose state is always a list."""
    from scopetutor.engine.keras.layer import Layer  # noqa: PLC0415 - used here only

    from .cell import RNNCell  # noqa: PLC0415 - as above

    return (
        isinstance(cell, Layer)
        and not isinstance(cell, RNNCell)
        and getattr(cell, "zero_state", None) is None
    )
