"""A pointer network by raw_rnn, and a memory that is read and written."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(61)
rng = np.random.RandomState(61)
B, T, H = 3, 5, 6
enc_in = tf.placeholder(tf.float32, [B, T, 2])
tgt = tf.placeholder(tf.int32, [B, T])
with tf.variable_scope("encoder"):
    emb = tf.layers.conv1d(enc_in, H, 1, padding="VALID")
    outs, st = tf.nn.dynamic_rnn(
        tf.contrib.rnn.LSTMCell(
            H,
            initializer=tf.random_uniform_initializer(-0.08, 0.08),
            state_is_tuple=True,
        ),
        emb,
        dtype=tf.float32,
    )
with tf.variable_scope("decoder") as scope:
    cell = tf.contrib.rnn.LSTMCell(H)
    first = tf.get_variable(
        "first_decoder_input",
        [1, H],
        initializer=tf.truncated_normal_initializer(stddev=0.02),
    )
    v = tf.get_variable("v", [H])
    W1 = tf.get_variable("W1", [1, H, H])
    W2 = tf.get_variable("W2", [H, H])
    enc_f = tf.nn.conv1d(outs, W1, 1, "VALID")
    idx_base = tf.expand_dims(tf.range(B), 1)
    mask0 = tf.zeros([B, T])

    def attend(q, mask):
        u = tf.reduce_sum(
            v * tf.tanh(enc_f + tf.expand_dims(tf.matmul(q, W2), 1)), [-1]
        )
        return u - 1e8 * mask

    def loop_fn(time, cell_output, cell_state, loop_state):
        if cell_output is None:
            nxt, cs, mask, emit = tf.tile(first, [B, 1]), st, mask0, tf.zeros([T])
        else:
            lg = attend(cell_output, loop_state)
            cs = cell_state
            emit = lg
            pick = tf.gather(tf.transpose(tgt), tf.minimum(time - 1, T - 1))
            nxt = tf.gather_nd(emb, tf.concat([idx_base, tf.expand_dims(pick, 1)], 1))
            mask = loop_state + tf.one_hot(pick, T)
        return tf.fill([B], time >= T), nxt, cs, emit, mask

    ta, final, _ = tf.nn.raw_rnn(cell, loop_fn)
    logits = tf.transpose(ta.stack(), [1, 0, 2])
loss = tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=tgt)
)
reward = tf.reduce_mean(
    tf.sqrt(
        tf.reduce_sum(
            tf.square(
                tf.gather_nd(enc_in, tf.stack([tf.tile(idx_base, [1, T]), tgt], 2))
            ),
            -1,
        )
    )
)


class NTMCell(object):
    def __init__(self, n, m):
        self.n, self.m, self.c = n, m, tf.contrib.rnn.BasicRNNCell(5)

    def __call__(self, x, prev, reuse):
        with tf.variable_scope("ntm", reuse=reuse):
            h, cst = self.c(tf.concat([x, prev["r"]], 1), prev["c"])
            with tf.variable_scope("head"):
                p = tf.contrib.layers.fully_connected(
                    h,
                    self.m + 1 + 1 + 3 + 1 + 2 * self.m,
                    activation_fn=None,
                    weights_initializer=tf.random_normal_initializer(stddev=0.5),
                    scope="p",
                )
            k, beta, g, s, gamma, er, ad = tf.split(
                p, [self.m, 1, 1, 3, 1, self.m, self.m], axis=1
            )
            k = tf.tanh(k)
            M = prev["M"]
            cos = tf.squeeze(tf.matmul(M, tf.expand_dims(k, 2)), 2) / (
                tf.norm(M, axis=2) * tf.norm(k, axis=1, keepdims=True) + 1e-8
            )
            wc = tf.nn.softmax(tf.nn.softplus(beta) * cos)
            g = tf.sigmoid(g)
            wg = g * wc + (1 - g) * prev["w"]
            s = tf.nn.softmax(s)
            ws = sum(
                tf.expand_dims(s[:, j], 1)
                * tf.concat([wg[:, (j - 1) % self.n :], wg[:, : (j - 1) % self.n]], 1)
                for j in range(3)
            )
            wp = tf.pow(ws + 1e-8, tf.nn.softplus(gamma) + 1)
            w = wp / tf.reduce_sum(wp, 1, keepdims=True)
            r = tf.reduce_sum(tf.expand_dims(w, 2) * M, 1)
            M = M * (
                1 - tf.matmul(tf.expand_dims(w, 2), tf.expand_dims(tf.sigmoid(er), 1))
            ) + tf.matmul(tf.expand_dims(w, 2), tf.expand_dims(tf.tanh(ad), 1))
            return tf.layers.dense(tf.concat([h, r], 1), 2, tf.sigmoid, name="o"), {
                "r": r,
                "c": cst,
                "M": M,
                "w": w,
            }


ntm = NTMCell(6, 4)
state = {
    "r": tf.zeros([B, 4]),
    "c": ntm.c.zero_state(B, tf.float32),
    "M": tf.fill([B, 6, 4], 0.1) + tf.reshape(tf.linspace(0.0, 0.2, 24), [1, 6, 4]),
    "w": tf.one_hot(tf.zeros([B], tf.int32), 6),
}
os_ = []
for t, x in enumerate(tf.unstack(enc_in, axis=1)):
    o, state = ntm(x, state, t > 0)
    os_.append(o)
nl = tf.losses.mean_squared_error(enc_in, tf.stack(os_, 1))
gs = tf.Variable(0, trainable=False, name="gs")
lr = tf.train.natural_exp_decay(0.05, gs, 2, 0.3)
opt = tf.contrib.layers.optimize_loss(
    loss + nl, gs, lr, "Adam", clip_gradients=2.0, summaries=["loss", "gradient_norm"]
)
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    for i in range(5):
        f = {
            enc_in: rng.rand(B, T, 2),
            tgt: np.array([rng.permutation(T) for _ in range(B)]),
        }
        a, b, c = s.run([loss, nl, reward], f)
        s.run(opt, f)
        print("%.6g %.6g %.6g" % (a, b, c))
