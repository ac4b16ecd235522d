"""Batch norm by hand: moving averages made in a branch, chosen by a placeholder."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(91)


def batch_norm(x, n_out, phase_train):
    with tf.variable_scope("bn"):
        beta = tf.Variable(tf.constant(0.0, shape=[n_out]), name="beta", trainable=True)
        gamma = tf.Variable(
            tf.constant(1.0, shape=[n_out]), name="gamma", trainable=True
        )
        batch_mean, batch_var = tf.nn.moments(x, [0, 1, 2], name="moments")
        ema = tf.train.ExponentialMovingAverage(decay=0.5)

        def mean_var_with_update():
            ema_apply_op = ema.apply([batch_mean, batch_var])
            with tf.control_dependencies([ema_apply_op]):
                return tf.identity(batch_mean), tf.identity(batch_var)

        mean, var = tf.cond(
            phase_train,
            mean_var_with_update,
            lambda: (ema.average(batch_mean), ema.average(batch_var)),
        )
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-3)


def conv(x, n_in, n_out, name, phase):
    with tf.name_scope(name):
        w = tf.Variable(tf.truncated_normal([3, 3, n_in, n_out], stddev=0.1), name="w")
        y = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")
        return tf.nn.elu(batch_norm(y, n_out, phase))


x = tf.placeholder(tf.float32, [None, 6, 6, 2])
y = tf.placeholder(tf.float32, [None, 3])
phase = tf.placeholder(tf.bool, name="phase_train")
h = conv(x, 2, 4, "c1", phase)
h = conv(h, 4, 5, "c2", phase)
h = tf.reduce_max(h, axis=[1, 2])
h = tf.cond(phase, lambda: tf.nn.dropout(h, 0.9), lambda: h)
w = tf.get_variable("w_out", [5, 3], initializer=tf.contrib.layers.xavier_initializer())
logits = tf.matmul(h, w)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
opt = tf.train.AdamOptimizer(0.01)
gvs = opt.compute_gradients(loss)
capped = [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in gvs]
train = opt.apply_gradients(capped)

rng = np.random.RandomState(91)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        feed = {
            x: rng.rand(4, 6, 6, 2),
            y: np.eye(3)[rng.randint(0, 3, 4)],
            phase: True,
        }
        _, value = sess.run([train, loss], feed)
        feed[phase] = False
        print("step %d loss %.6g test %.6g" % (i, value, sess.run(loss, feed)))
