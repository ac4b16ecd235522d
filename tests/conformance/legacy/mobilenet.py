"""Depthwise separable convolutions by ops and by slim; cosine decay; RMSProp."""

import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim

tf.set_random_seed(71)


def depthwise_block(inputs, out_channels, stride, is_training, name):
    with tf.variable_scope(name):
        in_channels = inputs.get_shape().as_list()[-1]
        dw = tf.get_variable(
            "depthwise_filter",
            [3, 3, in_channels, 1],
            initializer=tf.contrib.layers.xavier_initializer(),
            regularizer=tf.contrib.layers.l2_regularizer(4e-5),
        )
        x = tf.nn.depthwise_conv2d(inputs, dw, [1, stride, stride, 1], "SAME")
        x = tf.layers.batch_normalization(x, training=is_training, name="dw_bn")
        x = tf.nn.relu6(x)
        pw = tf.get_variable(
            "pointwise_filter",
            [1, 1, in_channels, out_channels],
            initializer=tf.contrib.layers.xavier_initializer_conv2d(),
        )
        x = tf.nn.conv2d(x, pw, [1, 1, 1, 1], "SAME")
        x = tf.layers.batch_normalization(x, training=is_training, name="pw_bn")
        return tf.nn.relu6(x)


def _bottleneck(inputs, expansion, out_channels, is_training, scope):
    with tf.variable_scope(scope):
        with slim.arg_scope(
            [slim.conv2d, slim.separable_conv2d],
            normalizer_fn=slim.batch_norm,
            normalizer_params={"is_training": is_training, "scale": True},
        ):
            depth = inputs.shape[-1].value * expansion
            net = slim.conv2d(
                inputs, depth, 1, activation_fn=tf.nn.relu6, scope="expand"
            )
            net = slim.separable_conv2d(
                net,
                None,
                3,
                depth_multiplier=1,
                activation_fn=tf.nn.relu6,
                scope="depthwise",
            )
            net = slim.conv2d(net, out_channels, 1, activation_fn=None, scope="project")
        if inputs.shape[-1].value == out_channels:
            net = tf.add(inputs, net, name="residual")
        return net


images = tf.placeholder(tf.float32, [4, 8, 8, 3], "images")
labels = tf.placeholder(tf.float32, [4, 5], "labels")
net = slim.conv2d(images, 4, [3, 3], stride=2, scope="stem")
net = depthwise_block(net, 6, 1, True, "block1")
net = depthwise_block(net, 6, 2, True, "block2")
net = _bottleneck(net, 2, 6, True, "bottleneck1")
net = _bottleneck(net, 2, 8, True, "bottleneck2")
net = tf.reduce_mean(net, [1, 2], keepdims=True, name="global_pool")
net = slim.dropout(net, keep_prob=0.9, is_training=True)
logits = tf.squeeze(slim.conv2d(net, 5, 1, activation_fn=None, scope="logits"), [1, 2])
loss = tf.losses.softmax_cross_entropy(labels, logits) + sum(
    tf.losses.get_regularization_losses()
)
global_step = tf.train.get_or_create_global_step()
rate = tf.train.cosine_decay(0.01, global_step, 8)
opt = tf.train.RMSPropOptimizer(rate, decay=0.9, momentum=0.5, centered=True)
train_op = slim.learning.create_train_op(loss, opt, global_step=global_step)
print(len(slim.get_model_variables()), len(tf.trainable_variables()))

rng = np.random.RandomState(71)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        feed = {images: rng.rand(4, 8, 8, 3), labels: np.eye(5)[rng.randint(0, 5, 4)]}
        value, step = sess.run([train_op, global_step], feed)
        print("step %d loss %.7g" % (step, value))
