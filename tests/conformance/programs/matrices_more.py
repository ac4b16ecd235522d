"""tf.linalg: decompositions, what is solved with them, their gradients."""

import numpy as np
from said import tries, tries_run


def _x(*shape, **kwargs):
    return (
        np.random.RandomState(kwargs.get("seed", 0))
        .rand(*shape)
        .astype(kwargs.get("dtype", np.float32))
    )


def _positive(*shape):
    x = _x(*shape)
    return np.matmul(x, np.swapaxes(x, -1, -2)) + np.eye(shape[-1], dtype=np.float32)


def singular_values(tf):
    x, wide = tf.constant(_x(2, 3, 3)), tf.constant(_x(3, 5))
    s, u, v = tf.svd(x)
    t, p, q = tf.linalg.svd(wide, full_matrices=True, name="whole")
    again = tf.matmul(u, tf.matmul(tf.matrix_diag(s), v, adjoint_b=True))
    only = tf.svd(wide, compute_uv=False)
    return {
        "s": s,
        "again": again,
        "t": t,
        "sizes": [str(p.shape), str(q.shape)],
        "only": only,
        "grad": tf.gradients(s, x),
        "grads": tf.gradients(tf.abs(u[..., 0]), x),
        "grad_only": tf.gradients(only, wide),
        "refused": tries(lambda: tf.svd(_x(3)), lambda: tf.gradients(q, wide)),
    }


def shapes_of_singular_vectors(tf):
    tall, wide = tf.constant(_x(4, 2)), tf.constant(_x(2, 3))
    s, u, v = tf.svd(tall)
    t, p, q = tf.svd(wide, full_matrices=True)
    return {
        "tall": tf.gradients(
            tf.reduce_sum(tf.abs(u)) + tf.reduce_sum(tf.abs(v)) + tf.reduce_sum(s), tall
        ),
        "wide": tf.gradients(
            tf.reduce_sum(tf.abs(p)) + tf.reduce_sum(tf.abs(q)) + tf.reduce_sum(t), wide
        ),
    }


def eigenvalues(tf):
    x = tf.constant(_positive(2, 3, 3).astype(np.float64))
    e, v = tf.self_adjoint_eig(x)
    only = tf.linalg.eigvalsh(x, name="values")
    return {
        "e": e,
        "again": tf.matmul(v, tf.matmul(tf.matrix_diag(e), v, adjoint_b=True)),
        "only": only,
        "old": tf.self_adjoint_eigvals(x),
        "same": tf.linalg.eigh(x)[0],
        "grads": tf.gradients(tf.reduce_sum(tf.abs(v)) + tf.reduce_sum(e), x),
        "grad_only": tf.gradients(only**2, x),
        "refused": tries(lambda: tf.self_adjoint_eig(_x(2, 3))),
    }


def triangles(tf):
    x, b = (
        tf.constant(_x(2, 3, 3) + 3 * np.eye(3, dtype=np.float32)),
        tf.constant(_x(2, 3, 2, seed=1)),
    )
    y = tf.matrix_triangular_solve(x, b)
    z = tf.linalg.triangular_solve(x, b, lower=False, adjoint=True, name="upper")
    chol = tf.cholesky(_positive(2, 3, 3))
    made = {
        "y": y,
        "z": z,
        "grads": tf.gradients(y**2, [x, b]),
        "grads_z": tf.gradients(z**2, [x, b]),
        "solved": tf.cholesky_solve(chol, b),
        "named": tf.linalg.cholesky_solve(chol, b, name="given"),
    }
    p = tf.constant(_positive(3, 3))
    made["cholesky"] = tf.gradients(tf.cholesky(p) ** 2, p)
    made["lu"], made["order"] = tf.linalg.lu(x)
    made["lu_wide"] = tf.linalg.lu(np.array([[1.0, 2], [3, 4]]), tf.int64, name="parts")
    made["refused"] = tries(
        lambda: tf.matrix_triangular_solve(_x(2, 3), b[0]),
        lambda: tf.linalg.lu(_x(2, 3)),
    )
    made["run"] = tries_run(
        tf, lambda: tf.matrix_triangular_solve([[0.0, 0], [1, 1]], [[1.0], [2]])
    )
    return made


