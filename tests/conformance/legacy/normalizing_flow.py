"""Steps of a normalizing flow: scales from the first batch, 1x1 convolutions, halves."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(29)
rng = np.random.RandomState(29)


def from_first_batch(name, shape, initial, init):
    w = tf.get_variable(name, shape, tf.float32, None)
    if init:
        w = w.assign(initial)
        with tf.control_dependencies([w]):
            return w
    return w


def actnorm(name, x, logdet, init):
    with tf.variable_scope(name):
        depth = int(x.shape[-1])
        mean, variance = tf.nn.moments(x, [0, 1, 2], keep_dims=True)
        x += from_first_batch("b", [1, 1, 1, depth], -mean, init)
        start = tf.log(1.0 / (tf.sqrt(variance) + 1e-6)) / 3.0
        logs = from_first_batch("logs", [1, 1, 1, depth], start, init) * 3.0
        x = x * tf.exp(logs)
        return x, logdet + tf.reduce_sum(logs) * int(x.shape[1]) * int(x.shape[2])


def mixed(name, x, logdet):
    with tf.variable_scope(name):
        depth = int(x.shape[3])
        start = (rng.randn(depth, depth) * 0.1 + np.eye(depth)).astype("float32")
        w = tf.get_variable("W", dtype=tf.float32, initializer=start)
        volume = tf.abs(tf.matrix_determinant(tf.cast(w, "float64")))
        logdet += tf.cast(tf.log(volume), "float32") * int(x.shape[1]) ** 2
        filters = tf.reshape(w, [1, 1, depth, depth])
        return tf.nn.conv2d(x, filters, [1, 1, 1, 1], "SAME"), logdet


def coupling(name, x, logdet):
    with tf.variable_scope(name):
        kept, changed = tf.split(x, 2, axis=3)
        h = tf.layers.conv2d(kept, 6, 3, padding="same", activation=tf.nn.relu)
        zeros = tf.zeros_initializer()
        h = tf.layers.conv2d(
            h, int(x.shape[3]), 3, padding="same", kernel_initializer=zeros, name="last"
        )
        shift, scale = h[:, :, :, 0::2], tf.nn.sigmoid(h[:, :, :, 1::2] + 2.0)
        changed = (changed + shift) * scale
        logdet += tf.reduce_sum(tf.log(scale), axis=[1, 2, 3])
        return tf.concat([kept, changed], 3), logdet


def bits_per_dim(x, init=False, reuse=None):
    with tf.variable_scope("flow", reuse=reuse):
        z = tf.space_to_depth(tf.cast(x, tf.float32) / 16.0 - 0.5, 2)
        logdet = tf.zeros_like(z)[:, 0, 0, 0] - np.log(16.0) * 32
        for i in range(2):
            with tf.variable_scope("step%d" % i):
                z, logdet = actnorm("actnorm", z, logdet, init)
                z, logdet = mixed("mix", z, logdet)
                z, logdet = coupling("couple", z, logdet)
        with tf.variable_scope("prior"):
            mean = tf.get_variable(
                "mean", z.shape[1:], initializer=tf.zeros_initializer()
            )
            logp = -0.5 * (np.log(2 * np.pi) + tf.square(z - mean))
        total = logdet + tf.reduce_sum(logp, [1, 2, 3])
        return tf.reduce_mean(-total) / (np.log(2.0) * 32)


x = tf.placeholder(tf.uint8, [None, 4, 4, 2])
first = bits_per_dim(x, init=True)
rng = np.random.RandomState(29)
loss = bits_per_dim(x, reuse=True)
variables = tf.trainable_variables()
ema = tf.train.ExponentialMovingAverage(0.9, zero_debias=True)
train = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
with tf.control_dependencies([train]):
    averages = tf.group(ema.apply(variables))
swap = tf.group(*[tf.assign(var, ema.average(var)) for var in variables])
print([v.op.name for v in tf.global_variables() if "biased" in v.op.name][:2])

data = rng.randint(0, 16, (4, 4, 4, 2))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print("first %.6g" % sess.run(first, {x: data}))
    for _ in range(5):
        value = sess.run(loss, {x: data})
        sess.run(averages, {x: data})
        print("%.6g" % value)
    sess.run(swap)
    print("averaged %.6g" % sess.run(loss, {x: data}))
