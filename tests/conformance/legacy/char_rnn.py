"""A character model: MultiRNNCell, state fed from step to step, clipped gradients."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn


class Model:
    def __init__(
        self, vocab_size=12, rnn_size=10, num_layers=2, batch=3, seq=6, training=True
    ):
        if not training:
            batch, seq = 1, 1
        cells = []
        for _ in range(num_layers):
            cell = rnn.BasicLSTMCell(rnn_size)
            if training:
                cell = rnn.DropoutWrapper(cell, output_keep_prob=0.9)
            cells.append(cell)
        self.cell = cell = rnn.MultiRNNCell(cells, state_is_tuple=True)

        self.input_data = tf.placeholder(tf.int32, [batch, seq])
        self.targets = tf.placeholder(tf.int32, [batch, seq])
        self.initial_state = cell.zero_state(batch, tf.float32)

        with tf.variable_scope("rnnlm"):
            softmax_w = tf.get_variable("softmax_w", [rnn_size, vocab_size])
            softmax_b = tf.get_variable("softmax_b", [vocab_size])

        embedding = tf.get_variable("embedding", [vocab_size, rnn_size])
        inputs = tf.nn.embedding_lookup(embedding, self.input_data)
        if training:
            inputs = tf.nn.dropout(inputs, 0.8)
        inputs = tf.split(inputs, seq, 1)
        inputs = [tf.squeeze(input_, [1]) for input_ in inputs]

        outputs, last_state = tf.nn.static_rnn(
            cell, inputs, initial_state=self.initial_state, scope="rnnlm"
        )
        output = tf.reshape(tf.concat(outputs, 1), [-1, rnn_size])
        self.logits = tf.matmul(output, softmax_w) + softmax_b
        self.probs = tf.nn.softmax(self.logits)
        loss = tf.contrib.legacy_seq2seq.sequence_loss_by_example(
            [self.logits], [tf.reshape(self.targets, [-1])], [tf.ones([batch * seq])]
        )
        with tf.name_scope("cost"):
            self.cost = tf.reduce_sum(loss) / batch / seq
        self.final_state = last_state
        self.lr = tf.Variable(0.0, trainable=False)
        tvars = tf.trainable_variables()
        grads, _ = tf.clip_by_global_norm(tf.gradients(self.cost, tvars), 5.0)
        with tf.name_scope("optimizer"):
            optimizer = tf.train.AdamOptimizer(self.lr)
        self.train_op = optimizer.apply_gradients(zip(grads, tvars))
        tf.summary.histogram("logits", self.logits)
        tf.summary.scalar("train_loss", self.cost)


def main():
    tf.set_random_seed(99)
    rng = np.random.RandomState(99)
    model = Model()
    summaries = tf.summary.merge_all()
    saver = tf.train.Saver(tf.global_variables(), max_to_keep=3)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.assign(model.lr, 0.02))
        state = sess.run(model.initial_state)
        for b in range(5):
            x = rng.randint(0, 12, (3, 6))
            feed = {model.input_data: x, model.targets: np.roll(x, -1, 1)}
            for i, (c, h) in enumerate(model.initial_state):
                feed[c] = state[i].c
                feed[h] = state[i].h
            summ, loss, state, _ = sess.run(
                [summaries, model.cost, model.final_state, model.train_op], feed
            )
            print("batch %d train_loss = %.7g, bytes %s" % (b, loss, len(summ) > 0))


if __name__ == "__main__":
    main()
