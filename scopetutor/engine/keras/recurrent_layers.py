"""`tf.keras.layers.LSTM`, `GRU` and `SimpleRNN`: layers that make their own cell.

After recurrent.py, which repeats the cell along time. TF 1.15: these are the plain
ones; the CuDNN ones of TensorFlow 2 have other variables.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import tf_logging

from . import regularizers
from .arguments import arguments
from .gated_cells import GRUCell, LSTMCell
from .input_spec import InputSpec
from .recurrent import RNN
from .recurrent_cells import CELL_ARGUMENTS, SimpleRNNCell, cell_config

_OF_RNN = (
    "return_sequences",
    "return_state",
    "go_backwards",
    "stateful",
    "unroll",
    "activity_regularizer",
)


class _OfKerasCell(RNN):
    """A layer that makes its cell itself, and shows the cell's arguments as its own."""

    _cell_class: Any

    def __init__(self, **kwargs: Any) -> None:
        own = {name: kwargs.pop(name) for name in _OF_RNN}
        given = {name: kwargs.pop(name) for name in CELL_ARGUMENTS if name in kwargs}
        activity_regularizer = own.pop("activity_regularizer")
        if given.get("implementation") == 0:
            tf_logging.warning(
                "`implementation=0` has been deprecated, and now defaults to "
                "`implementation=1`.Please update your layer call."
            )
        cell = self._cell_class(**given, dtype=kwargs.get("dtype"))
        super().__init__(cell, **own, **kwargs)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.input_spec = [InputSpec(ndim=3)]

    def call(  # type: ignore[override]  # as in TF 1.15, it knows no constants
        self,
        inputs: Any,
        mask: Any = None,
        training: Any = None,
        initial_state: Any = None,
    ) -> Any:
        """The last outputs or all of them, and the states if they are wanted."""
        self.cell.reset_dropout_mask()
        self.cell.reset_recurrent_dropout_mask()
        return super().call(
            inputs, mask=mask, training=training, initial_state=initial_state
        )

    def __getattr__(self, name: str) -> Any:
        """The cell's arguments."""
        if name in CELL_ARGUMENTS and "cell" in self.__dict__:
            return getattr(self.cell, name)
        raise AttributeError(
            f"{type(self).__name__!r} object has no attribute {name!r}"
        )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = super().get_config()
        del config["cell"]
        return config | cell_config(self, activity_regularizer=True)

    @classmethod
    def from_config(cls, config: Any) -> Any:  # type: ignore[override]  # no cell
        """The layer of what `get_config` gave."""
        return cls(**config)


class SimpleRNN(_OfKerasCell):
    """The plainest recurrent network: see its cell."""

    _cell_class = SimpleRNNCell

    def __init__(
        self,
        units: Any,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))


class GRU(_OfKerasCell):
    """A network with two gates: see its cell."""

    _cell_class = GRUCell

    def __init__(
        self,
        units: Any,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))


class LSTM(_OfKerasCell):
    """A network with a memory and three gates: see its cell."""

    _cell_class = LSTMCell

    def __init__(
        self,
        units: Any,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))
