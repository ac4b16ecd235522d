"""Skip-gram with NCE loss, an exact nearest-word lookup, plain gradient descent."""

from __future__ import absolute_import, division, print_function

import math

import numpy as np
import tensorflow as tf

vocabulary_size = 50
batch_size = 16
embedding_size = 8
num_sampled = 6
valid_examples = np.array([1, 5, 9])

graph = tf.get_default_graph()
tf.set_random_seed(31)

with tf.name_scope("inputs"):
    train_inputs = tf.placeholder(tf.int32, shape=[batch_size])
    train_labels = tf.placeholder(tf.int32, shape=[batch_size, 1])
    valid_dataset = tf.constant(valid_examples, dtype=tf.int32)

with tf.device("/cpu:0"):
    with tf.name_scope("embeddings"):
        embeddings = tf.Variable(
            tf.random_uniform([vocabulary_size, embedding_size], -1.0, 1.0)
        )
        embed = tf.nn.embedding_lookup(embeddings, train_inputs)
    with tf.name_scope("weights"):
        nce_weights = tf.Variable(
            tf.truncated_normal(
                [vocabulary_size, embedding_size],
                stddev=1.0 / math.sqrt(embedding_size),
            )
        )
    with tf.name_scope("biases"):
        nce_biases = tf.Variable(tf.zeros([vocabulary_size]))

with tf.name_scope("loss"):
    loss = tf.reduce_mean(
        tf.nn.nce_loss(
            weights=nce_weights,
            biases=nce_biases,
            labels=train_labels,
            inputs=embed,
            num_sampled=num_sampled,
            num_classes=vocabulary_size,
        )
    )
tf.summary.scalar("loss", loss)

with tf.name_scope("optimizer"):
    optimizer = tf.train.GradientDescentOptimizer(1.0).minimize(loss)

norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
normalized_embeddings = embeddings / norm
valid_embeddings = tf.nn.embedding_lookup(normalized_embeddings, valid_dataset)
similarity = tf.matmul(valid_embeddings, normalized_embeddings, transpose_b=True)
merged = tf.summary.merge_all()
init = tf.global_variables_initializer()
saver = tf.train.Saver()

rng = np.random.RandomState(4)
with tf.Session(graph=graph) as session:
    init.run()
    average_loss = 0
    for step in range(5):
        feed_dict = {
            train_inputs: rng.randint(0, vocabulary_size, batch_size),
            train_labels: rng.randint(0, vocabulary_size, (batch_size, 1)),
        }
        _, summary, loss_val = session.run([optimizer, merged, loss], feed_dict)
        average_loss += loss_val
        print("Loss at step %d: %.7g" % (step, loss_val))
    sim = similarity.eval()
    for i in range(3):
        print("nearest", (-sim[i, :]).argsort()[1:4].tolist())
