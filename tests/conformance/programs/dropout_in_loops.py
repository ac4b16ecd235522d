"""Dropout in loops: which iteration gets which random numbers."""

import numpy as np


def _losses(tf, cell, batch=None, **kwargs):
    """What is lost in three runs, which draw on; with a gradient."""
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [batch, None if batch is None else 6, 4])
    out, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, **kwargs)
    loss = tf.reduce_sum(tf.square(out))
    grads = tf.gradients(loss, tf.trainable_variables())
    data = np.random.RandomState(0).rand(3, 6, 4)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [session.run([loss, grads], {x: data})[0] for _ in range(3)]


def _dropped(tf, cell, **kwargs):
    return tf.nn.rnn_cell.DropoutWrapper(cell, **kwargs)


def outputs(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    return _losses(tf, _dropped(tf, cell, output_keep_prob=0.5))


def outputs_of_a_known_batch(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    return _losses(tf, _dropped(tf, cell, output_keep_prob=0.5), 3)


def outputs_to_lengths(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    return _losses(
        tf, _dropped(tf, cell, output_keep_prob=0.5), sequence_length=[6, 2, 3]
    )


def inputs(tf):
    cell = tf.nn.rnn_cell.GRUCell(5)
    return _losses(tf, _dropped(tf, cell, input_keep_prob=0.5))


def states(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    return _losses(tf, _dropped(tf, cell, state_keep_prob=0.5))


def everything(tf):
    cell = tf.nn.rnn_cell.GRUCell(5)
    return _losses(
        tf,
        _dropped(
            tf, cell, input_keep_prob=0.5, output_keep_prob=0.5, state_keep_prob=0.5
        ),
    )


def layers(tf):
    rnn = tf.nn.rnn_cell
    cells = [_dropped(tf, rnn.BasicLSTMCell(5), output_keep_prob=0.5) for _ in range(2)]
    return _losses(tf, rnn.MultiRNNCell(cells))


def few_at_a_time(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    return _losses(tf, _dropped(tf, cell, output_keep_prob=0.5), parallel_iterations=4)
