"""Attention over remembered segments, relative positions and an adaptive softmax."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(73)
rng = np.random.RandomState(73)
WORDS, SIZE, HEADS, DEPTH, LENGTH, MEMORY, BATCH = 12, 8, 2, 4, 4, 3, 2


def shifted(x):
    size = tf.shape(x)
    x = tf.reshape(
        tf.pad(x, [[0, 0], [1, 0], [0, 0], [0, 0]]),
        [size[1] + 1, size[0], size[2], size[3]],
    )
    return tf.reshape(tf.slice(x, [1, 0, 0, 0], [-1, -1, -1, -1]), size)


def attention(h, positions, memory, biases, mask):
    with tf.variable_scope("attention"):
        seen = tf.concat([memory, h], 0)
        dense = tf.layers.dense
        joined = dense(seen, 3 * HEADS * DEPTH, use_bias=False, name="qkv")
        q, k, v = tf.split(joined, 3, -1)
        q = tf.reshape(q[-LENGTH:], [LENGTH, BATCH, HEADS, DEPTH])
        k, v = [tf.reshape(t, [-1, BATCH, HEADS, DEPTH]) for t in (k, v)]
        r = dense(positions, HEADS * DEPTH, use_bias=False, name="r")
        r = tf.reshape(r, [-1, HEADS, DEPTH])
        content = tf.einsum("ibnd,jbnd->ijbn", q + biases[0], k)
        place = shifted(tf.einsum("ibnd,jnd->ijbn", q + biases[1], r))
        hidden = mask[:, :, None, None]
        scores = (content + place) / DEPTH**0.5 * (1 - hidden) - 1e30 * hidden
        weights = tf.layers.dropout(tf.nn.softmax(scores, 1), 0.1, training=True)
        heads = tf.reshape(
            tf.einsum("ijbn,jbnd->ibnd", weights, v), [LENGTH, BATCH, HEADS * DEPTH]
        )
        out = dense(heads, SIZE, use_bias=False, name="o")
        return tf.contrib.layers.layer_norm(h + out, begin_norm_axis=-1)


def feed_forward(h, initializer):
    with tf.variable_scope("ff"):
        out = tf.layers.dense(h, 16, tf.nn.relu, kernel_initializer=initializer)
        out = tf.layers.dense(out, SIZE, kernel_initializer=initializer)
        out = tf.layers.dropout(out, 0.1, training=True)
        return tf.contrib.layers.layer_norm(h + out, begin_norm_axis=-1)


def adaptive(h, targets, table, cut):
    losses = tf.zeros_like(targets, dtype=tf.float32)
    bias = tf.get_variable("bias", [WORDS + 1], initializer=tf.zeros_initializer())
    with tf.variable_scope("cluster"):
        cluster = tf.get_variable("W", [1, SIZE], initializer=tf.zeros_initializer())
    top = tf.concat([table[:cut], cluster], 0)
    near = tf.nn.log_softmax(tf.einsum("ibd,nd->ibn", h, top) + bias[: cut + 1])
    for low, high in ((0, cut), (cut, WORDS)):
        inside = (targets >= low) & (targets < high)
        kept = tf.boolean_mask(targets, inside) - low
        first = tf.boolean_mask(near, inside)
        rows = tf.stack([tf.range(tf.size(kept)), kept], 1)
        if low == 0:
            found = tf.gather_nd(first, rows)
        else:
            logits = tf.matmul(
                tf.boolean_mask(h, inside), table[cut:], transpose_b=True
            )
            rest = tf.nn.log_softmax(logits + bias[cut + 1 :])
            found = first[:, cut] + tf.gather_nd(rest, rows)
        shape = tf.to_int64(tf.shape(losses))
        losses += tf.scatter_nd(tf.where(inside), -found, shape)
    return tf.reduce_mean(losses)


words = tf.placeholder(tf.int32, [LENGTH, BATCH])
targets = tf.placeholder(tf.int32, [LENGTH, BATCH])
memories = [tf.placeholder(tf.float32, [MEMORY, BATCH, SIZE]) for _ in range(2)]
initializer = tf.initializers.random_normal(stddev=0.1)
with tf.variable_scope("transformer", initializer=initializer):
    table = tf.get_variable("table", [WORDS, SIZE])
    biases = [tf.get_variable("b_" + name, [HEADS, DEPTH]) for name in "wr"]
    h = tf.nn.embedding_lookup(table, words) * SIZE**0.5
    ones = tf.ones([LENGTH, LENGTH])
    later = tf.matrix_band_part(ones, 0, -1) - tf.matrix_band_part(ones, 0, 0)
    mask = tf.concat([tf.zeros([LENGTH, MEMORY]), later], 1)
    away = tf.range(LENGTH + MEMORY - 1, -1, -1.0)
    rates = 1 / (10000 ** (tf.range(0, SIZE, 2.0) / SIZE))
    angles = tf.einsum("i,j->ij", away, rates)
    positions = tf.concat([tf.sin(angles), tf.cos(angles)], -1)[:, None, :]
    remembered = []
    for i, memory in enumerate(memories):
        whole = tf.concat([memory, h], 0)
        remembered.append(tf.stop_gradient(whole[-MEMORY:]))
        with tf.variable_scope("layer_%d" % i):
            h = feed_forward(attention(h, positions, memory, biases, mask), initializer)
    loss = adaptive(h, targets, table, 6)
variables = tf.trainable_variables()
grads, norm = tf.clip_by_global_norm(tf.gradients(loss, variables), 0.25)
step = tf.train.get_or_create_global_step()
rate = tf.cond(
    step < 3,
    lambda: tf.to_float(step) / 3 * 0.01,
    lambda: tf.train.cosine_decay(0.01, step - 3, 10, alpha=0.1),
)
train = tf.train.AdamOptimizer(rate).apply_gradients(list(zip(grads, variables)), step)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    kept = [np.zeros((MEMORY, BATCH, SIZE), "float32")] * 2
    for _ in range(5):
        feed = dict(zip(memories, kept))
        feed[words] = rng.randint(0, WORDS, (LENGTH, BATCH))
        feed[targets] = rng.randint(0, WORDS, (LENGTH, BATCH))
        value, size, kept = sess.run([loss, norm, remembered], feed)
        sess.run(train, feed)
        print("%.6g %.6g" % (value, size))
