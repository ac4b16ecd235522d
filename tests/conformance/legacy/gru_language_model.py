"""A language model in the PTB style: two graphs sharing by scope, GRU, learning decay."""

from __future__ import absolute_import, division, print_function

import numpy as np
import tensorflow as tf


class Config(object):
    init_scale = 0.1
    learning_rate = 1.0
    max_grad_norm = 5
    num_layers = 2
    num_steps = 4
    hidden_size = 7
    keep_prob = 0.9
    batch_size = 3
    vocab_size = 13


class PTBModel(object):
    def __init__(self, is_training, config):
        batch_size, num_steps = config.batch_size, config.num_steps
        size, vocab_size = config.hidden_size, config.vocab_size
        self._input_data = tf.placeholder(tf.int32, [batch_size, num_steps])
        self._targets = tf.placeholder(tf.int32, [batch_size, num_steps])

        def gru_cell():
            cell = tf.contrib.rnn.GRUCell(size, reuse=tf.get_variable_scope().reuse)
            if is_training and config.keep_prob < 1:
                return tf.contrib.rnn.DropoutWrapper(
                    cell, output_keep_prob=config.keep_prob
                )
            return cell

        cell = tf.contrib.rnn.MultiRNNCell(
            [gru_cell() for _ in range(config.num_layers)], state_is_tuple=True
        )
        self._initial_state = cell.zero_state(batch_size, tf.float32)
        with tf.device("/cpu:0"):
            embedding = tf.get_variable(
                "embedding", [vocab_size, size], dtype=tf.float32
            )
            inputs = tf.nn.embedding_lookup(embedding, self._input_data)
        if is_training and config.keep_prob < 1:
            inputs = tf.nn.dropout(inputs, config.keep_prob)

        outputs = []
        state = self._initial_state
        with tf.variable_scope("RNN"):
            for time_step in range(num_steps):
                if time_step > 0:
                    tf.get_variable_scope().reuse_variables()
                (cell_output, state) = cell(inputs[:, time_step, :], state)
                outputs.append(cell_output)
        output = tf.reshape(tf.concat(outputs, 1), [-1, size])
        softmax_w = tf.get_variable("softmax_w", [size, vocab_size], dtype=tf.float32)
        softmax_b = tf.get_variable("softmax_b", [vocab_size], dtype=tf.float32)
        logits = tf.matmul(output, softmax_w) + softmax_b
        logits = tf.reshape(logits, [batch_size, num_steps, vocab_size])
        loss = tf.contrib.seq2seq.sequence_loss(
            logits,
            self._targets,
            tf.ones([batch_size, num_steps], dtype=tf.float32),
            average_across_timesteps=False,
            average_across_batch=True,
        )
        self._cost = cost = tf.reduce_sum(loss)
        self._final_state = state
        if not is_training:
            return
        self._lr = tf.Variable(0.0, trainable=False)
        tvars = tf.trainable_variables()
        grads, _ = tf.clip_by_global_norm(
            tf.gradients(cost, tvars), config.max_grad_norm
        )
        optimizer = tf.train.GradientDescentOptimizer(self._lr)
        self._train_op = optimizer.apply_gradients(
            zip(grads, tvars),
            global_step=tf.contrib.framework.get_or_create_global_step(),
        )
        self._new_lr = tf.placeholder(tf.float32, shape=[], name="new_learning_rate")
        self._lr_update = tf.assign(self._lr, self._new_lr)


def run_epoch(session, model, eval_op, data):
    costs, state = [], session.run(model._initial_state)
    for x, y in data:
        feed_dict = {model._input_data: x, model._targets: y}
        for i, h in enumerate(model._initial_state):
            feed_dict[h] = state[i]
        cost, state, _ = session.run(
            [model._cost, model._final_state, eval_op], feed_dict
        )
        costs.append(cost)
    return costs


config = Config()
with tf.Graph().as_default():
    tf.set_random_seed(77)
    initializer = tf.random_uniform_initializer(-config.init_scale, config.init_scale)
    with tf.name_scope("Train"):
        with tf.variable_scope("Model", reuse=None, initializer=initializer):
            m = PTBModel(is_training=True, config=config)
        tf.summary.scalar("Training Loss", m._cost)
        tf.summary.scalar("Learning Rate", m._lr)
    with tf.name_scope("Valid"):
        with tf.variable_scope("Model", reuse=True, initializer=initializer):
            mvalid = PTBModel(is_training=False, config=config)
    rng = np.random.RandomState(7)
    data = [
        (w, np.roll(w, -1, 1)) for w in (rng.randint(0, 13, (3, 4)) for _ in range(5))
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(m._lr_update, feed_dict={m._new_lr: config.learning_rate})
        for i, cost in enumerate(run_epoch(session, m, m._train_op, data)):
            print("%d cost %.7g" % (i, cost))
        valid = run_epoch(session, mvalid, tf.no_op(), data[:2])
        print("Valid Perplexity: %.6g" % np.exp(np.sum(valid) / 8))
