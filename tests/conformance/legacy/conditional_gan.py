"""A conditional GAN: labels joined to inputs, batch norm as a class of one's own."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(44)


class batch_norm(object):
    def __init__(self, epsilon=1e-5, momentum=0.9, name="batch_norm"):
        with tf.variable_scope(name):
            self.epsilon = epsilon
            self.momentum = momentum
            self.name = name

    def __call__(self, x, train=True):
        return tf.contrib.layers.batch_norm(
            x,
            decay=self.momentum,
            updates_collections=None,
            epsilon=self.epsilon,
            scale=True,
            is_training=train,
            scope=self.name,
        )


def conv_cond_concat(x, y):
    x_shapes, y_shapes = x.get_shape(), y.get_shape()
    return tf.concat(
        [x, y * tf.ones([x_shapes[0], x_shapes[1], x_shapes[2], y_shapes[3]])], 3
    )


def conv2d(input_, output_dim, k=5, d=2, stddev=0.02, name="conv2d"):
    with tf.variable_scope(name):
        w = tf.get_variable(
            "w",
            [k, k, input_.get_shape()[-1], output_dim],
            initializer=tf.truncated_normal_initializer(stddev=stddev),
        )
        conv = tf.nn.conv2d(input_, w, strides=[1, d, d, 1], padding="SAME")
        biases = tf.get_variable(
            "biases", [output_dim], initializer=tf.constant_initializer(0.0)
        )
        return tf.reshape(tf.nn.bias_add(conv, biases), conv.get_shape())


def deconv2d(input_, output_shape, k=5, d=2, stddev=0.02, name="deconv2d"):
    with tf.variable_scope(name):
        w = tf.get_variable(
            "w",
            [k, k, output_shape[-1], input_.get_shape()[-1]],
            initializer=tf.random_normal_initializer(stddev=stddev),
        )
        deconv = tf.nn.conv2d_transpose(
            input_, w, output_shape=output_shape, strides=[1, d, d, 1]
        )
        biases = tf.get_variable(
            "biases", [output_shape[-1]], initializer=tf.constant_initializer(0.0)
        )
        return tf.reshape(tf.nn.bias_add(deconv, biases), deconv.get_shape())


def linear(input_, output_size, scope=None, stddev=0.02, bias_start=0.0):
    shape = input_.get_shape().as_list()
    with tf.variable_scope(scope or "Linear"):
        matrix = tf.get_variable(
            "Matrix",
            [shape[1], output_size],
            tf.float32,
            tf.random_normal_initializer(stddev=stddev),
        )
        bias = tf.get_variable(
            "bias", [output_size], initializer=tf.constant_initializer(bias_start)
        )
        return tf.matmul(input_, matrix) + bias


class CGAN(object):
    def __init__(self, batch_size=4, y_dim=3, z_dim=5):
        self.batch_size, self.y_dim, self.z_dim = batch_size, y_dim, z_dim
        self.d_bn1, self.d_bn2 = batch_norm(name="d_bn1"), batch_norm(name="d_bn2")
        self.g_bn0, self.g_bn1 = batch_norm(name="g_bn0"), batch_norm(name="g_bn1")
        self.y = tf.placeholder(tf.float32, [batch_size, y_dim], name="y")
        self.inputs = tf.placeholder(tf.float32, [batch_size, 8, 8, 1], name="real")
        self.z = tf.placeholder(tf.float32, [None, z_dim], name="z")
        self.G = self.generator(self.z, self.y)
        self.D, self.D_logits = self.discriminator(self.inputs, self.y)
        self.sampler = self.generator(self.z, self.y, train=False)
        self.D_, self.D_logits_ = self.discriminator(self.G, self.y, reuse=True)

        def cross_entropy(x, y):
            return tf.nn.sigmoid_cross_entropy_with_logits(logits=x, labels=y)

        real = cross_entropy(self.D_logits, tf.ones_like(self.D) * 0.9)
        fake = cross_entropy(self.D_logits_, tf.zeros_like(self.D_))
        self.d_loss = tf.reduce_mean(real) + tf.reduce_mean(fake)
        self.g_loss = tf.reduce_mean(
            cross_entropy(self.D_logits_, tf.ones_like(self.D_))
        )
        t_vars = tf.trainable_variables()
        self.d_vars = [var for var in t_vars if "d_" in var.name]
        self.g_vars = [var for var in t_vars if "g_" in var.name]
        self.saver = tf.train.Saver()

    def discriminator(self, image, y, reuse=False):
        with tf.variable_scope("discriminator") as scope:
            if reuse:
                scope.reuse_variables()
            yb = tf.reshape(y, [self.batch_size, 1, 1, self.y_dim])
            x = conv_cond_concat(image, yb)
            h0 = tf.nn.leaky_relu(conv2d(x, 4, name="d_h0_conv"))
            h0 = conv_cond_concat(h0, yb)
            h1 = tf.nn.leaky_relu(self.d_bn1(conv2d(h0, 6, name="d_h1_conv")))
            h1 = tf.concat([tf.reshape(h1, [self.batch_size, -1]), y], 1)
            h2 = tf.nn.leaky_relu(self.d_bn2(linear(h1, 10, "d_h2_lin")))
            h3 = linear(tf.concat([h2, y], 1), 1, "d_h3_lin")
            return tf.nn.sigmoid(h3), h3

    def generator(self, z, y, train=True):
        with tf.variable_scope("generator") as scope:
            if not train:
                scope.reuse_variables()
            yb = tf.reshape(y, [self.batch_size, 1, 1, self.y_dim])
            z = tf.concat([z, y], 1)
            h0 = tf.nn.relu(self.g_bn0(linear(z, 4 * 4 * 6, "g_h0_lin"), train=train))
            h0 = conv_cond_concat(tf.reshape(h0, [self.batch_size, 4, 4, 6]), yb)
            h1 = deconv2d(h0, [self.batch_size, 8, 8, 4], name="g_h1")
            h1 = conv_cond_concat(tf.nn.relu(self.g_bn1(h1, train=train)), yb)
            return tf.nn.sigmoid(conv2d(h1, 1, d=1, name="g_h2"))


np.random.seed(44)
with tf.Session() as sess:
    dcgan = CGAN()
    d_optim = tf.train.AdamOptimizer(0.0002, beta1=0.5).minimize(
        dcgan.d_loss, var_list=dcgan.d_vars
    )
    g_optim = tf.train.AdamOptimizer(0.0002, beta1=0.5).minimize(
        dcgan.g_loss, var_list=dcgan.g_vars
    )
    try:
        tf.global_variables_initializer().run()
    except AttributeError:
        tf.initialize_all_variables().run()
    for counter in range(5):
        feed = {
            dcgan.inputs: np.random.rand(4, 8, 8, 1),
            dcgan.z: np.random.uniform(-1, 1, [4, 5]),
            dcgan.y: np.eye(3)[np.random.randint(0, 3, 4)],
        }
        sess.run(d_optim, feed)
        sess.run(g_optim, feed)
        errD, errG = dcgan.d_loss.eval(feed), dcgan.g_loss.eval(feed)
        print("[%2d] d_loss: %.6g, g_loss: %.6g" % (counter, errD, errG))
