"""Sequence to sequence with dynamic_rnn on both sides and attention by hand."""

import numpy as np
import tensorflow as tf

PAD, GO = 0, 1
vocab, emb, units, batch, src_len, tgt_len = 11, 6, 8, 4, 5, 4

tf.reset_default_graph()
tf.set_random_seed(2017)

enc_in = tf.placeholder(tf.int32, [None, None], name="encoder_inputs")
enc_len = tf.placeholder(tf.int32, [None], name="encoder_lengths")
dec_in = tf.placeholder(tf.int32, [None, tgt_len], name="decoder_inputs")
dec_out = tf.placeholder(tf.int32, [None, tgt_len], name="decoder_targets")
global_step = tf.train.get_or_create_global_step()

with tf.variable_scope("embed", initializer=tf.random_uniform_initializer(-0.1, 0.1)):
    enc_emb = tf.get_variable("encoder", [vocab, emb])
    dec_emb = tf.get_variable("decoder", [vocab, emb])

with tf.variable_scope("encoder"):
    fw = tf.nn.rnn_cell.GRUCell(units)
    bw = tf.nn.rnn_cell.GRUCell(units)
    (fw_out, bw_out), (fw_state, bw_state) = tf.nn.bidirectional_dynamic_rnn(
        fw,
        bw,
        tf.nn.embedding_lookup(enc_emb, enc_in),
        sequence_length=enc_len,
        dtype=tf.float32,
    )
    memory = tf.concat([fw_out, bw_out], -1)
    state = tf.layers.dense(
        tf.concat([fw_state, bw_state], 1), units, activation=tf.tanh, name="bridge"
    )

with tf.variable_scope("decoder"):
    cell = tf.nn.rnn_cell.GRUCell(units)
    out, _ = tf.nn.dynamic_rnn(
        cell, tf.nn.embedding_lookup(dec_emb, dec_in), initial_state=state
    )
    with tf.variable_scope("attention"):
        keys = tf.layers.dense(memory, units, use_bias=False, name="memory_layer")
        score = tf.matmul(out, keys, transpose_b=True)
        mask = tf.sequence_mask(enc_len, tf.shape(enc_in)[1], dtype=tf.float32)
        score += (1.0 - tf.expand_dims(mask, 1)) * -1e9
        context = tf.matmul(tf.nn.softmax(score), memory)
    out = tf.layers.dense(
        tf.concat([out, context], -1), units, tf.nn.tanh, name="attentional"
    )
    logits = tf.layers.dense(out, vocab, name="output_projection")

weights = tf.to_float(tf.not_equal(dec_out, PAD))
loss = tf.contrib.seq2seq.sequence_loss(logits, dec_out, weights)
learning_rate = tf.train.exponential_decay(0.5, global_step, 2, 0.9, staircase=True)
opt = tf.train.GradientDescentOptimizer(learning_rate)
grads_and_vars = opt.compute_gradients(loss)
clipped = [
    (tf.clip_by_norm(grad, 1.0), var)
    for grad, var in grads_and_vars
    if grad is not None
]
train_op = opt.apply_gradients(clipped, global_step=global_step)

rng = np.random.RandomState(8)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        src = rng.randint(2, vocab, (batch, src_len))
        tgt = rng.randint(2, vocab, (batch, tgt_len))
        tgt[0, -1] = PAD
        feed = {
            enc_in: src,
            enc_len: [5, 4, 3, 2],
            dec_out: tgt,
            dec_in: np.concatenate([np.full((batch, 1), GO), tgt[:, :-1]], 1),
        }
        _, value, rate, step = sess.run(
            [train_op, loss, learning_rate, global_step], feed
        )
        print("step %d loss %.7g rate %.5g" % (step, value, rate))
