"""`tf.keras.layers.Dense`: every input connected with every unit.

After ``layer.py``; `tf.layers.Dense` is the same class with variables from
`get_variable`. TF 1.15: of inputs with more than two dimensions only the last one is
multiplied, with `tensordot`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.tensordot import tensordot
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor

from . import activations, constraints, initializers, lookup, regularizers
from .input_spec import InputSpec
from .layer import Layer


class Dense(Layer):
    """Inputs times a matrix, plus a bias, through an activation.

    Args:
        units: how many outputs.
        activation: a function or its name; None: none.
        use_bias: whether there is a bias.
        kernel_initializer, bias_initializer: how the weights begin.
        kernel_regularizer, bias_regularizer: added to the losses.
        activity_regularizer: of the outputs; added to the losses.
        kernel_constraint, bias_constraint: applied after each training step.
        kwargs: as for every layer.
    """

    kernel: Any
    bias: Any

    def __init__(
        self,
        units: Any,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        if "input_shape" not in kwargs and "input_dim" in kwargs:
            kwargs["input_shape"] = (kwargs.pop("input_dim"),)
        super().__init__(
            activity_regularizer=regularizers.get(activity_regularizer), **kwargs
        )
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.supports_masking = True
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` [last size of the inputs, units] and `bias` [units]."""
        dtype = dtypes.as_dtype(self.dtype or "float32")
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(
                f"Unable to build `Dense` layer with non-floating point dtype {dtype}"
            )
        depth = TensorShape(input_shape)[-1].value
        if depth is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found "
                "`None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: depth})
        self.kernel = self.add_weight(
            "kernel",
            shape=[depth, self.units],
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            dtype=self.dtype,
            trainable=True,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=[self.units],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                dtype=self.dtype,
                trainable=True,
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The outputs, with `units` as their last size."""
        outputs = self._product(inputs)
        if self.use_bias:
            outputs = nn.bias_add(outputs, self.bias)
        return self.activation(outputs)

    def _product(self, inputs: Any) -> Any:
        rank = inputs.shape.ndims
        if rank > 2:
            outputs = tensordot(inputs, self.kernel, [[rank - 1], [0]])
            if not defaults.state.eager:
                outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
            return outputs
        inputs = math.cast(inputs, self.dtype)
        if isinstance(inputs, SparseTensor):
            from scopetutor.engine.ops.sparse_math import sparse_tensor_dense_matmul  # noqa: PLC0415 - rare

            return sparse_tensor_dense_matmul(inputs, self.kernel)
        return apply("MatMul", inputs, self.kernel)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with `units` as its last size."""
        shape = TensorShape(input_shape).with_rank_at_least(2)
        if shape[-1].value is None:
            raise ValueError(
                "The innermost dimension of input_shape must be defined, but saw: "
                f"{shape}"
            )
        output: TensorShape = shape[:-1].concatenate(self.units)
        return output

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **lookup.serialized(
                self,
                "kernel_initializer bias_initializer kernel_regularizer "
                "bias_regularizer activity_regularizer kernel_constraint "
                "bias_constraint",
            ),
        }
