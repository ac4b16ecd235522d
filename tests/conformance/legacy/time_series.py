"""A forecast by stacked cells with lists of settings, losses and several decays."""

import numpy as np
import tensorflow as tf

HIDDEN_SIZE, NUM_LAYERS, TIMESTEPS = 6, 2, 5


def lstm_model(X, y, is_training):
    cell = tf.nn.rnn_cell.MultiRNNCell(
        [tf.nn.rnn_cell.BasicLSTMCell(HIDDEN_SIZE) for _ in range(NUM_LAYERS)]
    )
    outputs, _ = tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)
    output = outputs[:, -1, :]
    predictions = tf.contrib.layers.fully_connected(output, 1, activation_fn=None)
    if not is_training:
        return predictions, None, None
    loss = tf.losses.mean_squared_error(labels=y, predictions=predictions)
    step = tf.train.get_or_create_global_step()
    rate = tf.train.natural_exp_decay(0.1, step, 1, 0.5)
    train_op = tf.train.AdagradOptimizer(rate).minimize(loss, step)
    return predictions, loss, train_op


def old_cell(x, state, scope):
    with tf.variable_scope(scope):
        w = tf.get_variable("w", [x.shape[1].value + 4, 4])
        b = tf.get_variable("b", [4], initializer=tf.zeros_initializer)
        return tf.tanh(tf.matmul(tf.concat([x, state], 1), w) + b)


tf.set_random_seed(81)
seq = np.sin(np.linspace(0, 12, 80)).astype(np.float32)
data = np.stack([seq[i : i + TIMESTEPS] for i in range(60)])[:, :, np.newaxis]
target = seq[TIMESTEPS : TIMESTEPS + 60][:, np.newaxis]
X = tf.placeholder(tf.float32, [None, TIMESTEPS, 1])
Y = tf.placeholder(tf.float32, [None, 1])
with tf.variable_scope("model"):
    prediction, loss, train_op = lstm_model(X, Y, True)
with tf.variable_scope("model", reuse=True):
    test_prediction, _, _ = lstm_model(X, [0.0], False)

# By hand, one step after the other, with a loop in the graph beside it.
state = tf.zeros([tf.shape(X)[0], 4])
with tf.variable_scope("by_hand") as scope:
    for t in range(TIMESTEPS):
        if t > 0:
            scope.reuse_variables()
        state = old_cell(X[:, t, :], state, "cell")
hand = tf.layers.dense(state, 1, name="hand_out")
hand_loss = tf.reduce_mean(tf.abs(hand - Y))
hand_train = tf.train.AdamOptimizer(0.01).minimize(
    hand_loss,
    var_list=tf.trainable_variables("by_hand") + tf.trainable_variables("hand_out"),
)
total = tf.while_loop(
    lambda i, acc: i < TIMESTEPS,
    lambda i, acc: (i + 1, acc + tf.reduce_sum(X[:, i, :])),
    [tf.constant(0), tf.constant(0.0)],
)[1]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        rows = slice(i * 10, i * 10 + 10)
        feed = {X: data[rows], Y: target[rows]}
        _, l, _, h, s = sess.run([train_op, loss, hand_train, hand_loss, total], feed)
        print("train step: %d, loss: %.7g hand: %.7g sum: %.6g" % (i, l, h, s))
    print("test %.6g" % np.abs(sess.run(test_prediction, {X: data[50:]})).mean())