def determinants(tf):
    x = tf.constant(_x(2, 3, 3, dtype=np.float64))
    sign, log = tf.linalg.slogdet(x)
    p = tf.constant(_positive(2, 3, 3))
    y = tf.linalg.logdet(p, name="log")
    return {
        "sign": sign,
        "log": log,
        "grads": tf.gradients(log, x),
        "y": y,
        "slope": tf.gradients(y, p),
        "adjoint": tf.linalg.adjoint(p),
        "turned": tf.linalg.matrix_transpose(x),
        "conjugated": tf.imag(
            tf.linalg.adjoint(tf.complex(_x(2, 3), _x(2, 3)), name="conjugated")
        ),
    }


def roots(tf):
    p = tf.constant(_positive(2, 3, 3).astype(np.float64))
    root = tf.matrix_square_root(p)
    log = tf.linalg.logm(tf.cast(p[0], tf.complex128))
    return {
        "root": root,
        "named": tf.linalg.sqrtm(p, name="root"),
        "grad": tf.gradients(root**2, p),
        "log": tf.real(log),
        "refused": tries(
            lambda: tf.matrix_square_root(_x(2, 3)), lambda: tf.linalg.logm(p)
        ),
    }


def exponentials(tf):
    x = tf.constant(_x(2, 3, 3) * np.array([0.1, 4.0], np.float32)[:, None, None])
    y = tf.linalg.expm(x)
    late = tf.placeholder_with_default(_x(2, 2), [None, None])
    return {
        "y": y,
        "wide": tf.linalg.expm(tf.cast(x, tf.float64), name="exp"),
        "late": tf.linalg.expm(late),
        "none": tf.linalg.expm(_x(0, 0)),
        "refused": tries(lambda: tf.linalg.expm([[1, 2], [3, 4]])),
    }


def least_squares(tf):
    tall, wide, b, c = (
        tf.constant(_x(2, 4, 3)),
        tf.constant(_x(3, 4)),
        tf.constant(_x(2, 4, 1, seed=1)),
        tf.constant(_x(3, 2, seed=2)),
    )
    late = tf.placeholder_with_default(_x(4, 2), [None, None])
    return {
        "tall": tf.matrix_solve_ls(tall, b),
        "wide": tf.linalg.lstsq(wide, c, l2_regularizer=0.1),
        "named": tf.matrix_solve_ls(tall, b, 0.5, name="near"),
        "exact": tf.matrix_solve_ls(tall, b, fast=False),
        "damped": tf.matrix_solve_ls(wide, c, 0.3, fast=False, name="damped"),
        "late": tf.matrix_solve_ls(late, _x(4, 1)),
        "refused": tries(
            lambda: tf.matrix_solve_ls(
                np.eye(2, dtype=np.complex128), np.eye(2, dtype=np.complex128), 0.1
            )
        ),
    }


def inverses(tf):
    x, late = tf.constant(_x(2, 4, 3)), tf.placeholder_with_default(_x(2, 3), None)
    la = tf.linalg
    low = np.outer([1.0, 2, 3], [1.0, 0, 2])
    n, lengths = la.normalize(x, axis=-1)
    return {
        "pinv": la.pinv(x),
        "some": la.pinv(low, rcond=1e-6, name="inverse"),
        "rank": la.matrix_rank(low),
        "ranks": la.matrix_rank(x, tol=0.5, name="rank"),
        "late": la.pinv(late, validate_args=True),
        "n": n,
        "lengths": lengths,
        "one": la.normalize(x, 1)[0],
        "norm": la.global_norm([x, low.astype(np.float32)]),
        "not": {
            "refused": tries(
                lambda: la.pinv([1.0, 2]), lambda: la.pinv([[1, 2], [3, 4]])
            )
        },
    }
