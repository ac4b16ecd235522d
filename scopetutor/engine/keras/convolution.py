"""`tf.keras.layers.Conv2D` and its kin: in 1 to 3 dimensions, and transposed.

After layer.py and ``ops/conv.py``; separable_convolution.py comes next, and `tf.layers`
has the same classes with variables from `get_variable`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.ops import array, atrous, conv, nn
from scopetutor.engine.ops.joining import stack
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.shapes import TensorShape

from . import activations, constraints, initializers, lookup, regularizers
from .arguments import arguments
from .input_spec import InputSpec
from .layer import Layer
from .spaces import (
    conv_output_length,
    convert_data_format,
    deconv_output_length,
    normalize_data_format,
    normalize_padding,
    normalize_tuple,
)


class Conv(Layer):
    """Filters moved over the inputs, in 1 to 3 dimensions of space.

    Args:
        rank: how many dimensions of space there are.
        filters: how many outputs each place has.
        kernel_size, strides, dilation_rate: one number, or one for each dimension.
        padding: "valid", "same", or "causal" in one dimension.
        data_format: "channels_last" or "channels_first".
        activation: a function or its name; None: none.
        use_bias: whether there is a bias.
        kernel_initializer, bias_initializer: how the weights begin.
        kernel_regularizer, bias_regularizer: added to the losses.
        activity_regularizer: of the outputs; added to the losses.
        kernel_constraint, bias_constraint: applied after each training step.
        trainable: whether optimizers change the weights.
        name: of the layer.
        kwargs: as for every layer.
    """

    kernel: Any
    bias: Any

    def __init__(
        self,
        rank: int,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            trainable=trainable,
            name=name,
            activity_regularizer=regularizers.get(activity_regularizer),
            **kwargs,
        )
        self.rank = rank
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, rank, "kernel_size")
        self.strides = normalize_tuple(strides, rank, "strides")
        self.padding = normalize_padding(padding)
        if self.padding == "causal" and rank != 1:
            raise ValueError(
                "Causal padding is only supported for `Conv1D`and ``SeparableConv1D`."
            )
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = normalize_tuple(dilation_rate, rank, "dilation_rate")
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=rank + 2)

    # -- weights -------------------------------------------------------------------

    @property
    def _channel_axis(self) -> int:
        return 1 if self.data_format == "channels_first" else -1

    def _input_depth(self, input_shape: TensorShape) -> int:
        depth: int | None = input_shape[self._channel_axis].value
        if depth is None:
            raise ValueError(
                "The channel dimension of the inputs should be defined. Found `None`."
            )
        self.input_spec = InputSpec(
            ndim=self.rank + 2, axes={self._channel_axis: depth}
        )
        return depth

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` [*kernel_size, channels, filters] and `bias` [filters]."""
        shape = TensorShape(input_shape)
        depth = self._input_depth(shape)
        self._add_kernel((*self.kernel_size, depth, self.filters))
        self._add_bias()
        op_padding = "valid" if self.padding == "causal" else self.padding
        self._convolution_op = atrous.Convolution(
            shape,
            filter_shape=self.kernel.shape,
            dilation_rate=self.dilation_rate,
            strides=self.strides,
            padding=op_padding.upper() if isinstance(op_padding, str) else op_padding,
            data_format=convert_data_format(self.data_format, self.rank + 2),
        )
        self.built = True

    def _add_kernel(self, shape: tuple[Any, ...]) -> None:
        self.kernel = self.add_weight(
            name="kernel",
            shape=shape,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            trainable=True,
            dtype=self.dtype,
        )

    def _add_bias(self) -> None:
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(self.filters,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                trainable=True,
                dtype=self.dtype,
            )

    # -- operations ----------------------------------------------------------------

    def call(self, inputs: Any) -> Any:
        """The outputs, with `filters` channels."""
        outputs = self._convolution_op(inputs, self.kernel)
        if self.use_bias:
            if self.data_format == "channels_last":
                outputs = nn.bias_add(outputs, self.bias, data_format="NHWC")
            elif self.rank == 1:
                outputs += reshape(self.bias, (1, self.filters, 1))
            else:
                outputs = nn.bias_add(outputs, self.bias, data_format="NCHW")
        return self.activation(outputs)

    def _with_bias(self, outputs: Any) -> Any:
        if not self.use_bias:
            return outputs
        data_format = convert_data_format(self.data_format, ndim=4)
        return nn.bias_add(outputs, self.bias, data_format=data_format)

    def _causal_padding(self) -> list[list[int]]:
        left = self.dilation_rate[0] * (self.kernel_size[0] - 1)
        if self.data_format == "channels_last":
            return [[0, 0], [left, 0], [0, 0]]
        return [[0, 0], [0, 0], [left, 0]]

    def _space_axes(self) -> range:
        first = 2 if self.data_format == "channels_first" else 1
        return range(first, first + self.rank)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for a shape of inputs."""
        sizes = TensorShape(input_shape).as_list()
        for i, axis in enumerate(self._space_axes()):
            sizes[axis] = conv_output_length(
                sizes[axis],
                self.kernel_size[i],
                self.padding,
                self.strides[i],
                self.dilation_rate[i],
            )
        sizes[self._channel_axis] = self.filters
        return TensorShape(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **lookup.serialized(
                self,
                "kernel_initializer bias_initializer kernel_regularizer "
                "bias_regularizer activity_regularizer kernel_constraint "
                "bias_constraint",
            ),
        }


class Conv1D(Conv):
    """Filters moved along sequences [batch, steps, channels]."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        dilation_rate: Any = 1,
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
        super().__init__(rank=1, **arguments(locals()))

    def call(self, inputs: Any) -> Any:
        """The outputs [batch, new steps, filters]."""
        if self.padding == "causal":
            inputs = pad(inputs, self._causal_padding())
        return super().call(inputs)


