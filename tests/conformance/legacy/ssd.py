"""Boxes of two layers: functions in arg_scope, hard negatives, smooth losses."""

from collections import namedtuple

import numpy as np
import tensorflow as tf
from tensorflow.contrib.framework.python.ops import add_arg_scope, variables
from tensorflow.contrib.layers.python.layers import utils

slim = tf.contrib.slim


@add_arg_scope
def l2_normalization(
    inputs,
    scaling=False,
    scale_initializer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    data_format="NHWC",
    trainable=True,
    scope=None,
):
    with tf.variable_scope(scope, "L2Normalization", [inputs], reuse=reuse) as sc:
        params_shape = inputs.get_shape()[-1:]
        outputs = tf.nn.l2_normalize(inputs, [3], epsilon=1e-12)
        if scaling:
            scale_collections = utils.get_variable_collections(
                variables_collections, "scale"
            )
            scale = variables.model_variable(
                "gamma",
                shape=params_shape,
                dtype=inputs.dtype.base_dtype,
                initializer=scale_initializer or tf.ones_initializer(),
                collections=scale_collections,
                trainable=trainable,
            )
            outputs = tf.multiply(outputs, scale)
        return utils.collect_named_outputs(
            outputs_collections, sc.original_name_scope, outputs
        )


@add_arg_scope
def pad2d(
    inputs, pad=(0, 0), mode="CONSTANT", data_format="NHWC", trainable=True, scope=None
):
    with tf.name_scope(scope, "pad2d", [inputs]):
        return tf.pad(
            inputs, [[0, 0], [pad[0], pad[0]], [pad[1], pad[1]], [0, 0]], mode=mode
        )


SSDParams = namedtuple(
    "SSDParameters",
    ["num_classes", "feat_layers", "anchor_sizes", "anchor_ratios", "normalizations"],
)
P = SSDParams(
    4,
    ["block4", "block7"],
    [(21.0, 45.0), (45.0, 99.0)],
    [[2, 0.5], [2, 0.5, 3, 1.0 / 3]],
    [20, -1],
)


def tensor_shape(x, rank=3):
    if x.get_shape().is_fully_defined():
        return x.get_shape().as_list()
    static_shape = x.get_shape().with_rank(rank).as_list()
    dynamic_shape = tf.unstack(tf.shape(x), rank)
    return [s if s is not None else d for s, d in zip(static_shape, dynamic_shape)]


def ssd_multibox_layer(inputs, num_classes, sizes, ratios=(1,), normalization=-1):
    net = inputs
    if normalization > 0:
        net = l2_normalization(net, scaling=True)
    num_anchors = len(sizes) + len(ratios)
    loc = slim.conv2d(
        net, num_anchors * 4, [3, 3], activation_fn=None, scope="conv_loc"
    )
    loc = tf.reshape(loc, tensor_shape(loc, 4)[:-1] + [num_anchors, 4])
    cls = slim.conv2d(
        net, num_anchors * num_classes, [3, 3], activation_fn=None, scope="conv_cls"
    )
    return tf.reshape(cls, tensor_shape(cls, 4)[:-1] + [num_anchors, num_classes]), loc


def arg_scope(weight_decay=0.0005):
    with slim.arg_scope(
        [slim.conv2d, slim.fully_connected],
        activation_fn=tf.nn.relu,
        weights_regularizer=slim.l2_regularizer(weight_decay),
        weights_initializer=tf.contrib.layers.xavier_initializer(),
        biases_initializer=tf.zeros_initializer(),
    ):
        with slim.arg_scope(
            [slim.conv2d, slim.max_pool2d], padding="SAME", data_format="NHWC"
        ):
            with slim.arg_scope([pad2d, l2_normalization], data_format="NHWC") as sc:
                return sc


def ssd_net(inputs, is_training=True, reuse=None, scope="ssd_300_vgg"):
    end_points = {}
    with tf.variable_scope(scope, "ssd_300_vgg", [inputs], reuse=reuse):
        net = slim.repeat(inputs, 2, slim.conv2d, 3, [3, 3], scope="conv1")
        net = slim.max_pool2d(net, [2, 2], scope="pool1")
        net = slim.repeat(net, 2, slim.conv2d, 4, [3, 3], scope="conv4")
        end_points["block4"] = net
        net = slim.max_pool2d(net, [2, 2], scope="pool4")
        net = slim.conv2d(net, 5, [3, 3], rate=6, scope="conv6")
        net = tf.layers.dropout(net, rate=0.5, training=is_training)
        end_point = "block7"
        with tf.variable_scope(end_point):
            net = slim.conv2d(net, 4, [1, 1], scope="conv1x1")
            net = pad2d(net, pad=(1, 1))
            net = slim.conv2d(
                net, 5, [3, 3], stride=2, scope="conv3x3", padding="VALID"
            )
        end_points[end_point] = net
        predictions, logits, localisations = [], [], []
        for i, layer in enumerate(P.feat_layers):
            with tf.variable_scope(layer + "_box"):
                p, l = ssd_multibox_layer(
                    end_points[layer],
                    P.num_classes,
                    P.anchor_sizes[i],
                    P.anchor_ratios[i],
                    P.normalizations[i],
                )
            predictions.append(slim.softmax(p))
            logits.append(p)
            localisations.append(l)
        return predictions, localisations, logits, end_points


