"""Transformer: label smoothing, noam schedule, padding removed and added again."""

import numpy as np
import tensorflow as tf


def get_position_encoding(length, hidden_size, min_timescale=1.0, max_timescale=1.0e4):
    position = tf.to_float(tf.range(length))
    num_timescales = hidden_size // 2
    inc = np.log(float(max_timescale) / float(min_timescale)) / (
        tf.to_float(num_timescales) - 1
    )
    inv = min_timescale * tf.exp(tf.to_float(tf.range(num_timescales)) * -inc)
    scaled = tf.expand_dims(position, 1) * tf.expand_dims(inv, 0)
    return tf.concat([tf.sin(scaled), tf.cos(scaled)], axis=1)


def get_padding_bias(x):
    with tf.name_scope("attention_bias"):
        padding = tf.to_float(tf.equal(x, 0))
        bias = padding * -1e9
        return tf.expand_dims(tf.expand_dims(bias, axis=1), axis=1), padding


class LayerNormalization(tf.layers.Layer):
    def __init__(self, hidden_size):
        super(LayerNormalization, self).__init__()
        self.hidden_size = hidden_size

    def build(self, _):
        self.scale = tf.get_variable(
            "layer_norm_scale", [self.hidden_size], initializer=tf.ones_initializer()
        )
        self.bias = tf.get_variable(
            "layer_norm_bias", [self.hidden_size], initializer=tf.zeros_initializer()
        )
        self.built = True

    def call(self, x, epsilon=1e-6):
        mean = tf.reduce_mean(x, axis=[-1], keepdims=True)
        variance = tf.reduce_mean(tf.square(x - mean), axis=[-1], keepdims=True)
        return (x - mean) * tf.rsqrt(variance + epsilon) * self.scale + self.bias