class Conv2D(Conv):
    """Filters moved over images [batch, height, width, channels]."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
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
        super().__init__(rank=2, **arguments(locals()))


class Conv3D(Conv):
    """Filters moved through volumes [batch, depth, height, width, channels]."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1, 1),
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
        super().__init__(rank=3, **arguments(locals()))


# -- transposed ----------------------------------------------------------------------


class _ConvTranspose(Conv):
    """What transposed convolutions share: each input becomes a window of outputs."""

    output_padding: Any = None

    def _set_output_padding(self, output_padding: Any) -> None:
        if output_padding is None:
            return
        self.output_padding = normalize_tuple(
            output_padding, self.rank, "output_padding"
        )
        for stride, extra in zip(self.strides, self.output_padding, strict=True):
            if extra >= stride:
                raise ValueError(
                    f"Stride {self.strides} must be greater than output padding "
                    f"{self.output_padding}"
                )

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` [*kernel_size, filters, channels] and `bias` [filters]."""
        shape = TensorShape(input_shape)
        if shape.ndims != self.rank + 2:
            raise ValueError(
                f"Inputs should have rank {self.rank + 2}. Received input shape: "
                f"{shape}"
            )
        depth = self._input_depth(shape)
        self._add_kernel((*self.kernel_size, self.filters, depth))
        self._add_bias()
        self.built = True

    def _output_lengths(self, sizes: Any) -> list[Any]:
        """How long the axes of space become."""
        return [
            deconv_output_length(
                size,
                self.kernel_size[i],
                self.padding,
                None if self.output_padding is None else self.output_padding[i],
                self.strides[i],
                self.dilation_rate[i],
            )
            for i, size in enumerate(sizes)
        ]

    def _transposed(self, inputs: Any, output_shape: Any) -> Any:
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        """The outputs, with `filters` channels."""
        shape = array.shape(inputs)
        batch = shape[0]
        lengths = self._output_lengths([shape[axis] for axis in self._space_axes()])
        if self.data_format == "channels_first":
            output_shape = (batch, self.filters, *lengths)
        else:
            output_shape = (batch, *lengths, self.filters)
        outputs = self._transposed(inputs, stack(output_shape))
        if not defaults.state.eager:
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        return self.activation(self._with_bias(outputs))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for a shape of inputs."""
        sizes = TensorShape(input_shape).as_list()
        axes = self._space_axes()
        lengths = self._output_lengths([sizes[axis] for axis in axes])
        for axis, length in zip(axes, lengths, strict=True):
            sizes[axis] = length
        sizes[self._channel_axis] = self.filters
        return TensorShape(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "output_padding": self.output_padding}


class Conv2DTranspose(_ConvTranspose, Conv2D):
    """Each point of an image becomes a window of points; they are added up."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: Any = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
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
        given = arguments(locals())
        del given["output_padding"]
        super().__init__(**given)
        self._set_output_padding(output_padding)

    def _transposed(self, inputs: Any, output_shape: Any) -> Any:
        return _conv2d_transpose(inputs, self, output_shape)


def _conv2d_transpose(inputs: Any, layer: Conv2DTranspose, output_shape: Any) -> Any:
    """TF 1.15 on a machine without GPU: channels are moved last for the time being."""
    first = layer.data_format == "channels_first"
    if first:
        inputs = transpose(inputs, (0, 2, 3, 1))
        output_shape = stack([output_shape[axis] for axis in (0, 2, 3, 1)])
    else:
        _ = output_shape[0]  # TF 1.15 asks whether it is None, which adds operations
    padding = layer.padding.upper()
    if layer.dilation_rate == (1, 1):
        strides = (1, *layer.strides, 1)
        outputs = conv.conv2d_transpose(
            inputs, layer.kernel, output_shape, strides, padding, "NHWC"
        )
    else:
        assert layer.dilation_rate[0] == layer.dilation_rate[1]
        outputs = atrous.atrous_conv2d_transpose(
            inputs, layer.kernel, output_shape, layer.dilation_rate[0], padding
        )
    return transpose(outputs, (0, 3, 1, 2)) if first else outputs


class Conv3DTranspose(_ConvTranspose, Conv3D):
    """Each point of a volume becomes a window of points; they are added up."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: Any = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
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
        given = arguments(locals())
        del given["output_padding"]
        super().__init__(**given)
        self._set_output_padding(output_padding)

    def _transposed(self, inputs: Any, output_shape: Any) -> Any:
        first = self.data_format == "channels_first"
        strides = (1, 1, *self.strides) if first else (1, *self.strides, 1)
        return conv.conv3d_transpose(
            inputs,
            self.kernel,
            output_shape,
            strides,
            data_format=convert_data_format(self.data_format, ndim=5),
            padding=self.padding.upper(),
        )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = super().get_config()
        del config["dilation_rate"]
        return config
