"""`tf.keras.layers.SeparableConv2D` and `DepthwiseConv2D`: a filter for each channel.

After convolution.py, of which these are kinds; MobileNet and Xception are made of them.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import depthwise
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import expand_dims, squeeze
from scopetutor.engine.shapes import TensorShape

from . import constraints, initializers, lookup, regularizers
from .arguments import arguments
from .backend_space import bias_add, depthwise_conv2d
from .convolution import Conv, Conv2D
from .input_spec import InputSpec
from .spaces import convert_data_format

_OF_DEPTHWISE = (
    "depthwise_initializer",
    "depthwise_regularizer",
    "depthwise_constraint",
)


class SeparableConv(Conv):
    """A filter for each channel, and then a mixture of the channels at each place.

    Args:
        depth_multiplier: how many filters each channel has.
        depthwise_initializer, depthwise_regularizer, depthwise_constraint: of those.
        pointwise_initializer, pointwise_regularizer, pointwise_constraint: of the
            mixture.
        rank, filters, kernel_size, strides, padding, data_format, dilation_rate,
            activation, use_bias, bias_initializer, bias_regularizer,
            activity_regularizer, bias_constraint, trainable, name, kwargs: as for
            other convolutions.
    """

    def __init__(
        self,
        rank: int,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            rank=rank,
            filters=filters,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)
        self.pointwise_constraint = constraints.get(pointwise_constraint)

    def build(self, input_shape: Any) -> None:
        """Makes `depthwise_kernel`, `pointwise_kernel` and `bias`."""
        depth = self._input_depth(TensorShape(input_shape))
        self.depthwise_kernel = self.add_weight(
            name="depthwise_kernel",
            shape=(*self.kernel_size, depth, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
            trainable=True,
            dtype=self.dtype,
        )
        mixed = self.depth_multiplier * depth
        self.pointwise_kernel = self.add_weight(
            name="pointwise_kernel",
            shape=(*(1,) * self.rank, mixed, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
            trainable=True,
            dtype=self.dtype,
        )
        self._add_bias()
        self.built = True

    def _separable(
        self,
        inputs: Any,
        depthwise_kernel: Any,
        pointwise_kernel: Any,
        strides: tuple[int, ...],
        rate: tuple[int, ...],
    ) -> Any:
        first = self.data_format == "channels_first"
        op_padding = "valid" if self.padding == "causal" else self.padding
        outputs = depthwise.separable_conv2d(
            inputs,
            depthwise_kernel,
            pointwise_kernel,
            strides=(1, 1, *strides) if first else (1, *strides, 1),
            padding=op_padding.upper(),
            rate=rate,
            data_format=convert_data_format(self.data_format, ndim=4),
        )
        return self._with_bias(outputs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "depth_multiplier": self.depth_multiplier,
            **lookup.serialized(
                self,
                "depthwise_initializer pointwise_initializer depthwise_regularizer "
                "pointwise_regularizer depthwise_constraint pointwise_constraint",
            ),
        }


class SeparableConv1D(SeparableConv):
    """A separable convolution of sequences."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rank=1, **arguments(locals()))

    def call(self, inputs: Any) -> Any:
        """The outputs [batch, new steps, filters]."""
        if self.padding == "causal":
            inputs = pad(inputs, self._causal_padding())
        axis = 1 if self.data_format == "channels_last" else 2
        outputs = self._separable(
            expand_dims(inputs, axis),
            expand_dims(self.depthwise_kernel, 0),
            expand_dims(self.pointwise_kernel, 0),
            self.strides * 2,
            (1, *self.dilation_rate),
        )
        return self.activation(squeeze(outputs, [axis]))


class SeparableConv2D(SeparableConv):
    """A separable convolution of images."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rank=2, **arguments(locals()))

    def call(self, inputs: Any) -> Any:
        """The outputs, with `filters` channels."""
        outputs = self._separable(
            inputs,
            self.depthwise_kernel,
            self.pointwise_kernel,
            self.strides,
            self.dilation_rate,
        )
        return self.activation(outputs)


class DepthwiseConv2D(Conv2D):
    """Filters for each channel of images, and no mixture of the channels.

    Args:
        kernel_size, strides: one number, or one for each dimension.
        padding: "valid" or "same".
        depth_multiplier: how many filters each channel has.
        data_format: "channels_last" or "channels_first".
        activation: a function or its name; None: none.
        use_bias: whether there is a bias.
        depthwise_initializer, bias_initializer: how the weights begin.
        depthwise_regularizer, bias_regularizer: added to the losses.
        activity_regularizer: of the outputs; added to the losses.
        depthwise_constraint, bias_constraint: applied after each training step.
        kwargs: as for every layer.
    """

    depthwise_kernel: Any

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: Any = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        given = arguments(locals())
        for own in ("depth_multiplier", *_OF_DEPTHWISE):
            del given[own]
        super().__init__(filters=None, **given)
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)

    def build(self, input_shape: Any) -> None:
        """Makes `depthwise_kernel` [rows, columns, channels, multiplier] and `bias`."""
        shape = TensorShape(input_shape)
        if shape.ndims is None or shape.ndims < 4:
            raise ValueError(
                "Inputs to `DepthwiseConv2D` should have rank 4. Received input shape:",
                str(input_shape),
            )
        axis = 1 if self.data_format == "channels_first" else 3
        depth = shape[axis].value
        if depth is None:
            raise ValueError(
                "The channel dimension of the inputs to `DepthwiseConv2D` should be "
                "defined. Found `None`."
            )
        self.depthwise_kernel = self.add_weight(
            shape=(*self.kernel_size, depth, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            name="depthwise_kernel",
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(depth * self.depth_multiplier,),
                initializer=self.bias_initializer,
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = InputSpec(ndim=4, axes={axis: depth})
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The outputs, with `depth_multiplier` channels for each of the inputs'."""
        outputs = depthwise_conv2d(
            inputs,
            self.depthwise_kernel,
            strides=self.strides,
            padding=self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )
        if self.use_bias:
            outputs = bias_add(outputs, self.bias, data_format=self.data_format)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for a shape of inputs."""
        sizes = super().compute_output_shape(input_shape).as_list()
        depth = TensorShape(input_shape).as_list()[self._channel_axis]
        sizes[self._channel_axis] = depth * self.depth_multiplier
        return TensorShape(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = super().get_config()
        for name in (
            "filters",
            "kernel_initializer",
            "kernel_regularizer",
            "kernel_constraint",
        ):
            del config[name]
        return {
            **config,
            "depth_multiplier": self.depth_multiplier,
            **lookup.serialized(self, " ".join(_OF_DEPTHWISE)),
        }
