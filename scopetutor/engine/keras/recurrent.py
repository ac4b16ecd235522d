"""`tf.keras.layers.SimpleRNNCell`: one step of the plainest recurrent network.

`tf.nn.dynamic_rnn` and the other functions of TF 1.15 that unroll cells take it, too.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.shapes import TensorShape

from . import activations, constraints, initializers, regularizers
from .layer import Layer


class SimpleRNNCell(Layer):
    """The outputs are the state: activation(inputs · kernel + bias + state · other).

    Args:
        units: the size of state and outputs.
        activation: a function or its name; None: none.
        use_bias: whether there is a bias.
        kernel_initializer, recurrent_initializer, bias_initializer: how they begin.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: losses.
        kernel_constraint, recurrent_constraint, bias_constraint: applied afterwards.
        dropout, recurrent_dropout: only 0 here.
        kwargs: as for every layer.

    Raises:
        NotImplementedError: something is to be dropped.
    """

    kernel: Any
    recurrent_kernel: Any
    bias: Any

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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if dropout or recurrent_dropout:
            raise NotImplementedError(
                "scopetutor's SimpleRNNCell cannot drop anything; wrap it in a "
                "tf.nn.rnn_cell.DropoutWrapper."
            )
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.dropout = dropout
        self.recurrent_dropout = recurrent_dropout
        self.state_size = self.units
        self.output_size = self.units

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `recurrent_kernel` [units, units] and `bias` [units]."""
        self.kernel = self.add_weight(
            shape=(TensorShape(input_shape)[-1].value, self.units),
            name="kernel",
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.units),
            name="recurrent_kernel",
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,),
                name="bias",
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def call(self, inputs: Any, states: Any) -> Any:
        """The outputs, and the next states: a list of one."""
        h = math.matmul(inputs, self.kernel)
        if self.bias is not None:
            h = nn.bias_add(h, self.bias)
        output = h + math.matmul(states[0], self.recurrent_kernel)
        if self.activation is not None:
            output = self.activation(output)
        return output, [output]

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Zeros for the first state, for a batch of inputs or of a size.

        Raises:
            ValueError: size or type are not known.
        """
        if inputs is not None:
            batch_size = array.shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return array.zeros([batch_size, self.units], dtype=dtype)
