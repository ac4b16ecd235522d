"""`tf.keras.layers`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.activation_layers": (
            "Activation ELU LeakyReLU ReLU Softmax ThresholdedReLU"
        ),
        "engine.keras.convolution": (
            "Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose "
            "Convolution1D=Conv1D Convolution2D=Conv2D "
            "Convolution2DTranspose=Conv2DTranspose Convolution3D=Conv3D "
            "Convolution3DTranspose=Conv3DTranspose SeparableConv1D SeparableConv2D "
            "SeparableConvolution1D=SeparableConv1D "
            "SeparableConvolution2D=SeparableConv2D"
        ),
        "engine.keras.core": "Dropout Flatten",
        "engine.keras.dense": "Dense",
        "engine.keras.embedding": "Embedding",
        "engine.keras.global_pooling": (
            "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
            "GlobalAvgPool1D=GlobalAveragePooling1D "
            "GlobalAvgPool2D=GlobalAveragePooling2D "
            "GlobalAvgPool3D=GlobalAveragePooling3D "
            "GlobalMaxPool1D=GlobalMaxPooling1D GlobalMaxPool2D=GlobalMaxPooling2D "
            "GlobalMaxPool3D=GlobalMaxPooling3D GlobalMaxPooling1D GlobalMaxPooling2D "
            "GlobalMaxPooling3D"
        ),
        "engine.keras.input_layer": "Input InputLayer",
        "engine.keras.input_spec": "InputSpec",
        "engine.keras.layer": "Layer",
        "engine.keras.merging": (
            "Add Average Concatenate Maximum Minimum Multiply Subtract add average "
            "concatenate maximum minimum multiply subtract"
        ),
        "engine.keras.normalization": "BatchNormalization",
        "engine.keras.pooling": (
            "AveragePooling1D AveragePooling2D AveragePooling3D "
            "AvgPool1D=AveragePooling1D AvgPool2D=AveragePooling2D "
            "AvgPool3D=AveragePooling3D MaxPool1D=MaxPooling1D MaxPool2D=MaxPooling2D "
            "MaxPool3D=MaxPooling3D MaxPooling1D MaxPooling2D MaxPooling3D"
        ),
        "engine.keras.recurrent": "SimpleRNNCell",
        "engine.keras.reshaping": (
            "Permute RepeatVector Reshape UpSampling2D ZeroPadding2D"
        ),
    },
)
