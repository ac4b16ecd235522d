"""An LSTM over rows of images, by hand-made variables and static_rnn."""

from __future__ import print_function

import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

learning_rate = 0.001
batch_size = 8
num_input = 7
timesteps = 7
num_hidden = 16
num_classes = 10

tf.set_random_seed(28)

X = tf.placeholder("float", [None, timesteps, num_input])
Y = tf.placeholder("float", [None, num_classes])

weights = {"out": tf.Variable(tf.random_normal([num_hidden, num_classes]))}
biases = {"out": tf.Variable(tf.random_normal([num_classes]))}


def RNN(x, weights, biases):
    x = tf.unstack(x, timesteps, 1)
    lstm_cell = rnn.BasicLSTMCell(num_hidden, forget_bias=1.0)
    outputs, states = rnn.static_rnn(lstm_cell, x, dtype=tf.float32)
    return tf.matmul(outputs[-1], weights["out"]) + biases["out"]


logits = RNN(X, weights, biases)
prediction = tf.nn.softmax(logits)
loss_op = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=Y)
)
optimizer = tf.train.GradientDescentOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)
correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
init = tf.global_variables_initializer()

rng = np.random.RandomState(28)
with tf.Session() as sess:
    sess.run(init)
    for step in range(1, 6):
        batch_x = rng.rand(batch_size, timesteps * num_input)
        batch_x = batch_x.reshape((batch_size, timesteps, num_input))
        batch_y = np.eye(num_classes)[rng.randint(0, num_classes, batch_size)]
        sess.run(train_op, feed_dict={X: batch_x, Y: batch_y})
        loss, acc = sess.run([loss_op, accuracy], feed_dict={X: batch_x, Y: batch_y})
        print("Step %d, Minibatch Loss= %.7g, Accuracy= %.3f" % (step, loss, acc))
