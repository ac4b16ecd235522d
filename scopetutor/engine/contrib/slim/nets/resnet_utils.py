"""`slim.nets.resnet_utils`: blocks of residual units, and how strides become rates.

Before `resnet_v1` and `resnet_v2`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scopetutor.engine.contrib.arg_scope import add_arg_scope, arg_scope
from scopetutor.engine.contrib.collecting import collect_named_outputs
from scopetutor.engine.contrib.initializers import variance_scaling_initializer
from scopetutor.engine.contrib.layers.batch_norm import batch_norm
from scopetutor.engine.contrib.layers.convolution import convolution2d
from scopetutor.engine.contrib.layers.pooling import max_pool2d
from scopetutor.engine.contrib.regularizers import l2_regularizer
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import nn
from scopetutor.engine.ops.padding import pad


class Block(NamedTuple):
    """A block of residual units.

    Attributes:
        scope: its variable scope.
        unit_fn: makes one unit.
        args: for each unit, what `unit_fn` is called with.
    """

    scope: str
    unit_fn: Any
    args: list[dict[str, int]]


def subsample(inputs: Any, factor: int, scope: Any = None) -> Any:
    """Each so many-th place of images, in both directions."""
    if factor == 1:
        return inputs
    return max_pool2d(inputs, [1, 1], stride=factor, scope=scope)


def conv2d_same(
    inputs: Any,
    num_outputs: int,
    kernel_size: int,
    stride: int,
    rate: int = 1,
    scope: Any = None,
) -> Any:
    """A convolution that pads both sides alike also where it strides.

    TF 1.15: padding SAME depends on the images' size there.
    """
    options = {"stride": stride, "rate": rate, "scope": scope}
    if stride == 1:
        return convolution2d(
            inputs, num_outputs, kernel_size, padding="SAME", **options
        )
    more = (kernel_size - 1) * rate
    sides = [more // 2, more - more // 2]
    inputs = pad(inputs, [[0, 0], sides, sides, [0, 0]])
    return convolution2d(inputs, num_outputs, kernel_size, padding="VALID", **options)


@add_arg_scope
def stack_blocks_dense(
    net: Any, blocks: Any, output_stride: Any = None, outputs_collections: Any = None
) -> Any:
    """Blocks one after the other; units beyond a stride are dilated instead.

    Args:
        net: images, of shape (batch, height, width, channels).
        blocks: values of `Block`.
        output_stride: the most that height and width are divided by; None: any.
        outputs_collections: where the blocks' outputs are collected.

    Raises:
        ValueError: the strides of the units never come to `output_stride`.
    """
    stride, rate = 1, 1
    for block in blocks:
        with variable_scope(block.scope, "block", [net]) as scope:
            for i, unit in enumerate(block.args):
                _check_stride(output_stride is not None and stride > output_stride)
                with variable_scope(f"unit_{i + 1}", values=[net]):
                    if output_stride is not None and stride == output_stride:
                        net = block.unit_fn(net, rate=rate, **{**unit, "stride": 1})
                        rate *= unit.get("stride", 1)
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        stride *= unit.get("stride", 1)
            net = collect_named_outputs(outputs_collections, scope.name, net)
    _check_stride(output_stride is not None and stride != output_stride)
    return net


def _check_stride(missed: bool) -> None:
    if missed:
        raise ValueError("The target output_stride cannot be reached.")


def resnet_arg_scope(
    weight_decay: float = 0.0001,
    batch_norm_decay: float = 0.997,
    batch_norm_epsilon: float = 1e-5,
    batch_norm_scale: bool = True,
) -> Any:
    """The arg scope residual nets were trained in."""
    settings = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": GraphKeys.UPDATE_OPS,
    }
    with (
        arg_scope(
            [convolution2d],
            weights_regularizer=l2_regularizer(weight_decay),
            weights_initializer=variance_scaling_initializer(),
            activation_fn=nn.relu,
            normalizer_fn=batch_norm,
            normalizer_params=settings,
        ),
        arg_scope([batch_norm], **settings),
        arg_scope([max_pool2d], padding="SAME") as scope,
    ):
        return scope
