"""`tf.nn.dynamic_rnn`: a cell unrolled by a loop in the graph.

Inputs go into a TensorArray, the loop reads one, calls the cell and writes the outputs
into another. The variables are in the scope `rnn/<the cell's>`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, defaults, deprecation, dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import while_loop
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.joining import concat, stack
from scopetutor.engine.ops.padding import reverse
from scopetutor.engine.ops.reshaping import transpose
from scopetutor.engine.ops.reverse_sequence import reverse_sequence
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.shapes import TensorShape, as_shape
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    name_scope,
)
from scopetutor.engine.tensor_arrays import TensorArray

from .cell import assert_like_rnncell, joined_shape, joined_static_shape
from .stepping import (
    Lengths,
    best_effort_batch_size,
    cache_variables,
    initial_state_of,
    is_keras_cell,
    state_dtype,
    step,
)

_MODULE = "tensorflow.python.ops.rnn"


def transpose_batch_time(x: Any) -> Any:
    """A tensor with its first two axes exchanged."""
    shape = x.get_shape()
    if shape.ndims is not None and shape.ndims < 2:
        return x
    order = concat(([1, 0], math.range_(2, array.rank(x))), axis=0)
    moved = transpose(x, order)
    moved.set_shape(
        TensorShape([shape[1].value, shape[0].value]).concatenate(shape[2:])
    )
    return moved


@deprecation.deprecated(
    "dynamic_rnn",
    _MODULE,
    "Please use `keras.layers.RNN(cell)`, which is equivalent to this API",
)
def dynamic_rnn(
    cell: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Runs a cell over sequences.

    Args:
        cell: one step.
        inputs: [batch, time, size], or [time, batch, size] if time_major; or nested.
        sequence_length: [batch]; beyond it, outputs are 0 and the state stays.
        initial_state: None: zeros.
        dtype: of the state; must be given without an initial state.
        parallel_iterations: how many steps may run at a time.
        swap_memory: kept as an attribute of the loop.
        time_major: how inputs and outputs are laid out.
        scope: of the variables; None: `rnn`.

    Returns:
        The outputs of every step, and the last state.

    Raises:
        TypeError: the cell is none.
        ValueError: types or sizes are missing.
    """
    assert_like_rnncell("cell", cell)
    with variable_scope(scope or "rnn") as varscope:
        cache_variables(varscope)
        flat_inputs = nest.flatten(inputs)
        if not time_major:
            flat_inputs = [convert_to_tensor(tensor) for tensor in flat_inputs]
            flat_inputs = [transpose_batch_time(tensor) for tensor in flat_inputs]
        if sequence_length is not None:
            sequence_length = _checked_lengths(sequence_length)
        batch_size = best_effort_batch_size(flat_inputs)
        state = initial_state
        if state is None:
            if not dtype:
                raise ValueError("If there is no initial_state, you must give a dtype.")
            state = initial_state_of(cell, batch_size, dtype)
        if sequence_length is not None and not defaults.state.eager:
            fits = _assert_has_shape(sequence_length, [batch_size])
            with control_dependencies([fits]):
                sequence_length = array.identity(sequence_length, name="CheckSeqLen")
        inputs = nest.pack_sequence_as(inputs, flat_inputs)
        loop = _Loop(cell, inputs, state, sequence_length, dtype)
        outputs, final_state = loop.run(parallel_iterations or 32, swap_memory)
        if not time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
        return outputs, final_state


def _checked_lengths(sequence_length: Any) -> Any:
    sequence_length = math.cast(sequence_length, dtypes.int32)
    if sequence_length.get_shape().ndims not in (None, 1):
        raise ValueError(
            "sequence_length must be a vector of length batch_size, but saw shape: "
            f"{sequence_length.get_shape()}"
        )
    return array.identity(sequence_length, name="sequence_length")


def _assert_has_shape(x: Any, shape: Any) -> Any:
    found = array.shape(x)
    wanted = stack(shape)
    return Assert(
        math.reduce_all(math.equal(found, wanted)),
        [
            f"Expected shape for Tensor {x.name} is ",
            wanted,
            " but saw shape: ",
            found,
        ],
    )


