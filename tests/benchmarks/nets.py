"""Nets of the tutorials, timed under one of two modules: run by ``training.py``.

    python nets.py scopetutor|tensorflow NET [SECONDS]

Writes one line of JSON: milliseconds to build the graph and to run a training step.
Runs on Python 3.7 and later.
"""

import json
import os
import statistics
import sys
import time
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402


def linear(tf):
    """One weight and one bias, as in every first lesson."""
    x, y = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.square(x * w + b - y))
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    xs = np.linspace(0, 1, 100).astype(np.float32)
    return step, loss, {x: xs, y: 3 * xs + 1}


def mlp(tf):
    """784-256-256-10 on batches of 100."""
    x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.int64, [None])
    h = tf.layers.dense(x, 256, tf.nn.relu)
    h = tf.layers.dense(h, 256, tf.nn.relu)
    logits = tf.layers.dense(h, 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.AdamOptimizer(0.001).minimize(loss)
    return step, loss, {x: _random(100, 784), y: _labels(100)}


def small_mlp(tf):
    """4-16-3 on batches of 32: a step that is nothing but overhead."""
    x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int64, [None])
    h = tf.layers.dense(x, 16, tf.nn.relu)
    logits = tf.layers.dense(h, 3)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    return step, loss, {x: _random(32, 4), y: _labels(32) % 3}


