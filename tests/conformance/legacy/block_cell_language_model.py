"""A word model unrolled over LSTMBlockCells, fed by range_input_producer."""

import numpy as np
import tensorflow as tf

BATCH, STEPS, HIDDEN, WORDS = 3, 4, 6, 15


def producer(data, name):
    with tf.name_scope(name):
        data = tf.convert_to_tensor(data, dtype=tf.int32)
        length = tf.size(data) // BATCH
        rows = tf.reshape(data[: BATCH * length], [BATCH, length])
        size = (length - 1) // STEPS
        with tf.control_dependencies([tf.assert_positive(size)]):
            size = tf.identity(size, name="epoch_size")
        i = tf.train.range_input_producer(size, shuffle=False).dequeue()
        x = tf.strided_slice(rows, [0, i * STEPS], [BATCH, (i + 1) * STEPS])
        y = tf.strided_slice(rows, [0, i * STEPS + 1], [BATCH, (i + 1) * STEPS + 1])
        x.set_shape([BATCH, STEPS])
        y.set_shape([BATCH, STEPS])
        return x, y


class Model(object):
    def __init__(self, x, y, training):
        table = tf.get_variable("embedding", [WORDS, HIDDEN])
        inputs = tf.nn.embedding_lookup(table, x)
        if training:
            inputs = tf.nn.dropout(inputs, 0.9)

        def cell():
            made = tf.contrib.rnn.LSTMBlockCell(HIDDEN, forget_bias=0.0)
            if training:
                made = tf.contrib.rnn.DropoutWrapper(made, output_keep_prob=0.9)
            return made

        stacked = tf.contrib.rnn.MultiRNNCell([cell() for _ in range(2)])
        self.initial = state = stacked.zero_state(BATCH, tf.float32)
        outputs = []
        with tf.variable_scope("RNN"):
            for step in range(STEPS):
                if step > 0:
                    tf.get_variable_scope().reuse_variables()
                output, state = stacked(inputs[:, step, :], state)
                outputs.append(output)
        self.final = state
        flat = tf.reshape(tf.concat(outputs, 1), [-1, HIDDEN])
        w = tf.get_variable("softmax_w", [HIDDEN, WORDS])
        b = tf.get_variable("softmax_b", [WORDS])
        logits = tf.reshape(tf.nn.xw_plus_b(flat, w, b), [BATCH, STEPS, WORDS])
        losses = tf.contrib.seq2seq.sequence_loss(
            logits, y, tf.ones([BATCH, STEPS]), average_across_timesteps=False
        )
        self.cost = tf.reduce_sum(losses)
        if training:
            self.lr = tf.Variable(0.0, trainable=False)
            self.new_lr = tf.placeholder(tf.float32, [], name="new_lr")
            self.set_lr = tf.assign(self.lr, self.new_lr)
            variables = tf.trainable_variables()
            grads, _ = tf.clip_by_global_norm(tf.gradients(self.cost, variables), 5.0)
            optimizer = tf.train.GradientDescentOptimizer(self.lr)
            step = tf.train.get_or_create_global_step()
            self.train = optimizer.apply_gradients(zip(grads, variables), step)


words = np.random.RandomState(3).randint(0, WORDS, 100)
with tf.Graph().as_default():
    tf.set_random_seed(12)
    start = tf.random_uniform_initializer(-0.1, 0.1)
    with tf.name_scope("Train"):
        train_data = producer(words, "TrainInput")
        with tf.variable_scope("Model", initializer=start):
            model = Model(*train_data, training=True)
    with tf.name_scope("Valid"):
        valid_data = producer(words[:40], "ValidInput")
        with tf.variable_scope("Model", reuse=True, initializer=start):
            valid = Model(*valid_data, training=False)
    sv = tf.train.Supervisor(logdir=None)
    with sv.managed_session() as session:
        session.run(model.set_lr, {model.new_lr: 1.0})
        state = session.run(model.initial)
        for i in range(5):
            feed = {}
            for layer, (c, h) in enumerate(model.initial):
                feed[c], feed[h] = state[layer].c, state[layer].h
            cost, state, _ = session.run([model.cost, model.final, model.train], feed)
            print("step %d perplexity %.6g" % (i, np.exp(cost / STEPS)))
        print("valid %.6g" % session.run(valid.cost))