class _Loop:
    """The loop over the steps of one `dynamic_rnn`."""

    def __init__(
        self, cell: Any, inputs: Any, state: Any, sequence_length: Any, dtype: Any
    ) -> None:
        self.cell = cell
        self.inputs = inputs
        self.state = state
        self.dtype = dtype
        self.flat_inputs = nest.flatten(inputs)
        self.output_sizes = nest.flatten(cell.output_size)
        self.time_steps = array.shape(self.flat_inputs[0])[0]
        batch_size = best_effort_batch_size(self.flat_inputs)
        self.input_shapes = [
            tensor.get_shape().with_rank_at_least(3) for tensor in self.flat_inputs
        ]
        self.const_steps, self.const_batch = self.input_shapes[0].as_list()[:2]
        self._check_shapes()
        zeros = [self._zeros(batch_size, size) for size in self.output_sizes]
        self.zero_output = nest.pack_sequence_as(cell.output_size, zeros)
        self.lengths = None
        if sequence_length is not None:
            self.lengths = Lengths(
                sequence_length,
                math.reduce_min(sequence_length),
                math.reduce_max(sequence_length),
            )

    def _check_shapes(self) -> None:
        for shape in self.input_shapes:
            if not shape[2:].is_fully_defined():
                raise ValueError(
                    "Input size (depth of inputs) must be accessible via shape "
                    "inference, but saw value None."
                )
            if shape[0].value != self.const_steps:
                raise ValueError(
                    "Time steps is not the same for all the elements in the input in a "
                    "batch."
                )
            if shape[1].value != self.const_batch:
                raise ValueError(
                    "Batch_size is not the same for all the elements in the input."
                )

    def _zeros(self, batch_size: Any, size: Any) -> Any:
        sizes = stack(joined_shape(batch_size, size))
        return array.zeros(sizes, state_dtype(self.dtype, self.state))

    def run(self, parallel_iterations: int, swap_memory: bool) -> tuple[Any, Any]:
        """Adds the loop; gives all outputs and the last state."""
        time = constants.constant(0, dtype=dtypes.int32, name="time")
        with name_scope("dynamic_rnn") as base_name:
            pass
        if defaults.state.eager:
            return self._run_now()
        self.output_arrays = tuple(
            self._array(
                f"{base_name}output_{i}",
                TensorShape([self.const_batch]).concatenate(_known_shape(size)),
                state_dtype(self.dtype, self.state),
            )
            for i, size in enumerate(self.output_sizes)
        )
        arrays = [
            self._array(f"{base_name}input_{i}", tensor.shape[1:], tensor.dtype)
            for i, tensor in enumerate(self.flat_inputs)
        ]
        self.input_arrays = [
            each.unstack(tensor)
            for each, tensor in zip(arrays, self.flat_inputs, strict=True)
        ]
        longest = self.time_steps if self.lengths is None else self.lengths.longest
        bound = math.minimum(self.time_steps, math.maximum(1, longest))
        _, arrays, final_state = while_loop(
            cond=lambda time, *_: time < bound,
            body=self._step,
            loop_vars=(time, self.output_arrays, self.state),
            parallel_iterations=parallel_iterations,
            maximum_iterations=self.time_steps,
            swap_memory=swap_memory,
        )
        outputs = [each.stack() for each in arrays]
        for output, size in zip(outputs, self.output_sizes, strict=True):
            prefix = [self.const_steps, self.const_batch]
            output.set_shape(joined_static_shape(prefix, size))
        return nest.pack_sequence_as(self.cell.output_size, outputs), final_state

    def _array(self, name: str, element_shape: Any, dtype: Any) -> TensorArray:
        return TensorArray(
            dtype=dtype,
            size=self.time_steps,
            element_shape=element_shape,
            tensor_array_name=name,
        )

    def _step(self, time: Any, output_arrays: Any, state: Any) -> Any:
        taken = [each.read(time) for each in self.input_arrays]
        for tensor, shape in zip(taken, self.input_shapes, strict=True):
            tensor.set_shape(shape[1:])
        output, new_state = self._called(time, taken, state)
        written = tuple(
            each.write(time, tensor)
            for each, tensor in zip(output_arrays, nest.flatten(output), strict=True)
        )
        return time + 1, written, new_state

    def _called(self, time: Any, taken: Any, state: Any) -> tuple[Any, Any]:
        """Outputs and next state of the cell for one step's inputs."""
        inputs = nest.pack_sequence_as(self.inputs, taken)
        keras = is_keras_cell(self.cell)
        if keras and not nest.is_sequence(state):
            state = [state]
        if self.lengths is None:
            output, new_state = self.cell(inputs, state)
        else:
            output, new_state = step(
                time,
                self.lengths,
                self.zero_output,
                state,
                lambda: self.cell(inputs, state),
                skip_conditionals=True,
            )
        if keras and len(new_state) == 1:
            new_state = new_state[0]
        return output, new_state

    def _run_now(self) -> tuple[Any, Any]:
        """The same in eager mode: a loop of Python's."""
        rows: list[list[Any]] = [[] for _ in self.output_sizes]
        state = self.state
        for time in range(int(self.time_steps)):
            taken = [tensor[time] for tensor in self.flat_inputs]
            output, state = self._called(time, taken, state)
            for row, tensor in zip(rows, nest.flatten(output), strict=True):
                row.append(tensor)
        outputs = [stack(row) for row in rows]
        return nest.pack_sequence_as(self.cell.output_size, outputs), state


