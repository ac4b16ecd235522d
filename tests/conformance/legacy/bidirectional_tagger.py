"""A tagger: bidirectional LSTM with lengths, masked loss, learning rate by placeholder."""

import numpy as np
import tensorflow as tf


class Tagger(object):
    def __init__(self, nwords, ntags, dim=5, hidden=6, clip=1.0):
        self.nwords, self.ntags = nwords, ntags
        self.dim, self.hidden, self.clip = dim, hidden, clip

    def add_placeholders(self):
        self.word_ids = tf.placeholder(tf.int32, shape=[None, None], name="word_ids")
        self.sequence_lengths = tf.placeholder(
            tf.int32, shape=[None], name="sequence_lengths"
        )
        self.labels = tf.placeholder(tf.int32, shape=[None, None], name="labels")
        self.dropout = tf.placeholder(dtype=tf.float32, shape=[], name="dropout")
        self.lr = tf.placeholder(dtype=tf.float32, shape=[], name="lr")

    def add_word_embeddings_op(self):
        with tf.variable_scope("words"):
            vectors = np.linspace(-1, 1, self.nwords * self.dim)
            _word_embeddings = tf.Variable(
                vectors.reshape(self.nwords, self.dim),
                name="_word_embeddings",
                dtype=tf.float32,
                trainable=True,
            )
            word_embeddings = tf.nn.embedding_lookup(
                _word_embeddings, self.word_ids, name="word_embeddings"
            )
        self.word_embeddings = tf.nn.dropout(word_embeddings, self.dropout)

    def add_logits_op(self):
        with tf.variable_scope("bi-lstm"):
            cell_fw = tf.contrib.rnn.LSTMCell(self.hidden)
            cell_bw = tf.contrib.rnn.LSTMCell(self.hidden)
            (output_fw, output_bw), _ = tf.nn.bidirectional_dynamic_rnn(
                cell_fw,
                cell_bw,
                self.word_embeddings,
                sequence_length=self.sequence_lengths,
                dtype=tf.float32,
            )
            output = tf.concat([output_fw, output_bw], axis=-1)
            output = tf.nn.dropout(output, self.dropout)
        with tf.variable_scope("proj"):
            W = tf.get_variable(
                "W", dtype=tf.float32, shape=[2 * self.hidden, self.ntags]
            )
            b = tf.get_variable(
                "b",
                shape=[self.ntags],
                dtype=tf.float32,
                initializer=tf.zeros_initializer(),
            )
            nsteps = tf.shape(output)[1]
            output = tf.reshape(output, [-1, 2 * self.hidden])
            pred = tf.matmul(output, W) + b
            self.logits = tf.reshape(pred, [-1, nsteps, self.ntags])

    def add_loss_op(self):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            logits=self.logits, labels=self.labels
        )
        mask = tf.sequence_mask(self.sequence_lengths)
        losses = tf.boolean_mask(losses, mask)
        self.loss = tf.reduce_mean(losses)
        self.labels_pred = tf.cast(tf.argmax(self.logits, axis=-1), tf.int32)
        tf.summary.scalar("loss", self.loss)

    def add_train_op(self):
        with tf.variable_scope("train_step"):
            optimizer = tf.train.AdagradOptimizer(self.lr)
            grads, vs = zip(*optimizer.compute_gradients(self.loss))
            grads, gnorm = tf.clip_by_global_norm(grads, self.clip)
            self.gnorm = gnorm
            self.train_op = optimizer.apply_gradients(zip(grads, vs))

    def build(self):
        self.add_placeholders()
        self.add_word_embeddings_op()
        self.add_logits_op()
        self.add_loss_op()
        self.add_train_op()
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())
        self.merged = tf.summary.merge_all()
        self.saver = tf.train.Saver()


tf.set_random_seed(4)
rng = np.random.RandomState(4)
model = Tagger(15, 4)
model.build()
for i in range(5):
    feed = {
        model.word_ids: rng.randint(0, 15, (3, 5)),
        model.labels: rng.randint(0, 4, (3, 5)),
        model.sequence_lengths: [5, 3, 1],
        model.dropout: 0.8,
        model.lr: 0.05,
    }
    _, loss, norm = model.sess.run([model.train_op, model.loss, model.gnorm], feed)
    print("batch %d loss %.7g norm %.6g" % (i, loss, norm))
model.sess.close()
