"""`slim.nets.resnet_v2`: residual nets that activate what comes in.

After `resnet` and `resnet_utils`. The newer order: what comes in is normalized and
activated first, the sum never.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.contrib.collecting import collect_named_outputs, last_dimension
from scopetutor.engine.contrib.layers.batch_norm import batch_norm
from scopetutor.engine.contrib.layers.convolution import convolution2d
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import nn

from . import resnet
from .resnet_utils import Block, conv2d_same, resnet_arg_scope, subsample

__all__ = ["resnet_arg_scope"]


@add_arg_scope
def bottleneck(
    inputs: Any,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    rate: int = 1,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """A residual unit of three convolutions, behind a normalized activation."""
    with variable_scope(scope, "bottleneck_v2", [inputs]) as entered:
        depth_in = last_dimension(inputs.get_shape(), min_rank=4)
        active = batch_norm(inputs, activation_fn=nn.relu, scope="preact")
        plain: dict[str, Any] = {"normalizer_fn": None, "activation_fn": None}
        if depth == depth_in:
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = convolution2d(
                active, depth, [1, 1], stride=stride, scope="shortcut", **plain
            )
        made = convolution2d(active, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        made = conv2d_same(made, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        made = convolution2d(made, depth, [1, 1], stride=1, scope="conv3", **plain)
        output = shortcut + made
        return collect_named_outputs(outputs_collections, entered.name, output)


def resnet_v2(
    inputs: Any,
    blocks: Any,
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: Any = None,
    include_root_block: bool = True,
    reuse: Any = None,
    scope: Any = None,
) -> tuple[Any, dict[str, Any]]:
    """A residual net of such blocks: its output, and its end points by name.

    Args:
        inputs: images, of shape (batch, height, width, channels).
        blocks: values of `resnet_utils.Block`.
        num_classes: None: there is no layer of logits.
        is_training: whether batches are normalized by their own moments.
        global_pool: whether the mean over all places is taken.
        output_stride: the most that height and width are divided by; None: any.
        include_root_block: whether it begins with a convolution and a pooling.
        reuse: whether its variables are there already.
        scope: the variable scope.
    """
    return resnet.net(
        inputs,
        blocks,
        "resnet_v2",
        bottleneck,
        first_is_activated=False,
        num_classes=num_classes,
        is_training=is_training,
        global_pool=global_pool,
        output_stride=output_stride,
        include_root_block=include_root_block,
        reuse=reuse,
        scope=scope,
    )


def resnet_v2_block(scope: str, base_depth: int, num_units: int, stride: int) -> Block:
    """A block whose last unit strides."""
    return resnet.block(bottleneck, scope, base_depth, num_units, stride)


resnet_v2.default_image_size = 224  # type: ignore[attr-defined]
resnet_v2_50, resnet_v2_101, resnet_v2_152, resnet_v2_200 = (
    resnet.of_depth(layers, resnet_v2, resnet_v2_block, "v2") for layers in resnet.UNITS
)
