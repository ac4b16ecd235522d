"""`tf.nn.static_rnn`: a cell unrolled one step after the other, while building.

After stepping. The list of inputs has one tensor for each moment, and the graph grows
with it; ``dynamic.py`` makes a loop instead. TF 1.15: the cell's variables are made by
the first step, the others reuse them.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation, dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.joining import concat, stack, unstack
from scopetutor.engine.ops.reverse_sequence import reverse_sequence
from scopetutor.engine.shapes import TensorShape, dimension_at_index, unknown_shape
from scopetutor.engine.surroundings import control_dependencies

from .cell import assert_like_rnncell, joined_shape, joined_static_shape
from .stepping import (
    Lengths,
    cache_variables,
    initial_state_of,
    is_keras_cell,
    state_dtype,
    step,
)

_MODULE = "tensorflow.python.ops.rnn"


def _check_inputs(inputs: Any) -> None:
    if not nest.is_sequence(inputs):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")


@deprecation.deprecated(
    "static_rnn",
    _MODULE,
    "Please use `keras.layers.RNN(cell, unroll=True)`, which is equivalent to this API",
)
def static_rnn(
    cell: Any,
    inputs: Any,
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Runs a cell over a list of inputs.

    Args:
        cell: one step.
        inputs: a list of [batch, size], one for each step.
        initial_state: None: zeros.
        dtype: of the state; must be given without an initial state.
        sequence_length: [batch]; beyond it, outputs are 0 and the state stays.
        scope: of the variables; None: `rnn`.

    Returns:
        The list of outputs, and the last state.

    Raises:
        TypeError: the cell is none, or the inputs are no list.
        ValueError: types or sizes are missing.
    """
    assert_like_rnncell("cell", cell)
    _check_inputs(inputs)
    with variable_scope(scope or "rnn") as varscope:
        cache_variables(varscope)
        first = inputs
        while nest.is_sequence(first):
            first = first[0]
        fixed = _fixed_batch_size(first, inputs)
        batch_size = fixed.value or array.shape(first)[0]
        state = initial_state
        if state is None:
            if not dtype:
                raise ValueError(
                    "If no initial_state is provided, dtype must be specified"
                )
            state = initial_state_of(cell, batch_size, dtype)
        lengths = zeros = None
        if sequence_length is not None:
            lengths, zeros = _lengths_and_zeros(
                sequence_length, cell.output_size, batch_size, fixed.value, dtype, state
            )
        keras = is_keras_cell(cell)
        if keras and not nest.is_sequence(state):
            state = [state]
        outputs = []
        for time, current in enumerate(inputs):
            if time > 0:
                varscope.reuse_variables()
            if lengths is None:
                output, state = cell(current, state)
            else:
                output, state = _step(cell, time, current, state, lengths, zeros)
            outputs.append(output)
        if keras and len(state) == 1:
            state = state[0]
        return outputs, state


def _step(
    cell: Any, time: int, current: Any, state: Any, lengths: Lengths, zeros: Any
) -> tuple[Any, Any]:
    return step(time, lengths, zeros, state, lambda: cell(current, state))


def _fixed_batch_size(first: Any, inputs: Any) -> Any:
    """The batch size that all inputs share, as a Dimension."""
    if first.get_shape().ndims == 1:
        return first.get_shape().with_rank_at_least(1)[0]
    fixed = first.get_shape().with_rank_at_least(2)[0]
    for tensor in nest.flatten(inputs):
        shape = tensor.get_shape().with_rank_at_least(2)
        fixed.merge_with(dimension_at_index(shape, 0))
        for i, size in enumerate(shape[1:].as_list()):
            if size is None:
                raise ValueError(
                    f"Input size (dimension {i} of inputs) must be accessible via "
                    "shape inference, but saw value None."
                )
    return fixed


def _lengths_and_zeros(
    sequence_length: Any,
    output_size: Any,
    batch_size: Any,
    known_batch_size: int | None,
    dtype: Any,
    state: Any,
) -> tuple[Lengths, Any]:
    sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
    if sequence_length.get_shape().ndims not in (None, 1):
        raise ValueError("sequence_length must be a vector of length batch_size")

    def zeros(size: Any) -> Any:
        sizes = stack(joined_shape(batch_size, size))
        output = array.zeros(sizes, state_dtype(dtype, state))
        output.set_shape(TensorShape(joined_static_shape(known_batch_size, size)))
        return output

    flat = [zeros(size) for size in nest.flatten(output_size)]
    sequence_length = math.cast(sequence_length, dtypes.int32)
    lengths = Lengths(
        sequence_length,
        math.reduce_min(sequence_length),
        math.reduce_max(sequence_length),
    )
    return lengths, nest.pack_sequence_as(output_size, flat)


