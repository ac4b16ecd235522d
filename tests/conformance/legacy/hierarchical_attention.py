"""Attention over words and over sentences, GRUs in both directions, masks, reuse."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(37)


def length(sequences):
    used = tf.sign(tf.reduce_max(tf.abs(sequences), reduction_indices=2))
    seq_len = tf.reduce_sum(used, reduction_indices=1)
    return tf.cast(seq_len, tf.int32)


class HAN(object):
    def __init__(self, vocab_size, num_classes, embedding_size=4, hidden_size=3):
        self.hidden_size = hidden_size
        with tf.name_scope("placeholder"):
            self.input_x = tf.placeholder(tf.int32, [None, 3, 4], name="input_x")
            self.input_y = tf.placeholder(
                tf.float32, [None, num_classes], name="input_y"
            )
        with tf.name_scope("word2vec"):
            embedding_mat = tf.Variable(
                tf.truncated_normal((vocab_size, embedding_size))
            )
            embedded = tf.nn.embedding_lookup(embedding_mat, self.input_x)
        with tf.name_scope("sent2vec"):
            words = tf.reshape(embedded, [-1, 4, embedding_size])
            encoded = self.BidirectionalGRUEncoder(words, name="word_encoder")
            sent_vec = self.AttentionLayer(encoded, name="word_attention")
        with tf.name_scope("doc2vec"):
            sents = tf.reshape(sent_vec, [-1, 3, hidden_size * 2])
            doc = self.BidirectionalGRUEncoder(sents, name="sent_encoder")
            doc_vec = self.AttentionLayer(doc, name="sent_attention")
        with tf.name_scope("doc_classification"):
            self.out = tf.contrib.layers.fully_connected(
                inputs=doc_vec, num_outputs=num_classes, activation_fn=None
            )

    def BidirectionalGRUEncoder(self, inputs, name):
        with tf.variable_scope(name):
            GRU_cell_fw = tf.contrib.rnn.GRUCell(self.hidden_size)
            GRU_cell_bw = tf.contrib.rnn.GRUCell(self.hidden_size)
            ((fw_outputs, bw_outputs), _) = tf.nn.bidirectional_dynamic_rnn(
                cell_fw=GRU_cell_fw,
                cell_bw=GRU_cell_bw,
                inputs=inputs,
                sequence_length=length(inputs),
                dtype=tf.float32,
            )
            return tf.concat((fw_outputs, bw_outputs), 2)

    def AttentionLayer(self, inputs, name):
        with tf.variable_scope(name):
            u_context = tf.Variable(
                tf.truncated_normal([self.hidden_size * 2]), name="u_context"
            )
            h = tf.contrib.layers.fully_connected(
                inputs, self.hidden_size * 2, activation_fn=tf.nn.tanh
            )
            alpha = tf.nn.softmax(
                tf.reduce_sum(tf.multiply(h, u_context), axis=2, keep_dims=True), dim=1
            )
            return tf.reduce_sum(tf.multiply(inputs, alpha), axis=1)


han = HAN(12, 3)
with tf.name_scope("loss"):
    loss = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits(
            labels=han.input_y, logits=han.out, name="loss"
        )
    )
with tf.name_scope("accuracy"):
    predict = tf.argmax(han.out, axis=1, name="predict")
    acc = tf.reduce_mean(
        tf.cast(tf.equal(predict, tf.argmax(han.input_y, axis=1)), tf.float32)
    )
global_step = tf.Variable(0, trainable=False)
optimizer = tf.train.AdamOptimizer(0.01)
tvars = tf.trainable_variables()
grads, _ = tf.clip_by_global_norm(tf.gradients(loss, tvars), 5)
grads_and_vars = tuple(zip(grads, tvars))
train_op = optimizer.apply_gradients(grads_and_vars, global_step=global_step)

rng = np.random.RandomState(37)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        feed_dict = {
            han.input_x: rng.randint(0, 12, (2, 3, 4)),
            han.input_y: np.eye(3)[rng.randint(0, 3, 2)],
        }
        _, step, cost, accuracy = sess.run(
            [train_op, global_step, loss, acc], feed_dict
        )
        print("step {}, loss {:.7g}, acc {:g}".format(step, cost, accuracy))
