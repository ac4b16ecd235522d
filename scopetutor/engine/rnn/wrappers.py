"""Cells around cells: `MultiRNNCell`, `DropoutWrapper` and others.

After cells; before whatever unrolls them. TF 1.15: the variables of the layers of a
`MultiRNNCell` are in `multi_rnn_cell/cell_0`, `cell_1`, …; wrappers add no scope.
"""

from __future__ import annotations

import hashlib
import logging
import numbers
from typing import Any

from scopetutor.engine import deprecation, nest, tf_logging
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keras.layer import Layer
from scopetutor.engine.ops import math, nn, random
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import device as enter_device
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.tensor_arrays import TensorArray

from .cell import RNNCell, assert_like_rnncell
from .cells import LSTMStateTuple


class MultiRNNCell(RNNCell):
    """Several cells, the outputs of each being the inputs of the next.

    Args:
        cells: a list; TF 1.15: the same object twice shares its variables.
        state_is_tuple: whether the state is a tuple of theirs, or one tensor.

    Raises:
        ValueError: there are no cells, or tuples of states and no tuple wanted.
        TypeError: the cells are not a list.
    """

    @deprecation.deprecated(
        "MultiRNNCell.__init__",
        "tensorflow.python.ops.rnn_cell_impl",
        "This class is equivalent as tf.keras.layers.StackedRNNCells, and will be "
        "replaced by that in Tensorflow 2.0.",
    )
    def __init__(self, cells: Any, state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_sequence(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if len({id(cell) for cell in cells}) < len(cells):
            tf_logging.log_first_n(
                logging.WARNING,
                "At least two cells provided to MultiRNNCell are the same object and "
                "will share weights.",
                1,
            )
        self._cells = cells
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(nest.is_sequence(c.state_size) for c in cells):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is "
                f"not set.  State sizes are: {[c.state_size for c in cells]}"
            )

    @property
    def state_size(self) -> Any:
        """The sizes of all states."""
        sizes = (cell.state_size for cell in self._cells)
        return tuple(sizes) if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        """The size of the last cell's outputs."""
        return self._cells[-1].output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros for the first states."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            if not self._state_is_tuple:
                return super().zero_state(batch_size, dtype)
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    def _weights_of_cells(self, attribute: str) -> list[Any]:
        layers = [cell for cell in self._cells if isinstance(cell, Layer)]
        return [weight for cell in layers for weight in getattr(cell, attribute)]

    @property
    def trainable_weights(self) -> list[Any]:
        """Those of the cells."""
        return self._weights_of_cells("trainable_weights") if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """Those of the cells; all of them if it is not trainable."""
        fixed = self._weights_of_cells("non_trainable_weights")
        if self.trainable:
            return fixed
        return self._weights_of_cells("trainable_weights") + fixed

    def call(self, inputs: Any, state: Any) -> Any:
        """The last cell's outputs, and all next states."""
        at = 0
        new_states = []
        for i, cell in enumerate(self._cells):
            with variable_scope(f"cell_{i}"):
                if not self._state_is_tuple:
                    own = slice_of(state, [0, at], [-1, cell.state_size])
                    at += cell.state_size
                elif not nest.is_sequence(state):
                    raise ValueError(
                        "Expected state to be a tuple of length "
                        f"{len(self.state_size)}, but received: {state}"
                    )
                else:
                    own = state[i]
                inputs, new_state = cell(inputs, own)
                new_states.append(new_state)
        if self._state_is_tuple:
            return inputs, tuple(new_states)
        return inputs, concat(new_states, 1)


class _Wrapper(RNNCell):
    """A cell that does something more than the one it wraps; it has no variables."""

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell

    @property
    def state_size(self) -> Any:
        """That of the wrapped cell."""
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the wrapped cell."""
        return self.cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros for the first state."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Runs the wrapped cell one step, and does what the wrapper is for."""
        return self._wrapped(inputs, state, scope)

    def _wrapped(self, inputs: Any, state: Any, scope: Any) -> Any:
        raise NotImplementedError


def _drops_all_but_memory(substate: Any) -> Any:
    """TF 1.15: the memory of an LSTM is never dropped."""
    if isinstance(substate, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(substate, TensorArray)


class DropoutWrapper(_Wrapper):
    """A cell some of whose inputs, states and outputs are 0, at random.

    Args:
        cell: the wrapped cell.
        input_keep_prob: how likely an element of the inputs is kept.
        output_keep_prob: likewise of the outputs.
        state_keep_prob: likewise of the state.
        variational_recurrent: whether the same elements are 0 in every step.
        input_size: of the inputs; needed for the above.
        dtype: of inputs, states and outputs; needed for the above.
        seed: of the random numbers.
        dropout_state_filter_visitor: says which parts of a state may be dropped.
        kwargs: as for every layer.
    """

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        visitor = dropout_state_filter_visitor
        if visitor is not None and not callable(visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._dropout_state_filter = visitor or _drops_all_but_memory
        self._variational = variational_recurrent
        self._seed = seed
        with name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability(input_keep_prob, "input_keep_prob")
            self._state_keep_prob = _probability(state_keep_prob, "state_keep_prob")
            self._output_keep_prob = _probability(output_keep_prob, "output_keep_prob")
        self._input_noise = self._state_noise = self._output_noise = None
        if variational_recurrent:
            self._draw_once(input_size, dtype)

    def _draw_once(self, input_size: Any, dtype: Any) -> None:
        """Draws what is 0 in every step."""
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")

        def noise(sizes: Any, salt: str) -> Any:
            def draw(i: int, size: Any) -> Any:
                shape = concat(([1], TensorShape(size).as_list()), 0)
                seed = self._seed_for(salt, i)
                return random.random_uniform(shape, seed=seed, dtype=dtype)

            return _numbered(draw, sizes, sizes)

        keep = self._input_keep_prob
        if not isinstance(keep, numbers.Real) or keep < 1.0:
            if input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is "
                    "unknown, input_size must be provided"
                )
            self._input_noise = noise(input_size, "input")
        self._state_noise = noise(self.cell.state_size, "state")
        self._output_noise = noise(self.cell.output_size, "output")

    @property
    def wrapped_cell(self) -> Any:
        """The wrapped cell."""
        return self.cell

    def _seed_for(self, salt: str, index: int) -> int | None:
        """A seed for one of the tensors: TF 1.15 hashes the seed with its number."""
        if self._seed is None:
            return None
        text = f"{self._seed}{salt}_{index}".encode()
        digest = hashlib.md5(text, usedforsecurity=False).hexdigest()
        return int(digest[:8], 16) & 0x7FFFFFFF

    def _wrapped(self, inputs: Any, state: Any, scope: Any) -> Any:
        if _drops(self._input_keep_prob):
            inputs = self._dropped(
                inputs, "input", self._input_noise, self._input_keep_prob
            )
        output, new_state = self.cell(inputs, state, scope=scope)
        if _drops(self._state_keep_prob):
            where = nest.get_traverse_shallow_structure(
                self._dropout_state_filter, new_state
            )
            new_state = self._dropped(
                new_state, "state", self._state_noise, self._state_keep_prob, where
            )
        if _drops(self._output_keep_prob):
            output = self._dropped(
                output, "output", self._output_noise, self._output_keep_prob
            )
        return output, new_state

    def _dropped(
        self, values: Any, salt: str, noise: Any, keep_prob: Any, where: Any = None
    ) -> Any:
        """Values with elements set to 0; `where` says by flags in which of them."""
        where = values if where is None else where

        def drop(i: int, wanted: Any, value: Any, drawn: Any = None) -> Any:
            if isinstance(wanted, bool) and not wanted:
                return value
            if drawn is not None:
                return self._same_dropped(value, drawn, keep_prob)
            seed = self._seed_for(salt, i)
            return nn.dropout_at(value, rate=1.0 - keep_prob, seed=seed)

        if self._variational:
            return _numbered(drop, where, where, values, noise)
        return _numbered(drop, where, where, values)

    def _same_dropped(self, value: Any, noise: Any, keep_prob: Any) -> Any:
        mask = math.floor(keep_prob + noise)
        result = math.div(value, keep_prob) * mask
        result.set_shape(value.get_shape())
        return result


def _probability(value: Any, name: str) -> Any:
    """A number from 0 to 1; a tensor, if it is not known yet."""
    tensor = convert_to_tensor(value)
    known = static_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {int(known)}")
    return float(known)


def _drops(keep_prob: Any) -> bool:
    return not isinstance(keep_prob, float) or keep_prob < 1


def _numbered(function: Any, shallow: Any, *structures: Any) -> Any:
    """`map_structure_up_to`, the function being told the number of each part."""
    count = iter(range(len(nest.flatten(shallow))))
    return nest.map_structure_up_to(
        shallow, lambda *parts: function(next(count), *parts), *structures
    )


class ResidualWrapper(_Wrapper):
    """A cell whose inputs are added to its outputs.

    Args:
        cell: the wrapped cell.
        residual_fn: (inputs, outputs) -> what the outputs become; None: their sum.
        kwargs: as for every layer.
    """

    def __init__(self, cell: Any, residual_fn: Any = None, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def _wrapped(self, inputs: Any, state: Any, scope: Any) -> Any:
        outputs, new_state = self.cell(inputs, state, scope=scope)
        combine = self._residual_fn or _added
        return combine(inputs, outputs), new_state


def _added(inputs: Any, outputs: Any) -> Any:
    def check(given: Any, made: Any) -> None:
        given.get_shape().assert_is_compatible_with(made.get_shape())

    nest.assert_same_structure(inputs, outputs)
    nest.map_structure(check, inputs, outputs)
    return nest.map_structure(lambda given, made: given + made, inputs, outputs)


class DeviceWrapper(_Wrapper):
    """A cell that runs on a device."""

    def __init__(self, cell: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros for the first state, on the device."""
        with (
            name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]),
            enter_device(self._device),
        ):
            return self.cell.zero_state(batch_size, dtype)

    def _wrapped(self, inputs: Any, state: Any, scope: Any) -> Any:
        with enter_device(self._device):
            return self.cell(inputs, state, scope=scope)
