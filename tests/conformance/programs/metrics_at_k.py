"""tf.metrics of the k best predictions."""

import numpy as np
from said import tries

P = np.random.RandomState(0).rand(3, 5).astype(np.float32)
L = np.array([[0, 2], [1, 4], [3, 3]], np.int64)


def recalls(tf):
    m = tf.metrics
    made = [
        m.recall_at_k(L, P, 2),
        m.recall_at_k(L[:, 0], P, 3, class_id=3, name="found"),
        m.recall_at_top_k(
            L, tf.constant([[0, 1], [4, 1], [2, 0]]), weights=[1.0, 0.0, 2.0]
        ),
        m.recall_at_k(
            tf.SparseTensor(
                [[0, 0], [1, 1], [2, 0]], np.array([1, 2, 0], np.int64), [3, 2]
            ),
            P,
            2,
            weights=[1.0, 2.0, 0.5],
            metrics_collections="m",
            updates_collections=["u"],
        ),
    ]
    return {"updates": [one[1] for one in made], "names": [one[0].name for one in made]}


def precisions(tf):
    m = tf.metrics
    made = [
        m.precision_at_k(L, P, 2),
        m.precision_at_k(L, P, 1, class_id=2, name="right"),
        m.precision_at_top_k(L, tf.constant([[0, 1], [4, 1], [2, 0]]), k=2),
        m.sparse_precision_at_k(L, P, 3, weights=2.0),
    ]
    return {"updates": [one[1] for one in made], "names": [one[0].name for one in made]}


def averages(tf):
    m = tf.metrics
    made = [
        m.average_precision_at_k(L, P, 1),
        m.average_precision_at_k(L, P, 3, name="mean"),
        m.average_precision_at_k(L, P, 2, weights=[1.0, 0.0, 2.0]),
        m.sparse_average_precision_at_k(L[:, :1] + 2, P, 4),
    ]
    sparse = tf.SparseTensor(
        [[0, 0], [1, 1], [2, 0]], np.array([1, 2, 0], np.int64), [3, 2]
    )
    made.append(m.average_precision_at_k(sparse, P, 2))
    return {"updates": [one[1] for one in made], "names": [one[0].name for one in made]}


def refused(tf):
    m = tf.metrics
    return {
        "made": tries(
            lambda: m.average_precision_at_k(L, P, 0),
            lambda: m.recall_at_top_k(L, tf.constant([1, 2])),
            lambda: m.recall_at_top_k(np.zeros((2, 2, 2), np.int64), tf.constant(L)),
        )
    }