class Attention(tf.layers.Layer):
    def __init__(self, hidden_size, num_heads, dropout, train):
        super(Attention, self).__init__()
        self.hidden_size, self.num_heads, self.dropout, self.train = (
            hidden_size,
            num_heads,
            dropout,
            train,
        )
        self.q_dense_layer = tf.layers.Dense(hidden_size, use_bias=False, name="q")
        self.k_dense_layer = tf.layers.Dense(hidden_size, use_bias=False, name="k")
        self.v_dense_layer = tf.layers.Dense(hidden_size, use_bias=False, name="v")
        self.output_dense_layer = tf.layers.Dense(
            hidden_size, use_bias=False, name="output_transform"
        )

    def split_heads(self, x):
        with tf.name_scope("split_heads"):
            batch, length = tf.shape(x)[0], tf.shape(x)[1]
            x = tf.reshape(
                x, [batch, length, self.num_heads, self.hidden_size // self.num_heads]
            )
            return tf.transpose(x, [0, 2, 1, 3])

    def call(self, x, y, bias):
        q, k, v = self.q_dense_layer(x), self.k_dense_layer(y), self.v_dense_layer(y)
        q, k, v = self.split_heads(q), self.split_heads(k), self.split_heads(v)
        q *= (self.hidden_size // self.num_heads) ** -0.5
        logits = tf.matmul(q, k, transpose_b=True) + bias
        weights = tf.nn.softmax(logits, name="attention_weights")
        if self.train:
            weights = tf.nn.dropout(weights, 1.0 - self.dropout, seed=3)
        out = tf.transpose(tf.matmul(weights, v), [0, 2, 1, 3])
        out = tf.reshape(out, [tf.shape(out)[0], tf.shape(out)[1], self.hidden_size])
        return self.output_dense_layer(out)


class FeedFoward(tf.layers.Layer):
    def __init__(self, hidden, filt):
        super(FeedFoward, self).__init__()
        self.hidden_size = hidden
        self.filter_dense_layer = tf.layers.Dense(
            filt, use_bias=True, activation=tf.nn.relu, name="filter_layer"
        )
        self.output_dense_layer = tf.layers.Dense(
            hidden, use_bias=True, name="output_layer"
        )

    def call(self, x, padding=None):
        batch_size, length = tf.shape(x)[0], tf.shape(x)[1]
        with tf.name_scope("remove_padding"):
            pad_mask = tf.reshape(padding, [-1])
            nonpad_ids = tf.to_int32(tf.where(pad_mask < 1e-9))
            x = tf.reshape(x, [-1, self.hidden_size])
            x = tf.gather_nd(x, indices=nonpad_ids)
            x.set_shape([None, self.hidden_size])
            x = tf.expand_dims(x, axis=0)
        output = self.output_dense_layer(self.filter_dense_layer(x))
        with tf.name_scope("re_add_padding"):
            output = tf.squeeze(output, axis=0)
            output = tf.scatter_nd(
                indices=nonpad_ids,
                updates=output,
                shape=[batch_size * length, self.hidden_size],
            )
            return tf.reshape(output, [batch_size, length, self.hidden_size])


@tf.custom_gradient
def scaled_embedding(x):
    def grad(dy):
        return dy * 0.5

    return x * 4.0, grad


def get_learning_rate(learning_rate, hidden_size, warmup):
    with tf.name_scope("learning_rate"):
        step = tf.to_float(tf.train.get_or_create_global_step())
        lr = learning_rate * (hidden_size**-0.5)
        lr *= tf.minimum(1.0, step / warmup)
        lr *= tf.rsqrt(tf.maximum(step, warmup))
        tf.identity(lr, "learning_rate")
        return lr


def padded_cross_entropy_loss(logits, labels, smoothing, vocab_size):
    with tf.name_scope("loss", values=[logits, labels]):
        confidence = 1.0 - smoothing
        low = (1.0 - confidence) / tf.to_float(vocab_size - 1)
        soft = tf.one_hot(
            tf.cast(labels, tf.int32),
            depth=vocab_size,
            on_value=confidence,
            off_value=low,
        )
        xentropy = tf.nn.softmax_cross_entropy_with_logits_v2(
            logits=logits, labels=soft
        )
        normalizing = -(
            confidence * tf.log(confidence)
            + tf.to_float(vocab_size - 1) * low * tf.log(low + 1e-20)
        )
        xentropy -= normalizing
        weights = tf.to_float(tf.not_equal(labels, 0))
        return xentropy * weights, weights


def dataset(seed):
    rng = np.random.RandomState(seed)
    sources, targets = np.zeros((8, 6), np.int64), np.zeros((8, 6), np.int64)
    for source, target in zip(sources, targets):
        words = rng.randint(1, 15, rng.randint(2, 7))
        source[: len(words)], target[: len(words)] = words, words[::-1]
    d = tf.data.Dataset.from_tensor_slices((sources, targets))
    d = d.shuffle(8, seed=seed, reshuffle_each_iteration=False)
    return d.padded_batch(4, ([None], [None])).prefetch(tf.contrib.data.AUTOTUNE)


def model(ids, targets, train):
    initializer = tf.variance_scaling_initializer(
        1.0, mode="fan_avg", distribution="uniform"
    )
    with tf.variable_scope("Transformer", initializer=initializer):
        with tf.variable_scope("embedding_and_softmax"):
            weights = tf.get_variable(
                "weights",
                [15, 8],
                initializer=tf.random_normal_initializer(0.0, 8**-0.5),
            )
        mask = tf.to_float(tf.not_equal(ids, 0))
        x = scaled_embedding(tf.gather(weights, ids)) * tf.expand_dims(mask, -1)
        bias, padding = get_padding_bias(ids)
        x += get_position_encoding(tf.shape(ids)[1], 8)
        for n in range(2):
            with tf.variable_scope("layer_%d" % n):
                with tf.variable_scope("self_attention"):
                    y = LayerNormalization(8)(x)
                    x = x + Attention(8, 2, 0.1, train)(y, y, bias)
                with tf.variable_scope("ffn"):
                    x = x + FeedFoward(8, 16)(LayerNormalization(8)(x), padding)
        x = LayerNormalization(8)(x)
        x = tf.reshape(x, [-1, 8])
        logits = tf.reshape(
            tf.matmul(x, weights, transpose_b=True),
            [tf.shape(ids)[0], tf.shape(ids)[1], 15],
        )
    xent, w = padded_cross_entropy_loss(logits, targets, 0.1, 15)
    return logits, tf.reduce_sum(xent) / tf.reduce_sum(w)


tf.set_random_seed(12)
train_set, eval_set = dataset(0), dataset(1)
iterator = tf.data.Iterator.from_structure(
    train_set.output_types, train_set.output_shapes
)
ids, targets = iterator.get_next()
logits, loss = model(ids, targets, True)
step = tf.train.get_or_create_global_step()
lr = get_learning_rate(2.0, 8, 10)
optimizer = tf.contrib.opt.LazyAdamOptimizer(lr, beta1=0.9, beta2=0.997, epsilon=1e-09)
gvs = optimizer.compute_gradients(
    loss, tf.trainable_variables(), colocate_gradients_with_ops=True
)
train_op = optimizer.apply_gradients(gvs, global_step=step, name="train")
correct = tf.map_fn(
    lambda z: tf.reduce_sum(tf.to_float(tf.equal(z[0], z[1]))),
    (tf.argmax(logits, -1), targets),
    dtype=tf.float32,
)
init_train, init_eval = (
    iterator.make_initializer(train_set),
    iterator.make_initializer(eval_set, name="eval_init"),
)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(2):
        sess.run(init_train)
        while True:
            try:
                _, l, r = sess.run([train_op, loss, lr])
                print("loss %.6f lr %.8f" % (l, r))
            except tf.errors.OutOfRangeError:
                break
        sess.run(init_eval)
        print("eval %.6f" % sess.run(loss), sess.run(correct))
