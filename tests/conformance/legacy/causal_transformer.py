"""A transformer: shared embeddings, causal masks by linear operators, smoothed labels."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(21)
np.random.seed(21)


def ln(inputs, epsilon=1e-8, scope="ln"):
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        params_shape = inputs.get_shape()[-1:]
        mean, variance = tf.nn.moments(inputs, [-1], keep_dims=True)
        beta = tf.get_variable("beta", params_shape, initializer=tf.zeros_initializer())
        gamma = tf.get_variable(
            "gamma", params_shape, initializer=tf.ones_initializer()
        )
        return gamma * (inputs - mean) / ((variance + epsilon) ** (0.5)) + beta


def get_token_embeddings(vocab_size, num_units, zero_pad=True):
    with tf.variable_scope("shared_weight_matrix"):
        e = tf.get_variable(
            "weight_mat",
            dtype=tf.float32,
            shape=(vocab_size, num_units),
            initializer=tf.contrib.layers.xavier_initializer(),
        )
        if zero_pad:
            e = tf.concat((tf.zeros(shape=[1, num_units]), e[1:, :]), 0)
    return e


def mask(inputs, key_masks=None, type=None):
    padding_num = -(2**32) + 1
    if type in ("k", "key", "keys"):
        key_masks = tf.to_float(key_masks)
        key_masks = tf.tile(
            key_masks, [tf.shape(inputs)[0] // tf.shape(key_masks)[0], 1]
        )
        key_masks = tf.expand_dims(key_masks, 1)
        return inputs + key_masks * padding_num
    diag_vals = tf.ones_like(inputs[0, :, :])
    tril = tf.linalg.LinearOperatorLowerTriangular(diag_vals).to_dense()
    future = tf.tile(tf.expand_dims(tril, 0), [tf.shape(inputs)[0], 1, 1])
    return tf.where(tf.equal(future, 0), tf.ones_like(future) * padding_num, inputs)


def sdpa(
    Q,
    K,
    V,
    key_masks,
    causality=False,
    dropout_rate=0.0,
    training=True,
    scope="scaled_dot_product_attention",
):
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        d_k = Q.get_shape().as_list()[-1]
        o = tf.matmul(Q, tf.transpose(K, [0, 2, 1]))
        o /= d_k**0.5
        o = mask(o, key_masks=key_masks, type="key")
        if causality:
            o = mask(o, type="future")
        o = tf.nn.softmax(o)
        attention = tf.transpose(o, [0, 2, 1])
        tf.summary.image("attention", tf.expand_dims(attention[:1], -1))
        return tf.matmul(tf.layers.dropout(o, rate=dropout_rate, training=training), V)


def mha(
    q, k, v, km, heads=2, causality=False, training=True, scope="multihead_attention"
):
    d = q.get_shape().as_list()[-1]
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        Q, K, V = [tf.layers.dense(t, d, use_bias=True) for t in (q, k, v)]
        Q_, K_, V_ = [tf.concat(tf.split(t, heads, axis=2), axis=0) for t in (Q, K, V)]
        o = sdpa(Q_, K_, V_, km, causality, 0.1, training)
        o = tf.concat(tf.split(o, heads, axis=0), axis=2)
        o += q
        return ln(o)


def ff(x, units, scope="positionwise_feedforward"):
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        return ln(
            tf.layers.dense(
                tf.layers.dense(x, units[0], activation=tf.nn.relu), units[1]
            )
            + x
        )


def label_smoothing(inputs, epsilon=0.1):
    return ((1 - epsilon) * inputs) + (epsilon / inputs.get_shape().as_list()[-1])


def positional_encoding(inputs, maxlen, masking=True, scope="positional_encoding"):
    E = inputs.get_shape().as_list()[-1]
    N, T = tf.shape(inputs)[0], tf.shape(inputs)[1]
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        ind = tf.tile(tf.expand_dims(tf.range(T), 0), [N, 1])
        pe = np.array(
            [
                [pos / np.power(10000, (i - i % 2) / E) for i in range(E)]
                for pos in range(maxlen)
            ]
        )
        pe[:, 0::2] = np.sin(pe[:, 0::2])
        pe[:, 1::2] = np.cos(pe[:, 1::2])
        out = tf.nn.embedding_lookup(tf.convert_to_tensor(pe, tf.float32), ind)
        if masking:
            out = tf.where(tf.equal(inputs, 0), inputs, out)
        return tf.to_float(out)


def noam_scheme(init_lr, global_step, warmup_steps=4.0):
    step = tf.cast(global_step + 1, dtype=tf.float32)
    return (
        init_lr * warmup_steps**0.5 * tf.minimum(step * warmup_steps**-1.5, step**-0.5)
    )


x = tf.placeholder(tf.int32, [None, None])
dec = tf.placeholder(tf.int32, [None, None])
y = tf.placeholder(tf.int32, [None, None])
emb = get_token_embeddings(12, 6)
with tf.variable_scope("encoder", reuse=tf.AUTO_REUSE):
    sm = tf.math.equal(x, 0)
    enc = tf.nn.embedding_lookup(emb, x)
    enc *= 6**0.5
    enc += positional_encoding(enc, 10)
    enc = tf.layers.dropout(enc, 0.1, training=True)
    for i in range(2):
        with tf.variable_scope("num_blocks_{}".format(i), reuse=tf.AUTO_REUSE):
            enc = ff(mha(enc, enc, enc, sm), [8, 6])
with tf.variable_scope("decoder", reuse=tf.AUTO_REUSE):
    tm = tf.math.equal(dec, 0)
    d = tf.nn.embedding_lookup(emb, dec)
    d *= 6**0.5
    d += positional_encoding(d, 10)
    with tf.variable_scope("num_blocks_0", reuse=tf.AUTO_REUSE):
        d = mha(d, d, d, tm, causality=True, scope="self_attention")
        d = mha(d, enc, enc, sm, scope="vanilla_attention")
        d = ff(d, [8, 6])
logits = tf.einsum("ntd,dk->ntk", d, tf.transpose(emb))
y_ = label_smoothing(tf.one_hot(y, depth=12))
ce = tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=y_)
nonpadding = tf.to_float(tf.not_equal(y, 0))
loss = tf.reduce_sum(ce * nonpadding) / (tf.reduce_sum(nonpadding) + 1e-7)
global_step = tf.train.get_or_create_global_step()
lr = noam_scheme(0.01, global_step)
train_op = tf.train.AdamOptimizer(lr).minimize(loss, global_step=global_step)
tf.summary.scalar("lr", lr)
tf.summary.scalar("loss", loss)
tf.summary.scalar("global_step", global_step)
summaries = tf.summary.merge_all()
sizes = [np.prod([int(d) for d in v.shape]) for v in tf.global_variables()]
print("total params:", int(sum(sizes)))
print(logits, y_, loss, sep="\n")
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {
        x: np.random.randint(0, 12, (2, 5)),
        dec: np.random.randint(0, 12, (2, 4)),
        y: np.random.randint(0, 12, (2, 4)),
    }
    for i in range(5):
        _, l, g, s = sess.run([train_op, loss, global_step, lr], feed)
        print(g, "%.6g %.6g" % (l, s))