# -- with a state that is kept elsewhere -------------------------------------------


@deprecation.deprecated(
    "static_state_saving_rnn",
    _MODULE,
    "Please use `keras.layers.RNN(cell, stateful=True)`, which is equivalent to this "
    "API",
)
def static_state_saving_rnn(
    cell: Any,
    inputs: Any,
    state_saver: Any,
    state_name: Any,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """As `static_rnn`, with a first state from a saver, which gets the last one."""
    state_size = cell.state_size
    nested = nest.is_sequence(state_size)
    if nested != nest.is_sequence(state_name):
        raise ValueError(
            "state_name should be the same type as cell.state_size.  state_name: "
            f"{state_name}, cell.state_size: {state_size}"
        )
    names = nest.flatten(state_name)
    if nested and len(names) != len(nest.flatten(state_size)):
        raise ValueError(
            f"#elems(state_name) != #elems(state_size): {len(names)} vs. "
            f"{len(nest.flatten(state_size))}"
        )
    first = [state_saver.state(name) for name in names]
    outputs, state = static_rnn(
        cell,
        inputs,
        initial_state=nest.pack_sequence_as(state_size, first),
        sequence_length=sequence_length,
        scope=scope,
    )
    flat_state = nest.flatten(state)
    saved = [
        state_saver.save_state(name, part)
        for name, part in zip(names, flat_state, strict=True)
    ]
    with control_dependencies(saved):
        last = [array.identity(output) for output in nest.flatten(outputs[-1])]
        outputs[-1] = nest.pack_sequence_as(outputs[-1], last)
        kept = [array.identity(part) for part in flat_state]
        return outputs, nest.pack_sequence_as(state, kept)


# -- both ways ---------------------------------------------------------------------


@deprecation.deprecated(
    "static_bidirectional_rnn",
    _MODULE,
    "Please use `keras.layers.Bidirectional(keras.layers.RNN(cell, unroll=True))`, "
    "which is equivalent to this API",
)
def static_bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Runs one cell over a list of inputs, and another over the same in reverse.

    The arguments are those of `static_rnn`; the scopes are `bidirectional_rnn/fw` and
    `bidirectional_rnn/bw`.

    Returns:
        The outputs of both side by side, and the two last states.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    _check_inputs(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw_scope:
            output_fw, state_fw = static_rnn(
                cell_fw,
                inputs,
                initial_state_fw,
                dtype,
                sequence_length,
                scope=fw_scope,
            )
        with variable_scope("bw") as bw_scope:
            backward = _reversed(inputs, sequence_length)
            output_bw, state_bw = static_rnn(
                cell_bw,
                backward,
                initial_state_bw,
                dtype,
                sequence_length,
                scope=bw_scope,
            )
    output_bw = _reversed(output_bw, sequence_length)
    both = [
        concat([fw, bw], 1)
        for fw, bw in zip(nest.flatten(output_fw), nest.flatten(output_bw), strict=True)
    ]
    return nest.pack_sequence_as(output_fw, both), state_fw, state_bw


def _reversed(sequence: Any, lengths: Any) -> list[Any]:
    """A list of steps in reverse; with lengths, each example's own part."""
    if lengths is None:
        return list(reversed(sequence))
    flat = [nest.flatten(item) for item in sequence]
    results: list[list[Any]] = [[] for _ in sequence]
    for column in zip(*flat, strict=True):
        shape = unknown_shape(rank=column[0].get_shape().ndims)
        for tensor in column:
            shape.merge_with(tensor.get_shape())
            tensor.set_shape(shape)
        turned = unstack(reverse_sequence(stack(column), lengths, 0, 1))
        for tensor, result in zip(turned, results, strict=True):
            tensor.set_shape(shape)
            result.append(tensor)
    return [
        nest.pack_sequence_as(item, result)
        for item, result in zip(sequence, results, strict=True)
    ]
