"""`tf.keras.layers.deserialize`: a layer of what `get_config` gave.

After lookup.py. `LAYERS` also says what `tf.keras.layers` has, and where.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import lookup

LAYERS = {
    "activation_layers": (
        "Activation ELU LeakyReLU PReLU ReLU Softmax ThresholdedReLU"
    ),
    "attention": "AdditiveAttention Attention",
    "convolution": (
        "Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose Convolution1D=Conv1D "
        "Convolution2D=Conv2D Convolution2DTranspose=Conv2DTranspose "
        "Convolution3D=Conv3D Convolution3DTranspose=Conv3DTranspose"
    ),
    "core": "ActivityRegularization Dropout Flatten",
    "dense": "Dense",
    "embedding": "Embedding",
    "gated_cells": "GRUCell LSTMCell",
    "global_pooling": (
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
        "GlobalAvgPool1D=GlobalAveragePooling1D GlobalAvgPool2D=GlobalAveragePooling2D "
        "GlobalAvgPool3D=GlobalAveragePooling3D GlobalMaxPool1D=GlobalMaxPooling1D "
        "GlobalMaxPool2D=GlobalMaxPooling2D GlobalMaxPool3D=GlobalMaxPooling3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    ),
    "input_layer": "Input InputLayer",
    "input_spec": "InputSpec",
    "lambda_layer": "Lambda",
    "layer": "Layer",
    "layer_normalization": "LayerNormalization",
    "masking": "Masking",
    "merging": (
        "Add Average Concatenate Dot Maximum Minimum Multiply Subtract add average "
        "concatenate dot maximum minimum multiply subtract"
    ),
    "noise": (
        "AlphaDropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D "
        "SpatialDropout3D"
    ),
    "normalization": "BatchNormalization",
    "padding_layers": (
        "Cropping1D Cropping2D Cropping3D ZeroPadding1D ZeroPadding2D ZeroPadding3D"
    ),
    "pooling": (
        "AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D=AveragePooling1D "
        "AvgPool2D=AveragePooling2D AvgPool3D=AveragePooling3D MaxPool1D=MaxPooling1D "
        "MaxPool2D=MaxPooling2D MaxPool3D=MaxPooling3D MaxPooling1D MaxPooling2D "
        "MaxPooling3D"
    ),
    "recurrent": "RNN",
    "recurrent_cells": "AbstractRNNCell SimpleRNNCell",
    "recurrent_layers": "GRU LSTM SimpleRNN",
    "reshaping": "Permute RepeatVector Reshape",
    "separable_convolution": (
        "DepthwiseConv2D SeparableConv1D SeparableConv2D "
        "SeparableConvolution1D=SeparableConv1D "
        "SeparableConvolution2D=SeparableConv2D"
    ),
    "stacked_cells": "StackedRNNCells",
    "upsampling": "UpSampling1D UpSampling2D UpSampling3D",
    "wrappers": "Bidirectional TimeDistributed Wrapper",
}
_OTHERS = {"model": "Model", "sequential": "Sequential"}


class _Known(dict[str, Any]):
    """The classes of layers by name, loaded when they are asked for."""

    def __missing__(self, name: str) -> Any:
        for module, listed in (LAYERS | _OTHERS).items():
            for item in listed.split():
                public, _, inside = item.partition("=")
                if public == name:
                    found = importlib.import_module(f"{__package__}.{module}")
                    self[name] = getattr(found, inside or public)
                    return self[name]
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The class of a name, or the default."""
        try:
            return self[name]
        except KeyError:
            return default


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The layer of a name, or of what `serialize` gave.

    Args:
        config: {"class_name": ..., "config": ...}.
        custom_objects: classes and functions of one's own, by name.

    Raises:
        ValueError: there is none of this name.
    """
    return lookup.find(config, _Known(), "layer", custom_objects)


def serialize(layer: Any) -> Any:
    """What `deserialize` makes the layer of again."""
    return lookup.serialize(layer)
