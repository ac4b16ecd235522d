"""Word vectors by sampled classes and by counts of pairs, with variables in parts."""

import math

import numpy as np
import tensorflow as tf

graph = tf.Graph()
rng = np.random.RandomState(47)
V, D, B = 20, 6, 8
with graph.as_default():
    tf.set_random_seed(47)
    with tf.name_scope("inputs"):
        train_inputs = tf.placeholder(tf.int32, shape=[B])
        train_labels = tf.placeholder(tf.int32, shape=[B, 1])
        valid = tf.constant(rng.choice(10, 4, replace=False), dtype=tf.int32)
    with tf.device("/cpu:0"):
        with tf.name_scope("embeddings"):
            embeddings = tf.Variable(tf.random_uniform([V, D], -1.0, 1.0))
            embed = tf.nn.embedding_lookup(embeddings, train_inputs)
        with tf.name_scope("weights"):
            nce_weights = tf.Variable(
                tf.truncated_normal([V, D], stddev=1.0 / math.sqrt(D))
            )
        with tf.name_scope("biases"):
            nce_biases = tf.Variable(tf.zeros([V]))
    with tf.name_scope("loss"):
        sampler = tf.nn.log_uniform_candidate_sampler(
            tf.cast(train_labels, tf.int64), 1, 5, True, V, seed=3
        )
        loss = tf.reduce_mean(
            tf.nn.nce_loss(
                weights=nce_weights,
                biases=nce_biases,
                labels=train_labels,
                inputs=embed,
                num_sampled=5,
                num_classes=V,
                sampled_values=sampler,
                remove_accidental_hits=True,
            )
        )
        fixed = tf.nn.fixed_unigram_candidate_sampler(
            tf.cast(train_labels, tf.int64),
            1,
            4,
            False,
            V,
            distortion=0.75,
            unigrams=list(range(1, V + 1)),
            seed=5,
        )
        loss2 = tf.reduce_mean(
            tf.nn.sampled_softmax_loss(
                nce_weights,
                nce_biases,
                train_labels,
                embed,
                4,
                V,
                sampled_values=fixed,
                partition_strategy="div",
            )
        )
    tf.summary.scalar("loss", loss)
    with tf.name_scope("optimizer"):
        optimizer = tf.train.GradientDescentOptimizer(1.0).minimize(loss + 0.1 * loss2)
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
    normalized = embeddings / norm
    similarity = tf.matmul(
        tf.nn.embedding_lookup(normalized, valid), normalized, transpose_b=True
    )
    # GloVe
    with tf.variable_scope("glove", partitioner=tf.fixed_size_partitioner(3)):
        fw = tf.get_variable(
            "focal", [V, D], initializer=tf.random_uniform_initializer(-0.5, 0.5)
        )
        cw = tf.get_variable(
            "context", [V, D], initializer=tf.random_uniform_initializer(-0.5, 0.5)
        )
        fb = tf.get_variable(
            "fb", [V], initializer=tf.zeros_initializer(), partitioner=None
        )
    fi, ci, co = (
        tf.placeholder(tf.int32, [B]),
        tf.placeholder(tf.int32, [B]),
        tf.placeholder(tf.float32, [B]),
    )
    fe, ce = (
        tf.nn.embedding_lookup(fw, fi, partition_strategy="div"),
        tf.nn.embedding_lookup(cw, ci, partition_strategy="div"),
    )
    weighting = tf.minimum(1.0, tf.pow(tf.div(co, 10.0), 0.75))
    single = tf.multiply(
        weighting,
        tf.square(
            tf.reduce_sum(fe * ce, 1) + tf.nn.embedding_lookup(fb, fi) - tf.log(co)
        ),
    )
    gl = tf.reduce_sum(single)
    gopt = tf.train.AdagradOptimizer(0.05).minimize(gl)
    sp = tf.SparseTensor(
        [[0, 0], [0, 1], [1, 0], [2, 2]], tf.constant([1, 3, 5, 7], tf.int64), [3, 3]
    )
    spw = tf.SparseTensor(sp.indices, [1.0, 2.0, 0.5, 1.0], sp.dense_shape)
    bags = [
        tf.reduce_sum(tf.nn.embedding_lookup_sparse(embeddings, sp, w, combiner=c))
        for w in (None, spw)
        for c in ("sum", "mean", "sqrtn")
    ]
    merged = tf.summary.merge_all()
    init = tf.global_variables_initializer()
    saver = tf.train.Saver()
    print(
        type(fw).__name__,
        [v.name for v in fw],
        fw.get_shape(),
        [v.name for v in tf.trainable_variables()][-4:],
    )
with tf.Session(graph=graph) as session:
    init.run()
    for step in range(5):
        f = {
            train_inputs: rng.randint(0, V, B),
            train_labels: rng.randint(0, V, (B, 1)),
            fi: rng.randint(0, V, B),
            ci: rng.randint(0, V, B),
            co: rng.randint(1, 20, B),
        }
        _, _, a, b, g = session.run([optimizer, gopt, loss, loss2, gl], f)
        print("%.6g %.6g %.6g" % (a, b, g))
    print(similarity.eval().shape, " ".join("%.5g" % v for v in session.run(bags)))
