"""Gamma and Poisson numbers, and random numbers without a state: bit for bit."""

import numpy as np
from said import tries, tries_run


def gammas(tf):
    alpha = tf.constant([0.3, 1.0, 2.5, 40.0])
    y = tf.random_gamma([6], alpha)
    return {
        "y": y,
        "one": tf.random.gamma([5], 0.7, beta=[2.0, 3.0], seed=4, name="drawn"),
        "wide": tf.random_gamma([3, 2], 3.0, dtype=tf.float64, seed=1),
        "half": tf.random_gamma([4], 2.0, dtype=tf.float16),
        "none": tf.random_gamma([0], 2.0),
        "grad": tf.gradients(y, alpha),
        "shape": str(
            tf.random_gamma(tf.placeholder_with_default([2], [1]), alpha).shape
        ),
    }


def poissons(tf):
    return {
        "few": tf.random_poisson([0.5, 3.0, 9.0], [8]),
        "many": tf.random_poisson(tf.constant([11.0, 200.0]), [20], seed=3),
        "whole": tf.random.poisson(4.0, [2, 3], dtype=tf.int32, name="counted"),
        "ints": tf.random_poisson([2, 30], [4], tf.int64, seed=5),
        "none": tf.random_poisson([-1.0, 1.0], [2]),
    }


def gammas_again(tf):
    y = tf.random_gamma([3], [0.4, 5.0], seed=7)
    z = tf.random_poisson([2.0, 50.0], [3], seed=7)
    with tf.Session() as session:
        return {"runs": [session.run([y, z]) for _ in range(3)]}


def stateless(tf):
    r = tf.random
    seed = tf.placeholder_with_default(np.array([5, -7], np.int64), [2])
    return {
        "uniform": r.stateless_uniform([5], [1, 2]),
        "between": r.stateless_uniform(
            [2, 3], seed=[3, 4], minval=-1, maxval=2, name="drawn"
        ),
        "ints": r.stateless_uniform([7], [1, 2], 0, 10, tf.int32),
        "longs": r.stateless_uniform([3], [1, 2], -5, 10**12, tf.int64),
        "wide": r.stateless_uniform([3], seed, dtype=tf.float64),
        "half": r.stateless_uniform([3], [0, 0], dtype=tf.float16),
        "normal": r.stateless_normal([5], [8, 9]),
        "moved": r.stateless_normal([4], seed, 3.0, 2.0, tf.float64, name="moved"),
        "cut": r.stateless_truncated_normal([6], [2**40, 3], stddev=0.1),
        "chosen": r.stateless_categorical(
            np.log([[0.2, 0.8], [0.5, 0.5]]).astype(np.float32), 6, [1, 2]
        ),
        "old": r.stateless_multinomial([[0.0, 1.0, 2.0]], 5, seed, tf.int32),
    }


def stateless_refused(tf):
    r = tf.random
    return {
        "made": tries(
            lambda: r.stateless_uniform([2], [1]),
            lambda: r.stateless_uniform([2], [1, 2], dtype=tf.int32),
            lambda: r.stateless_uniform([2], [1, 2], dtype=tf.string),
        ),
        "run": tries_run(tf, lambda: r.stateless_uniform([2], [1, 2], 3, 3, tf.int32)),
    }
