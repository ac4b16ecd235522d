"""An encoder in BERT's manner: contrib layer_norm, gelu by erf, a decaying Adam."""

from __future__ import absolute_import, division, print_function

import math
import re

import numpy as np
import tensorflow as tf


def gelu(input_tensor):
    cdf = 0.5 * (1.0 + tf.erf(input_tensor / tf.sqrt(2.0)))
    return input_tensor * cdf


def layer_norm(input_tensor, name=None):
    return tf.contrib.layers.layer_norm(
        inputs=input_tensor, begin_norm_axis=-1, begin_params_axis=-1, scope=name
    )


def dropout(input_tensor, dropout_prob):
    if dropout_prob is None or dropout_prob == 0.0:
        return input_tensor
    return tf.nn.dropout(input_tensor, 1.0 - dropout_prob)


def create_initializer(initializer_range=0.02):
    return tf.truncated_normal_initializer(stddev=initializer_range)


def get_shape_list(tensor):
    shape = tensor.shape.as_list()
    dynamic = tf.shape(tensor)
    return [dynamic[i] if size is None else size for i, size in enumerate(shape)]


def embeddings(input_ids, vocab_size, width, max_position):
    with tf.variable_scope("embeddings"):
        table = tf.get_variable(
            name="word_embeddings",
            shape=[vocab_size, width],
            initializer=create_initializer(),
        )
        flat = tf.reshape(input_ids, [-1])
        output = tf.gather(table, flat)
        b, s = get_shape_list(input_ids)
        output = tf.reshape(output, [b, s, width])
        assert_op = tf.assert_less_equal(s, max_position)
        with tf.control_dependencies([assert_op]):
            full = tf.get_variable(
                name="position_embeddings",
                shape=[max_position, width],
                initializer=create_initializer(),
            )
            position = tf.slice(full, [0, 0], [s, -1])
            output += tf.reshape(position, [1, s, width])
        return dropout(layer_norm(output, "LayerNorm"), 0.1)


def attention_layer(x, mask, heads, size):
    b, s, width = get_shape_list(x)
    x2d = tf.reshape(x, [-1, width])

    def project(name):
        y = tf.layers.dense(
            x2d, heads * size, name=name, kernel_initializer=create_initializer()
        )
        return tf.transpose(tf.reshape(y, [b, s, heads, size]), [0, 2, 1, 3])

    query, key, value = project("query"), project("key"), project("value")
    scores = tf.matmul(query, key, transpose_b=True)
    scores = tf.multiply(scores, 1.0 / math.sqrt(float(size)))
    adder = (1.0 - tf.cast(tf.expand_dims(mask, axis=[1]), tf.float32)) * -10000.0
    scores += adder
    probs = dropout(tf.nn.softmax(scores), 0.1)
    context = tf.transpose(tf.matmul(probs, value), [0, 2, 1, 3])
    return tf.reshape(context, [b * s, heads * size])


def transformer(x, mask, layers=2, heads=2, width=8, inner=16):
    b, s, _ = get_shape_list(x)
    prev = tf.reshape(x, [-1, width])
    for i in range(layers):
        with tf.variable_scope("layer_%d" % i):
            with tf.variable_scope("attention"):
                with tf.variable_scope("self"):
                    heads_out = attention_layer(
                        tf.reshape(prev, [b, s, width]), mask, heads, width // heads
                    )
                with tf.variable_scope("output"):
                    out = tf.layers.dense(
                        heads_out, width, kernel_initializer=create_initializer()
                    )
                    out = layer_norm(dropout(out, 0.1) + prev)
            with tf.variable_scope("intermediate"):
                mid = tf.layers.dense(
                    out, inner, activation=gelu, kernel_initializer=create_initializer()
                )
            with tf.variable_scope("output"):
                final = tf.layers.dense(
                    mid, width, kernel_initializer=create_initializer()
                )
                prev = layer_norm(dropout(final, 0.1) + out)
    return tf.reshape(prev, [b, s, width])


