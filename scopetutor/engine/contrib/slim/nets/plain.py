"""`slim.nets.alexnet`, `overfeat` and `vgg`: layers one after the other.

Their dense layers are convolutions, as in their checkpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.contrib.arg_scope import arg_scope
from scopetutor.engine.contrib.collecting import convert_collection_to_dict
from scopetutor.engine.contrib.layers.convolution import convolution2d
from scopetutor.engine.contrib.layers.dense import fully_connected
from scopetutor.engine.contrib.layers.pooling import max_pool2d
from scopetutor.engine.contrib.layers.repeating import repeat
from scopetutor.engine.contrib.layers.shaping import dropout
from scopetutor.engine.contrib.regularizers import l2_regularizer
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant, TruncatedNormal, Zeros
from scopetutor.engine.ops import nn
from scopetutor.engine.ops.reshaping import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

    Net = tuple[Any, dict[str, Any]]

_ALL = (convolution2d, fully_connected, max_pool2d)


# -- AlexNet and OverFeat ----------------------------------------------------------


def alexnet_v2_arg_scope(weight_decay: float = 0.0005) -> Any:
    """The arg scope of AlexNet."""
    return _padded(weight_decay, Constant(0.1), pools="VALID")


def alexnet_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "alexnet_v2",
) -> Net:
    """AlexNet in its second version: logits, and end points by name."""
    with variable_scope(scope, "alexnet_v2", [inputs]) as entered:
        collection = entered.original_name_scope + "_end_points"
        with arg_scope([*_ALL], outputs_collections=[collection]):
            net = convolution2d(inputs, 64, [11, 11], 4, padding="VALID", scope="conv1")
            net = max_pool2d(net, [3, 3], 2, scope="pool1")
            net = convolution2d(net, 192, [5, 5], scope="conv2")
            net = max_pool2d(net, [3, 3], 2, scope="pool2")
            net = convolution2d(net, 384, [3, 3], scope="conv3")
            net = convolution2d(net, 384, [3, 3], scope="conv4")
            net = convolution2d(net, 256, [3, 3], scope="conv5")
            net = max_pool2d(net, [3, 3], 2, scope="pool5")
            net = _narrow_head(
                net, (4096, [5, 5]), num_classes, is_training, dropout_keep_prob
            )
            return _squeezed(net, collection, spatial_squeeze, entered.name)


def overfeat_arg_scope(weight_decay: float = 0.0005) -> Any:
    """The arg scope of OverFeat."""
    return _padded(weight_decay, Zeros(), pools="VALID")


def overfeat(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "overfeat",
) -> Net:
    """OverFeat, the fast model: logits, and end points by name."""
    with variable_scope(scope, "overfeat", [inputs]) as entered:
        collection = entered.name + "_end_points"
        with arg_scope([*_ALL], outputs_collections=collection):
            net = convolution2d(inputs, 64, [11, 11], 4, padding="VALID", scope="conv1")
            net = max_pool2d(net, [2, 2], scope="pool1")
            net = convolution2d(net, 256, [5, 5], padding="VALID", scope="conv2")
            net = max_pool2d(net, [2, 2], scope="pool2")
            net = convolution2d(net, 512, [3, 3], scope="conv3")
            net = convolution2d(net, 1024, [3, 3], scope="conv4")
            net = convolution2d(net, 1024, [3, 3], scope="conv5")
            net = max_pool2d(net, [2, 2], scope="pool5")
            net = _narrow_head(
                net, (3072, [6, 6]), num_classes, is_training, dropout_keep_prob
            )
            return _squeezed(net, collection, spatial_squeeze, entered.name)


def _narrow_head(
    net: Any,
    first: tuple[int, list[int]],
    num_classes: int,
    is_training: Any,
    keep_prob: float,
) -> Any:
    """Three dense layers whose weights begin small."""
    with arg_scope(
        [convolution2d],
        weights_initializer=TruncatedNormal(0.0, 0.005),
        biases_initializer=Constant(0.1),
    ):
        return _head(
            net,
            first,
            num_classes,
            is_training,
            keep_prob,
            biases_initializer=Zeros(),
        )


# -- VGG ---------------------------------------------------------------------------


def vgg_arg_scope(weight_decay: float = 0.0005) -> Any:
    """The arg scope of VGG."""
    return _padded(weight_decay, Zeros())


def _vgg(
    name: str, repetitions: tuple[int, ...], layers: Any, collected_by: str
) -> Callable[..., Net]:
    """The function of one VGG.

    Args:
        name: such as "vgg_16".
        repetitions: how often each of the five convolutions is repeated.
        layers: what puts its outputs among the end points.
        collected_by: the attribute of the scope that names their collection.
    """

    def vgg(
        inputs: Any,
        num_classes: int = 1000,
        is_training: Any = True,
        dropout_keep_prob: float = 0.5,
        spatial_squeeze: bool = True,
        scope: Any = name,
    ) -> Net:
        with variable_scope(scope, name, [inputs]) as entered:
            collection = getattr(entered, collected_by) + "_end_points"
            with arg_scope([*layers], outputs_collections=collection):
                net = inputs
                for i, count in enumerate(repetitions):
                    depth = min(64 * 2**i, 512)
                    conv = f"conv{i + 1}"
                    net = repeat(net, count, convolution2d, depth, [3, 3], scope=conv)
                    net = max_pool2d(net, [2, 2], scope=f"pool{i + 1}")
                net = _head(
                    net, (4096, [7, 7]), num_classes, is_training, dropout_keep_prob
                )
                return _squeezed(net, collection, spatial_squeeze, entered.name)

    vgg.__name__ = vgg.__qualname__ = name
    vgg.__doc__ = f"VGG ({name}): logits, and end points by name."
    vgg.default_image_size = 224  # type: ignore[attr-defined]
    return vgg


vgg_a = _vgg(
    "vgg_a", (1, 1, 2, 2, 2), (convolution2d, max_pool2d), "original_name_scope"
)
vgg_d = vgg_16 = _vgg("vgg_16", (2, 2, 3, 3, 3), _ALL, "original_name_scope")
vgg_e = vgg_19 = _vgg("vgg_19", (2, 2, 4, 4, 4), _ALL, "name")
alexnet_v2.default_image_size = 224  # type: ignore[attr-defined]


# -- what they share ---------------------------------------------------------------


def _padded(weight_decay: float, biases: Any, pools: str | None = None) -> Any:
    """Convolutions padded to the same size; pools as well, if not otherwise said."""
    with (
        arg_scope(
            [convolution2d, fully_connected],
            activation_fn=nn.relu,
            weights_regularizer=l2_regularizer(weight_decay),
            biases_initializer=biases,
        ),
        arg_scope([convolution2d], padding="SAME") as scope,
    ):
        if pools is None:
            return scope
        with arg_scope([max_pool2d], padding=pools) as with_pools:
            return with_pools


def _head(
    net: Any,
    first: tuple[int, list[int]],
    num_classes: int,
    is_training: Any,
    keep_prob: float,
    **last: Any,
) -> Any:
    """Three dense layers; `first`: channels and size of the first of them."""
    depth, size = first
    for i, layer in ((6, (depth, size)), (7, (4096, [1, 1]))):
        options = {"padding": "VALID"} if i == 6 else {}
        net = convolution2d(net, *layer, scope=f"fc{i}", **options)
        net = dropout(net, keep_prob, is_training=is_training, scope=f"dropout{i}")
    return convolution2d(
        net,
        num_classes,
        [1, 1],
        activation_fn=None,
        normalizer_fn=None,
        scope="fc8",
        **last,
    )


def _squeezed(net: Any, collection: str, squeezed: bool, scope: str) -> Net:
    """The logits and all end points; the logits without places if they are squeezed."""
    ends = convert_collection_to_dict(collection)
    if squeezed:
        net = squeeze(net, [1, 2], name="fc8/squeezed")
        ends[f"{scope}/fc8"] = net
    return net, ends
