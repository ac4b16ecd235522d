"""`tf.contrib.layers.flatten`, `dropout`, `one_hot_encoding` and their like.

Only `bias_add` and `spatial_softmax` have a variable.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.contrib import collecting
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant, Ones
from scopetutor.engine.layers import core
from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.ops import softmax as softmax_ops
from scopetutor.engine.ops.gathering import gather_nd, one_hot, where
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.padding import meshgrid
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.ops.slicing import strided_slice
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from .making import ZEROS, finish, is_channels_first, model_variable_getter, weight


@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Any = None,
    initializer: Any = ZEROS,
    regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Any:
    """A bias for each channel, added."""
    is_channels_first(data_format, ("NCHW", "NHWC"))
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        shape = inputs.get_shape()
        if shape.ndims is None:
            raise ValueError("Dims of shape must be known but is None")
        if shape.ndims != 4 and data_format == "NCHW":
            raise ValueError("Data format NCHW only supports 4D Tensor")
        channels = shape[1 if data_format == "NCHW" else -1].value
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = weight(
            "biases",
            [channels],
            inputs.dtype.base_dtype,
            initializer,
            variables_collections,
            trainable,
            regularizer,
        )
        outputs = nn.bias_add(inputs, biases, data_format=data_format)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Any:
    """The inputs, a random share of them 0 if `is_training`."""
    with variable_scope(
        scope, "Dropout", [inputs], custom_getter=model_variable_getter
    ) as sc:
        inputs = convert_to_tensor(inputs)
        layer = core.Dropout(
            rate=1 - keep_prob,
            noise_shape=noise_shape,
            seed=seed,
            name=sc.name,
            _scope=sc,
        )
        outputs = layer.apply(inputs, training=is_training)
        return collecting.collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: Any = None) -> Any:
    """The inputs as [batch, everything else]."""
    with name_scope(scope, "Flatten", [inputs]) as sc:
        outputs = core.flatten(convert_to_tensor(inputs))
        return collecting.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: Any,
    on_value: Any = 1.0,
    off_value: Any = 0.0,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """Numbers as rows with one element that is on."""
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = convert_to_tensor(labels)
        if labels.dtype == dtypes.int32:
            labels = math.to_int64(labels)
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collecting.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def softmax(logits: Any, scope: Any = None) -> Any:
    """Numbers above 0 that add up to 1 along the last axis."""
    with variable_scope(scope, "softmax", [logits]):
        size = collecting.last_dimension(logits.get_shape(), min_rank=2)
        predictions = softmax_ops.softmax(reshape(logits, [-1, size]))
        predictions = reshape(predictions, array.shape(logits))
        if not defaults.state.eager:
            predictions.set_shape(logits.get_shape())
        return predictions


@add_arg_scope
def unit_norm(inputs: Any, dim: int, epsilon: float = 1e-7, scope: Any = None) -> Any:
    """The inputs, divided by their length along an axis."""
    with variable_scope(scope, "UnitNorm", [inputs]):
        rank = inputs.get_shape().ndims
        if not rank:
            raise ValueError("The input rank must be known.")
        if not 0 <= dim < rank:
            raise ValueError("dim must be positive but smaller than the input rank.")
        squares = math.reduce_sum(math.square(inputs), dim, True)
        lengths = math.sqrt(epsilon + squares)
        multiples = []
        if dim > 0:
            multiples.append(array.ones([dim], dtypes.int32))
        multiples.append(strided_slice(array.shape(inputs), [dim], [dim + 1]))
        if dim < rank - 1:
            multiples.append(array.ones([rank - 1 - dim], dtypes.int32))
        return math.div(inputs, tile(lengths, concat(multiples, 0)))


@add_arg_scope
def maxout(inputs: Any, num_units: int, axis: int = -1, scope: Any = None) -> Any:
    """The largest of each group of channels."""
    with variable_scope(scope, "MaxOut", [inputs]):
        inputs = convert_to_tensor(inputs)
        sizes: list[Any] = inputs.get_shape().as_list()
        channels = sizes[axis]
        if channels % num_units:
            raise ValueError(
                f"number of features({channels}) is not a multiple of "
                f"num_units({num_units})"
            )
        sizes[axis] = num_units
        sizes.append(channels // num_units)
        sizes = [
            array.shape(inputs)[i] if size is None else size
            for i, size in enumerate(sizes)
        ]
        return math.reduce_max(reshape(inputs, sizes), -1, keepdims=False)


@add_arg_scope
def dense_to_sparse(
    tensor: Any, eos_token: Any = 0, outputs_collections: Any = None, scope: Any = None
) -> Any:
    """A SparseTensor of all elements but those equal to `eos_token`."""
    with variable_scope(scope, "dense_to_sparse", [tensor]) as sc:
        tensor = convert_to_tensor(tensor)
        token = constants.constant(eos_token, tensor.dtype)
        indices = where(math.not_equal(tensor, token))
        values = gather_nd(tensor, indices)
        shape = array.shape(tensor, out_type=dtypes.int64)
        outputs = SparseTensor(indices, values, shape)
        return collecting.collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def images_to_sequence(
    inputs: Any,
    data_format: str = "NHWC",
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """Images as sequences of their columns: [width, batch * height, depth]."""
    first = is_channels_first(data_format, ("NCHW", "NHWC")) == "channels_first"
    with name_scope(scope, "ImagesToSequence", [inputs]) as sc:
        inputs = convert_to_tensor(inputs)
        if first:
            inputs = transpose(inputs, [0, 2, 3, 1])
        _, _, width, depth = inputs.get_shape().as_list()
        sizes = array.shape(inputs)
        batch, height = sizes[0], sizes[1]
        columns = transpose(inputs, [2, 0, 1, 3])
        outputs = reshape(columns, [width, batch * height, depth])
        return collecting.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def sequence_to_images(
    inputs: Any,
    height: int,
    output_data_format: str = "channels_last",
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """The inverse of `images_to_sequence`."""
    with name_scope(scope, "SequenceToImages", [inputs]) as sc:
        inputs = convert_to_tensor(inputs)
        width, batches, depth = inputs.get_shape().as_list()
        batches = -1 if batches is None else batches // height
        columns = reshape(inputs, [width, batches, height, depth])
        first = output_data_format == "channels_first"
        outputs = transpose(columns, [1, 3, 2, 0] if first else [1, 2, 0, 3])
        return collecting.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def spatial_softmax(
    features: Any,
    temperature: Any = None,
    name: Any = None,
    variables_collections: Any = None,
    trainable: Any = True,
    data_format: str = "NHWC",
) -> Any:
    """Where in space each channel is strong: [batch, channels * 2]."""
    with variable_scope(name, "spatial_softmax"):
        sizes, shape = array.shape(features), features.shape
        if data_format not in ("NHWC", "NCHW"):
            raise ValueError("data_format has to be either NCHW or NHWC.")
        first = data_format == "NCHW"
        height, width = (sizes[2], sizes[3]) if first else (sizes[1], sizes[2])
        channels = shape[1 if first else 3].value
        if channels is None:
            raise ValueError(
                "The num_channels dimension of the inputs to `spatial_softmax` should "
                "be defined. Found `None`."
            )
        with name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            x, y = meshgrid(
                math.linspace(-1.0, 1.0, num=height),
                math.linspace(-1.0, 1.0, num=width),
                indexing="ij",
            )
            x = reshape(x, [height * width])
            y = reshape(y, [height * width])
            initializer = Ones() if temperature is None else Constant(temperature)
            temperature = weight(
                "temperature",
                (),
                dtypes.float32,
                initializer,
                variables_collections if trainable else None,
                trainable,
            )
            if not first:
                features = transpose(features, [0, 3, 1, 2])
            attention = softmax_ops.softmax(
                reshape(features, [-1, height * width]) / temperature
            )
            expected = [
                math.reduce_sum(place * attention, [1], keepdims=True)
                for place in (x, y)
            ]
            points = reshape(concat(expected, 1), [-1, channels * 2])
            points.set_shape([None, channels * 2])
        return points