class AdamWeightDecayOptimizer(tf.train.Optimizer):
    def __init__(
        self,
        learning_rate,
        weight_decay_rate=0.0,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-6,
        exclude=None,
        name="AdamWeightDecayOptimizer",
    ):
        super(AdamWeightDecayOptimizer, self).__init__(False, name)
        self.learning_rate = learning_rate
        self.weight_decay_rate = weight_decay_rate
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.exclude = exclude

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        assignments = []
        for grad, param in grads_and_vars:
            if grad is None or param is None:
                continue
            param_name = re.match("^(.*):\\d+$", param.name).group(1)
            m = tf.get_variable(
                name=param_name + "/adam_m",
                shape=param.shape.as_list(),
                dtype=tf.float32,
                trainable=False,
                initializer=tf.zeros_initializer(),
            )
            v = tf.get_variable(
                name=param_name + "/adam_v",
                shape=param.shape.as_list(),
                dtype=tf.float32,
                trainable=False,
                initializer=tf.zeros_initializer(),
            )
            next_m = tf.multiply(self.beta_1, m) + tf.multiply(1.0 - self.beta_1, grad)
            next_v = tf.multiply(self.beta_2, v) + tf.multiply(
                1.0 - self.beta_2, tf.square(grad)
            )
            update = next_m / (tf.sqrt(next_v) + self.epsilon)
            if not any(re.search(r, param_name) for r in self.exclude):
                update += self.weight_decay_rate * param
            next_param = param - self.learning_rate * update
            assignments.extend(
                [param.assign(next_param), m.assign(next_m), v.assign(next_v)]
            )
        return tf.group(*assignments, name=name)


tf.set_random_seed(512)
ids = tf.placeholder(tf.int32, [None, 6], name="input_ids")
mask = tf.placeholder(tf.int32, [None, 1, 6], name="input_mask")
labels = tf.placeholder(tf.int32, [None], name="label_ids")
with tf.variable_scope("bert"):
    encoded = transformer(embeddings(ids, 30, 8, 10), mask)
    with tf.variable_scope("pooler"):
        first = tf.squeeze(encoded[:, 0:1, :], axis=1)
        pooled = tf.layers.dense(
            first, 8, activation=tf.tanh, kernel_initializer=create_initializer()
        )
with tf.variable_scope("loss"):
    output_weights = tf.get_variable(
        "output_weights", [3, 8], initializer=create_initializer()
    )
    output_bias = tf.get_variable(
        "output_bias", [3], initializer=tf.zeros_initializer()
    )
    logits = tf.nn.bias_add(
        tf.matmul(pooled, output_weights, transpose_b=True), output_bias
    )
    log_probs = tf.nn.log_softmax(logits, axis=-1)
    one_hot = tf.one_hot(labels, depth=3, dtype=tf.float32)
    loss = tf.reduce_mean(-tf.reduce_sum(one_hot * log_probs, axis=-1))

global_step = tf.train.get_or_create_global_step()
rate = tf.train.polynomial_decay(
    tf.constant(1e-3, shape=[], dtype=tf.float32),
    global_step,
    10,
    end_learning_rate=0.0,
    power=1.0,
    cycle=False,
)
optimizer = AdamWeightDecayOptimizer(
    rate, 0.01, exclude=["LayerNorm", "layer_norm", "bias"]
)
tvars = tf.trainable_variables()
(grads, _) = tf.clip_by_global_norm(tf.gradients(loss, tvars), clip_norm=1.0)
train_op = optimizer.apply_gradients(zip(grads, tvars), global_step=global_step)
with tf.control_dependencies([train_op]):
    train_op = tf.assign_add(global_step, 1).op

rng = np.random.RandomState(3)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        feed = {
            ids: rng.randint(0, 30, (4, 6)),
            labels: rng.randint(0, 3, 4),
            mask: np.ones((4, 1, 6)),
        }
        _, value, step = sess.run([train_op, loss, global_step], feed)
        print("global_step %d loss %.7g" % (step, value))
