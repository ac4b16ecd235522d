"""One trunk and two heads: shared and own variables, weighted losses, moving averages."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(88)
rng = np.random.RandomState(88)


def _variable_with_weight_decay(name, shape, stddev, wd):
    var = tf.get_variable(
        name, shape, initializer=tf.truncated_normal_initializer(stddev=stddev)
    )
    if wd is not None:
        weight_decay = tf.multiply(tf.nn.l2_loss(var), wd, name="weight_loss")
        tf.add_to_collection("losses", weight_decay)
    return var


def trunk(images):
    with tf.variable_scope("conv1") as scope:
        kernel = _variable_with_weight_decay("weights", [3, 3, 2, 6], 5e-2, None)
        conv = tf.nn.conv2d(images, kernel, [1, 1, 1, 1], padding="SAME")
        biases = tf.get_variable(
            "biases", [6], initializer=tf.constant_initializer(0.0)
        )
        conv1 = tf.nn.relu(tf.nn.bias_add(conv, biases), name=scope.name)
        tf.summary.histogram(scope.name + "/activations", conv1)
        tf.summary.scalar(scope.name + "/sparsity", tf.nn.zero_fraction(conv1))
    pool1 = tf.nn.max_pool(
        conv1, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="SAME", name="pool1"
    )
    norm1 = tf.nn.lrn(pool1, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75, name="norm1")
    with tf.variable_scope("local2") as scope:
        reshape = tf.reshape(norm1, [images.get_shape()[0].value, -1])
        dim = reshape.get_shape()[1].value
        weights = _variable_with_weight_decay("weights", [dim, 10], 0.04, 0.004)
        biases = tf.get_variable(
            "biases", [10], initializer=tf.constant_initializer(0.1)
        )
        return tf.nn.relu(tf.matmul(reshape, weights) + biases, name=scope.name)


images = tf.placeholder(tf.float32, [6, 6, 6, 2])
classes = tf.placeholder(tf.int64, [6])
values = tf.placeholder(tf.float32, [6, 1])
shared = trunk(images)
with tf.variable_scope("classify"):
    weights = _variable_with_weight_decay("weights", [10, 4], 1 / 10.0, 0.0)
    biases = tf.get_variable("biases", [4], initializer=tf.zeros_initializer())
    logits = tf.add(tf.matmul(shared, weights), biases, name="softmax_linear")
with tf.variable_scope("regress"):
    predicted = tf.contrib.layers.fully_connected(shared, 1, activation_fn=None)

cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(
    labels=classes, logits=logits, name="cross_entropy_per_example"
)
cross_entropy_mean = tf.reduce_mean(cross_entropy, name="cross_entropy")
tf.add_to_collection("losses", cross_entropy_mean)
tf.add_to_collection("losses", 0.5 * tf.losses.huber_loss(values, predicted))
total_loss = tf.add_n(tf.get_collection("losses"), name="total_loss")

global_step = tf.Variable(0, trainable=False, name="global_step")
lr = tf.train.inverse_time_decay(0.1, global_step, 1, 0.5)
loss_averages = tf.train.ExponentialMovingAverage(0.9, name="avg")
losses = tf.get_collection("losses")
loss_averages_op = loss_averages.apply(losses + [total_loss])
with tf.control_dependencies([loss_averages_op]):
    opt = tf.train.GradientDescentOptimizer(lr)
    grads = opt.compute_gradients(total_loss)
apply_gradient_op = opt.apply_gradients(grads, global_step=global_step)
for var in tf.trainable_variables():
    tf.summary.histogram(var.op.name, var)
variable_averages = tf.train.ExponentialMovingAverage(0.9999, global_step)
with tf.control_dependencies([apply_gradient_op]):
    variables_averages_op = variable_averages.apply(tf.trainable_variables())

saver = tf.train.Saver(variable_averages.variables_to_restore())
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        feed = {
            images: rng.rand(6, 6, 6, 2),
            classes: rng.randint(0, 4, 6),
            values: rng.randn(6, 1),
        }
        _, loss, step, rate = sess.run(
            [variables_averages_op, total_loss, global_step, lr], feed
        )
        print("step %d, loss = %.7g (rate %.5g)" % (step, loss, rate))
    shadow = sess.run(variable_averages.average(biases))
    print("shadow %.6g" % np.abs(shadow).sum())
