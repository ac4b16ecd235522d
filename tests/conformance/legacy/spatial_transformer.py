"""A spatial transformer: a grid made of ops, bilinear sampling by gathers."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(9)


def get_pixel_value(img, x, y):
    shape = tf.shape(x)
    batch_size, height, width = shape[0], shape[1], shape[2]
    batch_idx = tf.reshape(tf.range(0, batch_size), (batch_size, 1, 1))
    b = tf.tile(batch_idx, (1, height, width))
    indices = tf.stack([b, y, x], 3)
    return tf.gather_nd(img, indices)


def affine_grid_generator(height, width, theta):
    num_batch = tf.shape(theta)[0]
    x = tf.linspace(-1.0, 1.0, width)
    y = tf.linspace(-1.0, 1.0, height)
    x_t, y_t = tf.meshgrid(x, y)
    x_t_flat = tf.reshape(x_t, [-1])
    y_t_flat = tf.reshape(y_t, [-1])
    ones = tf.ones_like(x_t_flat)
    sampling_grid = tf.stack([x_t_flat, y_t_flat, ones])
    sampling_grid = tf.expand_dims(sampling_grid, axis=0)
    sampling_grid = tf.tile(sampling_grid, tf.stack([num_batch, 1, 1]))
    theta = tf.cast(theta, "float32")
    sampling_grid = tf.cast(sampling_grid, "float32")
    batch_grids = tf.matmul(theta, sampling_grid)
    return tf.reshape(batch_grids, [num_batch, 2, height, width])


def bilinear_sampler(img, x, y):
    H, W = 8, 8
    max_y = tf.cast(H - 1, "int32")
    max_x = tf.cast(W - 1, "int32")
    zero = tf.zeros([], dtype="int32")
    x = 0.5 * ((x + 1.0) * tf.cast(max_x - 1, "float32"))
    y = 0.5 * ((y + 1.0) * tf.cast(max_y - 1, "float32"))
    x0 = tf.cast(tf.floor(x), "int32")
    x1 = x0 + 1
    y0 = tf.cast(tf.floor(y), "int32")
    y1 = y0 + 1
    x0 = tf.clip_by_value(x0, zero, max_x)
    x1 = tf.clip_by_value(x1, zero, max_x)
    y0 = tf.clip_by_value(y0, zero, max_y)
    y1 = tf.clip_by_value(y1, zero, max_y)
    Ia = get_pixel_value(img, x0, y0)
    Ib = get_pixel_value(img, x0, y1)
    Ic = get_pixel_value(img, x1, y0)
    Id = get_pixel_value(img, x1, y1)
    x0, x1 = tf.to_float(x0), tf.to_float(x1)
    y0, y1 = tf.to_float(y0), tf.to_float(y1)
    wa = tf.expand_dims((x1 - x) * (y1 - y), axis=3)
    wb = tf.expand_dims((x1 - x) * (y - y0), axis=3)
    wc = tf.expand_dims((x - x0) * (y1 - y), axis=3)
    wd = tf.expand_dims((x - x0) * (y - y0), axis=3)
    return tf.add_n([wa * Ia, wb * Ib, wc * Ic, wd * Id])


images = tf.placeholder(tf.float32, [None, 8, 8, 1])
labels = tf.placeholder(tf.int32, [None])
with tf.variable_scope("localization"):
    flat = tf.contrib.layers.flatten(images)
    h = tf.contrib.layers.fully_connected(flat, 10, activation_fn=tf.nn.tanh)
    W = tf.get_variable("W", [10, 6], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", initializer=tf.constant([1.0, 0, 0, 0, 1.0, 0]))
    theta = tf.reshape(tf.matmul(h, W) + b, [-1, 2, 3])
grids = affine_grid_generator(8, 8, theta)
warped = bilinear_sampler(images, grids[:, 0, :, :], grids[:, 1, :, :])
with tf.variable_scope("classifier"):
    net = tf.layers.conv2d(warped, 4, 3, activation=tf.nn.relu)
    net = tf.layers.max_pooling2d(net, 2, 2)
    logits = tf.layers.dense(tf.layers.flatten(net), 3)
loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
train = tf.train.AdamOptimizer(1e-2).minimize(loss)

rng = np.random.RandomState(9)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        feed = {images: rng.rand(4, 8, 8, 1), labels: rng.randint(0, 3, 4)}
        _, value, t = sess.run([train, loss, theta], feed)
        print("iter %d loss %.7g theta %.6g" % (i, value, np.abs(t).mean()))
