"""Names in sentences: bidirectional LSTMs over words and letters, then a CRF."""

import numpy as np
import tensorflow as tf


class Config:
    dim_word, dim_char, nwords, nchars, ntags = 8, 5, 50, 20, 4
    hidden_size_char, hidden_size_lstm = 4, 6
    use_chars, use_crf = True, True
    lr_method, lr, clip = "adam", 0.01, 5
    train_embeddings = False
    embeddings = np.random.RandomState(0).randn(50, 8).astype(np.float32)


def pad_sequences(sequences, pad_tok, max_length):
    sequence_padded, sequence_length = [], []
    for seq in sequences:
        seq = list(seq)
        sequence_padded += [
            seq[:max_length] + [pad_tok] * max(max_length - len(seq), 0)
        ]
        sequence_length += [min(len(seq), max_length)]
    return sequence_padded, sequence_length


class NERModel(object):
    def __init__(self, config):
        self.config = config

    def add_placeholders(self):
        self.word_ids = tf.placeholder(tf.int32, shape=[None, None], name="word_ids")
        self.sequence_lengths = tf.placeholder(
            tf.int32, shape=[None], name="sequence_lengths"
        )
        self.char_ids = tf.placeholder(
            tf.int32, shape=[None, None, None], name="char_ids"
        )
        self.word_lengths = tf.placeholder(
            tf.int32, shape=[None, None], name="word_lengths"
        )
        self.labels = tf.placeholder(tf.int32, shape=[None, None], name="labels")
        self.dropout = tf.placeholder(dtype=tf.float32, shape=[], name="dropout")
        self.lr = tf.placeholder(dtype=tf.float32, shape=[], name="lr")

    def add_word_embeddings_op(self):
        with tf.variable_scope("words"):
            _word_embeddings = tf.Variable(
                self.config.embeddings,
                name="_word_embeddings",
                dtype=tf.float32,
                trainable=self.config.train_embeddings,
            )
            word_embeddings = tf.nn.embedding_lookup(
                _word_embeddings, self.word_ids, name="word_embeddings"
            )
        with tf.variable_scope("chars"):
            if self.config.use_chars:
                _char_embeddings = tf.get_variable(
                    name="_char_embeddings",
                    dtype=tf.float32,
                    shape=[self.config.nchars, self.config.dim_char],
                )
                char_embeddings = tf.nn.embedding_lookup(
                    _char_embeddings, self.char_ids, name="char_embeddings"
                )
                s = tf.shape(char_embeddings)
                char_embeddings = tf.reshape(
                    char_embeddings, shape=[s[0] * s[1], s[-2], self.config.dim_char]
                )
                word_lengths = tf.reshape(self.word_lengths, shape=[s[0] * s[1]])
                cell_fw = tf.contrib.rnn.LSTMCell(
                    self.config.hidden_size_char, state_is_tuple=True
                )
                cell_bw = tf.contrib.rnn.LSTMCell(
                    self.config.hidden_size_char, state_is_tuple=True
                )
                _output = tf.nn.bidirectional_dynamic_rnn(
                    cell_fw,
                    cell_bw,
                    char_embeddings,
                    sequence_length=word_lengths,
                    dtype=tf.float32,
                )
                _, ((_, output_fw), (_, output_bw)) = _output
                output = tf.concat([output_fw, output_bw], axis=-1)
                output = tf.reshape(
                    output, shape=[s[0], s[1], 2 * self.config.hidden_size_char]
                )
                word_embeddings = tf.concat([word_embeddings, output], axis=-1)
        self.word_embeddings = tf.nn.dropout(word_embeddings, self.dropout)

    def add_logits_op(self):
        with tf.variable_scope("bi-lstm"):
            cell_fw = tf.contrib.rnn.LSTMCell(self.config.hidden_size_lstm)
            cell_bw = tf.contrib.rnn.LSTMCell(self.config.hidden_size_lstm)
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
                "W",
                dtype=tf.float32,
                shape=[2 * self.config.hidden_size_lstm, self.config.ntags],
            )
            b = tf.get_variable(
                "b",
                shape=[self.config.ntags],
                dtype=tf.float32,
                initializer=tf.zeros_initializer(),
            )
            nsteps = tf.shape(output)[1]
            output = tf.reshape(output, [-1, 2 * self.config.hidden_size_lstm])
            pred = tf.matmul(output, W) + b
            self.logits = tf.reshape(pred, [-1, nsteps, self.config.ntags])

    def add_loss_op(self):
        if self.config.use_crf:
            log_likelihood, trans_params = tf.contrib.crf.crf_log_likelihood(
                self.logits, self.labels, self.sequence_lengths
            )
            self.trans_params = trans_params
            self.loss = tf.reduce_mean(-log_likelihood)
        else:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=self.logits, labels=self.labels
            )
            mask = tf.sequence_mask(self.sequence_lengths)
            self.loss = tf.reduce_mean(tf.boolean_mask(losses, mask))
        tf.summary.scalar("loss", self.loss)

    def add_train_op(self, lr_method, lr, loss, clip=-1):
        with tf.variable_scope("train_step"):
            optimizer = {
                "adam": tf.train.AdamOptimizer,
                "adagrad": tf.train.AdagradOptimizer,
                "sgd": tf.train.GradientDescentOptimizer,
                "rmsprop": tf.train.RMSPropOptimizer,
            }[lr_method](lr)
            if clip > 0:
                grads, vs = zip(*optimizer.compute_gradients(loss))
                grads, gnorm = tf.clip_by_global_norm(grads, clip)
                self.train_op = optimizer.apply_gradients(zip(grads, vs))
            else:
                self.train_op = optimizer.minimize(loss)

    def build(self):
        self.add_placeholders()
        self.add_word_embeddings_op()
        self.add_logits_op()
        self.add_loss_op()
        self.add_train_op(self.config.lr_method, self.lr, self.loss, self.config.clip)
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())
        self.saver = tf.train.Saver()

    def predict_batch(self, feed, lengths):
        viterbi_sequences = []
        logits, trans_params = self.sess.run(
            [self.logits, self.trans_params], feed_dict=feed
        )
        for logit, sequence_length in zip(logits, lengths):
            logit = logit[:sequence_length]
            viterbi_seq, viterbi_score = tf.contrib.crf.viterbi_decode(
                logit, trans_params
            )
            viterbi_sequences += [[int(x) for x in viterbi_seq]]
        return viterbi_sequences


tf.set_random_seed(8)
model = NERModel(Config())
model.build()
decoded, best = tf.contrib.crf.crf_decode(
    model.logits, model.trans_params, model.sequence_lengths
)
rng = np.random.RandomState(1)
for i in range(5):
    lens = rng.randint(2, 7, 4)
    words, seq = pad_sequences([rng.randint(1, 50, n) for n in lens], 0, 7)
    labels, _ = pad_sequences([rng.randint(0, 4, n) for n in lens], 0, 7)
    chars = rng.randint(0, 20, (4, 7, 5))
    wl = rng.randint(0, 6, (4, 7))
    fd = {
        model.word_ids: words,
        model.sequence_lengths: seq,
        model.char_ids: chars,
        model.word_lengths: wl,
        model.labels: labels,
        model.lr: 0.01,
        model.dropout: 1.0,
    }
    print("loss %.7g" % model.sess.run(model.loss, fd), model.predict_batch(fd, seq))
    d, b = model.sess.run([decoded, best], fd)
    print(d.tolist(), " ".join("%.6g" % x for x in b))
    fd[model.dropout] = 0.5
    model.sess.run(model.train_op, fd)
