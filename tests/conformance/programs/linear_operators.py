"""tf.linalg.LinearOperatorLowerTriangular."""

import numpy as np
from said import tries


def _operator(tf, **kwargs):
  return tf.linalg.LinearOperatorLowerTriangular(np.arange(8.0).reshape(2, 2, 2) + 1, **kwargs)


def masks(tf):
  with tf.variable_scope("a"):
    one = tf.linalg.LinearOperatorLowerTriangular(tf.ones([3, 3]) * 2.0)
    dense = one.to_dense()
  late = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, None])
  hints = [one.name, str(one.shape), str(one.batch_shape), one.dtype.name, one.is_square, one.is_non_singular]
  return {"dense": dense, "late": tf.linalg.LinearOperatorLowerTriangular(late).to_dense(), "hints": hints}


def products(tf):
  one = _operator(tf, name="q", is_positive_definite=True)
  x = np.arange(12.0)
  return {"det": one.determinant(), "log": one.log_abs_determinant(), "times": one.matmul(x.reshape(2, 2, 3)),
          "adjoint": one.matmul(x.reshape(2, 3, 2), adjoint=True, adjoint_arg=True),
          "hints": [str(one.batch_shape), one.is_non_singular, one.is_self_adjoint, one.is_positive_definite]}


def refused(tf):
  operator = tf.linalg.LinearOperatorLowerTriangular
  return {"made": tries(lambda: operator([1.0]), lambda: _operator(tf, is_square=False),
                        lambda: _operator(tf, is_non_singular=False, is_positive_definite=True))}
