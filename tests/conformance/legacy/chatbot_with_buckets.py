"""Chatbot with buckets: tf.contrib.legacy_seq2seq, sampled softmax, attention (2016 translate tutorial style)."""

import math

import numpy as np
import tensorflow as tf

BUCKETS = [(4, 5), (6, 8)]
_GO, _PAD, _EOS = 1, 0, 2


class ChatBotModel(object):
    def __init__(self, forward_only, batch_size, vocab=40, hidden=10, num_samples=8):
        self.fw_only, self.batch_size, self.vocab, self.hidden, self.num_samples = (
            forward_only,
            batch_size,
            vocab,
            hidden,
            num_samples,
        )

    def _create_placeholders(self):
        self.encoder_inputs = [
            tf.placeholder(tf.int32, shape=[None], name="encoder{}".format(i))
            for i in range(BUCKETS[-1][0])
        ]
        self.decoder_inputs = [
            tf.placeholder(tf.int32, shape=[None], name="decoder{}".format(i))
            for i in range(BUCKETS[-1][1] + 1)
        ]
        self.decoder_masks = [
            tf.placeholder(tf.float32, shape=[None], name="mask{}".format(i))
            for i in range(BUCKETS[-1][1] + 1)
        ]
        self.targets = self.decoder_inputs[1:]

    def _inference(self):
        w = tf.get_variable("proj_w", [self.hidden, self.vocab])
        b = tf.get_variable("proj_b", [self.vocab])
        self.output_projection = (w, b)

        def sampled_loss(labels, logits):
            labels = tf.reshape(labels, [-1, 1])
            return tf.nn.sampled_softmax_loss(
                weights=tf.transpose(w),
                biases=b,
                inputs=logits,
                labels=labels,
                num_sampled=self.num_samples,
                num_classes=self.vocab,
            )

        self.softmax_loss_function = sampled_loss
        single_cell = tf.contrib.rnn.GRUCell(self.hidden)
        self.cell = tf.contrib.rnn.MultiRNNCell(
            [tf.contrib.rnn.GRUCell(self.hidden) for _ in range(2)]
        )

    def _create_loss(self):
        def _seq2seq_f(encoder_inputs, decoder_inputs, do_decode):

            tf.contrib.rnn.GRUCell.__deepcopy__ = lambda self, _: self
            tf.contrib.rnn.MultiRNNCell.__deepcopy__ = lambda self, _: self
            try:
                return tf.contrib.legacy_seq2seq.embedding_attention_seq2seq(
                    encoder_inputs,
                    decoder_inputs,
                    self.cell,
                    num_encoder_symbols=self.vocab,
                    num_decoder_symbols=self.vocab,
                    embedding_size=self.hidden,
                    output_projection=self.output_projection,
                    feed_previous=do_decode,
                )
            finally:
                del (
                    tf.contrib.rnn.GRUCell.__deepcopy__,
                    tf.contrib.rnn.MultiRNNCell.__deepcopy__,
                )

        self.outputs, self.losses = tf.contrib.legacy_seq2seq.model_with_buckets(
            self.encoder_inputs,
            self.decoder_inputs,
            self.targets,
            self.decoder_masks,
            BUCKETS,
            lambda x, y: _seq2seq_f(x, y, self.fw_only),
            softmax_loss_function=self.softmax_loss_function,
        )

    def _create_optimizer(self):
        with tf.variable_scope("training") as scope:
            self.global_step = tf.Variable(
                0, dtype=tf.int32, trainable=False, name="global_step"
            )
            self.lr = tf.Variable(0.5, trainable=False, dtype=tf.float32)
            self.decay = self.lr.assign(self.lr * 0.99)
            self.optimizer = tf.train.GradientDescentOptimizer(self.lr)
            trainables = tf.trainable_variables()
            self.gradient_norms, self.train_ops = [], []
            for bucket in range(len(BUCKETS)):
                clipped_grads, norm = tf.clip_by_global_norm(
                    tf.gradients(self.losses[bucket], trainables), 5.0
                )
                self.gradient_norms.append(norm)
                self.train_ops.append(
                    self.optimizer.apply_gradients(
                        zip(clipped_grads, trainables), global_step=self.global_step
                    )
                )

    def build_graph(self):
        self._create_placeholders()
        self._inference()
        self._create_loss()
        self._create_optimizer()


def batch_of(bucket, size, rng):
    enc, dec = BUCKETS[bucket]
    e, d, m = [], [], []
    for _ in range(size):
        n = rng.randint(1, enc)
        words = rng.randint(3, 40, n).tolist()
        e.append(list(reversed(words + [_PAD] * (enc - n))))
        k = rng.randint(1, dec - 1)
        target = [_GO] + rng.randint(3, 40, k).tolist() + [_EOS]
        d.append((target + [_PAD] * (dec + 1 - len(target)))[: dec + 1])
        m.append([1.0 if i + 1 < len(target) else 0.0 for i in range(dec)] + [0.0])
    return np.array(e).T, np.array(d).T, np.array(m).T


def run_step(sess, model, e, d, m, bucket):
    enc, dec = BUCKETS[bucket]
    feed = {}
    for step in range(enc):
        feed[model.encoder_inputs[step].name] = e[step]
    for step in range(dec):
        feed[model.decoder_inputs[step].name] = d[step]
        feed[model.decoder_masks[step].name] = m[step]
    feed[model.decoder_inputs[dec].name] = np.zeros([e.shape[1]], dtype=np.int32)
    return sess.run(
        [model.train_ops[bucket], model.gradient_norms[bucket], model.losses[bucket]],
        feed,
    )


def main():
    tf.set_random_seed(2)
    rng = np.random.RandomState(2)
    model = ChatBotModel(False, 4)
    model.build_graph()
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(4):
            bucket = i % 2
            _, norm, loss = run_step(
                sess, model, *batch_of(bucket, 4, rng), bucket=bucket
            )
            print(
                "Iter {}: bucket {} norm {:.5f} loss {:.5f} ppx {:.4f}".format(
                    i, bucket, norm, loss, math.exp(min(loss, 10))
                )
            )
        sess.run(model.decay)
        print(model.lr.eval(), model.global_step.eval())


if __name__ == "__main__":
    main()