def _known_shape(size: Any) -> Any:
    return as_shape(static_value(size)) if isinstance(size, Tensor) else size


# -- both ways ---------------------------------------------------------------------


@deprecation.deprecated(
    "bidirectional_dynamic_rnn",
    _MODULE,
    "Please use `keras.layers.Bidirectional(keras.layers.RNN(cell))`, which is "
    "equivalent to this API",
)
def bidirectional_dynamic_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Runs one cell over sequences, and another over the same in reverse.

    The arguments are those of `dynamic_rnn`; the scopes are `bidirectional_rnn/fw` and
    `bidirectional_rnn/bw`.

    Returns:
        (outputs forward, outputs backward) and the two last states.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    axes = (0, 1) if time_major else (1, 0)
    settings = {
        "sequence_length": sequence_length,
        "dtype": dtype,
        "parallel_iterations": parallel_iterations,
        "swap_memory": swap_memory,
        "time_major": time_major,
    }
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw_scope:
            output_fw, state_fw = dynamic_rnn(
                cell_fw,
                inputs,
                initial_state=initial_state_fw,
                scope=fw_scope,
                **settings,
            )
        with variable_scope("bw") as bw_scope:
            backward = nest.map_structure(
                lambda tensor: _reversed(tensor, sequence_length, axes), inputs
            )
            output_bw, state_bw = dynamic_rnn(
                cell_bw,
                backward,
                initial_state=initial_state_bw,
                scope=bw_scope,
                **settings,
            )
    output_bw = _reversed(output_bw, sequence_length, axes)
    return (output_fw, output_bw), (state_fw, state_bw)


def _reversed(tensor: Any, lengths: Any, axes: tuple[int, int]) -> Any:
    """Sequences in reverse; `axes` are those of time and batch."""
    if lengths is None:
        return reverse(tensor, axis=[axes[0]])
    return reverse_sequence(
        input=tensor, seq_lengths=lengths, seq_axis=axes[0], batch_axis=axes[1]
    )


# -- with a function that feeds it -------------------------------------------------


