"""Towers of a fused LSTM with CTC: beams, edit distances and averaged gradients."""

import numpy as np
import tensorflow as tf


def variable_on_cpu(name, shape, initializer):
    with tf.device("/cpu:0"):
        return tf.get_variable(name=name, shape=shape, initializer=initializer)


def dense(name, x, units, dropout_rate=None, relu=True):
    with tf.variable_scope(name):
        bias = variable_on_cpu("bias", [units], tf.zeros_initializer())
        weights = variable_on_cpu(
            "weights", [x.shape[-1], units], tf.contrib.layers.xavier_initializer()
        )
    o = tf.nn.bias_add(tf.matmul(x, weights), bias)
    if relu:
        o = tf.minimum(tf.nn.relu(o), 20.0)
    return tf.nn.dropout(o, rate=dropout_rate) if dropout_rate is not None else o


def rnn_impl_lstmblockfusedcell(x, seq_length, reuse):
    with tf.variable_scope("cudnn_lstm/rnn/multi_rnn_cell/cell_0"):
        return tf.contrib.rnn.LSTMBlockFusedCell(
            5, forget_bias=0, reuse=reuse, name="cudnn_compatible_lstm_cell"
        )(inputs=x, dtype=tf.float32, sequence_length=seq_length, initial_state=None)


def create_overlapping_windows(x, c=1, n_in=4):
    w = 2 * c + 1
    eye = tf.constant(np.eye(w * n_in).reshape(w, n_in, w * n_in), tf.float32)
    x = tf.nn.conv1d(x, eye, stride=1, padding="SAME")
    return tf.reshape(x, [2, -1, w, n_in])


def model(x, seq_length, reuse):
    x = create_overlapping_windows(x)
    x = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [-1, 12])
    l = dense("layer_1", x, 6, 0.05)
    l = dense("layer_2", l, 6)
    l = tf.reshape(l, [-1, 2, 6])
    o, st = rnn_impl_lstmblockfusedcell(l, seq_length, reuse)
    o = tf.reshape(o, [-1, 5])
    return tf.reshape(
        dense("layer_6", dense("layer_5", o, 6), 5, relu=False),
        [-1, 2, 5],
        name="raw_logits",
    )


def average_gradients(towers):
    with tf.device("/cpu:0"):
        return [
            (
                tf.reduce_mean(
                    tf.concat([tf.expand_dims(g, 0) for g, _ in pairs], 0), 0
                ),
                pairs[0][1],
            )
            for pairs in zip(*towers)
        ]


tf.set_random_seed(62)
rng = np.random.RandomState(62)
X = [rng.randn(2, 9, 4).astype("float32") for _ in range(2)]
L = tf.placeholder(tf.int32, [2])
Y = [
    tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant(v), [2, 2])
    for v in ([0, 1, 2], [3, 3, 0])
]
opt = tf.train.AdamOptimizer(0.01, beta1=0.9, beta2=0.999, epsilon=1e-8)
tg, tl, dist, outs = [], [], [], []
with tf.variable_scope(tf.get_variable_scope()):
    for i in range(2):
        with tf.device("/cpu:0"), tf.name_scope("tower_%d" % i) as scope:
            lg = model(tf.constant(X[i]), L, i > 0)
            total = tf.nn.ctc_loss(labels=Y[i], inputs=lg, sequence_length=L)
            dec, lp = tf.nn.ctc_beam_search_decoder(
                lg, L, beam_width=8, merge_repeated=False
            )
            dist.append(tf.edit_distance(tf.cast(dec[0], tf.int32), Y[i]))
            outs.append(tf.sparse_tensor_to_dense(dec[0], -1))
            tf.get_variable_scope().reuse_variables()
            gv = opt.compute_gradients(tf.reduce_mean(total))
            tg.append(gv)
            tl.append(tf.reduce_mean(total))
avg = tf.reduce_mean(tf.stack(tl))
gs = tf.train.get_or_create_global_step()
for g, v in average_gradients(tg):
    tf.summary.histogram(name="%s/gradients" % v.op.name, values=g)
app = opt.apply_gradients(average_gradients(tg), global_step=gs)
print([v.name for v in tf.trainable_variables()])
with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as s:
    s.run(tf.global_variables_initializer())
    for i in range(5):
        a, d = s.run([avg, dist], {L: [9, 7]})
        s.run(app, {L: [9, 7]})
        print("%.6g" % a)
    print(s.run(outs, {L: [9, 7]})[0].shape[0])
