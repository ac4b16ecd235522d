"""Inception modules by contrib's private paths, with metrics and averages of slim."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib import layers as layers_lib
from tensorflow.contrib.framework.python.ops import arg_scope
from tensorflow.contrib.layers.python.layers import initializers, layers, regularizers
from tensorflow.python.framework import ops
from tensorflow.python.ops import array_ops, init_ops, variable_scope

slim = tf.contrib.slim


def module(net, scope):
    with variable_scope.variable_scope(scope):
        with variable_scope.variable_scope("Branch_0"):
            first = layers.conv2d(net, 4, [1, 1], scope="Conv2d_0a_1x1")
        with variable_scope.variable_scope("Branch_1"):
            second = layers.conv2d(net, 3, [1, 1], scope="Conv2d_0a_1x1")
            second = layers.conv2d(second, 4, [5, 5], scope="Conv2d_0b_5x5")
        with variable_scope.variable_scope("Branch_2"):
            third = layers_lib.avg_pool2d(net, [3, 3], scope="AvgPool_0a_3x3")
            third = layers.conv2d(
                third,
                2,
                [1, 1],
                weights_initializer=init_ops.truncated_normal_initializer(0.0, 0.1),
                scope="Conv2d_0b_1x1",
            )
        return array_ops.concat([first, second, third], 3)


def inception(inputs, classes, is_training=True, reuse=None):
    with variable_scope.variable_scope("InceptionV3", reuse=reuse):
        with arg_scope(
            [layers_lib.batch_norm, layers_lib.dropout], is_training=is_training
        ):
            net = layers.conv2d(inputs, 4, [3, 3], stride=2, scope="Conv2d_1a_3x3")
            net = layers_lib.max_pool2d(net, [3, 3], stride=2, scope="MaxPool_3a_3x3")
            with arg_scope(
                [layers.conv2d, layers_lib.avg_pool2d], stride=1, padding="SAME"
            ):
                net = module(module(net, "Mixed_5b"), "Mixed_5c")
            net = layers_lib.avg_pool2d(
                net, net.get_shape()[1:3], padding="VALID", scope="AvgPool_1a"
            )
            net = layers_lib.dropout(net, keep_prob=0.8, scope="Dropout_1b")
            logits = layers.conv2d(
                net,
                classes,
                [1, 1],
                activation_fn=None,
                normalizer_fn=None,
                scope="Conv2d_1c_1x1",
            )
            return array_ops.squeeze(logits, [1, 2], name="SpatialSqueeze")


def scope_of_arguments():
    norm = {
        "decay": 0.9997,
        "epsilon": 0.001,
        "updates_collections": ops.GraphKeys.UPDATE_OPS,
        "variables_collections": {"moving_mean": ["moving"], "moving_variance": []},
    }
    with arg_scope(
        [layers.conv2d],
        weights_regularizer=regularizers.l2_regularizer(0.00004),
        weights_initializer=initializers.variance_scaling_initializer(),
        normalizer_fn=layers_lib.batch_norm,
        normalizer_params=norm,
    ) as scope:
        return scope


with tf.Graph().as_default() as graph:
    tf.set_random_seed(21)
    x = tf.placeholder(tf.float32, (None, 19, 19, 3))
    y = tf.placeholder(tf.int32, (None,))
    with slim.arg_scope(scope_of_arguments()):
        logits = inception(x, 4)
        inception(x, 4, is_training=False, reuse=True)
    tf.losses.softmax_cross_entropy(
        slim.one_hot_encoding(y, 4), logits, label_smoothing=0.1
    )
    values, updates = slim.metrics.aggregate_metric_map(
        {
            "accuracy": slim.metrics.streaming_accuracy(tf.argmax(logits, 1), y),
            "recall_2": slim.metrics.streaming_recall_at_k(logits, y, 2),
        }
    )
    for name in sorted(values):
        tf.summary.scalar("eval/%s" % name, values[name])
    step = slim.get_or_create_global_step()
    ema = tf.train.ExponentialMovingAverage(0.9, step)
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    update_ops.append(ema.apply(slim.get_model_variables()))
    train = slim.learning.create_train_op(
        tf.losses.get_total_loss(),
        tf.train.MomentumOptimizer(0.05, 0.9),
        clip_gradient_norm=1.0,
        update_ops=update_ops,
        variables_to_train=slim.get_trainable_variables(),
    )
    means = slim.get_variables_by_suffix("moving_mean")
    print(len(graph.get_collection("moving")), means[0].op.name)
    print(sorted(ema.variables_to_restore(slim.get_model_variables()))[:2])
    rng = np.random.RandomState(21)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        for _ in range(5):
            feed = {x: rng.rand(3, 19, 19, 3), y: rng.randint(0, 4, 3)}
            found = sess.run(updates, feed)
            shown = ["%s %.4f" % item for item in sorted(found.items())]
            print("%.6g" % sess.run(train, feed), shown)
