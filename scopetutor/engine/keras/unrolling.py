"""`tf.keras.backend.rnn`: a step is repeated along an axis of time.

Before recurrent.py, which says what the step is. The steps are a loop of the graph, or
with `unroll` so many copies of the step's operations. Where a mask is False, the state
stays what it was, and the outputs are those of the step before, or zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants as engine_constants
from scopetutor.engine import dtypes, nest
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import while_loop
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.joining import stack, tile, unstack
from scopetutor.engine.ops.padding import reverse
from scopetutor.engine.ops.reshaping import expand_dims, transpose
from scopetutor.engine.tensor_arrays import TensorArray

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_STATES = (
    "No initial states provided! When using masking in an RNN, you should provide "
    "initial states (and your step function should return as its first state at time "
    "`t` the output at time `t-1`)."
)


def rnn(
    step_function: Any,
    inputs: Any,
    initial_states: Any,
    go_backwards: bool = False,
    mask: Any = None,
    constants: Any = None,
    unroll: bool = False,
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
) -> Any:
    """Repeats a step along the time of some inputs.

    Args:
        step_function: takes the inputs of a moment and a tuple of states and constants;
            gives outputs and a list of new states.
        inputs: [batch, time, ...], one or a structure of them.
        initial_states: a list of tensors.
        go_backwards: whether it begins at the end.
        mask: [batch, time]; where it is False, nothing changes.
        constants: what each step is told after the states.
        unroll: whether each moment has operations of its own.
        input_length: how many moments there are at the most.
        time_major: whether the inputs are [time, batch, ...].
        zero_output_for_mask: whether masked outputs are zeros.

    Returns:
        The last outputs, all outputs, and the last states.

    Raises:
        ValueError: a time to unroll is not known, or a mask comes without states.
    """
    if not time_major:
        inputs = nest.map_structure(_swapped, inputs)
    first = nest.flatten(inputs)[0]
    shape = first.shape
    length = array.shape(first)[0]
    for one in nest.flatten(inputs):
        one.shape.with_rank_at_least(3)
    if mask is not None:
        mask = _mask_by_time(mask, time_major)
    steps = _Steps(step_function, inputs, go_backwards, constants, zero_output_for_mask)
    states = tuple(initial_states)
    if unroll:
        if not shape[0].value:
            raise ValueError("Unrolling requires a fixed number of timesteps.")
        last, outputs, new_states = steps.unrolled(states, mask, shape[0].value)
    else:
        last, outputs, new_states = steps.looped(
            states, initial_states, mask, length, input_length
        )

    def known(output: Any) -> Any:
        if is_tensor(output):
            output.set_shape([*shape.as_list()[:2], *output.shape.as_list()[2:]])
        return output

    outputs = nest.map_structure(known, outputs)
    if not time_major:
        outputs = nest.map_structure(_swapped, outputs)
    return last, outputs, new_states


def _swapped(tensor: Any) -> Any:
    """Batch and time exchanged."""
    return transpose(tensor, [1, 0, *range(2, tensor.shape.ndims)])


def _mask_by_time(mask: Any, time_major: bool) -> Any:
    if mask.dtype != dtypes.bool_:
        mask = math.cast(mask, dtypes.bool_)
    if mask.shape.ndims == 2:
        mask = expand_dims(mask, -1)
    return mask if time_major else _swapped(mask)


def _as_wide(mask: Any, tensor: Any, fixed: int = 1) -> Any:
    """A mask [batch, 1] in the shape of what it masks."""
    for _ in range(tensor.shape.ndims - mask.shape.ndims):
        mask = expand_dims(mask, -1)
    return tile(mask, [1] * fixed + tensor.shape.as_list()[fixed:])


class _Steps:
    """What is repeated, and on what.

    Args:
        function: the step.
        inputs: [time, batch, ...].
        backwards: whether it begins at the end.
        constants: what each step is told after the states, or None.
        zeros: whether masked outputs are zeros.
    """

    def __init__(
        self, function: Any, inputs: Any, backwards: bool, constants: Any, zeros: bool
    ) -> None:
        self._function = function
        self._inputs = inputs
        self._backwards = backwards
        self._constants = tuple(constants or ())
        self._zeros = zeros

    def _call(self, inputs: Any, states: Any) -> Any:
        return self._function(inputs, (*states, *self._constants))

    # -- one by one --------------------------------------------------------------------

    def unrolled(self, states: Any, mask: Any, count: int) -> Any:
        """Last outputs, all outputs and states of so many copies of the step."""
        moments = nest.map_structure(self._moments, self._inputs)
        masks = None if mask is None else self._moments(mask)
        outputs: list[Any] = []
        for i in range(count):
            inputs = _at(self._inputs, moments, i)
            output, new = self._call(inputs, states)
            if masks is not None:
                wide = _as_wide(masks[i], output)
                before = outputs[-1] if outputs else array.zeros_like(output)
                output = where(wide, output, before)
                new = [
                    where(_as_wide(masks[i], one), one, old)
                    for old, one in zip(states, new, strict=False)
                ]
            states = new
            outputs.append(output)
        last, all_outputs = outputs[-1], stack(outputs)
        if masks is not None and self._zeros:
            last = where(_as_wide(masks[-1], last), last, array.zeros_like(last))
            wide = _as_wide(mask, all_outputs, fixed=2)
            all_outputs = where(wide, all_outputs, array.zeros_like(all_outputs))
        return last, all_outputs, states

    def _moments(self, tensor: Any) -> list[Any]:
        found: list[Any] = unstack(tensor)
        return found[::-1] if self._backwards else found

    # -- as a loop ---------------------------------------------------------------------

    def looped(
        self, states: Any, initial_states: Any, mask: Any, length: Any, most: Any
    ) -> Any:
        """Last outputs, all outputs and states of a loop."""
        arrays = self._input_arrays(length)
        first = nest.pack_sequence_as(
            self._inputs, [one[0] for one in nest.flatten(self._inputs)]
        )
        # TF 1.15: the step is called once more, to know its outputs' types and shapes.
        output, _ = self._call(first, states)
        written = tuple(
            TensorArray(
                dtype=one.dtype,
                size=length,
                element_shape=one.shape,
                tensor_array_name=f"output_ta_{i}",
            )
            for i, one in enumerate(nest.flatten(output))
        )
        time = engine_constants.constant(0, dtype="int32", name="time")
        if mask is None:
            begin: tuple[Any, ...] = (time, written)
            body = self._plain_body(arrays, initial_states)
        else:
            masks = self._mask_array(mask, states, length)
            zeros = tuple(array.zeros_like(one) for one in nest.flatten(output))
            begin = (time, written, zeros)
            body = self._masked_body(arrays, masks, zeros)
        final = while_loop(
            cond=lambda time, *_: time < length,
            body=body,
            loop_vars=begin + states,
            maximum_iterations=most,
            parallel_iterations=32,
            swap_memory=True,
        )
        stacked = tuple(one.stack() for one in final[1])
        last = tuple(one[-1] for one in stacked)
        return (
            nest.pack_sequence_as(output, last),
            nest.pack_sequence_as(output, stacked),
            final[len(begin) :],
        )

    def _input_arrays(self, length: Any) -> list[Any]:
        flat = nest.flatten(self._inputs)
        arrays = [
            TensorArray(dtype=one.dtype, size=length, tensor_array_name=f"input_ta_{i}")
            for i, one in enumerate(flat)
        ]
        return [
            one.unstack(self._in_order(tensor))
            for one, tensor in zip(arrays, flat, strict=True)
        ]

    def _in_order(self, tensor: Any) -> Any:
        return reverse(tensor, [0]) if self._backwards else tensor

    def _mask_array(self, mask: Any, states: Any, length: Any) -> Any:
        if not states:
            raise ValueError(_NO_STATES)
        mask = self._in_order(mask)
        made = TensorArray(dtype=dtypes.bool_, size=length, tensor_array_name="mask_ta")
        return made.unstack(mask)

    def _read(self, arrays: list[Any], time: Any) -> Any:
        return nest.pack_sequence_as(self._inputs, [one.read(time) for one in arrays])

    def _plain_body(self, arrays: list[Any], initial_states: Any) -> Callable[..., Any]:
        def body(time: Any, written: Any, *states: Any) -> Any:
            output, new = self._call(self._read(arrays, time), states)
            flat = _with_shapes_of(states, new)
            written = _write(written, time, nest.flatten(output))
            new = nest.pack_sequence_as(initial_states, flat)
            return (time + 1, written, *new)

        return body

    def _masked_body(
        self, arrays: list[Any], masks: Any, zeros: Any
    ) -> Callable[..., Any]:
        def body(time: Any, written: Any, before: Any, *states: Any) -> Any:
            inputs = self._read(arrays, time)
            mask = masks.read(time)
            output, new = self._call(inputs, states)
            flat = nest.flatten(output)
            old = zeros if self._zeros else nest.flatten(before)
            chosen = _choose(mask, flat, flat, old)
            flat_states = nest.flatten(states)
            flat_new = _with_shapes_of(states, new)
            final = _choose(mask, flat_states, flat_new, flat_states)
            new = nest.pack_sequence_as(new, final)
            written = _write(written, time, chosen)
            return (time + 1, written, tuple(chosen), *new)

        return body


def _at(structure: Any, moments: Any, i: int) -> Any:
    """The inputs of a moment."""
    if not nest.is_sequence(structure):
        return moments[i]
    found = [one[i] for one in nest.flatten_up_to(structure, moments)]
    return nest.pack_sequence_as(structure, found)


def _choose(mask: Any, like: list[Any], new: Any, old: Any) -> list[Any]:
    """The new tensors where the mask holds, else the old ones."""
    wide = [_as_wide(mask, one) for one in like]
    return [where(*one) for one in zip(wide, new, old, strict=True)]


def _with_shapes_of(states: Any, new: Any) -> list[Any]:
    flat = nest.flatten(new)
    for old, one in zip(nest.flatten(states), flat, strict=False):
        if is_tensor(one):
            one.set_shape(old.shape)
    return flat


def _write(arrays: Any, time: Any, outputs: list[Any]) -> tuple[Any, ...]:
    return tuple(one.write(time, out) for one, out in zip(arrays, outputs, strict=True))
