"""A small MobileNet, trained by slim.learning.train with a step function of its own."""

import os
import tempfile

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim
tf.set_random_seed(31)
rng = np.random.RandomState(31)
images = tf.constant(rng.rand(4, 16, 16, 3).astype("float32"))
labels = tf.constant(rng.randint(0, 3, 4).astype("int64"))


def arg_scope(weight_decay=0.00004):
    norm = {"center": True, "scale": True, "decay": 0.9997, "epsilon": 0.001}
    with slim.arg_scope(
        [slim.conv2d, slim.separable_conv2d],
        weights_initializer=tf.truncated_normal_initializer(stddev=0.09),
        activation_fn=tf.nn.relu6,
        normalizer_fn=slim.batch_norm,
        padding="SAME",
    ):
        with slim.arg_scope([slim.batch_norm], is_training=True, **norm):
            regularizer = slim.l2_regularizer(weight_decay)
            with slim.arg_scope([slim.conv2d], weights_regularizer=regularizer) as sc:
                return sc


def mobilenet(inputs, classes, scope="MobilenetV1"):
    with tf.variable_scope(scope, "MobilenetV1", [inputs]):
        net = slim.conv2d(inputs, 4, [3, 3], stride=2, scope="Conv2d_0")
        for i, (depth, stride) in enumerate([(8, 1), (16, 2)]):
            name = "Conv2d_%d" % (i + 1)
            net = slim.separable_conv2d(
                net,
                None,
                [3, 3],
                depth_multiplier=1,
                stride=stride,
                scope=name + "_depthwise",
            )
            net = slim.conv2d(net, depth, [1, 1], scope=name + "_pointwise")
        with tf.variable_scope("Logits"):
            net = tf.reduce_mean(net, [1, 2], keepdims=True, name="global_pool")
            net = slim.dropout(net, 0.999, scope="Dropout_1b")
            logits = slim.conv2d(
                net,
                classes,
                [1, 1],
                activation_fn=None,
                normalizer_fn=None,
                scope="Conv2d_1c_1x1",
            )
            return tf.squeeze(logits, [1, 2], name="SpatialSqueeze")


with slim.arg_scope(arg_scope()):
    logits = mobilenet(images, 3)
tf.losses.sparse_softmax_cross_entropy(labels, logits)
total = tf.losses.get_total_loss()
tf.summary.scalar("total", total)
train_op = slim.learning.create_train_op(total, tf.train.AdamOptimizer(0.01))

for arguments in ({"train_op": None}, {"number_of_steps": 0}, {"saver": 1}):
    try:
        slim.learning.train(**dict({"train_op": train_op, "logdir": None}, **arguments))
    except ValueError as error:
        print(error)

losses = []


def step_fn(sess, op, step, kwargs):
    loss, stop = slim.learning.train_step(sess, op, step, kwargs)
    losses.append("%.6g" % loss)
    return [loss, stop]


folder = tempfile.mkdtemp()
last = slim.learning.train(
    train_op,
    folder,
    train_step_fn=step_fn,
    number_of_steps=5,
    log_every_n_steps=100,
    save_summaries_secs=0,
    save_interval_secs=0,
)
print("\n".join(losses))
print("last %.6g" % last)
print(sorted({name.split(".")[0] for name in os.listdir(folder)} - {"events"}))
reader = tf.train.NewCheckpointReader(tf.train.latest_checkpoint(folder))
print(reader.get_tensor("global_step"), len(reader.get_variable_to_shape_map()))
