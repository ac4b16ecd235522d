"""`tf.contrib.layers.conv2d` and its kin: what most slim models are made of.

After ``making.py`` and the layers of `tf.layers`, which do the arithmetic. TF 1.15: the
variables are `Conv/weights` and `Conv/biases`, and the activation is ReLU unless
another one is given.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scopetutor.engine.contrib import collecting
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.contrib.initializers import xavier_initializer
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.layers import convolution as layers
from scopetutor.engine.ops import depthwise, nn
from scopetutor.engine.ops.joining import tile

from .making import (
    SEPARABLE_WEIGHTS,
    WEIGHTS,
    ZEROS,
    finish,
    is_channels_first,
    layer_scope,
    normalized,
    weight,
)

_XAVIER = xavier_initializer()
_BY_RANK = {3: layers.Conv1D, 4: layers.Conv2D, 5: layers.Conv3D}
_FORMATS = (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW")


def _layer_of_rank(rank: int | None, conv_dims: int | None) -> Any:
    """The layer for inputs of a rank; ValueError if none is."""
    if conv_dims is not None and conv_dims + 2 != rank:
        raise ValueError(
            f"Convolution expects input with rank {conv_dims + 2}, got {rank}"
        )
    if rank not in _BY_RANK:
        raise ValueError("Convolution not supported for input with rank", rank)
    return _BY_RANK[rank]


def _collect(layer: Any, variables_collections: Any) -> None:
    add = collecting.add_variable_to_collections
    add(layer.kernel, variables_collections, "weights")
    if layer.bias is not None:
        add(layer.bias, variables_collections, "biases")


@add_arg_scope
def convolution(
    inputs: Any,
    num_outputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
    conv_dims: int | None = None,
) -> Any:
    """Filters moved over the inputs, plus `biases` or normalized, then activated.

    Args:
        inputs: [batch, *space, channels], or with the channels second.
        num_outputs: how many filters there are.
        kernel_size: of the filters: one number, or one for each dimension of space.
        stride: how far apart they are.
        padding: "SAME" or "VALID".
        data_format: such as "NHWC" or "NCHW".
        rate: how far apart the points of a filter are.
        activation_fn: None: none.
        normalizer_fn: used instead of biases.
        normalizer_params: its arguments.
        weights_initializer: how the weights begin.
        weights_regularizer: its value is a regularization loss.
        biases_initializer: how the biases begin; None: there are none.
        biases_regularizer: its value is a regularization loss.
        reuse: whether the scope's variables are reused.
        variables_collections: for all variables, or by "weights" and "biases".
        outputs_collections: where the result is entered.
        trainable: whether the variables are entered in TRAINABLE_VARIABLES.
        scope: of the variables; None: `Conv`, made unique.
        conv_dims: how many dimensions of space there must be.

    Raises:
        ValueError: the rank or the format does not fit.
    """
    if data_format not in _FORMATS:
        raise ValueError(f"Invalid data_format: {data_format!r}")
    with layer_scope(scope, "Conv", inputs, reuse, WEIGHTS) as sc:
        inputs = convert_to_tensor(inputs)
        first = data_format is not None and data_format.startswith("NC")
        layer = _layer_of_rank(inputs.get_shape().ndims, conv_dims)(
            filters=num_outputs,
            kernel_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format="channels_first" if first else "channels_last",
            dilation_rate=rate,
            activation=None,
            use_bias=not normalizer_fn and biases_initializer,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            activity_regularizer=None,
            trainable=trainable,
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = layer.apply(inputs)
        _collect(layer, variables_collections)
        outputs = normalized(outputs, normalizer_fn, normalizer_params)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


def _of_dimensions(count: int, function: str) -> Any:
    """`convolution` for inputs with so many dimensions of space."""

    def convolve(
        inputs: Any,
        num_outputs: Any,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = "SAME",
        data_format: str | None = None,
        rate: Any = 1,
        activation_fn: Any = nn.relu,
        normalizer_fn: Any = None,
        normalizer_params: Any = None,
        weights_initializer: Any = _XAVIER,
        weights_regularizer: Any = None,
        biases_initializer: Any = ZEROS,
        biases_regularizer: Any = None,
        reuse: Any = None,
        variables_collections: Any = None,
        outputs_collections: Any = None,
        trainable: Any = True,
        scope: Any = None,
    ) -> Any:
        return convolution(
            inputs,
            num_outputs,
            kernel_size,
            stride,
            padding,
            data_format,
            rate,
            activation_fn,
            normalizer_fn,
            normalizer_params,
            weights_initializer,
            weights_regularizer,
            biases_initializer,
            biases_regularizer,
            reuse,
            variables_collections,
            outputs_collections,
            trainable,
            scope,
            conv_dims=count,
        )

    convolve.__name__ = convolve.__qualname__ = function
    convolve.__doc__ = convolution.__doc__
    return add_arg_scope(convolve)


convolution1d = _of_dimensions(1, "convolution1d")
convolution2d = _of_dimensions(2, "convolution2d")
convolution3d = _of_dimensions(3, "convolution3d")
conv1d, conv2d, conv3d = convolution1d, convolution2d, convolution3d


# -- transposed --------------------------------------------------------------------


def _transposed(
    layer_class: Any, default_name: str, allowed: tuple[str, ...], given: dict[str, Any]
) -> Any:
    """A transposed convolution, of the arguments of one of the functions below."""
    inputs, reuse = given["inputs"], given["reuse"]
    with layer_scope(given["scope"], default_name, inputs, reuse, WEIGHTS) as sc:
        data_format = is_channels_first(given["data_format"], allowed)
        inputs = convert_to_tensor(inputs)
        layer = layer_class(
            filters=given["num_outputs"],
            kernel_size=given["kernel_size"],
            strides=given["stride"],
            padding=given["padding"],
            data_format=data_format,
            activation=None,
            use_bias=not given["normalizer_fn"] and given["biases_initializer"],
            kernel_initializer=given["weights_initializer"],
            bias_initializer=given["biases_initializer"],
            kernel_regularizer=given["weights_regularizer"],
            bias_regularizer=given["biases_regularizer"],
            activity_regularizer=None,
            trainable=given["trainable"],
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = layer.apply(inputs)
        _collect(layer, given["variables_collections"])
        outputs = normalized(
            outputs, given["normalizer_fn"], given["normalizer_params"]
        )
        collections = given["outputs_collections"]
        return finish(outputs, given["activation_fn"], collections, sc.name)


@add_arg_scope
def convolution2d_transpose(
    inputs: Any,
    num_outputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = "SAME",
    data_format: str = "NHWC",
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
) -> Any:
    """Images enlarged by the stride; the arguments are those of `convolution`."""
    formats = ("NCHW", "NHWC")
    return _transposed(layers.Conv2DTranspose, "Conv2d_transpose", formats, locals())


@add_arg_scope
def convolution3d_transpose(
    inputs: Any,
    num_outputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = "SAME",
    data_format: str = "NDHWC",
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
) -> Any:
    """Volumes enlarged by the stride; the arguments are those of `convolution`."""
    formats = ("NCDHW", "NDHWC")
    return _transposed(layers.Conv3DTranspose, "Conv3d_transpose", formats, locals())


conv2d_transpose, conv3d_transpose = convolution2d_transpose, convolution3d_transpose


# -- by channel --------------------------------------------------------------------


@add_arg_scope
def convolution2d_in_plane(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = "SAME",
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
) -> Any:
    """One filter moved over each channel; the arguments are those of `convolution`."""
    with variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as sc:
        dtype = inputs.dtype.base_dtype
        window = collecting.two_element_tuple(kernel_size)
        steps = collecting.two_element_tuple(stride)
        depth = collecting.last_dimension(inputs.get_shape(), min_rank=4)
        weights = weight(
            "weights",
            [*window, 1, 1],
            dtype,
            weights_initializer,
            variables_collections,
            trainable,
            weights_regularizer,
        )
        filters = tile(weights, [1, 1, depth, 1])
        outputs = depthwise.depthwise_conv2d(inputs, filters, [1, *steps, 1], padding)
        if normalizer_fn is not None:
            outputs = normalized(outputs, normalizer_fn, normalizer_params)
        elif biases_initializer is not None:
            biases = weight(
                "biases",
                [depth],
                dtype,
                biases_initializer,
                variables_collections,
                trainable,
                biases_regularizer,
            )
            outputs = nn.bias_add(outputs, biases)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


conv2d_in_plane = convolution2d_in_plane


@add_arg_scope
def separable_convolution2d(
    inputs: Any,
    num_outputs: Any,
    kernel_size: Any,
    depth_multiplier: int = 1,
    stride: Any = 1,
    padding: Any = "SAME",
    data_format: str = "NHWC",
    rate: Any = 1,
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    pointwise_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
) -> Any:
    """Filters for each channel, and then a mixture of the channels at each place.

    `depth_multiplier` says how many filters each channel has; without `num_outputs`
    (None) the channels are not mixed. The other arguments are those of `convolution`.
    """
    df = is_channels_first(data_format, ("NCHW", "NHWC"))
    shared = variables_collections, trainable
    weights = _Weights(weights_initializer, weights_regularizer, *shared)
    biases = _Weights(biases_initializer, biases_regularizer, *shared)
    rename = SEPARABLE_WEIGHTS
    with layer_scope(scope, "SeparableConv2d", inputs, reuse, rename) as sc:
        inputs = convert_to_tensor(inputs)
        if num_outputs is None:
            outputs = _depthwise(
                inputs,
                kernel_size,
                depth_multiplier,
                stride,
                padding,
                data_format,
                rate,
                weights,
            )
            if normalizer_fn is None and biases_initializer is not None:
                outputs = _with_biases(outputs, data_format, biases)
        else:
            layer = _mixing(
                weights,
                biases,
                filters=num_outputs,
                kernel_size=kernel_size,
                strides=stride,
                padding=padding,
                data_format=df,
                dilation_rate=collecting.two_element_tuple(rate),
                depth_multiplier=depth_multiplier,
                use_bias=not normalizer_fn and biases_initializer,
                pointwise_initializer=pointwise_initializer or weights_initializer,
                name=sc.name,
                dtype=inputs.dtype.base_dtype,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = layer.apply(inputs)
            _collect_separable(layer, variables_collections)
        outputs = normalized(outputs, normalizer_fn, normalizer_params)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


class _Weights(NamedTuple):
    """How weights are made."""

    initializer: Any
    regularizer: Any
    collections: Any
    trainable: Any


def _mixing(weights: _Weights, biases: _Weights, **settings: Any) -> Any:
    """The layer whose filters for each channel are mixed at each place."""
    return layers.SeparableConv2D(
        activation=None,
        depthwise_initializer=weights.initializer,
        depthwise_regularizer=weights.regularizer,
        pointwise_regularizer=weights.regularizer,
        bias_initializer=biases.initializer,
        bias_regularizer=biases.regularizer,
        activity_regularizer=None,
        trainable=weights.trainable,
        **settings,
    )


def _depthwise(
    inputs: Any,
    kernel_size: Any,
    depth_multiplier: int,
    stride: Any,
    padding: Any,
    data_format: str,
    rate: Any,
    weights: _Weights,
) -> Any:
    """Filters for each channel, whose outputs stay apart."""
    first = data_format.startswith("NC")
    window = collecting.two_element_tuple(kernel_size)
    steps = collecting.two_element_tuple(stride)
    df = "channels_first" if first else "channels_last"
    depth = collecting.channel_dimension(inputs.get_shape(), df, min_rank=4)
    filters = weight(
        "depthwise_weights",
        [*window, depth, depth_multiplier],
        inputs.dtype.base_dtype,
        weights.initializer,
        weights.collections,
        weights.trainable,
        weights.regularizer,
        collected_as="weights",
    )
    return depthwise.depthwise_conv2d(
        inputs,
        filters,
        [1, 1, *steps] if first else [1, *steps, 1],
        padding,
        rate=collecting.two_element_tuple(rate),
        data_format=data_format,
    )


def _with_biases(outputs: Any, data_format: str, made: _Weights) -> Any:
    """Biases for each channel of filters that stay apart, added."""
    channels = outputs.get_shape().as_list()[1 if data_format.startswith("NC") else 3]
    biases = weight(
        "biases",
        [channels],
        outputs.dtype.base_dtype,
        made.initializer,
        made.collections,
        made.trainable,
        made.regularizer,
    )
    return nn.bias_add(outputs, biases, data_format=data_format)


def _collect_separable(layer: Any, variables_collections: Any) -> None:
    add = collecting.add_variable_to_collections
    add(layer.depthwise_kernel, variables_collections, "weights")
    add(layer.pointwise_kernel, variables_collections, "weights")
    if layer.bias is not None:
        add(layer.bias, variables_collections, "biases")


separable_conv2d = separable_convolution2d