def cnn(tf):
    """Two convolutions with pooling and two dense layers on batches of 50."""
    x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.int64, [None])
    h = tf.reshape(x, [-1, 28, 28, 1])
    h = tf.layers.conv2d(h, 32, 5, padding="same", activation=tf.nn.relu)
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.conv2d(h, 64, 5, padding="same", activation=tf.nn.relu)
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.dense(tf.layers.flatten(h), 1024, tf.nn.relu)
    h = tf.layers.dropout(h, 0.4, training=True)
    logits = tf.layers.dense(h, 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.AdamOptimizer(0.001).minimize(loss)
    return step, loss, {x: _random(50, 784), y: _labels(50)}


def small_cnn(tf):
    """Convolution, batch normalization, pooling on small images, batches of 16."""
    x = tf.placeholder(tf.float32, [None, 16, 16, 3])
    y = tf.placeholder(tf.int64, [None])
    h = tf.layers.conv2d(x, 8, 3, padding="same", use_bias=False)
    h = tf.nn.relu(tf.layers.batch_normalization(h, training=True))
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.conv2d(h, 16, 3, strides=2, activation=tf.nn.relu)
    logits = tf.layers.dense(tf.layers.flatten(h), 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
    return step, loss, {x: _random(16, 16, 16, 3), y: _labels(16)}


def lstm(tf):
    """dynamic_rnn over 28 rows with 128 units on batches of 64."""
    x = tf.placeholder(tf.float32, [None, 28, 28])
    y = tf.placeholder(tf.int64, [None])
    cell = tf.nn.rnn_cell.BasicLSTMCell(128)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    logits = tf.layers.dense(outputs[:, -1], 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.AdamOptimizer(0.001).minimize(loss)
    return step, loss, {x: _random(64, 28, 28), y: _labels(64)}


def static_lstm(tf):
    """static_rnn over 10 steps with 32 units on batches of 16."""
    x = tf.placeholder(tf.float32, [16, 10, 8])
    y = tf.placeholder(tf.int64, [None])
    cell = tf.nn.rnn_cell.BasicLSTMCell(32)
    outputs, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
    logits = tf.layers.dense(outputs[-1], 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.RMSPropOptimizer(0.001).minimize(loss)
    return step, loss, {x: _random(16, 10, 8), y: _labels(16)}


def gan(tf):
    """Dense generator and discriminator, one step of each, batches of 128."""

    def generator(z):
        with tf.variable_scope("generator"):
            return tf.layers.dense(
                tf.layers.dense(z, 256, tf.nn.relu), 784, tf.nn.sigmoid
            )

    def discriminator(x, reuse=None):
        with tf.variable_scope("discriminator", reuse=reuse):
            return tf.layers.dense(tf.layers.dense(x, 256, tf.nn.relu), 1)

    z = tf.placeholder(tf.float32, [None, 100])
    x = tf.placeholder(tf.float32, [None, 784])
    fakes = generator(z)
    on_real, on_fake = discriminator(x), discriminator(fakes, reuse=True)
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
    d_loss = tf.reduce_mean(
        cross_entropy(logits=on_real, labels=tf.ones_like(on_real))
        + cross_entropy(logits=on_fake, labels=tf.zeros_like(on_fake))
    )
    g_loss = tf.reduce_mean(cross_entropy(logits=on_fake, labels=tf.ones_like(on_fake)))
    steps = [
        tf.train.AdamOptimizer(0.0002).minimize(
            loss, var_list=tf.trainable_variables(scope)
        )
        for loss, scope in ((d_loss, "discriminator"), (g_loss, "generator"))
    ]
    return steps, d_loss, {z: _random(128, 100), x: _random(128, 784)}


def memory(tf):
    """A memory network: two hops over ten sentences, batches of 32 of any size."""
    stories = tf.placeholder(tf.int32, [None, 10, 7])
    questions, y = tf.placeholder(tf.int32, [None, 7]), tf.placeholder(tf.int64, [None])
    keys, values = (tf.get_variable(name, [40, 20]) for name in ("keys", "values"))
    state = tf.reduce_sum(tf.nn.embedding_lookup(keys, questions), 1)
    for _ in range(2):
        found = tf.reduce_sum(tf.nn.embedding_lookup(keys, stories), 2)
        given = tf.reduce_sum(tf.nn.embedding_lookup(values, stories), 2)
        weights = tf.nn.softmax(tf.reduce_sum(found * tf.expand_dims(state, 1), 2))
        state += tf.reduce_sum(tf.expand_dims(weights, 2) * given, 1)
    loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(state, 40))
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    ids = np.random.RandomState(1).randint(0, 40, (32, 11, 7))
    return step, loss, {stories: ids[:, :10], questions: ids[:, 10], y: _labels(32)}


def policy(tf):
    """An actor and a critic of 64 units, as in PPO, on batches of 32."""
    states = tf.placeholder(tf.float32, [None, 8])
    actions = tf.placeholder(tf.float32, [None, 2])
    advantages = tf.placeholder(tf.float32, [None, 1])
    h = tf.layers.dense(tf.layers.dense(states, 64, tf.nn.tanh), 64, tf.nn.tanh)
    mean = tf.layers.dense(h, 2, tf.nn.tanh)
    spread = tf.layers.dense(h, 2, tf.nn.softplus) + 0.001
    likely = -tf.square((actions - mean) / spread) / 2.0 - tf.log(spread)
    ratio = tf.exp(tf.reduce_sum(likely, 1, keepdims=True))
    clipped = tf.clip_by_value(ratio, 0.8, 1.2) * advantages
    value = tf.layers.dense(tf.layers.dense(states, 64, tf.nn.relu), 1)
    loss = tf.reduce_mean(tf.square(advantages - value)) - tf.reduce_mean(
        tf.minimum(ratio * advantages, clipped)
    )
    step = tf.train.AdamOptimizer(0.001).minimize(loss)
    feeds = {states: _random(32, 8), actions: _random(32, 2)}
    return step, loss, {**feeds, advantages: _random(32, 1)}


def attention(tf):
    """Two heads of attention over any number of words, batches of 16."""
    x, y = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int64, [None])
    h = tf.nn.embedding_lookup(tf.get_variable("table", [50, 16]), x)
    rows, words = tf.shape(h)[0], tf.shape(h)[1]
    parts = [rows, words, 2, 8]
    query, key, value = (
        tf.transpose(tf.reshape(tf.layers.dense(h, 16), parts), [0, 2, 1, 3])
        for _ in range(3)
    )
    weights = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) / 8.0**0.5)
    heads = tf.transpose(tf.matmul(weights, value), [0, 2, 1, 3])
    h += tf.layers.dense(tf.reshape(heads, [rows, words, 16]), 16)
    mean, variance = tf.nn.moments(h, [-1], keep_dims=True)
    h = (h - mean) / tf.sqrt(variance + 1e-6)
    logits = tf.layers.dense(tf.reduce_mean(h, 1), 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.AdamOptimizer(0.001).minimize(loss)
    ids = np.random.RandomState(1).randint(0, 50, (16, 10))
    return step, loss, {x: ids, y: _labels(16)}


def words(tf):
    """Embeddings and softmax over sampled words, batches of 128."""
    x, y = tf.placeholder(tf.int32, [128]), tf.placeholder(tf.int32, [128, 1])
    table = tf.Variable(tf.random_uniform([5000, 64], -1.0, 1.0))
    weights = tf.Variable(tf.truncated_normal([5000, 64], stddev=0.1))
    biases = tf.Variable(tf.zeros([5000]))
    h = tf.nn.embedding_lookup(table, x)
    loss = tf.reduce_mean(tf.nn.nce_loss(weights, biases, y, h, 64, 5000))
    step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    ids = np.random.RandomState(1).randint(0, 5000, (2, 128))
    return step, loss, {x: ids[0], y: ids[1].reshape(128, 1)}


NETS = {
    net.__name__: net
    for net in (
        linear,
        small_mlp,
        mlp,
        small_cnn,
        cnn,
        static_lstm,
        lstm,
        gan,
        words,
        memory,
        policy,
        attention,
    )
}


def _random(*sizes):
    return np.random.RandomState(0).uniform(0, 1, sizes).astype(np.float32)


def _labels(count):
    return np.random.RandomState(0).randint(0, 10, count)


def _timed(work, seconds, least=5):
    """The median time of calls, in milliseconds, in about so many seconds."""
    times, until = [], time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < until:
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(tf, net, seconds):
    """Milliseconds to build the graph of a net, and to run one of its steps."""

    def build():
        with tf.Graph().as_default():
            made = NETS[net](tf)
            tf.global_variables_initializer()
        return made

    build()  # what is imported and remembered the first time is not counted
    build_time = _timed(build, seconds / 2)
    with tf.Graph().as_default():
        step, loss, feeds = NETS[net](tf)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in range(3):
                session.run([loss, step], feeds)
            run_time = _timed(lambda: session.run([loss, step], feeds), seconds)
    return {"build": build_time, "run": run_time}


def main():
    """Measures what the command line names, and writes it."""
    module, net = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 2.0
    if module == "scopetutor":
        from scopetutor import tf  # noqa: PLC0415 - one of two
    else:
        import tensorflow as tf  # noqa: PLC0415 - the other

    tf.logging.set_verbosity(tf.logging.ERROR)
    sys.stdout.write(json.dumps(measure(tf, net, seconds)) + "\n")


if __name__ == "__main__":
    main()
