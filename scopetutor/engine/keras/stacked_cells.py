"""`tf.keras.layers.StackedRNNCells`: several cells that are one.

After recurrent_cells.py, before recurrent.py, which repeats the step.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import nest
from scopetutor.engine.shapes import TensorShape, as_shape

from . import lookup
from .arguments import takes
from .layer import Layer
from .recurrent_cells import zero_state_of


def _is_multiple(state_size: Any) -> bool:
    return hasattr(state_size, "__len__") and not isinstance(state_size, TensorShape)


def output_size_of(cell: Any) -> Any:
    """The size of a cell's outputs; that of its first state if it does not say."""
    if getattr(cell, "output_size", None) is not None:
        return cell.output_size
    sizes = cell.state_size
    return sizes[0] if _is_multiple(sizes) else sizes


def state_sizes_of(cell: Any) -> list[Any]:
    """The sizes of a cell's states, as a list."""
    sizes = cell.state_size
    return list(sizes) if _is_multiple(sizes) else [sizes]


class StackedRNNCells(Layer):
    """Cells of which each is called on what the one before it gave.

    Args:
        cells: a list of them.
        kwargs: as for every layer; `reverse_state_order` turns the states around.

    Raises:
        ValueError: one of them is no cell.
    """

    def __init__(self, cells: Any, **kwargs: Any) -> None:
        for cell in cells:
            if not hasattr(cell, "call"):
                raise ValueError(
                    "All cells must have a `call` method. received cells:", cells
                )
            if not hasattr(cell, "state_size"):
                raise ValueError(
                    "All cells must have a `state_size` attribute. received cells:",
                    cells,
                )
        self.cells = cells
        self.reverse_state_order = kwargs.pop("reverse_state_order", False)
        super().__init__(**kwargs)

    def _in_state_order(self) -> Any:
        return self.cells[::-1] if self.reverse_state_order else self.cells

    @property
    def state_size(self) -> Any:
        """The sizes of the cells' states."""
        return tuple(cell.state_size for cell in self._in_state_order())

    @property
    def output_size(self) -> Any:
        """The size of the last cell's outputs."""
        return output_size_of(self.cells[-1])

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """The first states of all cells."""
        found = []
        for cell in self._in_state_order():
            if getattr(cell, "get_initial_state", None):
                state = cell.get_initial_state(
                    inputs=inputs, batch_size=batch_size, dtype=dtype
                )
            else:
                state = zero_state_of(cell, inputs, batch_size, dtype)
            found.append(state)
        return tuple(found)

    def call(
        self, inputs: Any, states: Any, constants: Any = None, **kwargs: Any
    ) -> Any:
        """The last cell's outputs, and the next states of all."""
        sizes = self.state_size[::-1] if self.reverse_state_order else self.state_size
        nested = nest.pack_sequence_as(sizes, nest.flatten(states))
        found = []
        for cell, its_states in zip(self.cells, nested, strict=True):
            state = its_states if nest.is_sequence(its_states) else [its_states]
            if len(state) == 1 and getattr(cell, "_is_tf_rnn_cell", None) is not None:
                state = state[0]
            more = dict(kwargs)
            if takes(cell.call, "constants"):
                more["constants"] = constants
            inputs, state = cell.call(inputs, state, **more)
            found.append(state)
        return inputs, nest.pack_sequence_as(sizes, nest.flatten(found))

    def build(self, input_shape: Any) -> None:
        """Makes the weights of all cells."""
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        shape = TensorShape(input_shape).as_list()
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(tuple(shape))
            shape = [shape[0], *as_shape(output_size_of(cell)).as_list()]
        self.built = True

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        cells = [lookup.serialize(cell) for cell in self.cells]
        return {**super().get_config(), "cells": cells}

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """The cells of what `get_config` gave."""
        from .deserializing import deserialize  # noqa: PLC0415 - a cycle

        cells = [deserialize(one, custom_objects) for one in config.pop("cells")]
        return cls(cells, **config)
