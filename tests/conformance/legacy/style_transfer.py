"""Style transfer: a fixed net, gram matrices, adaptive instance norm, an image to learn."""

import numpy as np
import tensorflow as tf

rng = np.random.RandomState(21)
graph = tf.Graph()

LAYERS = (("conv1_1", 3, 6), ("conv1_2", 6, 6), ("conv2_1", 6, 8))
PARAMS = {
    name: (
        rng.randn(3, 3, i, o).astype("float32") * 0.2,
        rng.randn(o).astype("float32") * 0.1,
    )
    for name, i, o in LAYERS
}


def vgg(image, scope="vgg"):
    net, current = {}, image
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        for name, _, _ in LAYERS:
            kernels, bias = PARAMS[name]
            W = tf.constant(kernels, name=name + "_w")
            b = tf.get_variable(
                name + "_b", initializer=tf.constant(bias), trainable=False
            )
            current = tf.nn.conv2d(current, W, strides=[1, 1, 1, 1], padding="SAME")
            current = tf.nn.relu(tf.nn.bias_add(current, b), name=name)
            net[name] = current
            if name == "conv1_2":
                current = tf.nn.avg_pool(
                    current, [1, 2, 2, 1], [1, 2, 2, 1], padding="SAME", name="pool1"
                )
    return net


def gram_matrix(features):
    _, h, w, c = features.get_shape().as_list()
    flat = tf.reshape(features, [h * w, c])
    return tf.matmul(tf.transpose(flat), flat) / (h * w * c)


def adain(content, style, epsilon=1e-5):
    c_mean, c_var = tf.nn.moments(content, [1, 2], keep_dims=True)
    s_mean, s_var = tf.nn.moments(style, [1, 2], keep_dims=True)
    c_std, s_std = tf.sqrt(c_var + epsilon), tf.sqrt(s_var + epsilon)
    return s_std * (content - c_mean) / c_std + s_mean


def total_variation(image):
    x = image[:, :, 1:, :] - image[:, :, :-1, :]
    y = image[:, 1:, :, :] - image[:, :-1, :, :]
    return tf.nn.l2_loss(x) + tf.nn.l2_loss(y)


content_img = rng.rand(1, 8, 8, 3).astype("float32")
style_img = rng.rand(1, 8, 8, 3).astype("float32")

with graph.as_default():
    tf.set_random_seed(5)
    with tf.Session() as sess:
        style_net = vgg(tf.constant(style_img))
        content_net = vgg(tf.constant(content_img))
        image = tf.Variable(content_img + 0.1, name="output", dtype=tf.float32)
        net = vgg(image)
        target = tf.stop_gradient(adain(content_net["conv2_1"], style_net["conv2_1"]))
        content_loss = tf.nn.l2_loss(net["conv2_1"] - target)
        style_losses = []
        for name in ("conv1_1", "conv1_2", "conv2_1"):
            A = gram_matrix(style_net[name])
            G = gram_matrix(net[name])
            style_losses.append(tf.reduce_sum(tf.squared_difference(G, A)))
        style_loss = tf.add_n(style_losses) / len(style_losses)
        tv_loss = total_variation(image)
        loss = content_loss + 100.0 * style_loss + 1e-3 * tv_loss
        train_op = tf.train.AdamOptimizer(0.05).minimize(loss)
        clip = image.assign(tf.clip_by_value(image, 0.0, 1.0))
        sess.run(tf.global_variables_initializer())
        for i in range(5):
            _, value, c, s, tv = sess.run(
                [train_op, loss, content_loss, style_loss, tv_loss]
            )
            sess.run(clip)
            print(
                "iter %d loss %.7g content %.6g style %.6g tv %.6g"
                % (i, value, c, s, tv)
            )
