"""An inception-like net with slim: arg scopes, end points, train op, regularization."""

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim


def inception_arg_scope(weight_decay=0.0004, is_training=True):
    batch_norm_params = {
        "decay": 0.9997,
        "epsilon": 0.001,
        "updates_collections": tf.GraphKeys.UPDATE_OPS,
        "is_training": is_training,
    }
    with slim.arg_scope(
        [slim.conv2d, slim.fully_connected],
        weights_regularizer=slim.l2_regularizer(weight_decay),
    ):
        with slim.arg_scope(
            [slim.conv2d],
            weights_initializer=slim.variance_scaling_initializer(),
            activation_fn=tf.nn.relu,
            normalizer_fn=slim.batch_norm,
            normalizer_params=batch_norm_params,
        ) as sc:
            return sc


def block(net, scope):
    with tf.variable_scope(scope):
        with tf.variable_scope("Branch_0"):
            branch_0 = slim.conv2d(net, 4, [1, 1], scope="Conv2d_0a_1x1")
        with tf.variable_scope("Branch_1"):
            branch_1 = slim.conv2d(net, 3, [1, 1], scope="Conv2d_0a_1x1")
            branch_1 = slim.conv2d(branch_1, 4, [3, 3], scope="Conv2d_0b_3x3")
        with tf.variable_scope("Branch_2"):
            branch_2 = slim.max_pool2d(net, [3, 3], scope="MaxPool_0a_3x3")
            branch_2 = slim.conv2d(branch_2, 2, [1, 1], scope="Conv2d_0b_1x1")
        return tf.concat(axis=3, values=[branch_0, branch_1, branch_2])


def net_base(inputs, scope=None):
    end_points = {}
    with tf.variable_scope(scope, "InceptionV1", [inputs]):
        with slim.arg_scope([slim.conv2d, slim.max_pool2d], stride=1, padding="SAME"):
            net = slim.conv2d(inputs, 4, [3, 3], stride=2, scope="Conv2d_1a")
            end_points["Conv2d_1a"] = net
            for name in ("Mixed_3b", "Mixed_3c"):
                net = block(net, name)
                end_points[name] = net
    return net, end_points


def net(inputs, num_classes, is_training=True, reuse=None):
    with tf.variable_scope(
        "InceptionV1", "InceptionV1", [inputs], reuse=reuse
    ) as scope:
        with slim.arg_scope([slim.batch_norm, slim.dropout], is_training=is_training):
            out, end_points = net_base(inputs, scope=scope)
            with tf.variable_scope("Logits"):
                out = slim.avg_pool2d(out, [4, 4], stride=1, scope="AvgPool_0a_4x4")
                out = slim.dropout(out, 0.8, scope="Dropout_0b")
                logits = slim.conv2d(
                    out,
                    num_classes,
                    [1, 1],
                    activation_fn=None,
                    normalizer_fn=None,
                    scope="Conv2d_0c_1x1",
                )
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
            end_points["Logits"] = logits
            end_points["Predictions"] = slim.softmax(logits, scope="Predictions")
    return logits, end_points


tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(1)
images = tf.placeholder(tf.float32, [4, 8, 8, 3])
labels = tf.placeholder(tf.int64, [4])
with slim.arg_scope(inception_arg_scope()):
    logits, end_points = net(images, 5)
one_hot_labels = slim.one_hot_encoding(labels, 5)
tf.losses.softmax_cross_entropy(one_hot_labels, logits, label_smoothing=0.1)
total_loss = tf.losses.get_total_loss()
for end_point in sorted(end_points):
    tf.summary.histogram("activations/" + end_point, end_points[end_point])
for variable in slim.get_model_variables():
    tf.summary.histogram(variable.op.name, variable)
global_step = slim.get_or_create_global_step()
optimizer = tf.train.RMSPropOptimizer(0.01, decay=0.9, momentum=0.9, epsilon=1.0)
train_op = slim.learning.create_train_op(
    total_loss, optimizer, global_step=global_step, clip_gradient_norm=4.0
)
restore = slim.get_variables_to_restore(exclude=["InceptionV1/Logits"])
init_fn_vars = [v.op.name for v in restore]

rng = np.random.RandomState(1)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        feed = {images: rng.rand(4, 8, 8, 3), labels: rng.randint(0, 5, 4)}
        loss, step = sess.run([train_op, global_step], feed)
        print("global step %d: loss = %.7g" % (step, loss))
    print(len(init_fn_vars), init_fn_vars[-1])
