"""Translation with contrib.seq2seq: attention wrapper, training and greedy decoding."""

import numpy as np
import tensorflow as tf
from tensorflow.python.layers.core import Dense

VOCAB, UNITS, EMB, BATCH, GO, EOS = 14, 8, 6, 4, 1, 2
tf.set_random_seed(33)


class Seq2Seq(object):
    def __init__(self):
        self.X = tf.placeholder(tf.int32, [None, None])
        self.Y = tf.placeholder(tf.int32, [None, None])
        self.X_seq_len = tf.placeholder(tf.int32, [None])
        self.Y_seq_len = tf.placeholder(tf.int32, [None])
        batch_size = tf.shape(self.X)[0]

        def lstm_cell(reuse=False):
            return tf.nn.rnn_cell.LSTMCell(
                UNITS, initializer=tf.orthogonal_initializer(), reuse=reuse
            )

        encoder_embeddings = tf.Variable(tf.random_uniform([VOCAB, EMB], -1, 1))
        decoder_embeddings = tf.Variable(tf.random_uniform([VOCAB, EMB], -1, 1))
        encoder_out, encoder_state = tf.nn.dynamic_rnn(
            cell=tf.nn.rnn_cell.MultiRNNCell([lstm_cell() for _ in range(2)]),
            inputs=tf.nn.embedding_lookup(encoder_embeddings, self.X),
            sequence_length=self.X_seq_len,
            dtype=tf.float32,
        )
        main = tf.strided_slice(self.Y, [0, 0], [batch_size, -1], [1, 1])
        decoder_input = tf.concat([tf.fill([batch_size, 1], GO), main], 1)
        attention = tf.contrib.seq2seq.BahdanauAttention(
            num_units=UNITS, memory=encoder_out, memory_sequence_length=self.X_seq_len
        )
        decoder_cell = tf.contrib.seq2seq.AttentionWrapper(
            cell=tf.nn.rnn_cell.MultiRNNCell([lstm_cell() for _ in range(2)]),
            attention_mechanism=attention,
            attention_layer_size=UNITS,
        )
        dense = Dense(VOCAB)
        start = decoder_cell.zero_state(batch_size, tf.float32).clone(
            cell_state=encoder_state
        )
        training_helper = tf.contrib.seq2seq.TrainingHelper(
            inputs=tf.nn.embedding_lookup(decoder_embeddings, decoder_input),
            sequence_length=self.Y_seq_len,
            time_major=False,
        )
        training_output, _, _ = tf.contrib.seq2seq.dynamic_decode(
            decoder=tf.contrib.seq2seq.BasicDecoder(
                decoder_cell, training_helper, start, dense
            ),
            impute_finished=True,
            maximum_iterations=tf.reduce_max(self.Y_seq_len),
        )
        predicting_output, _, _ = tf.contrib.seq2seq.dynamic_decode(
            decoder=tf.contrib.seq2seq.BasicDecoder(
                decoder_cell,
                tf.contrib.seq2seq.GreedyEmbeddingHelper(
                    decoder_embeddings,
                    tf.tile(tf.constant([GO], dtype=tf.int32), [batch_size]),
                    EOS,
                ),
                start,
                dense,
            ),
            impute_finished=True,
            maximum_iterations=6,
        )
        self.training_logits = training_output.rnn_output
        self.predicting_ids = predicting_output.sample_id
        masks = tf.sequence_mask(
            self.Y_seq_len, tf.reduce_max(self.Y_seq_len), dtype=tf.float32
        )
        self.cost = tf.contrib.seq2seq.sequence_loss(
            logits=self.training_logits, targets=self.Y, weights=masks
        )
        self.optimizer = tf.train.AdamOptimizer(0.01).minimize(self.cost)


model = Seq2Seq()
rng = np.random.RandomState(33)
sess = tf.InteractiveSession()
sess.run(tf.global_variables_initializer())
for epoch in range(5):
    feed = {
        model.X: rng.randint(3, VOCAB, (BATCH, 5)),
        model.Y: rng.randint(3, VOCAB, (BATCH, 4)),
        model.X_seq_len: [5, 4, 3, 5],
        model.Y_seq_len: [4, 3, 4, 2],
    }
    loss, ids, _ = sess.run([model.cost, model.predicting_ids, model.optimizer], feed)
    print("epoch %d, avg loss: %.7g %s" % (epoch, loss, ids.shape))
sess.close()
