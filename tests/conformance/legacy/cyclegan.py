"""CycleGAN in small: four nets, instance norm by hand, residual blocks, two optimizers."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(1234)


def instance_norm(x, name="instance_norm"):
    with tf.variable_scope(name):
        epsilon = 1e-5
        mean, var = tf.nn.moments(x, [1, 2], keep_dims=True)
        depth = x.get_shape()[-1]
        scale = tf.get_variable(
            "scale",
            [depth],
            initializer=tf.truncated_normal_initializer(mean=1.0, stddev=0.02),
        )
        offset = tf.get_variable(
            "offset", [depth], initializer=tf.constant_initializer(0.0)
        )
        return scale * tf.div(x - mean, tf.sqrt(var + epsilon)) + offset


def general_conv2d(
    inputs,
    o_d,
    f,
    s,
    stddev=0.02,
    padding="VALID",
    name="conv2d",
    do_norm=True,
    do_relu=True,
    relufactor=0,
):
    with tf.variable_scope(name):
        conv = tf.contrib.layers.conv2d(
            inputs,
            o_d,
            f,
            s,
            padding,
            activation_fn=None,
            weights_initializer=tf.truncated_normal_initializer(stddev=stddev),
            biases_initializer=tf.constant_initializer(0.0),
        )
        if do_norm:
            conv = instance_norm(conv)
        if do_relu:
            if relufactor == 0:
                conv = tf.nn.relu(conv, "relu")
            else:
                conv = tf.nn.leaky_relu(conv, relufactor, "lrelu")
        return conv


def build_resnet_block(inputres, dim, name="resnet"):
    with tf.variable_scope(name):
        out_res = tf.pad(inputres, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
        out_res = general_conv2d(out_res, dim, 3, 1, 0.02, "VALID", "c1")
        out_res = tf.pad(out_res, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
        out_res = general_conv2d(out_res, dim, 3, 1, 0.02, "VALID", "c2", do_relu=False)
        return tf.nn.relu(out_res + inputres)


def generator(x, name):
    with tf.variable_scope(name):
        pad = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
        c1 = general_conv2d(pad, 4, 3, 1, name="c1")
        c2 = general_conv2d(c1, 8, 3, 2, padding="SAME", name="c2")
        r1 = build_resnet_block(c2, 8, "r1")
        r2 = build_resnet_block(r1, 8, "r2")
        c3 = tf.contrib.layers.conv2d_transpose(
            r2, 4, 3, 2, "SAME", activation_fn=None, scope="c3"
        )
        c3 = tf.nn.relu(instance_norm(c3, "in3"))
        c4 = general_conv2d(
            c3, 1, 3, 1, padding="SAME", name="c4", do_norm=False, do_relu=False
        )
        return tf.nn.tanh(c4, "t1")


def discriminator(x, name):
    with tf.variable_scope(name):
        c1 = general_conv2d(
            x, 4, 4, 2, padding="SAME", name="c1", do_norm=False, relufactor=0.2
        )
        c2 = general_conv2d(c1, 8, 4, 2, padding="SAME", name="c2", relufactor=0.2)
        return general_conv2d(
            c2, 1, 4, 1, padding="SAME", name="c5", do_norm=False, do_relu=False
        )


input_A = tf.placeholder(tf.float32, [1, 12, 12, 1], name="input_A")
input_B = tf.placeholder(tf.float32, [1, 12, 12, 1], name="input_B")
global_step = tf.Variable(0, name="global_step", trainable=False)
lr = tf.placeholder(tf.float32, shape=[], name="lr")

with tf.variable_scope("Model") as scope:
    fake_B = generator(input_A, name="g_A")
    fake_A = generator(input_B, name="g_B")
    rec_A = discriminator(input_A, "d_A")
    rec_B = discriminator(input_B, "d_B")
    scope.reuse_variables()
    fake_rec_A = discriminator(fake_A, "d_A")
    fake_rec_B = discriminator(fake_B, "d_B")
    cyc_A = generator(fake_B, "g_B")
    cyc_B = generator(fake_A, "g_A")

cyc_loss = tf.reduce_mean(tf.abs(input_A - cyc_A)) + tf.reduce_mean(
    tf.abs(input_B - cyc_B)
)
disc_loss_A = tf.reduce_mean(tf.squared_difference(fake_rec_A, 1))
disc_loss_B = tf.reduce_mean(tf.squared_difference(fake_rec_B, 1))
g_loss = cyc_loss * 10 + disc_loss_B + disc_loss_A
d_loss = (
    tf.reduce_mean(tf.square(fake_rec_A))
    + tf.reduce_mean(tf.squared_difference(rec_A, 1))
    + tf.reduce_mean(tf.square(fake_rec_B))
    + tf.reduce_mean(tf.squared_difference(rec_B, 1))
) / 4.0

model_vars = tf.trainable_variables()
d_vars = [v for v in model_vars if "d_A" in v.name or "d_B" in v.name]
g_vars = [v for v in model_vars if "g_A" in v.name or "g_B" in v.name]
optimizer = tf.train.AdamOptimizer(lr, beta1=0.5)
d_trainer = optimizer.minimize(d_loss, var_list=d_vars)
g_trainer = optimizer.minimize(g_loss, var_list=g_vars, global_step=global_step)
for var in model_vars:
    tf.add_to_collection("weights", var)

rng = np.random.RandomState(5)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        feed = {
            input_A: rng.uniform(-1, 1, (1, 12, 12, 1)),
            input_B: rng.uniform(-1, 1, (1, 12, 12, 1)),
            lr: 0.0002,
        }
        _, g = sess.run([g_trainer, g_loss], feed)
        _, d = sess.run([d_trainer, d_loss], feed)
        print("step %d g_loss %.7g d_loss %.7g" % (sess.run(global_step), g, d))
