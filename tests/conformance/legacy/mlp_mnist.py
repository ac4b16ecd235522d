"""A perceptron with two hidden layers, variables by hand."""

import numpy as np
import tensorflow as tf

# Parameters
learning_rate = 0.1
num_steps = 5
batch_size = 16

# Network parameters
n_hidden_1 = 32
n_hidden_2 = 24
num_input = 49
num_classes = 10

tf.set_random_seed(1)
rng = np.random.RandomState(1)

X = tf.placeholder("float", [None, num_input])
Y = tf.placeholder("float", [None, num_classes])

weights = {
    "h1": tf.Variable(tf.random_normal([num_input, n_hidden_1])),
    "h2": tf.Variable(tf.random_normal([n_hidden_1, n_hidden_2])),
    "out": tf.Variable(tf.random_normal([n_hidden_2, num_classes])),
}
biases = {
    "b1": tf.Variable(tf.random_normal([n_hidden_1])),
    "b2": tf.Variable(tf.random_normal([n_hidden_2])),
    "out": tf.Variable(tf.random_normal([num_classes])),
}


def neural_net(x):
    layer_1 = tf.add(tf.matmul(x, weights["h1"]), biases["b1"])
    layer_2 = tf.add(tf.matmul(layer_1, weights["h2"]), biases["b2"])
    return tf.matmul(layer_2, weights["out"]) + biases["out"]


logits = neural_net(X)
prediction = tf.nn.softmax(logits)
loss_op = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y)
)
optimizer = tf.train.AdamOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)

correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for step in range(1, num_steps + 1):
        batch_x = rng.rand(batch_size, num_input)
        batch_y = np.eye(num_classes)[rng.randint(0, num_classes, batch_size)]
        sess.run(train_op, feed_dict={X: batch_x, Y: batch_y})
        loss, acc = sess.run([loss_op, accuracy], feed_dict={X: batch_x, Y: batch_y})
        print("Step %d loss %.7g accuracy %.3f" % (step, loss, acc))
    print("Optimization finished")
