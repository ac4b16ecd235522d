"""A highway network: gates, many layers in a loop, names by number."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(15)


def weight_bias(W_shape, b_shape, bias_init=0.1):
    W = tf.Variable(tf.truncated_normal(W_shape, stddev=0.1), name="weight")
    b = tf.Variable(tf.constant(bias_init, shape=b_shape), name="bias")
    return W, b


def dense_layer(x, W_shape, b_shape, activation):
    W, b = weight_bias(W_shape, b_shape)
    return activation(tf.matmul(x, W) + b)


def highway_layer(x, size, activation, carry_bias=-1.0):
    W, b = weight_bias([size, size], [size])
    with tf.name_scope("transform_gate"):
        W_T, b_T = weight_bias([size, size], [size], bias_init=carry_bias)
    H = activation(tf.matmul(x, W) + b, name="activation")
    T = tf.sigmoid(tf.matmul(x, W_T) + b_T, name="transform_gate")
    C = tf.subtract(1.0, T, name="carry_gate")
    return tf.add(tf.multiply(H, T), tf.multiply(x, C), "y")


input_layer_size = 25
hidden_layer_size = 10
output_layer_size = 4
layer_count = 5

x = tf.placeholder("float", [None, input_layer_size])
y_ = tf.placeholder("float", [None, output_layer_size])

prev_y = None
y = None
for i in range(layer_count):
    with tf.name_scope("layer{0}".format(i)) as scope:
        if i == 0:
            prev_y = dense_layer(
                x,
                [input_layer_size, hidden_layer_size],
                [hidden_layer_size],
                tf.nn.relu,
            )
        elif i == layer_count - 1:
            y = dense_layer(
                prev_y,
                [hidden_layer_size, output_layer_size],
                [output_layer_size],
                tf.nn.softmax,
            )
        else:
            prev_y = highway_layer(prev_y, hidden_layer_size, activation=tf.nn.relu)

with tf.name_scope("cross_entropy") as scope:
    cross_entropy = -tf.reduce_sum(y_ * tf.log(y))
with tf.name_scope("train") as scope:
    train_step = tf.train.MomentumOptimizer(1e-2, 0.9, use_nesterov=True).minimize(
        cross_entropy
    )
with tf.name_scope("evaluation") as scope:
    correct_prediction = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, "float"))
tf.summary.scalar("cross_entropy", cross_entropy)
tf.summary.scalar("accuracy", accuracy)
summary_op = tf.summary.merge_all()

rng = np.random.RandomState(15)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        feed = {x: rng.rand(12, 25), y_: np.eye(4)[rng.randint(0, 4, 12)]}
        _, value, acc, _ = sess.run(
            [train_step, cross_entropy, accuracy, summary_op], feed_dict=feed
        )
        print("step %d cross entropy %.7g accuracy %.4f" % (i, value, acc))
