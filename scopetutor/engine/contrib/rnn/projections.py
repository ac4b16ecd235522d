"""Cells with an embedding before them, or a matrix before or after them.

After ``linear.py``; the models of ``legacy_seq2seq/models.py`` are made of them.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine import tf_logging
from scopetutor.engine.initializers import RandomUniform
from scopetutor.engine.ops.embedding import embedding_lookup
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.rnn.cell import RNNCell, assert_like_rnncell
from scopetutor.engine.scopes import get_variable, get_variable_scope
from scopetutor.engine.surroundings import device, name_scope

from .linear import Linear


class Around(RNNCell):
    """A cell around another, which says the sizes."""

    def __init__(self, cell: Any, reuse: Any) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell

    @property
    def state_size(self) -> Any:
        """That of the wrapped cell."""
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the wrapped cell."""
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros for the first state."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)


class EmbeddingWrapper(Around):
    """A cell whose inputs are ids, looked up in the variable `embedding`.

    Args:
        cell: the wrapped cell.
        embedding_classes: how many ids there are.
        embedding_size: of one row.
        initializer: None: the scope's, or uniform with variance 1.
        reuse: whether the scope's variables are reused.

    Raises:
        ValueError: a size is not positive.
    """

    def __init__(
        self,
        cell: Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: Any = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                "Both embedding_classes and embedding_size must be > 0: "
                f"{embedding_classes}, {embedding_size}."
            )
        self._embedding_classes = embedding_classes
        self._embedding_size = embedding_size
        self._initializer = initializer

    def call(self, inputs: Any, state: Any) -> Any:
        """The cell, on the rows of the ids."""
        with device("/cpu:0"):
            table = get_variable(
                "embedding",
                [self._embedding_classes, self._embedding_size],
                initializer=self._embedding_initializer(),
                dtype=(state[0] if isinstance(state, tuple) else state).dtype,
            )
            embedded = embedding_lookup(table, reshape(inputs, [-1]))
            return self._cell(embedded, state)

    def _embedding_initializer(self) -> Any:
        found = self._initializer or get_variable_scope().initializer
        return found or RandomUniform(-numbers.sqrt(3), numbers.sqrt(3))


class InputProjectionWrapper(Around):
    """A cell whose inputs go through a matrix first.

    Args:
        cell: the wrapped cell.
        num_proj: the size of its inputs.
        activation: of the projection; None: none.
        input_size: does nothing.
        reuse: whether the scope's variables are reused.
    """

    def __init__(
        self,
        cell: Any,
        num_proj: int,
        activation: Any = None,
        input_size: Any = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        if input_size is not None:
            tf_logging.warning("%s: The input_size parameter is deprecated.", self)
        self._num_proj = num_proj
        self._activation = activation
        self._linear: Any = None

    def call(self, inputs: Any, state: Any) -> Any:
        """The cell, on the projected inputs."""
        if self._linear is None:
            self._linear = Linear(inputs, self._num_proj, True)
        projected = self._linear(inputs)
        if self._activation:
            projected = self._activation(projected)
        return self._cell(projected, state)


class OutputProjectionWrapper(Around):
    """A cell whose outputs go through a matrix.

    Args:
        cell: the wrapped cell.
        output_size: of the projected outputs.
        activation: of the projection; None: none.
        reuse: whether the scope's variables are reused.

    Raises:
        ValueError: the size is not positive.
    """

    def __init__(
        self, cell: Any, output_size: int, activation: Any = None, reuse: Any = None
    ) -> None:
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._output_size = output_size
        self._activation = activation
        self._linear: Any = None

    @property
    def output_size(self) -> Any:
        """The size of the projected outputs."""
        return self._output_size

    def call(self, inputs: Any, state: Any) -> Any:
        """The projected outputs, and the cell's next state."""
        output, new_state = self._cell(inputs, state)
        if self._linear is None:
            self._linear = Linear(output, self._output_size, True)
        projected = self._linear(output)
        if self._activation:
            projected = self._activation(projected)
        return projected, new_state
