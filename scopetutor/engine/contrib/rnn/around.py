"""Cells around a cell: one that attends to its past, one with a way past it.

After ``linear.py``; they wrap any cell, and are unrolled like one.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import nest, tf_logging
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.conv import conv2d
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import expand_dims, reshape
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.ops.softmax import softmax
from scopetutor.engine.rnn.cell import RNNCell, assert_like_rnncell
from scopetutor.engine.scopes import get_variable

from .linear import Linear
from .projections import Around


class AttentionCellWrapper(RNNCell):
    """A cell that looks back at its last outputs.

    Args:
        cell: the wrapped cell.
        attn_length: how many outputs it looks back at.
        attn_size: of an output; None: that of the cell.
        attn_vec_size: of what is compared; None: attn_size.
        input_size: of what the cell gets; None: that of the inputs.
        state_is_tuple: whether the state is a tuple, or one tensor.
        reuse: whether the scope's variables are reused.

    Raises:
        ValueError: attn_length is not positive, or the states do not fit.
    """

    def __init__(
        self,
        cell: Any,
        attn_length: int,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        input_size: int | None = None,
        state_is_tuple: bool = True,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if nest.is_sequence(cell.state_size) and not state_is_tuple:
            raise ValueError(
                "Cell returns tuple of states, but the flag state_is_tuple is not set. "
                f"State size is: {cell.state_size}"
            )
        if attn_length <= 0:
            raise ValueError(
                f"attn_length should be greater than zero, got {attn_length}"
            )
        if not state_is_tuple:
            tf_logging.warn(
                "%s: Using a concatenated state is slower and will soon be "
                "deprecated.  Use state_is_tuple=True.",
                self,
            )
        self._state_is_tuple = state_is_tuple
        self._cell = cell
        self._attn_size = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = (
            self._attn_size if attn_vec_size is None else attn_vec_size
        )
        self._input_size = input_size
        self._attn_length = attn_length
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> Any:
        """The cell's sizes, and those of what it attends to and has kept."""
        size = (
            self._cell.state_size,
            self._attn_size,
            self._attn_size * self._attn_length,
        )
        return size if self._state_is_tuple else sum(size)

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._attn_size

    def _linear(self, name: str, args: Any, columns: int) -> Any:
        if name not in self._linears:
            self._linears[name] = Linear(args, columns, True)
        return self._linears[name](args)

    def _split_state(self, state: Any) -> Any:
        if self._state_is_tuple:
            return state
        at, parts = 0, []
        sizes = (
            self._cell.state_size,
            self._attn_size,
            self._attn_size * self._attn_length,
        )
        for size in sizes:
            parts.append(slice_of(state, [0, at], [-1, size]))
            at += size
        return parts

    def call(self, inputs: Any, state: Any) -> Any:
        """The cell, on inputs and what it attends to."""
        length, size = self._attn_length, self._attn_size
        state, attended, kept = self._split_state(state)
        kept = reshape(kept, [-1, length, size])
        input_size = self._input_size
        if input_size is None:
            input_size = inputs.get_shape().as_list()[1]
        inputs = self._linear("input", [inputs, attended], input_size)
        cell_output, new_state = self._cell(inputs, state)
        query = new_state
        if self._state_is_tuple:
            query = concat(nest.flatten(new_state), 1)
        attended, kept = self._attention(query, kept)
        with variable_scope("attn_output_projection"):
            output = self._linear("output", [cell_output, attended], size)
        kept = concat([kept, expand_dims(output, 1)], 1)
        kept = reshape(kept, [-1, length * size])
        parts = (new_state, attended, kept)
        return output, parts if self._state_is_tuple else concat(list(parts), 1)

    def _attention(self, query: Any, kept: Any) -> Any:
        """What is attended to, and what is kept without the oldest."""
        length, size, compared = (
            self._attn_length,
            self._attn_size,
            self._attn_vec_size,
        )
        with variable_scope("attention"):
            k = get_variable("attn_w", [1, 1, size, compared])
            v = get_variable("attn_v", [compared])
            hidden = reshape(kept, [-1, length, 1, size])
            features = conv2d(hidden, k, [1, 1, 1, 1], "SAME")
            y = self._linear("query", query, compared)
            y = reshape(y, [-1, 1, 1, compared])
            scores = softmax(math.reduce_sum(v * math.tanh(features + y), [2, 3]))
            found = math.reduce_sum(
                reshape(scores, [-1, length, 1, 1]) * hidden, [1, 2]
            )
            attended = reshape(found, [-1, size])
            return attended, slice_of(kept, [0, 1, 0], [-1, -1, -1])


class HighwayWrapper(Around):
    """A cell whose inputs are mixed into its outputs, by a gate.

    Args:
        cell: the wrapped cell.
        couple_carry_transform_gates: whether the two gates add up to 1.
        carry_bias_init: how the bias of the inputs' gate begins.
    """

    def __init__(
        self,
        cell: Any,
        couple_carry_transform_gates: bool = True,
        carry_bias_init: float = 1.0,
    ) -> None:
        super().__init__(cell, None)
        self._couple_carry_transform_gates = couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Mixed outputs, and the cell's next state."""

        def check(given: Any, made: Any) -> None:
            given.get_shape().assert_is_compatible_with(made.get_shape())

        outputs, new_state = self._cell(inputs, state, scope=scope)
        nest.assert_same_structure(inputs, outputs)
        nest.map_structure(check, inputs, outputs)
        return nest.map_structure(self._mixed, inputs, outputs), new_state

    def _mixed(self, inputs: Any, outputs: Any) -> Any:
        carry = self._gate("carry", inputs, self._carry_bias_init)
        if self._couple_carry_transform_gates:
            transform = 1 - carry
        else:
            transform = self._gate("transform", inputs, -self._carry_bias_init)
        return inputs * carry + outputs * transform

    def _gate(self, name: str, inputs: Any, begins: float) -> Any:
        size = inputs.get_shape().with_rank(2)[1].value
        weight = get_variable(f"{name}_w", [size, size])
        bias = get_variable(f"{name}_b", [size], initializer=Constant(begins))
        return math.sigmoid(nn.xw_plus_b(inputs, weight, bias))
