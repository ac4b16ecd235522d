"""The transformer with masks of padding and of the future, label smoothing, warm-up."""

from __future__ import print_function

import numpy as np
import tensorflow as tf


def normalize(inputs, epsilon=1e-8, scope="ln", reuse=None):
    with tf.variable_scope(scope, reuse=reuse):
        params_shape = inputs.get_shape()[-1:]
        mean, variance = tf.nn.moments(inputs, [-1], keep_dims=True)
        beta = tf.Variable(tf.zeros(params_shape) + 0.1)
        gamma = tf.Variable(tf.ones(params_shape))
        normalized = (inputs - mean) / ((variance + epsilon) ** (0.5))
        return gamma * normalized + beta


def embedding(
    inputs,
    vocab_size,
    num_units,
    zero_pad=True,
    scale=True,
    scope="embedding",
    reuse=None,
):
    with tf.variable_scope(scope, reuse=reuse):
        lookup_table = tf.get_variable(
            "lookup_table",
            dtype=tf.float32,
            shape=[vocab_size, num_units],
            initializer=tf.contrib.layers.xavier_initializer(),
        )
        if zero_pad:
            lookup_table = tf.concat(
                (tf.zeros(shape=[1, num_units]), lookup_table[1:, :]), 0
            )
        outputs = tf.nn.embedding_lookup(lookup_table, inputs)
        if scale:
            outputs = outputs * (num_units**0.5)
    return outputs


def multihead_attention(
    queries,
    keys,
    num_units=None,
    num_heads=2,
    dropout_rate=0.0,
    is_training=True,
    causality=False,
    scope="attention",
    reuse=None,
):
    with tf.variable_scope(scope, reuse=reuse):
        if num_units is None:
            num_units = queries.get_shape().as_list()[-1]
        Q = tf.layers.dense(queries, num_units, activation=tf.nn.relu)
        K = tf.layers.dense(keys, num_units, activation=tf.nn.relu)
        V = tf.layers.dense(keys, num_units, activation=tf.nn.relu)
        Q_ = tf.concat(tf.split(Q, num_heads, axis=2), axis=0)
        K_ = tf.concat(tf.split(K, num_heads, axis=2), axis=0)
        V_ = tf.concat(tf.split(V, num_heads, axis=2), axis=0)
        outputs = tf.matmul(Q_, tf.transpose(K_, [0, 2, 1]))
        outputs = outputs / (K_.get_shape().as_list()[-1] ** 0.5)
        key_masks = tf.sign(tf.abs(tf.reduce_sum(keys, axis=-1)))
        key_masks = tf.tile(key_masks, [num_heads, 1])
        key_masks = tf.tile(tf.expand_dims(key_masks, 1), [1, tf.shape(queries)[1], 1])
        paddings = tf.ones_like(outputs) * (-(2**32) + 1)
        outputs = tf.where(tf.equal(key_masks, 0), paddings, outputs)
        if causality:
            diag_vals = tf.ones_like(outputs[0, :, :])
            tril = tf.matrix_band_part(diag_vals, -1, 0)
            masks = tf.tile(tf.expand_dims(tril, 0), [tf.shape(outputs)[0], 1, 1])
            paddings = tf.ones_like(masks) * (-(2**32) + 1)
            outputs = tf.where(tf.equal(masks, 0), paddings, outputs)
        outputs = tf.nn.softmax(outputs)
        query_masks = tf.sign(tf.abs(tf.reduce_sum(queries, axis=-1)))
        query_masks = tf.tile(query_masks, [num_heads, 1])
        query_masks = tf.tile(
            tf.expand_dims(query_masks, -1), [1, 1, tf.shape(keys)[1]]
        )
        outputs *= query_masks
        outputs = tf.layers.dropout(
            outputs, rate=dropout_rate, training=tf.convert_to_tensor(is_training)
        )
        outputs = tf.matmul(outputs, V_)
        outputs = tf.concat(tf.split(outputs, num_heads, axis=0), axis=2)
        outputs += queries
        return normalize(outputs)


def feedforward(inputs, num_units, scope="multihead_attention", reuse=None):
    with tf.variable_scope(scope, reuse=reuse):
        params = {
            "inputs": inputs,
            "filters": num_units[0],
            "kernel_size": 1,
            "activation": tf.nn.relu,
            "use_bias": True,
        }
        outputs = tf.layers.conv1d(**params)
        params = {
            "inputs": outputs,
            "filters": num_units[1],
            "kernel_size": 1,
            "activation": None,
            "use_bias": True,
        }
        outputs = tf.layers.conv1d(**params)
        outputs += inputs
        return normalize(outputs)


def label_smoothing(inputs, epsilon=0.1):
    K = inputs.get_shape().as_list()[-1]
    return ((1 - epsilon) * inputs) + (epsilon / K)


tf.set_random_seed(19)
x = tf.placeholder(tf.int32, shape=(None, 5))
y = tf.placeholder(tf.int32, shape=(None, 4))
decoder_inputs = tf.concat((tf.ones_like(y[:, :1]) * 2, y[:, :-1]), -1)
with tf.variable_scope("encoder"):
    enc = embedding(x, 12, 8, scope="enc_embed")
    positions = tf.tile(
        tf.expand_dims(tf.range(tf.shape(x)[1]), 0), [tf.shape(x)[0], 1]
    )
    enc += embedding(positions, 5, 8, zero_pad=False, scale=False, scope="enc_pe")
    enc = tf.layers.dropout(enc, rate=0.1, training=tf.convert_to_tensor(True))
    for i in range(2):
        with tf.variable_scope("num_blocks_{}".format(i)):
            enc = multihead_attention(enc, enc, 8, 2, 0.1, True)
            enc = feedforward(enc, num_units=[16, 8])
with tf.variable_scope("decoder"):
    dec = embedding(decoder_inputs, 12, 8, scope="dec_embed")
    for i in range(1):
        with tf.variable_scope("num_blocks_{}".format(i)):
            dec = multihead_attention(dec, dec, 8, 2, 0.1, True, True, "self_attention")
            dec = multihead_attention(dec, enc, 8, 2, 0.1, True, False, "vanilla")
            dec = feedforward(dec, num_units=[16, 8])
logits = tf.layers.dense(dec, 12)
preds = tf.to_int32(tf.argmax(logits, axis=-1))
istarget = tf.to_float(tf.not_equal(y, 0))
acc = tf.reduce_sum(tf.to_float(tf.equal(preds, y)) * istarget) / tf.reduce_sum(
    istarget
)
y_smoothed = label_smoothing(tf.one_hot(y, depth=12))
loss = tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=y_smoothed)
mean_loss = tf.reduce_sum(loss * istarget) / tf.reduce_sum(istarget)
global_step = tf.Variable(0, name="global_step", trainable=False)
step = tf.cast(global_step + 1, dtype=tf.float32)
lr = 8**-0.5 * tf.minimum(step * 10**-1.5, step**-0.5)
optimizer = tf.train.AdamOptimizer(
    learning_rate=lr * 0.1, beta1=0.9, beta2=0.98, epsilon=1e-8
)
train_op = optimizer.minimize(mean_loss, global_step=global_step)
tf.summary.scalar("mean_loss", mean_loss)
merged = tf.summary.merge_all()

rng = np.random.RandomState(19)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        source, target = rng.randint(1, 12, (3, 5)), rng.randint(1, 12, (3, 4))
        source[0, -1] = target[1, -1] = 0
        _, value, a = sess.run([train_op, mean_loss, acc], {x: source, y: target})
        print("mean_loss %.6g acc %.4g" % (value, a))
