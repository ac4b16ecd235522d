"""CBOW with sampled softmax: embeddings averaged, Adagrad with sparse updates."""

import numpy as np
import tensorflow as tf

vocabulary_size, embedding_size, window, num_sampled, batch_size = 40, 6, 2, 5, 10

graph = tf.Graph()
with graph.as_default(), tf.device("/cpu:0"):
    tf.set_random_seed(61)
    train_dataset = tf.placeholder(tf.int32, shape=[batch_size, 2 * window])
    train_labels = tf.placeholder(tf.int32, shape=[batch_size, 1])
    valid_dataset = tf.constant([3, 7], dtype=tf.int32)
    embeddings = tf.Variable(
        tf.random_uniform([vocabulary_size, embedding_size], -1.0, 1.0), name="emb"
    )
    softmax_weights = tf.Variable(
        tf.truncated_normal(
            [vocabulary_size, embedding_size], stddev=1.0 / np.sqrt(embedding_size)
        )
    )
    softmax_biases = tf.Variable(tf.zeros([vocabulary_size]))
    embed = tf.zeros([batch_size, embedding_size])
    for i in range(2 * window):
        embed += tf.nn.embedding_lookup(embeddings, train_dataset[:, i])
    embed /= 2.0 * window
    loss = tf.reduce_mean(
        tf.nn.sampled_softmax_loss(
            weights=softmax_weights,
            biases=softmax_biases,
            inputs=embed,
            labels=train_labels,
            num_sampled=num_sampled,
            num_classes=vocabulary_size,
        )
    )
    optimizer = tf.train.AdagradOptimizer(1.0).minimize(loss)
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
    normalized_embeddings = embeddings / norm
    valid_embeddings = tf.nn.embedding_lookup(normalized_embeddings, valid_dataset)
    similarity = tf.matmul(valid_embeddings, tf.transpose(normalized_embeddings))
    _, nearest = tf.nn.top_k(similarity, 3)

rng = np.random.RandomState(61)
with tf.Session(graph=graph) as session:
    tf.global_variables_initializer().run()
    for step in range(5):
        feed_dict = {
            train_dataset: rng.randint(0, vocabulary_size, (batch_size, 2 * window)),
            train_labels: rng.randint(0, vocabulary_size, (batch_size, 1)),
        }
        _, l = session.run([optimizer, loss], feed_dict=feed_dict)
        print("step %d loss %.7g" % (step, l))
    print(nearest.eval().tolist())
