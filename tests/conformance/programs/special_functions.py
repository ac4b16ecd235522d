"""Special functions: incomplete gamma and beta, zeta, Bessel; and small ones of tf.math."""

import numpy as np
from said import tries

A = np.array([0.3, 1.0, 2.5, 7.0, 40.0, 0.01], np.float32)
X = np.array([0.1, 0.9, 3.0, 5.0, 55.0, 2.0], np.float32)


def gammas(tf):
    a, x = tf.constant(A), tf.constant(X)
    wide = tf.constant(A.astype(np.float64))[:, None], tf.constant(X.astype(np.float64))
    low, high = tf.igamma(a, x), tf.igammac(a, x)
    edges = [0.0, 0.0, 1.0, -1.0, 1.0, 2.0], [0.0, 1.0, 0.0, 1.0, -1.0, float("inf")]
    return {
        "low": low,
        "high": high,
        "wide": tf.igamma(*wide),
        "far": tf.math.igammac(*wide, name="upper"),
        "grads": tf.gradients(tf.reduce_sum(low), [a, x]),
        "grads_high": tf.gradients(tf.reduce_sum(high**2), [a, x]),
        "grads_wide": tf.gradients(tf.reduce_sum(tf.igamma(*wide)), list(wide)),
        "edges": tf.igamma(*edges),
        "edges_high": tf.igammac(*edges),
        "second": tf.gradients(tf.digamma(x), x),
        "log": tf.gradients(tf.lgamma(x), x),
    }


def betas(tf):
    a, b, x = (
        tf.constant(np.minimum(A, 4)),
        tf.constant(np.minimum(X, 4)),
        tf.constant([0.1, 0.5, 0.9, 0.3, 0.4, 0.99]),
    )
    y = tf.betainc(a, b, x)
    return {
        "y": y,
        "one": tf.betainc(2.0, 3.0, x, name="beta"),
        "grads": tf.gradients(y, x),
        "edges": tf.math.betainc(
            [1.0, 1.0, -1.0, 1.0], [1.0, 1.0, 1.0, 0.0], [0.0, 1.0, 0.5, 0.5]
        ),
        "refused": tries(lambda: tf.betainc(a, b, x[:3]), lambda: tf.gradients(y, a)),
    }


def zetas(tf):
    x, q = (
        tf.constant([1.5, 2.0, 5.0, 11.0, 3.0, 2.0]),
        tf.constant([0.5, 1.0, 3.0, 40.0, -1.5, 1000.0]),
    )
    y = tf.zeta(x, q)
    n, p = tf.constant([0.0, 1.0, 2.0, 3.0, 4.0, 1.0]), tf.constant(X)
    z = tf.polygamma(n, p)
    return {
        "y": y,
        "z": z,
        "wide": tf.polygamma(tf.constant(2.0, tf.float64), X.astype(np.float64)),
        "grads": tf.gradients(y, q),
        "more": tf.gradients(z, p),
        "none": tf.gradients(y, x) == [None],
        "edges": tf.zeta([1.0, 0.5, 2.0, 2.5], [1.0, 1.0, -2.0, -0.5]),
        "odd": tf.math.polygamma([-1.0, 0.5], [1.0, 1.0], name="gamma"),
    }


def bessels(tf):
    x = tf.constant([-40.0, -3.0, -0.1, 0.0, 1e-9, 0.5, 7.0, 29.0, 31.0, 500.0])
    m = tf.math
    a, b = m.bessel_i0e(x), m.bessel_i1e(x)
    near = x[1:7]
    return {
        "a": a,
        "b": b,
        "i0": m.bessel_i0(near),
        "i1": m.bessel_i1(near, name="first"),
        "wide": m.bessel_i1e(tf.cast(x, tf.float64)),
        "grads": tf.gradients(a, x),
        "slopes": tf.gradients(b, x),
    }


def small(tf):
    x = tf.constant([-1.0, 0.0, 2.0])
    after = tf.math.nextafter(x, [0.0, 1.0, 5.0])
    return {
        "poly": tf.math.polyval([2.0, 0.0, 1.0], x),
        "none": tf.math.polyval([], x),
        "named": tf.math.polyval([3], x, name="line"),
        "after": after * 1e6,
        "grads": tf.gradients(after, x),
        "reciprocal": tf.math.reciprocal_no_nan(x),
        "wide": tf.math.reciprocal_no_nan(
            tf.constant([0.0, 4.0], tf.float64), name="over"
        ),
    }
