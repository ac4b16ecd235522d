"""`slim.nets.inception`: Inception V1 to V3, with the scopes of their checkpoints.

After `mixed`, which builds the bodies from `inception.txt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.contrib.arg_scope import arg_scope
from scopetutor.engine.contrib.initializers import variance_scaling_initializer
from scopetutor.engine.contrib.layers import pooling
from scopetutor.engine.contrib.layers.batch_norm import batch_norm
from scopetutor.engine.contrib.layers.convolution import (
    convolution2d,
    separable_convolution2d,
)
from scopetutor.engine.contrib.layers.dense import fully_connected
from scopetutor.engine.contrib.layers.shaping import dropout, softmax
from scopetutor.engine.contrib.regularizers import l2_regularizer
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import TruncatedNormal
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import nn
from scopetutor.engine.ops.reshaping import squeeze

from .mixed import end_points

if TYPE_CHECKING:
    from collections.abc import Callable

_POOLS = (pooling.max_pool2d, pooling.avg_pool2d)


# -- bodies ------------------------------------------------------------------------


def inception_v1_base(
    inputs: Any, final_endpoint: str = "Mixed_5c", scope: Any = "InceptionV1"
) -> tuple[Any, dict[str, Any]]:
    """The body of Inception V1 (GoogLeNet) up to an end point, and all before it."""
    with (
        variable_scope(scope, "InceptionV1", [inputs]),
        arg_scope(
            [convolution2d, fully_connected],
            weights_initializer=TruncatedNormal(0.0, 0.01),
        ),
        arg_scope([convolution2d, _POOLS[0]], stride=1, padding="SAME"),
    ):
        return end_points("inception_v1", inputs, final_endpoint, int)


def inception_v2_base(
    inputs: Any,
    final_endpoint: str = "Mixed_5c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> tuple[Any, dict[str, Any]]:
    """The body of Inception V2 up to an end point, and all before it.

    Args:
        inputs: images, of shape (batch, height, width, channels).
        final_endpoint: where it ends.
        min_depth: the fewest channels a layer makes.
        depth_multiplier: of the channels of each layer; above 0.
        scope: the variable scope.
    """
    depth = _depth(depth_multiplier, min_depth)
    layers = [convolution2d, *_POOLS, separable_convolution2d]
    with (
        variable_scope(scope, "InceptionV2", [inputs]),
        arg_scope(layers, stride=1, padding="SAME"),
    ):
        return end_points("inception_v2", inputs, final_endpoint, depth)


def inception_v3_base(
    inputs: Any,
    final_endpoint: str = "Mixed_7c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> tuple[Any, dict[str, Any]]:
    """The body of Inception V3 up to an end point, and all before it."""
    depth = _depth(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV3", [inputs]),
        arg_scope([convolution2d, *_POOLS], stride=1, padding="SAME"),
    ):
        return end_points("inception_v3", inputs, final_endpoint, depth)


def _depth(multiplier: float, least: int) -> Callable[[int], int]:
    """How many channels are made for those of the full net."""
    if multiplier <= 0:
        raise ValueError("depth_multiplier is not greater than zero.")
    return lambda channels: max(int(channels * multiplier), least)


# -- whole nets --------------------------------------------------------------------


def inception_v1(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV1",
) -> tuple[Any, dict[str, Any]]:
    """Inception V1: logits, and its end points by name."""
    with (
        variable_scope(
            scope, "InceptionV1", [inputs, num_classes], reuse=reuse
        ) as entered,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v1_base(inputs, scope=entered)
        with variable_scope("Logits"):
            net = pooling.avg_pool2d(net, [7, 7], stride=1, scope="MaxPool_0a_7x7")
            net = dropout(net, dropout_keep_prob, scope="Dropout_0b")
            logits = _classes(net, num_classes, "Conv2d_0c_1x1", spatial_squeeze)
            ends["Logits"] = logits
            ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


def inception_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV2",
) -> tuple[Any, dict[str, Any]]:
    """Inception V2: logits, and its end points by name."""
    _depth(depth_multiplier, min_depth)
    with (
        variable_scope(
            scope, "InceptionV2", [inputs, num_classes], reuse=reuse
        ) as entered,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v2_base(
            inputs,
            scope=entered,
            min_depth=min_depth,
            depth_multiplier=depth_multiplier,
        )
        with variable_scope("Logits"):
            net = dropout(
                _pooled(net, [7, 7]), keep_prob=dropout_keep_prob, scope="Dropout_1b"
            )
            logits = _classes(net, num_classes, "Conv2d_1c_1x1", spatial_squeeze)
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


def inception_v3(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV3",
) -> tuple[Any, dict[str, Any]]:
    """Inception V3: logits, and its end points by name, "AuxLogits" among them."""
    depth = _depth(depth_multiplier, min_depth)
    with (
        variable_scope(
            scope, "InceptionV3", [inputs, num_classes], reuse=reuse
        ) as entered,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v3_base(
            inputs,
            scope=entered,
            min_depth=min_depth,
            depth_multiplier=depth_multiplier,
        )
        with arg_scope([convolution2d, *_POOLS], stride=1, padding="SAME"):
            ends["AuxLogits"] = _aside(
                ends["Mixed_6e"], num_classes, depth, spatial_squeeze
            )
        with variable_scope("Logits"):
            net = dropout(
                _pooled(net, [8, 8]), keep_prob=dropout_keep_prob, scope="Dropout_1b"
            )
            ends["PreLogits"] = net
            logits = _classes(net, num_classes, "Conv2d_1c_1x1", spatial_squeeze)
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


inception_v1.default_image_size = 224  # type: ignore[attr-defined]
inception_v2.default_image_size = 224  # type: ignore[attr-defined]
inception_v3.default_image_size = 299  # type: ignore[attr-defined]


def _aside(
    net: Any, num_classes: int, depth: Callable[[int], int], squeezed: bool
) -> Any:
    """The logits that Inception V3 makes on the way."""
    with variable_scope("AuxLogits"):
        net = pooling.avg_pool2d(
            net, [5, 5], stride=3, padding="VALID", scope="AvgPool_1a_5x5"
        )
        net = convolution2d(net, depth(128), [1, 1], scope="Conv2d_1b_1x1")
        height, width = size = _at_most(net, [5, 5])
        net = convolution2d(
            net,
            depth(768),
            size,
            weights_initializer=TruncatedNormal(0.0, 0.01),
            padding="VALID",
            scope=f"Conv2d_2a_{height}x{width}",
        )
        deviation = {"weights_initializer": TruncatedNormal(0.0, 0.001)}
        return _classes(net, num_classes, "Conv2d_2b_1x1", squeezed, **deviation)


def _pooled(net: Any, size: list[int]) -> Any:
    """The mean over so many places, or all if there are fewer."""
    height, width = size = _at_most(net, size)
    scope = f"AvgPool_1a_{height}x{width}"
    return pooling.avg_pool2d(net, size, padding="VALID", scope=scope)


def _at_most(net: Any, size: list[int]) -> list[int]:
    """A size, cut to that of small images; as it is if theirs is not known."""
    known = net.get_shape().as_list()[1:3]
    if None in known:
        return size
    return [min(length, most) for length, most in zip(known, size, strict=True)]


def _classes(
    net: Any, num_classes: int, scope: str, squeezed: bool, **options: Any
) -> Any:
    """A number for each class, without the places if they are squeezed."""
    logits = convolution2d(
        net,
        num_classes,
        [1, 1],
        activation_fn=None,
        normalizer_fn=None,
        scope=scope,
        **options,
    )
    return squeeze(logits, [1, 2], name="SpatialSqueeze") if squeezed else logits


# -- arg scopes --------------------------------------------------------------------


def inception_v1_arg_scope(
    weight_decay: float = 0.00004,
    use_batch_norm: bool = True,
    batch_norm_var_collection: str = "moving_vars",
) -> Any:
    """The arg scope Inception V1 was trained in."""
    settings = _normalization(batch_norm_var_collection)
    if use_batch_norm:
        return _arg_scope(weight_decay, batch_norm, settings)
    return _arg_scope(weight_decay, None, {})


def inception_v2_arg_scope(
    weight_decay: float = 0.00004, batch_norm_var_collection: str = "moving_vars"
) -> Any:
    """The arg scope Inception V2 was trained in."""
    settings = _normalization(batch_norm_var_collection)
    return _arg_scope(weight_decay, batch_norm, settings)


def inception_v3_arg_scope(
    weight_decay: float = 0.00004,
    batch_norm_var_collection: str = "moving_vars",
    batch_norm_decay: float = 0.9997,
    batch_norm_epsilon: float = 0.001,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    use_fused_batchnorm: bool = True,
) -> Any:
    """The arg scope Inception V3 was trained in."""
    settings = {
        **_normalization(batch_norm_var_collection),
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "updates_collections": updates_collections,
        "fused": use_fused_batchnorm,
    }
    return _arg_scope(weight_decay, batch_norm, settings)


def _normalization(moving: str) -> dict[str, Any]:
    """Settings of batch normalization; `moving`: the collection of its averages."""
    collections = {"moving_mean": [moving], "moving_variance": [moving]}
    return {
        "decay": 0.9997,
        "epsilon": 0.001,
        "updates_collections": GraphKeys.UPDATE_OPS,
        "variables_collections": {"beta": None, "gamma": None, **collections},
    }


def _arg_scope(
    weight_decay: float, normalizer_fn: Any, normalizer_params: dict[str, Any]
) -> Any:
    with (
        arg_scope(
            [convolution2d, fully_connected],
            weights_regularizer=l2_regularizer(weight_decay),
        ),
        arg_scope(
            [convolution2d],
            weights_initializer=variance_scaling_initializer(),
            activation_fn=nn.relu,
            normalizer_fn=normalizer_fn,
            normalizer_params=normalizer_params,
        ) as scope,
    ):
        return scope