def abs_smooth(x):
    absx = tf.abs(x)
    minx = tf.minimum(absx, 1)
    return 0.5 * ((absx - 1) * minx + absx)


def ssd_losses(
    logits,
    localisations,
    gclasses,
    glocalisations,
    gscores,
    match_threshold=0.5,
    negative_ratio=3.0,
    alpha=1.0,
    scope=None,
):
    with tf.name_scope(scope, "ssd_losses"):
        num_classes = tensor_shape(logits[0], 5)[-1]
        batch_size = tensor_shape(logits[0], 5)[0]
        logits = tf.concat([tf.reshape(l, [-1, num_classes]) for l in logits], axis=0)
        gclasses = tf.concat([tf.reshape(g, [-1]) for g in gclasses], 0)
        gscores = tf.concat([tf.reshape(g, [-1]) for g in gscores], 0)
        loc = tf.concat([tf.reshape(l, [-1, 4]) for l in localisations], 0)
        gloc = tf.concat([tf.reshape(l, [-1, 4]) for l in glocalisations], 0)
        dtype = logits.dtype
        pmask = gscores > match_threshold
        fpmask = tf.cast(pmask, dtype)
        n_positives = tf.reduce_sum(fpmask)
        no_classes = tf.cast(pmask, tf.int32)
        predictions = slim.softmax(logits)
        nmask = tf.logical_and(tf.logical_not(pmask), gscores > -0.5)
        fnmask = tf.cast(nmask, dtype)
        nvalues = tf.where(nmask, predictions[:, 0], 1.0 - fnmask)
        nvalues_flat = tf.reshape(nvalues, [-1])
        max_neg = tf.cast(tf.reduce_sum(fnmask), tf.int32)
        n_neg = tf.minimum(
            tf.cast(negative_ratio * n_positives, tf.int32) + batch_size, max_neg
        )
        val, idxes = tf.nn.top_k(-nvalues_flat, k=n_neg)
        nmask = tf.logical_and(nmask, nvalues < -val[-1])
        fnmask = tf.cast(nmask, dtype)
        with tf.name_scope("cross_entropy_pos"):
            tf.losses.add_loss(
                tf.div(
                    tf.reduce_sum(
                        tf.nn.sparse_softmax_cross_entropy_with_logits(
                            logits=logits, labels=gclasses
                        )
                        * fpmask
                    ),
                    batch_size,
                    name="value",
                )
            )
        with tf.name_scope("cross_entropy_neg"):
            tf.losses.add_loss(
                tf.div(
                    tf.reduce_sum(
                        tf.nn.sparse_softmax_cross_entropy_with_logits(
                            logits=logits, labels=no_classes
                        )
                        * fnmask
                    ),
                    batch_size,
                    name="value",
                )
            )
        with tf.name_scope("localization"):
            tf.losses.add_loss(
                tf.div(
                    tf.reduce_sum(
                        abs_smooth(loc - gloc) * tf.expand_dims(alpha * fpmask, axis=-1)
                    ),
                    batch_size,
                    name="value",
                )
            )


tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(25)
rng = np.random.RandomState(25)
with tf.device("/device:CPU:0"):
    global_step = slim.create_global_step()
x = tf.placeholder(tf.float32, [2, 16, 16, 3])
with slim.arg_scope(arg_scope(0.0005)):
    predictions, localisations, logits, end_points = ssd_net(x)
gc = [rng.randint(0, 4, [int(d) for d in l.shape[:-1]]) for l in localisations]
gl = [rng.randn(*[int(d) for d in l.shape]).astype("float32") for l in localisations]
gs = [rng.rand(*c.shape).astype("float32") for c in gc]
ssd_losses(
    logits,
    localisations,
    [tf.constant(c, tf.int32) for c in gc],
    [tf.constant(l) for l in gl],
    [tf.constant(s) for s in gs],
)
for end_point in sorted(end_points):
    x_ = end_points[end_point]
    tf.summary.histogram("activations/" + end_point, x_)
    tf.summary.scalar("sparsity/" + end_point, tf.nn.zero_fraction(x_))
for loss in tf.get_collection(tf.GraphKeys.LOSSES):
    tf.summary.scalar(loss.op.name, loss)
total = tf.add_n(
    tf.get_collection(tf.GraphKeys.LOSSES)
    + tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
)
opt = tf.train.RMSPropOptimizer(0.001, decay=0.9, momentum=0.9, epsilon=1.0)
train = opt.minimize(total, global_step)
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
print(
    len(update_ops),
    [str(l.op.name) for l in tf.get_collection("losses")],
    [v.op.name for v in slim.get_model_variables()][-3:],
)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    im = rng.rand(2, 16, 16, 3)
    for i in range(5):
        print("%.6g" % sess.run([total, train], {x: im})[0])
