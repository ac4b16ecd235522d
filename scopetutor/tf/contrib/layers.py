"""`tf.contrib.layers`: layers as functions, initializers, regularizers, training.

`import tensorflow.contrib.layers as layers` is a first line of many models of 2016;
slim has the same names. They come from the files of ``engine/contrib/layers`` and those
beside it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

NAMES = {
    "engine.contrib.initializers": (
        "variance_scaling_initializer xavier_initializer xavier_initializer_conv2d"
    ),
    "engine.contrib.layers.batch_norm": "batch_norm",
    "engine.contrib.layers.convolution": (
        "conv1d conv2d conv2d_in_plane conv2d_transpose conv3d conv3d_transpose "
        "convolution convolution1d convolution2d convolution2d_in_plane "
        "convolution2d_transpose convolution3d convolution3d_transpose "
        "separable_conv2d separable_convolution2d"
    ),
    "engine.contrib.layers.dense": (
        "elu fully_connected legacy_fully_connected legacy_linear legacy_relu linear "
        "relu relu6"
    ),
    "engine.contrib.layers.embedding": "embed_sequence embedding_lookup_unique",
    "engine.contrib.layers.normalization": "group_norm instance_norm layer_norm",
    "engine.contrib.layers.optimizing": (
        "OPTIMIZER_CLS_NAMES OPTIMIZER_SUMMARIES optimize_loss"
    ),
    "engine.contrib.layers.pooling": ("avg_pool2d avg_pool3d max_pool2d max_pool3d"),
    "engine.contrib.layers.repeating": "repeat stack",
    "engine.contrib.layers.shaping": (
        "bias_add dense_to_sparse dropout flatten images_to_sequence maxout "
        "one_hot_encoding sequence_to_images softmax "
        "spatial_softmax unit_norm"
    ),
    "engine.contrib.layers.summarizing": (
        "summarize_activation summarize_activations summarize_collection "
        "summarize_tensor summarize_tensors"
    ),
    "engine.ops.embedding": "safe_embedding_lookup_sparse",
    "engine.contrib.regularizers": (
        "apply_regularization l1_l2_regularizer l1_regularizer l2_regularizer "
        "sum_regularizer"
    ),
}

__getattr__, __dir__ = later(__name__, NAMES)
