"""A small residual net in v2 style: batch norm before activations, weight decay."""

import numpy as np
import tensorflow as tf

_BATCH_NORM_DECAY = 0.997
_BATCH_NORM_EPSILON = 1e-5


def batch_norm_relu(inputs, is_training):
    inputs = tf.layers.batch_normalization(
        inputs=inputs,
        axis=3,
        momentum=_BATCH_NORM_DECAY,
        epsilon=_BATCH_NORM_EPSILON,
        center=True,
        scale=True,
        training=is_training,
        fused=True,
    )
    return tf.nn.relu(inputs)


def fixed_padding(inputs, kernel_size):
    pad_total = kernel_size - 1
    pad_beg = pad_total // 2
    pad_end = pad_total - pad_beg
    return tf.pad(inputs, [[0, 0], [pad_beg, pad_end], [pad_beg, pad_end], [0, 0]])


def conv2d_fixed_padding(inputs, filters, kernel_size, strides):
    if strides > 1:
        inputs = fixed_padding(inputs, kernel_size)
    return tf.layers.conv2d(
        inputs=inputs,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=("SAME" if strides == 1 else "VALID"),
        use_bias=False,
        kernel_initializer=tf.variance_scaling_initializer(),
    )


def building_block(inputs, filters, is_training, projection_shortcut, strides):
    shortcut = inputs
    inputs = batch_norm_relu(inputs, is_training)
    if projection_shortcut is not None:
        shortcut = projection_shortcut(inputs)
    inputs = conv2d_fixed_padding(inputs, filters, 3, strides)
    inputs = batch_norm_relu(inputs, is_training)
    inputs = conv2d_fixed_padding(inputs, filters, 3, 1)
    return inputs + shortcut


def block_layer(inputs, filters, blocks, strides, is_training, name):
    def projection_shortcut(inputs):
        return conv2d_fixed_padding(inputs, filters, 1, strides)

    inputs = building_block(inputs, filters, is_training, projection_shortcut, strides)
    for _ in range(1, blocks):
        inputs = building_block(inputs, filters, is_training, None, 1)
    return tf.identity(inputs, name)


def model(images, is_training):
    inputs = conv2d_fixed_padding(images, 4, 3, 1)
    inputs = tf.identity(inputs, "initial_conv")
    inputs = block_layer(inputs, 4, 2, 1, is_training, "block_layer1")
    inputs = block_layer(inputs, 8, 2, 2, is_training, "block_layer2")
    inputs = batch_norm_relu(inputs, is_training)
    inputs = tf.layers.average_pooling2d(inputs, 4, 1, "VALID")
    inputs = tf.identity(inputs, "final_avg_pool")
    inputs = tf.reshape(inputs, [-1, 8])
    inputs = tf.layers.dense(inputs, units=5)
    return tf.identity(inputs, "final_dense")


tf.set_random_seed(77)
images = tf.placeholder(tf.float32, [6, 8, 8, 3])
labels = tf.placeholder(tf.int64, [6])
logits = model(images, True)
cross_entropy = tf.losses.sparse_softmax_cross_entropy(logits=logits, labels=labels)
tf.identity(cross_entropy, name="cross_entropy")
loss = cross_entropy + 2e-4 * tf.add_n(
    [
        tf.nn.l2_loss(v)
        for v in tf.trainable_variables()
        if "batch_normalization" not in v.name
    ]
)
global_step = tf.train.get_or_create_global_step()
learning_rate = tf.train.piecewise_constant(
    tf.cast(global_step, tf.int32), [2, 4], [0.1, 0.01, 0.001]
)
optimizer = tf.train.MomentumOptimizer(learning_rate=learning_rate, momentum=0.9)
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_op = optimizer.minimize(loss, global_step)
accuracy = tf.metrics.accuracy(labels, tf.argmax(logits, axis=1))

rng = np.random.RandomState(12)
x = rng.rand(6, 8, 8, 3)
y = rng.randint(0, 5, 6)
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    for _ in range(5):
        value, _, acc, rate = sess.run(
            [loss, train_op, accuracy[1], learning_rate], {images: x, labels: y}
        )
        print("loss %.7g accuracy %.4f rate %g" % (value, acc, rate))