def raw_rnn(
    cell: Any,
    loop_fn: Any,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Runs a cell with a function that says what each step gets and gives.

    Args:
        cell: one step.
        loop_fn: (time, output, state, loop state) -> (which sequences have ended, next
            input, next state, what to emit, next loop state). It is first called with
            the time 0 and None for the rest.
        parallel_iterations: how many steps may run at a time.
        swap_memory: kept as an attribute of the loop.
        scope: of the variables; None: `rnn`.

    Returns:
        A TensorArray of what was emitted, the last state and the last loop state.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with variable_scope(scope or "rnn") as varscope:
        cache_variables(varscope)
        loop = _RawLoop(cell, loop_fn)
        return loop.run(parallel_iterations or 32, swap_memory)


class _RawLoop:
    """The loop of one `raw_rnn`."""

    def __init__(self, cell: Any, loop_fn: Any) -> None:
        self.cell = cell
        self.loop_fn = loop_fn
        self.time = constants.constant(0, dtype=dtypes.int32)
        (
            self.finished,
            self.next_input,
            state,
            emitted,
            self.init_loop_state,
        ) = loop_fn(self.time, None, None, None)
        flat_input = nest.flatten(self.next_input)
        self.loop_state = self.init_loop_state
        if self.init_loop_state is None:
            self.loop_state = constants.constant(0, dtype=dtypes.int32)
        batch = _static_batch(flat_input)
        batch_size = array.shape(flat_input[0])[0] if batch is None else batch
        nest.assert_same_structure(state, cell.state_size)
        flat_state = [convert_to_tensor(part) for part in nest.flatten(state)]
        self.state = nest.pack_sequence_as(state, flat_state)
        structure, sizes, kinds = self._emitted(emitted, flat_state)
        arrays = [
            TensorArray(
                dtype=kind,
                dynamic_size=True,
                element_shape=TensorShape([batch]).concatenate(_known_shape(size)),
                size=0,
                name=f"rnn_output_{i}",
            )
            for i, (kind, size) in enumerate(zip(kinds, sizes, strict=True))
        ]
        self.arrays = nest.pack_sequence_as(structure, arrays)
        zeros = [
            array.zeros(joined_shape(batch_size, size), kind)
            for size, kind in zip(sizes, kinds, strict=True)
        ]
        self.zero_emit = nest.pack_sequence_as(structure, zeros)

    def _emitted(
        self, emitted: Any, flat_state: list[Any]
    ) -> tuple[Any, list[Any], list[Any]]:
        """Structure, sizes and types of what a step emits."""
        if emitted is None:
            sizes = nest.flatten(self.cell.output_size)
            return self.cell.output_size, sizes, [flat_state[0].dtype] * len(sizes)
        flat = nest.flatten(emitted)
        sizes = [
            tensor.shape if tensor.shape.is_fully_defined() else array.shape(tensor)
            for tensor in flat
        ]
        return emitted, sizes, [tensor.dtype for tensor in flat]

    def run(self, parallel_iterations: int, swap_memory: bool) -> tuple[Any, Any, Any]:
        """Adds the loop."""
        *_, arrays, state, loop_state = while_loop(
            lambda _, finished, *__: math.logical_not(math.reduce_all(finished)),
            self._step,
            loop_vars=[
                self.time,
                self.finished,
                self.next_input,
                self.arrays,
                self.state,
                self.loop_state,
            ],
            parallel_iterations=parallel_iterations,
            swap_memory=swap_memory,
        )
        return arrays, state, None if self.init_loop_state is None else loop_state

    def _step(
        self,
        time: Any,
        finished: Any,
        current: Any,
        arrays: Any,
        state: Any,
        loop_state: Any,
    ) -> Any:
        output, cell_state = self.cell(current, state)
        nest.assert_same_structure(state, cell_state)
        nest.assert_same_structure(self.cell.output_size, output)
        next_time = time + 1
        next_finished, next_input, next_state, emitted, next_loop_state = self.loop_fn(
            next_time, output, cell_state, loop_state
        )
        nest.assert_same_structure(state, next_state)
        nest.assert_same_structure(current, next_input)
        nest.assert_same_structure(arrays, emitted)
        if next_loop_state is not None:
            loop_state = next_loop_state

        def choose(old: Any, new: Any) -> Any:
            if isinstance(old, TensorArray) or old.shape.ndims == 0:
                return new
            with colocate_with(new):
                return where(finished, old, new)

        emitted = nest.map_structure(choose, self.zero_emit, emitted)
        next_state = nest.map_structure(choose, state, next_state)
        arrays = nest.map_structure(
            lambda each, tensor: each.write(time, tensor), arrays, emitted
        )
        finished = math.logical_or(finished, next_finished)
        return next_time, finished, next_input, arrays, next_state, loop_state


def _static_batch(flat_input: list[Any]) -> int | None:
    """The batch size, if one of the inputs' shapes says it."""
    from scopetutor.engine.shapes import dimension_at_index  # noqa: PLC0415 - here only

    first = dimension_at_index(flat_input[0].get_shape(), 0)
    for tensor in flat_input:
        first.merge_with(dimension_at_index(tensor.get_shape(), 0))
    value: int | None = first.value
    return value
