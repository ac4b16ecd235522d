# Spectral Normalization GAN (toy CIFAR size), tf 1.x
from __future__ import absolute_import, division, print_function

import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("batch_size", 4, "The size of batch images [64]")
flags.DEFINE_integer("z_dim", 16, "dimension of noise")
flags.DEFINE_integer("n_dis", 2, "number of discriminator updates")
flags.DEFINE_float("learning_rate", 0.0002, "Learning rate of for adam")
flags.DEFINE_float("beta1", 0.0, "Momentum term of adam")
flags.DEFINE_boolean("sn", True, "use spectral norm")
FLAGS = flags.FLAGS

weight_init = tf.random_normal_initializer(mean=0.0, stddev=0.02)
weight_regularizer = tf.contrib.layers.l2_regularizer(scale=0.0001)


def l2_norm(v, eps=1e-12):
    return v / (tf.reduce_sum(v**2) ** 0.5 + eps)


def spectral_norm(w, iteration=1):
    w_shape = w.shape.as_list()
    w = tf.reshape(w, [-1, w_shape[-1]])
    u = tf.get_variable(
        "u",
        [1, w_shape[-1]],
        initializer=tf.random_normal_initializer(),
        trainable=False,
    )
    u_hat = u
    v_hat = None
    for i in range(iteration):
        v_ = tf.matmul(u_hat, tf.transpose(w))
        v_hat = tf.nn.l2_normalize(v_)
        u_ = tf.matmul(v_hat, w)
        u_hat = tf.nn.l2_normalize(u_)
    u_hat = tf.stop_gradient(u_hat)
    v_hat = tf.stop_gradient(v_hat)
    sigma = tf.matmul(tf.matmul(v_hat, w), tf.transpose(u_hat))
    with tf.control_dependencies([u.assign(u_hat)]):
        w_norm = w / sigma
        w_norm = tf.reshape(w_norm, w_shape)
    return w_norm


def conv(
    x,
    channels,
    kernel=4,
    stride=2,
    pad=0,
    pad_type="zero",
    use_bias=True,
    sn=False,
    scope="conv_0",
):
    with tf.variable_scope(scope):
        if pad > 0:
            if pad_type == "zero":
                x = tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]])
            if pad_type == "reflect":
                x = tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]], mode="REFLECT")
        if sn:
            w = tf.get_variable(
                "kernel",
                shape=[kernel, kernel, x.get_shape()[-1], channels],
                initializer=weight_init,
                regularizer=weight_regularizer,
            )
            x = tf.nn.conv2d(
                input=x,
                filter=spectral_norm(w),
                strides=[1, stride, stride, 1],
                padding="VALID",
            )
            if use_bias:
                bias = tf.get_variable(
                    "bias", [channels], initializer=tf.constant_initializer(0.0)
                )
                x = tf.nn.bias_add(x, bias)
        else:
            x = tf.layers.conv2d(
                inputs=x,
                filters=channels,
                kernel_size=kernel,
                kernel_initializer=weight_init,
                kernel_regularizer=weight_regularizer,
                strides=stride,
                use_bias=use_bias,
            )
        return x


def deconv(x, channels, kernel=4, stride=2, use_bias=True, sn=False, scope="deconv_0"):
    with tf.variable_scope(scope):
        x_shape = x.get_shape().as_list()
        output_shape = [x_shape[0], x_shape[1] * stride, x_shape[2] * stride, channels]
        w = tf.get_variable(
            "kernel",
            shape=[kernel, kernel, channels, x.get_shape()[-1]],
            initializer=weight_init,
        )
        x = tf.nn.conv2d_transpose(
            x,
            filter=spectral_norm(w) if sn else w,
            output_shape=output_shape,
            strides=[1, stride, stride, 1],
            padding="SAME",
        )
        if use_bias:
            bias = tf.get_variable(
                "bias", [channels], initializer=tf.constant_initializer(0.0)
            )
            x = tf.nn.bias_add(x, bias)
        return x


def fully_connected(x, units, use_bias=True, sn=False, scope="fully_0"):
    with tf.variable_scope(scope):
        x = tf.layers.flatten(x)
        channels = x.get_shape().as_list()[-1]
        if sn:
            w = tf.get_variable(
                "kernel",
                [channels, units],
                tf.float32,
                initializer=weight_init,
                regularizer=weight_regularizer,
            )
            x = tf.matmul(x, spectral_norm(w))
            if use_bias:
                x += tf.get_variable(
                    "bias", [units], initializer=tf.constant_initializer(0.0)
                )
        else:
            x = tf.layers.dense(
                x, units=units, kernel_initializer=weight_init, use_bias=use_bias
            )
        return x


def hw_flatten(x):
    return tf.reshape(x, shape=[x.shape[0], -1, x.shape[-1]])


