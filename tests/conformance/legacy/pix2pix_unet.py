"""pix2pix: a U-Net with skips, a patch discriminator, moving averages of the losses."""

import collections

import numpy as np
import tensorflow as tf

EPS = 1e-12
Model = collections.namedtuple(
    "Model",
    "outputs, predict_real, predict_fake, discrim_loss, gen_loss_GAN, gen_loss_L1, train",
)
tf.set_random_seed(20)


def discrim_conv(batch_input, out_channels, stride):
    padded_input = tf.pad(
        batch_input, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="CONSTANT"
    )
    return tf.layers.conv2d(
        padded_input,
        out_channels,
        kernel_size=4,
        strides=(stride, stride),
        padding="valid",
        kernel_initializer=tf.random_normal_initializer(0, 0.02),
    )


def gen_conv(batch_input, out_channels):
    initializer = tf.random_normal_initializer(0, 0.02)
    return tf.layers.conv2d(
        batch_input,
        out_channels,
        kernel_size=4,
        strides=(2, 2),
        padding="same",
        kernel_initializer=initializer,
    )


def gen_deconv(batch_input, out_channels):
    initializer = tf.random_normal_initializer(0, 0.02)
    return tf.layers.conv2d_transpose(
        batch_input,
        out_channels,
        kernel_size=4,
        strides=(2, 2),
        padding="same",
        kernel_initializer=initializer,
    )


def lrelu(x, a):
    with tf.name_scope("lrelu"):
        x = tf.identity(x)
        return (0.5 * (1 + a)) * x + (0.5 * (1 - a)) * tf.abs(x)


def batchnorm(inputs):
    return tf.layers.batch_normalization(
        inputs,
        axis=3,
        epsilon=1e-5,
        momentum=0.1,
        training=True,
        gamma_initializer=tf.random_normal_initializer(1.0, 0.02),
    )


def create_generator(generator_inputs, outputs_channels, ngf=4):
    layers = []
    with tf.variable_scope("encoder_1"):
        layers.append(gen_conv(generator_inputs, ngf))
    for out_channels in [ngf * 2, ngf * 4]:
        with tf.variable_scope("encoder_%d" % (len(layers) + 1)):
            rectified = lrelu(layers[-1], 0.2)
            layers.append(batchnorm(gen_conv(rectified, out_channels)))
    num_encoder_layers = len(layers)
    for decoder_layer, (out_channels, dropout) in enumerate(
        [(ngf * 2, 0.5), (ngf, 0.0)]
    ):
        skip_layer = num_encoder_layers - decoder_layer - 1
        with tf.variable_scope("decoder_%d" % (skip_layer + 1)):
            if decoder_layer == 0:
                inputs = layers[-1]
            else:
                inputs = tf.concat([layers[-1], layers[skip_layer]], axis=3)
            output = batchnorm(gen_deconv(tf.nn.relu(inputs), out_channels))
            if dropout > 0.0:
                output = tf.nn.dropout(output, keep_prob=1 - dropout)
            layers.append(output)
    with tf.variable_scope("decoder_1"):
        inputs = tf.concat([layers[-1], layers[0]], axis=3)
        layers.append(tf.tanh(gen_deconv(tf.nn.relu(inputs), outputs_channels)))
    return layers[-1]


def create_discriminator(discrim_inputs, discrim_targets, ndf=4):
    inputs = tf.concat([discrim_inputs, discrim_targets], axis=3)
    with tf.variable_scope("layer_1"):
        rectified = lrelu(discrim_conv(inputs, ndf, stride=2), 0.2)
    with tf.variable_scope("layer_2"):
        rectified = lrelu(batchnorm(discrim_conv(rectified, ndf * 2, stride=1)), 0.2)
    with tf.variable_scope("layer_3"):
        return tf.sigmoid(discrim_conv(rectified, 1, stride=1))


def create_model(inputs, targets):
    with tf.variable_scope("generator"):
        outputs = create_generator(inputs, int(targets.get_shape()[-1]))
    with tf.name_scope("real_discriminator"):
        with tf.variable_scope("discriminator"):
            predict_real = create_discriminator(inputs, targets)
    with tf.name_scope("fake_discriminator"):
        with tf.variable_scope("discriminator", reuse=True):
            predict_fake = create_discriminator(inputs, outputs)
    with tf.name_scope("discriminator_loss"):
        discrim_loss = tf.reduce_mean(
            -(tf.log(predict_real + EPS) + tf.log(1 - predict_fake + EPS))
        )
    with tf.name_scope("generator_loss"):
        gen_loss_GAN = tf.reduce_mean(-tf.log(predict_fake + EPS))
        gen_loss_L1 = tf.reduce_mean(tf.abs(targets - outputs))
        gen_loss = gen_loss_GAN * 1.0 + gen_loss_L1 * 100.0
    with tf.name_scope("discriminator_train"):
        discrim_tvars = [
            var
            for var in tf.trainable_variables()
            if var.name.startswith("discriminator")
        ]
        discrim_optim = tf.train.AdamOptimizer(0.0002, 0.5)
        discrim_grads_and_vars = discrim_optim.compute_gradients(
            discrim_loss, var_list=discrim_tvars
        )
        discrim_train = discrim_optim.apply_gradients(discrim_grads_and_vars)
    with tf.name_scope("generator_train"):
        with tf.control_dependencies([discrim_train]):
            gen_tvars = [
                var
                for var in tf.trainable_variables()
                if var.name.startswith("generator")
            ]
            gen_optim = tf.train.AdamOptimizer(0.0002, 0.5)
            gen_grads_and_vars = gen_optim.compute_gradients(
                gen_loss, var_list=gen_tvars
            )
            gen_train = gen_optim.apply_gradients(gen_grads_and_vars)
    ema = tf.train.ExponentialMovingAverage(decay=0.99)
    update_losses = ema.apply([discrim_loss, gen_loss_GAN, gen_loss_L1])
    global_step = tf.train.get_or_create_global_step()
    incr_global_step = tf.assign(global_step, global_step + 1)
    return Model(
        predict_real=predict_real,
        predict_fake=predict_fake,
        discrim_loss=ema.average(discrim_loss),
        gen_loss_GAN=ema.average(gen_loss_GAN),
        gen_loss_L1=ema.average(gen_loss_L1),
        outputs=outputs,
        train=tf.group(update_losses, incr_global_step, gen_train),
    )


inputs = tf.placeholder(tf.float32, [1, 16, 16, 2])
targets = tf.placeholder(tf.float32, [1, 16, 16, 1])
model = create_model(inputs, targets)
with tf.name_scope("parameter_count"):
    parameter_count = tf.reduce_sum(
        [tf.reduce_prod(tf.shape(v)) for v in tf.trainable_variables()]
    )
rng = np.random.RandomState(20)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print("parameter_count =", sess.run(parameter_count))
    for step in range(5):
        feed = {
            inputs: rng.uniform(-1, 1, (1, 16, 16, 2)),
            targets: rng.uniform(-1, 1, (1, 16, 16, 1)),
        }
        sess.run(model.train, feed)
        d, g, l1 = sess.run([model.discrim_loss, model.gen_loss_GAN, model.gen_loss_L1])
        print("discrim_loss %.7g gen_loss_GAN %.7g gen_loss_L1 %.7g" % (d, g, l1))
