"""tf.nn and tf.linalg: what is seldom used: dilations, fractional pools, diagonals."""

import numpy as np
from said import tries, tries_run


def _x(*shape, **kwargs):
    return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def dilations(tf):
    x = tf.constant(_x(2, 6, 7, 2))
    kernel = tf.constant(_x(3, 2, 2, seed=1))
    unknown = tf.placeholder_with_default(_x(1, 5, 5, 2), [None, None, None, 2])
    ones = [1, 1, 1, 1]
    made = {
        "valid": tf.nn.dilation2d(x, kernel, ones, ones, "VALID"),
        "same": tf.nn.dilation2d(
            x, kernel, [1, 2, 1, 1], [1, 1, 2, 1], "SAME", name="d"
        ),
        "late": tf.nn.dilation2d(
            unknown,
            filters=kernel,
            strides=ones,
            dilations=[1, 2, 2, 1],
            padding="SAME",
        ),
        "eroded": tf.nn.erosion2d(x, kernel, ones, ones, "SAME"),
        "strides": tf.nn.erosion2d(x, kernel, [1, 2, 2, 1], ones, "VALID", name="less"),
        "ints": tf.nn.dilation2d(
            tf.cast(x * 9, tf.int32), tf.cast(kernel * 9, tf.int32), ones, ones, "SAME"
        ),
    }
    for name in ("valid", "same", "late", "eroded"):
        source = unknown if name == "late" else x
        made[name + "_grads"] = tf.gradients(
            tf.reduce_sum(made[name] ** 2), [source, kernel]
        )
    return made


def dilations_refused(tf):
    x, kernel, ones = (
        tf.constant(_x(2, 4, 4, 2)),
        tf.constant(_x(2, 2, 2)),
        [1, 1, 1, 1],
    )
    unknown = tf.placeholder_with_default(_x(2, 3), None)
    return {
        "made": tries(
            lambda: tf.nn.dilation2d(x[0], kernel, ones, ones, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel[0], ones, ones, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel[..., :1], ones, ones, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel, [1, 1], ones, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel, ones, [1] * 5, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel, ones, ones, "FULL"),
            lambda: tf.nn.dilation2d(x, _x(6, 6, 2), ones, ones, "VALID"),
        ),
        "run": tries_run(
            tf,
            lambda: tf.nn.dilation2d(unknown, kernel, ones, ones, "SAME"),
            lambda: tf.nn.dilation2d(x, unknown, ones, ones, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel, [2, 1, 1, 1], ones, "SAME"),
            lambda: tf.nn.dilation2d(x, kernel, ones, [1, 1, 1, 2], "SAME"),
        ),
    }


def fractional(tf):
    x = tf.constant(_x(2, 11, 13, 2))
    half = [1.0, 1.4, 1.7, 1.0]
    made = {}
    for pool in (tf.nn.fractional_max_pool, tf.nn.fractional_avg_pool):
        for pseudo in (False, True):
            for overlapping in (False, True):
                name = "%s_%s_%s" % (pool.__name__[11:14], pseudo, overlapping)
                made[name] = list(
                    pool(x, half, pseudo, overlapping, True, seed=3 + pseudo, seed2=5)
                )
                made[name + "_grad"] = tf.gradients(
                    tf.reduce_sum(made[name][0] ** 2), x
                )
    return made


def fractional_again(tf):
    x = tf.placeholder_with_default(_x(1, 9, 10, 1), [None, None, 10, 1])
    fresh = tf.nn.fractional_max_pool(x, [1.0, 3.0, 2.0, 1.0])
    seeded = tf.nn.fractional_max_pool(x, [1.0, 3.0, 2.0, 1.0], seed=1)
    kept = tf.nn.fractional_max_pool(
        x, [1.0, 1.3, 2.1, 1.0], deterministic=True, seed=7, seed2=1, name="kept"
    )
    whole = tf.nn.fractional_avg_pool(
        tf.cast(x * 9, tf.int32), [1.0, 3.0, 2.0, 1.0], True, deterministic=True, seed=1
    )
    with tf.Session() as session:
        runs = [
            session.run([fresh.row_pooling_sequence, kept.col_pooling_sequence])
            for _ in range(4)
        ]
    return {
        "runs": runs,
        "whole": list(whole),
        "static": [str(t.shape) for t in list(fresh) + list(kept)],
        "made": tries(
            lambda: tf.nn.fractional_max_pool(x, [1.0, 1.3]),
            lambda: tf.nn.fractional_max_pool(x[0], [1.0, 1.3, 1.3, 1.0]),
        ),
        "run": tries_run(
            tf,
            lambda: seeded.output,
            lambda: tf.nn.fractional_max_pool(x, [2.0, 1.3, 1.3, 2.0]).output,
            lambda: tf.nn.fractional_avg_pool(x, [2.0, 1.3, 1.3, 2.0]).output,
        ),
    }


