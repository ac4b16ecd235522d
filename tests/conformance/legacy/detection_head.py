"""Boxes on two grids: anchors, a loss with a loop over the batch, picked boxes."""

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim
tf.set_random_seed(43)
rng = np.random.RandomState(43)
ANCHORS = [[(4, 6), (8, 9)], [(14, 12), (20, 24)]]


@tf.contrib.framework.add_arg_scope
def padded(inputs, size, mode="CONSTANT", data_format="NHWC"):
    assert data_format == "NHWC"
    return tf.pad(inputs, [[0, 0], [size, size], [size, size], [0, 0]], mode=mode)


def backbone(inputs):
    net = slim.conv2d(inputs, 4, 3)
    routes = []
    for depth in (8, 8, 16):
        net = slim.conv2d(padded(net, 1), depth, 3, stride=2, padding="VALID")
        net += slim.conv2d(slim.conv2d(net, depth // 2, 1), depth, 3)
        routes.append(net)
    return routes[-2:]


def head(net, classes, anchors, size):
    raw = slim.conv2d(
        net,
        len(anchors) * (5 + classes),
        1,
        normalizer_fn=None,
        activation_fn=None,
        biases_initializer=tf.zeros_initializer(),
    )
    grid = net.shape.as_list()[1]
    raw = tf.reshape(raw, [-1, grid, grid, len(anchors), 5 + classes])
    centers, sizes, sure, kinds = tf.split(raw, [2, 2, 1, classes], axis=-1)
    across, down = tf.meshgrid(tf.range(grid), tf.range(grid))
    cells = tf.to_float(tf.stack([across, down], -1))[None, :, :, None, :]
    stride = size // grid
    centers = (tf.sigmoid(centers) + cells) * stride
    sizes = tf.exp(sizes) * tf.constant(anchors, tf.float32)
    return raw, tf.concat([centers, sizes, tf.sigmoid(sure), tf.sigmoid(kinds)], -1)


def corners(boxes):
    return boxes[..., :2] - boxes[..., 2:4] / 2.0, boxes[..., :2] + boxes[
        ..., 2:4
    ] / 2.0


def overlap(a, b):
    (a_low, a_high), (b_low, b_high) = corners(a[..., None, :]), corners(b[None])
    sides = tf.maximum(tf.minimum(a_high, b_high) - tf.maximum(a_low, b_low), 0.0)
    both = sides[..., 0] * sides[..., 1]
    areas = a[..., 2:3] * a[..., 3:4] + b[None, ..., 2] * b[None, ..., 3]
    return both / (areas - both + 1e-6)


def loss_of(raw, boxes, truth):
    there, batch = truth[..., 4:5], tf.to_float(tf.shape(raw)[0])
    ignored = tf.TensorArray(tf.float32, size=1, dynamic_size=True)

    def look(i, ignored):
        real = tf.boolean_mask(truth[i, ..., 0:4], tf.cast(there[i, ..., 0], "bool"))
        best = tf.reduce_max(overlap(boxes[i, ..., :4], real), axis=-1)
        return i + 1, ignored.write(i, tf.cast(best < 0.5, tf.float32))

    _, ignored = tf.while_loop(lambda i, _: i < tf.shape(raw)[0], look, [0, ignored])
    ignored = tf.expand_dims(ignored.stack(), -1)
    entropy = tf.nn.sigmoid_cross_entropy_with_logits
    sure = entropy(labels=there, logits=raw[..., 4:5])
    parts = [
        there * tf.square(truth[..., :4] / 32.0 - boxes[..., :4] / 32.0),
        there * sure + (1 - there) * sure * ignored,
        there * entropy(labels=truth[..., 5:], logits=raw[..., 5:]),
    ]
    return tf.add_n([tf.reduce_sum(part) for part in parts]) / batch


x = tf.placeholder(tf.float32, [None, 32, 32, 3], "images")
truths = [tf.placeholder(tf.float32, [None, n, n, 2, 7]) for n in (8, 4)]
with slim.arg_scope([slim.conv2d, slim.batch_norm, padded], data_format="NHWC"):
    with slim.arg_scope(
        [slim.conv2d],
        normalizer_fn=slim.batch_norm,
        normalizer_params={"decay": 0.9, "scale": True, "is_training": True},
        biases_initializer=None,
        activation_fn=lambda net: tf.nn.leaky_relu(net, alpha=0.1),
    ):
        with tf.variable_scope("backbone"):
            fine, coarse = backbone(x / 255.0)
        with tf.variable_scope("head"):
            coarse_raw, coarse_boxes = head(coarse, 2, ANCHORS[1], 32)
            grown = padded(slim.conv2d(coarse, 4, 1), 1, mode="SYMMETRIC")
            grown = tf.image.resize_bilinear(grown, (12, 12))[:, 2:-2, 2:-2, :]
            fine_raw, fine_boxes = head(tf.concat([grown, fine], 3), 2, ANCHORS[0], 32)
loss = loss_of(fine_raw, fine_boxes, truths[0])
loss += loss_of(coarse_raw, coarse_boxes, truths[1])
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    train = tf.train.AdamOptimizer(1e-2).minimize(loss)
flat = tf.concat([tf.reshape(b, [-1, 128, 7]) for b in (fine_boxes,)], 1)[0]
low, high = corners(flat)
ordered = tf.concat([low[:, ::-1], high[:, ::-1]], 1)
picked = tf.image.non_max_suppression(ordered, flat[:, 4], 4, iou_threshold=0.5)


def made_up(grid):
    values = rng.rand(2, grid, grid, 2, 7)
    values[..., :4] *= 16
    values[..., 4] = 0
    values[:, 1, 2, 0, 4] = values[:, 0, 0, 1, 4] = 1
    return values


with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    images = rng.rand(2, 32, 32, 3) * 255
    for _ in range(5):
        feed = {x: images, truths[0]: made_up(8), truths[1]: made_up(4)}
        _, value = sess.run([train, loss], feed)
        print("%.6g" % value)
    print(len(sess.run(picked, feed)) <= 4, tf.trainable_variables("head")[-1].name)
