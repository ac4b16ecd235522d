"""`tf.contrib.layers.max_pool2d` and its kin.

After `tf.layers`, whose pooling layers they call. TF 1.15: the stride is 2 unless
another one is given, whatever the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.contrib import collecting
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.layers import pooling as layers
from scopetutor.engine.surroundings import name_scope

from .making import is_channels_first

if TYPE_CHECKING:
    from collections.abc import Callable


def _function(
    layer_class: Any, function: str, scope_name: str, form: str, doc: str
) -> Callable[..., Any]:
    allowed = ("NCHW", "NHWC") if form == "NHWC" else ("NCDHW", "NDHWC")

    def pool_layer(
        inputs: Any,
        kernel_size: Any,
        stride: Any = 2,
        padding: Any = "VALID",
        data_format: str = form,
        outputs_collections: Any = None,
        scope: Any = None,
    ) -> Any:
        channels = is_channels_first(data_format, allowed)
        with name_scope(scope, scope_name, [inputs]) as sc:
            layer = layer_class(
                pool_size=kernel_size,
                strides=stride,
                padding=padding,
                data_format=channels,
                _scope=sc,
            )
            outputs = layer.apply(convert_to_tensor(inputs))
            return collecting.collect_named_outputs(outputs_collections, sc, outputs)

    pool_layer.__name__ = pool_layer.__qualname__ = function
    pool_layer.__doc__ = doc
    return add_arg_scope(pool_layer)


avg_pool2d = _function(
    layers.AveragePooling2D,
    "avg_pool2d",
    "AvgPool2D",
    "NHWC",
    "The mean of each window of images.",
)
avg_pool3d = _function(
    layers.AveragePooling3D,
    "avg_pool3d",
    "AvgPool3D",
    "NDHWC",
    "The mean of each window of volumes.",
)
max_pool2d = _function(
    layers.MaxPooling2D,
    "max_pool2d",
    "MaxPool2D",
    "NHWC",
    "The largest number of each window of images.",
)
max_pool3d = _function(
    layers.MaxPooling3D,
    "max_pool3d",
    "MaxPool3D",
    "NDHWC",
    "The largest number of each window of volumes.",
)