def tridiagonal(tf):
    diagonals, rhs = tf.constant(_x(2, 3, 4)), tf.constant(_x(2, 4, 3, seed=1))
    late = tf.placeholder_with_default(_x(2, 3, 4), [None, 3, None])
    matrix = tf.constant(_x(4, 4, seed=2))
    solve, times = tf.linalg.tridiagonal_solve, tf.linalg.tridiagonal_matmul
    upper, main, lower = [tf.constant(_x(n, seed=n)) for n in (4, 5, 4)]
    made = {
        "compact": solve(diagonals, rhs),
        "vector": solve(diagonals[0], rhs[0, :, 0], name="x"),
        "turned": solve(diagonals, tf.transpose(rhs, [0, 2, 1]), transpose_rhs=True),
        "conjugated": solve(
            tf.cast(diagonals, tf.complex64) * (1 + 2j),
            tf.cast(rhs, tf.complex64) * 1j,
            conjugate_rhs=True,
        ),
        "plain": solve(diagonals, rhs, partial_pivoting=False),
        "sequence": solve((upper, main, lower), tf.constant(_x(5)), "sequence"),
        "matrix": solve(matrix, rhs[0], diagonals_format="matrix"),
        "late": solve(late, rhs),
        "product": times(diagonals, rhs),
        "matrix_product": times(matrix, rhs[0], "matrix", name="by"),
        "sequence_product": times(
            (main, main, main), tf.constant(_x(5, 2)), "sequence"
        ),
        "late_product": times(late, rhs),
        "double": solve(tf.cast(diagonals, tf.float64), tf.cast(rhs, tf.float64)),
    }
    sources = [diagonals, rhs]
    for name in ("compact", "product"):
        made[name + "_grads"] = tf.gradients(tf.reduce_sum(made[name] ** 2), sources)
    for name in ("late", "late_product"):
        made[name + "_grads"] = tf.gradients(
            tf.reduce_sum(made[name] ** 2), [late, rhs]
        )
    return made


def tridiagonal_refused(tf):
    diagonals, rhs = tf.constant(_x(2, 3, 4)), tf.constant(_x(2, 4, 3, seed=1))
    solve, times = tf.linalg.tridiagonal_solve, tf.linalg.tridiagonal_matmul
    unknown = tf.placeholder(tf.float32, [None, None])
    zeros = tf.zeros([3, 4])
    return {
        "made": tries(
            lambda: solve(diagonals[0, 0], rhs),
            lambda: solve(diagonals, rhs[0, 0]),
            lambda: solve(diagonals[:, :2], rhs),
            lambda: solve(diagonals[:1], rhs),
            lambda: solve(diagonals, rhs[:, :3]),
            lambda: solve(diagonals, rhs, "dense"),
            lambda: solve(diagonals, rhs, "sequence"),
            lambda: solve([rhs, rhs[0], rhs], rhs, "sequence"),
            lambda: solve([rhs[:, :, :1], rhs, rhs], rhs, "sequence"),
            lambda: solve(rhs, rhs, "matrix"),
            lambda: solve(unknown, rhs, "matrix"),
            lambda: times(rhs, rhs, "matrix"),
            lambda: times(unknown, rhs, "matrix"),
            lambda: times(diagonals, rhs, "dense"),
            lambda: times(diagonals[:1], rhs),
            lambda: times(diagonals, rhs[:, :3]),
        ),
        "run": tries_run(
            tf,
            lambda: solve(zeros, rhs[0]),
            lambda: solve(zeros, rhs[0], partial_pivoting=False),
        ),
    }


def labels(tf):
    rows = tf.constant([[1, 1, 2, 2, 1], [0, 1, 1, 3, 3], [4, 4, 4, 4, 4]])
    late = tf.placeholder_with_default([[1, 1, 2], [3, 2, 2]], [None, None])
    collapse = tf.nn.collapse_repeated
    return {
        "collapsed": list(collapse(rows, [4, 5, 0])),
        "late": list(collapse(late, tf.constant([3, 2], tf.int64), name="late")),
        "different": list(tf.nn.ctc_unique_labels(rows)),
        "late_different": list(tf.nn.ctc_unique_labels(late, name="d")),
    }


def sparse_ctc_loss(tf):
    logits = tf.constant(_x(5, 3, 4))
    labels = tf.SparseTensor(
        [[0, 0], [0, 1], [1, 0], [2, 0], [2, 1]], tf.constant([1, 2, 1, 3, 1]), [3, 2]
    )
    made = {
        "first": tf.nn.ctc_loss_v2(labels, logits, None, [5, 4, 5], blank_index=0),
        "inside": tf.nn.ctc_loss_v2(labels, logits, None, [5, 4, 5], blank_index=2),
        "turned": tf.nn.ctc_loss_v2(
            labels, tf.transpose(logits, [1, 0, 2]), None, [5, 4, 5], False, None, 0
        ),
    }
    low = tf.SparseTensor(labels.indices, labels.values - 1, labels.dense_shape)
    made["last"] = tf.nn.ctc_loss_v2(low, logits, None, [5, 4, 5], blank_index=-1)
    made["grad"] = tf.gradients(tf.reduce_sum(made["first"]), logits)
    made["refused"] = tries(lambda: tf.nn.ctc_loss_v2(labels, logits, None, [5, 4, 5]))
    return made
