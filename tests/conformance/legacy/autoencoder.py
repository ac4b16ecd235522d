"""An autoencoder with tied shapes, sigmoid layers and RMSProp."""

from __future__ import division, print_function

import numpy as np
import tensorflow as tf

tf.set_random_seed(3)
np.random.seed(3)

learning_rate = 0.01
num_hidden_1, num_hidden_2, num_input = 20, 10, 36

X = tf.placeholder("float", [None, num_input])

weights = {
    "encoder_h1": tf.Variable(tf.random_normal([num_input, num_hidden_1])),
    "encoder_h2": tf.Variable(tf.random_normal([num_hidden_1, num_hidden_2])),
    "decoder_h1": tf.Variable(tf.random_normal([num_hidden_2, num_hidden_1])),
    "decoder_h2": tf.Variable(tf.random_normal([num_hidden_1, num_input])),
}
biases = {
    "encoder_b1": tf.Variable(tf.random_normal([num_hidden_1])),
    "encoder_b2": tf.Variable(tf.random_normal([num_hidden_2])),
    "decoder_b1": tf.Variable(tf.random_normal([num_hidden_1])),
    "decoder_b2": tf.Variable(tf.random_normal([num_input])),
}


def encoder(x):
    layer_1 = tf.nn.sigmoid(
        tf.add(tf.matmul(x, weights["encoder_h1"]), biases["encoder_b1"])
    )
    return tf.nn.sigmoid(
        tf.add(tf.matmul(layer_1, weights["encoder_h2"]), biases["encoder_b2"])
    )


def decoder(x):
    layer_1 = tf.nn.sigmoid(
        tf.add(tf.matmul(x, weights["decoder_h1"]), biases["decoder_b1"])
    )
    return tf.nn.sigmoid(
        tf.add(tf.matmul(layer_1, weights["decoder_h2"]), biases["decoder_b2"])
    )


encoder_op = encoder(X)
decoder_op = decoder(encoder_op)
loss = tf.reduce_mean(tf.pow(X - decoder_op, 2))
optimizer = tf.train.RMSPropOptimizer(learning_rate).minimize(loss)
init = tf.initialize_all_variables()

with tf.Session() as sess:
    sess.run(init)
    for i in range(1, 6):
        _, value = sess.run([optimizer, loss], feed_dict={X: np.random.rand(8, 36)})
        print("Step %i: Minibatch Loss: %.7g" % (i, value))
