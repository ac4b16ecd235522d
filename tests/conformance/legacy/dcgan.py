"""A DCGAN: batch norm in both nets, two Adams over variables chosen by name."""

import numpy as np
import tensorflow as tf

batch_size = 4
z_dim = 8
tf.set_random_seed(123)


def lrelu(x, leak=0.2, name="lrelu"):
    with tf.variable_scope(name):
        return tf.maximum(x, leak * x)


def generator(z, is_train=True, reuse=False):
    with tf.variable_scope("generator", reuse=reuse):
        w_init = tf.random_normal_initializer(stddev=0.02)
        net = tf.layers.dense(z, 4 * 4 * 16, kernel_initializer=w_init, name="g_h0")
        net = tf.reshape(net, [-1, 4, 4, 16])
        net = tf.nn.relu(
            tf.layers.batch_normalization(net, training=is_train, name="g_bn0")
        )
        net = tf.layers.conv2d_transpose(
            net,
            8,
            [5, 5],
            strides=(2, 2),
            padding="same",
            kernel_initializer=w_init,
            name="g_h1",
        )
        net = tf.nn.relu(
            tf.layers.batch_normalization(net, training=is_train, name="g_bn1")
        )
        net = tf.layers.conv2d_transpose(
            net,
            1,
            [5, 5],
            strides=(2, 2),
            padding="same",
            kernel_initializer=w_init,
            name="g_h2",
        )
        return tf.nn.tanh(net)


def discriminator(image, is_train=True, reuse=False):
    with tf.variable_scope("discriminator") as scope:
        if reuse:
            scope.reuse_variables()
        w_init = tf.truncated_normal_initializer(stddev=0.02)
        h0 = lrelu(
            tf.layers.conv2d(
                image, 8, 5, 2, "same", kernel_initializer=w_init, name="d_h0"
            )
        )
        h1 = tf.layers.conv2d(
            h0, 16, 5, 2, "same", kernel_initializer=w_init, name="d_h1"
        )
        h1 = lrelu(tf.layers.batch_normalization(h1, training=is_train, name="d_bn1"))
        h2 = tf.layers.dense(tf.reshape(h1, [-1, 4 * 4 * 16]), 1, name="d_h2")
        return tf.nn.sigmoid(h2), h2


real = tf.placeholder(tf.float32, [batch_size, 16, 16, 1], name="real_images")
z = tf.placeholder(tf.float32, [None, z_dim], name="z")
z_sum = tf.summary.histogram("z", z)

G = generator(z)
D, D_logits = discriminator(real)
D_, D_logits_ = discriminator(G, reuse=True)
sampler = generator(z, is_train=False, reuse=True)

d_loss_real = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits, labels=tf.ones_like(D))
)
d_loss_fake = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.zeros_like(D_))
)
g_loss = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.ones_like(D_))
)
d_loss = d_loss_real + d_loss_fake
g_loss_sum = tf.summary.scalar("g_loss", g_loss)
d_loss_sum = tf.summary.scalar("d_loss", d_loss)
summaries = tf.summary.merge([z_sum, g_loss_sum, d_loss_sum])

t_vars = tf.trainable_variables()
d_vars = [var for var in t_vars if "d_" in var.name]
g_vars = [var for var in t_vars if "g_" in var.name]
saver = tf.train.Saver()

update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    d_optim = tf.train.AdamOptimizer(0.0002, beta1=0.5).minimize(
        d_loss, var_list=d_vars
    )
    g_optim = tf.train.AdamOptimizer(0.0002, beta1=0.5).minimize(
        g_loss, var_list=g_vars
    )

np.random.seed(0)
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for idx in range(5):
        images = np.random.uniform(-1, 1, [batch_size, 16, 16, 1]).astype(np.float32)
        batch_z = np.random.uniform(-1, 1, [batch_size, z_dim]).astype(np.float32)
        _, err_d = sess.run([d_optim, d_loss], feed_dict={real: images, z: batch_z})
        _, err_g = sess.run([g_optim, g_loss], feed_dict={z: batch_z, real: images})
        print("[%2d] d_loss: %.7g, g_loss: %.7g" % (idx, err_d, err_g))
    print("samples", sess.run(sampler, {z: batch_z}).shape)