def attention(x, ch, sn=False, scope="attention", reuse=False):
    with tf.variable_scope(scope, reuse=reuse):
        f = conv(x, ch // 8, kernel=1, stride=1, sn=sn, scope="f_conv")
        g = conv(x, ch // 8, kernel=1, stride=1, sn=sn, scope="g_conv")
        h = conv(x, ch, kernel=1, stride=1, sn=sn, scope="h_conv")
        s = tf.matmul(hw_flatten(g), hw_flatten(f), transpose_b=True)
        beta = tf.nn.softmax(s)
        o = tf.matmul(beta, hw_flatten(h))
        gamma = tf.get_variable("gamma", [1], initializer=tf.constant_initializer(0.0))
        o = tf.reshape(o, shape=x.shape)
        return gamma * o + x


def batch_norm(x, is_training=True, scope="batch_norm"):
    return tf.contrib.layers.batch_norm(
        x,
        decay=0.9,
        epsilon=1e-05,
        center=True,
        scale=True,
        updates_collections=None,
        is_training=is_training,
        scope=scope,
    )


class SAGAN(object):
    def __init__(self, sess):
        self.sess = sess
        self.ch = 8

    def generator(self, z, is_training=True, reuse=False):
        with tf.variable_scope("generator", reuse=reuse):
            x = fully_connected(z, 4 * 4 * self.ch * 2, sn=FLAGS.sn, scope="fc")
            x = tf.reshape(x, [-1, 4, 4, self.ch * 2])
            x = tf.reshape(x, [FLAGS.batch_size, 4, 4, self.ch * 2])
            x = tf.nn.relu(batch_norm(x, is_training, scope="bn0"))
            x = deconv(x, self.ch, sn=FLAGS.sn, use_bias=False, scope="deconv_1")
            x = tf.nn.relu(batch_norm(x, is_training, scope="bn1"))
            x = attention(x, self.ch, sn=FLAGS.sn, scope="attention", reuse=reuse)
            x = deconv(x, 3, sn=FLAGS.sn, scope="G_logit")
            return tf.tanh(x)

    def discriminator(self, x, reuse=False):
        with tf.variable_scope("discriminator", reuse=reuse):
            x = tf.nn.leaky_relu(
                conv(x, self.ch, pad=1, sn=FLAGS.sn, scope="conv_0"), 0.2
            )
            x = attention(x, self.ch, sn=FLAGS.sn, reuse=reuse)
            x = tf.nn.leaky_relu(
                conv(
                    x,
                    self.ch * 2,
                    pad=1,
                    pad_type="reflect",
                    sn=FLAGS.sn,
                    scope="conv_1",
                ),
                0.2,
            )
            return fully_connected(x, 1, sn=FLAGS.sn, scope="D_logit")

    def build(self):
        self.real = tf.placeholder(
            tf.float32, [FLAGS.batch_size, 16, 16, 3], name="real"
        )
        self.z = tf.placeholder(tf.float32, [FLAGS.batch_size, FLAGS.z_dim], name="z")
        real_logits = self.discriminator(self.real)
        fake = self.generator(self.z)
        fake_logits = self.discriminator(fake, reuse=True)
        self.d_loss = tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(
            tf.nn.relu(1.0 + fake_logits)
        )
        self.d_loss += tf.losses.get_regularization_loss(scope="discriminator")
        self.g_loss = -tf.reduce_mean(fake_logits)
        t_vars = tf.trainable_variables()
        d_vars = [var for var in t_vars if "discriminator" in var.name]
        g_vars = [var for var in t_vars if "generator" in var.name]
        self.d_optim = tf.train.AdamOptimizer(
            FLAGS.learning_rate * 4, beta1=FLAGS.beta1, beta2=0.9
        ).minimize(self.d_loss, var_list=d_vars)
        opt = tf.train.AdamOptimizer(FLAGS.learning_rate, beta1=FLAGS.beta1, beta2=0.9)
        self.g_optim = opt.minimize(self.g_loss, var_list=g_vars)
        self.ema = tf.train.ExponentialMovingAverage(decay=0.999)
        with tf.control_dependencies([self.g_optim]):
            self.g_optim = self.ema.apply(g_vars)
        self.d_sum = tf.summary.merge([tf.summary.scalar("d_loss", self.d_loss)])
        self.samples = self.generator(self.z, is_training=False, reuse=True)

    def train(self):
        tf.global_variables_initializer().run()
        rng = np.random.RandomState(0)
        for step in range(3):
            for _ in range(FLAGS.n_dis):
                feed = {
                    self.real: rng.uniform(-1, 1, (FLAGS.batch_size, 16, 16, 3)),
                    self.z: rng.normal(size=(FLAGS.batch_size, FLAGS.z_dim)),
                }
                _, dl, s = self.sess.run([self.d_optim, self.d_loss, self.d_sum], feed)
            _, gl = self.sess.run([self.g_optim, self.g_loss], feed)
            print("Step: [%2d] d_loss: %.6f, g_loss: %.6f %d" % (step, dl, gl, len(s)))
        out = self.sess.run(self.samples, feed)
        print(out.shape, out.mean())


def main(_):
    tf.set_random_seed(1234)
    config = tf.ConfigProto(allow_soft_placement=True)
    config.gpu_options.allow_growth = True
    with tf.Session(config=config) as sess:
        gan = SAGAN(sess)
        gan.build()
        for var in tf.trainable_variables():
            print(var.name, var.get_shape())
        gan.train()


if __name__ == "__main__":
    try:
        tf.app.run()
    except SystemExit:
        pass
