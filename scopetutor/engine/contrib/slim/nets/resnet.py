"""What residual nets of both versions have in common: the frame around their blocks.

After `resnet_utils`; before `resnet_v1` and `resnet_v2`, which make the units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.contrib.arg_scope import arg_scope
from scopetutor.engine.contrib.collecting import convert_collection_to_dict
from scopetutor.engine.contrib.layers.batch_norm import batch_norm
from scopetutor.engine.contrib.layers.convolution import convolution2d
from scopetutor.engine.contrib.layers.pooling import max_pool2d
from scopetutor.engine.contrib.layers.shaping import softmax
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import nn
from scopetutor.engine.ops.reductions import reduce_mean

from .resnet_utils import Block, conv2d_same, stack_blocks_dense

if TYPE_CHECKING:
    from collections.abc import Callable

# By layers of the net: how many units its four blocks have.
UNITS = {
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
    200: (3, 24, 36, 3),
}


def block(unit: Any, scope: str, base_depth: int, num_units: int, stride: int) -> Block:
    """A block whose last unit strides."""
    sizes = {"depth": base_depth * 4, "depth_bottleneck": base_depth}
    first = [{**sizes, "stride": 1}] * (num_units - 1)
    return Block(scope, unit, [*first, {**sizes, "stride": stride}])


def net(
    inputs: Any,
    blocks: Any,
    default_name: str,
    unit: Any,
    *,
    first_is_activated: bool,
    num_classes: int | None,
    is_training: Any,
    global_pool: bool,
    output_stride: Any,
    include_root_block: bool,
    reuse: Any,
    scope: Any,
) -> tuple[Any, dict[str, Any]]:
    """A residual net: its output, and its end points by name.

    `default_name` and `unit` are those of the version, the rest is what `resnet_v1` is
    called with. If `first_is_activated`, normalization and activation follow the root;
    if not, they follow the last block.
    """
    with variable_scope(scope, default_name, [inputs], reuse=reuse) as entered:
        collection = entered.original_name_scope + "_end_points"
        collecting = [convolution2d, unit, stack_blocks_dense]
        with (
            arg_scope(collecting, outputs_collections=collection),
            arg_scope([batch_norm], is_training=is_training),
        ):
            made = inputs
            if include_root_block:
                output_stride = _below_root(output_stride)
                made = _root(made, first_is_activated)
            made = stack_blocks_dense(made, blocks, output_stride)
            if not first_is_activated:
                made = batch_norm(made, activation_fn=nn.relu, scope="postnorm")
            if global_pool:
                made = reduce_mean(made, [1, 2], name="pool5", keepdims=True)
            if num_classes is not None:
                made = convolution2d(
                    made,
                    num_classes,
                    [1, 1],
                    activation_fn=None,
                    normalizer_fn=None,
                    scope="logits",
                )
            ends = convert_collection_to_dict(collection)
            if num_classes is not None:
                ends["predictions"] = softmax(made, scope="predictions")
            return made, ends


def _below_root(output_stride: Any) -> Any:
    """The stride of the blocks for one of the whole net; the root's is 4."""
    if output_stride is None:
        return None
    if output_stride % 4 != 0:
        raise ValueError("The output_stride needs to be a multiple of 4.")
    return output_stride / 4


def _root(images: Any, is_activated: bool) -> Any:
    plain = {} if is_activated else {"activation_fn": None, "normalizer_fn": None}
    with arg_scope([convolution2d], **plain):
        made = conv2d_same(images, 64, 7, stride=2, scope="conv1")
    return max_pool2d(made, [3, 3], stride=2, scope="pool1")


def of_depth(
    layers: int, whole: Callable[..., Any], blocks: Callable[..., Block], version: str
) -> Callable[..., tuple[Any, dict[str, Any]]]:
    """The function of a net with so many layers, such as `resnet_v1_50`."""
    name = f"resnet_{version}_{layers}"

    def resnet(
        inputs: Any,
        num_classes: int | None = None,
        is_training: Any = True,
        global_pool: bool = True,
        output_stride: Any = None,
        reuse: Any = None,
        scope: Any = name,
    ) -> tuple[Any, dict[str, Any]]:
        made = [
            blocks(f"block{i + 1}", 64 * 2**i, units, 1 if i == 3 else 2)
            for i, units in enumerate(UNITS[layers])
        ]
        return whole(  # type: ignore[no-any-return]
            inputs,
            made,
            num_classes,
            is_training,
            global_pool,
            output_stride,
            include_root_block=True,
            reuse=reuse,
            scope=scope,
        )

    resnet.__name__ = resnet.__qualname__ = name
    resnet.__doc__ = f"The residual net of {layers} layers: output, end points."
    return resnet
