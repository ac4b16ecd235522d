"""A gradient that is reversed: RegisterGradient, gradient_override_map, two classifiers."""

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops


class FlipGradientBuilder(object):
    def __init__(self):
        self.num_calls = 0

    def __call__(self, x, l=1.0):
        grad_name = "FlipGradient%d" % self.num_calls

        @ops.RegisterGradient(grad_name)
        def _flip_gradients(op, grad):
            return [tf.negative(grad) * l]

        g = tf.get_default_graph()
        with g.gradient_override_map({"Identity": grad_name}):
            y = tf.identity(x)
        self.num_calls += 1
        return y


flip_gradient = FlipGradientBuilder()
tf.set_random_seed(17)

X = tf.placeholder(tf.float32, [None, 2], name="X")
Y_ind = tf.placeholder(tf.int32, [None], name="Y_ind")
D_ind = tf.placeholder(tf.int32, [None], name="D_ind")
train = tf.placeholder(tf.bool, [], name="train")
l = tf.placeholder(tf.float32, [], name="l")
Y = tf.one_hot(Y_ind, 2)
D = tf.one_hot(D_ind, 2)

with tf.variable_scope("feature"):
    W0 = tf.get_variable(
        "W", [2, 15], initializer=tf.truncated_normal_initializer(stddev=0.3)
    )
    b0 = tf.Variable(tf.constant(0.1, shape=[15]))
    F = tf.nn.relu(tf.matmul(X, W0) + b0, name="feature")
    f = flip_gradient(F, 0.5)
with tf.variable_scope("label"):
    W1 = tf.get_variable("W", [15, 2])
    p_logit = tf.matmul(F, W1)
    p_loss = tf.nn.softmax_cross_entropy_with_logits(logits=p_logit, labels=Y)
with tf.variable_scope("domain"):
    W2 = tf.get_variable("W", [15, 2])
    d_logit = tf.matmul(f, W2)
    d_loss = tf.nn.softmax_cross_entropy_with_logits(logits=d_logit, labels=D)
pred_loss = tf.reduce_sum(p_loss, name="pred_loss")
domain_loss = tf.reduce_sum(d_loss, name="domain_loss")
total_loss = tf.add(pred_loss, domain_loss, name="total_loss")
dann_train_op = tf.train.MomentumOptimizer(0.01, 0.9).minimize(total_loss, name="dann")
domain_train_op = tf.train.GradientDescentOptimizer(0.01).minimize(
    domain_loss, name="dom"
)
p_acc = tf.reduce_mean(
    tf.cast(tf.equal(Y_ind, tf.cast(tf.argmax(p_logit, 1), tf.int32)), tf.float32)
)

rng = np.random.RandomState(17)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        feed = {
            X: rng.randn(12, 2),
            Y_ind: rng.randint(0, 2, 12),
            D_ind: rng.randint(0, 2, 12),
            train: True,
            l: 1.0,
        }
        _, loss, acc = sess.run([dann_train_op, total_loss, p_acc], feed)
        print("step %d loss %.7g acc %.4f" % (i, loss, acc))
