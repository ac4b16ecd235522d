"""`tf.layers`: functions and classes of layers whose variables obey variable scopes.

From ``engine/layers``. `tf.keras.layers` has layers of the same names, which don't.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.input_spec": "InputSpec",
        "engine.layers.base": "Layer",
        "engine.layers.convolution": (
            "Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose SeparableConv1D "
            "SeparableConv2D conv1d conv2d conv2d_transpose conv3d conv3d_transpose "
            "separable_conv1d separable_conv2d"
        ),
        "engine.layers.core": "Dropout Flatten dropout flatten",
        "engine.layers.dense": "Dense dense",
        "engine.layers.normalization": "BatchNormalization batch_normalization",
        "engine.layers.pooling": (
            "AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D "
            "MaxPooling2D MaxPooling3D average_pooling1d average_pooling2d "
            "average_pooling3d max_pooling1d max_pooling2d max_pooling3d"
        ),
    },
    submodules="experimental",
)
