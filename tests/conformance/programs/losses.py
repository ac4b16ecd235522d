"""tf.losses: values, weights, reductions, collections."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def _all(tf):
  return [t.name for t in tf.losses.get_losses()]


def squared(tf):
  a, b = tf.constant(_x(3, 2)), tf.constant(_x(3, 2, seed=1))
  found = {
    "plain": tf.losses.mean_squared_error(a, b),
    "weights": tf.losses.mean_squared_error(a, b, weights=2.0),
    "rows": tf.losses.mean_squared_error(a, b, weights=tf.constant([[1.0], [0.0], [2.0]])),
    "none": tf.losses.mean_squared_error(a, b, reduction=tf.losses.Reduction.NONE, scope="own"),
    "sum": tf.losses.mean_squared_error(a, b, reduction=tf.losses.Reduction.SUM),
    "batch": tf.losses.mean_squared_error(
      a, b, reduction=tf.losses.Reduction.SUM_OVER_BATCH_SIZE, loss_collection=None),
    "nonzero": tf.losses.mean_squared_error(
      a, b, [[1.0], [0.0], [1.0]], reduction=tf.losses.Reduction.SUM_OVER_NONZERO_WEIGHTS),
    "mean": tf.losses.mean_squared_error(a, b, [[1.0], [0.0], [1.0]],
                                         reduction=tf.losses.Reduction.MEAN),
  }
  found["names"] = _all(tf)
  return found


def others(tf):
  a, b = tf.constant(_x(3, 2)), tf.constant(_x(3, 2, seed=1))
  signs = tf.constant([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
  found = {
    "absolute": tf.losses.absolute_difference(a, b),
    "huber": tf.losses.huber_loss(a, b, delta=0.3),
    "hinge": tf.losses.hinge_loss(signs, b),
    "log": tf.losses.log_loss(signs, b),
    "cosine": tf.losses.cosine_distance(tf.nn.l2_normalize(a, 1), tf.nn.l2_normalize(b, 1), axis=1),
    "pairs": tf.losses.mean_pairwise_squared_error(a, b),
    "weighted": tf.losses.compute_weighted_loss(tf.square(a), 0.5),
  }
  found["total"] = tf.losses.get_total_loss()
  found["names"] = _all(tf)
  return found


def cross_entropies(tf):
  logits = tf.constant(_x(3, 4))
  onehot = tf.one_hot([0, 2, 3], 4)
  found = {
    "softmax": tf.losses.softmax_cross_entropy(onehot, logits),
    "smooth": tf.losses.softmax_cross_entropy(onehot, logits, label_smoothing=0.1),
    "weights": tf.losses.softmax_cross_entropy(onehot, logits, weights=[1.0, 0.0, 2.0]),
    "sparse": tf.losses.sparse_softmax_cross_entropy([0, 2, 3], logits),
    "column": tf.losses.sparse_softmax_cross_entropy(tf.constant([[0], [2], [3]]), logits),
    "sigmoid": tf.losses.sigmoid_cross_entropy(onehot, logits),
    "sigmoid_smooth": tf.losses.sigmoid_cross_entropy(onehot, logits, label_smoothing=0.2, scope="s"),
  }
  found["names"] = _all(tf)
  return found


def collected(tf):
  with tf.variable_scope("a"):
    x = tf.losses.mean_squared_error([1.0], [2.0])
  y = tf.losses.absolute_difference([1.0], [4.0])
  tf.losses.add_loss(tf.constant(5.0))
  w = tf.get_variable("w", [2], initializer=tf.ones_initializer(),
                      regularizer=tf.contrib.layers.l2_regularizer(0.5))
  return {"all": _all(tf), "a": [t.name for t in tf.losses.get_losses("a")],
          "reg": tf.losses.get_regularization_loss(), "total": tf.losses.get_total_loss(),
          "without": tf.losses.get_total_loss(add_regularization_losses=False, name="wo")}


def nothing_collected(tf):
  tf.losses.get_total_loss()


def no_regularization(tf):
  return {"x": tf.losses.get_regularization_loss(), "n": len(tf.losses.get_regularization_losses())}


def unknown_shapes(tf):
  a = tf.placeholder_with_default(_x(3, 2), [None, 2])
  b = tf.placeholder_with_default(_x(3, 2, seed=1), [None, None])
  w = tf.placeholder_with_default(np.float32([[1], [0], [2]]), [None, 1])
  return {"plain": tf.losses.mean_squared_error(a, b), "weighted": tf.losses.mean_squared_error(a, b, w)}


def shapes_differ(tf):
  tf.losses.mean_squared_error(tf.constant(_x(3, 2)), tf.constant(_x(3, 4)))


def no_labels(tf):
  tf.losses.mean_squared_error(None, tf.constant(_x(3, 2)))


def no_logits(tf):
  tf.losses.softmax_cross_entropy(tf.constant(_x(3, 2)), None)


def weights_do_not_fit(tf):
  tf.losses.mean_squared_error(tf.constant(_x(3, 2)), tf.constant(_x(3, 2)), weights=[1.0, 2.0])


def wrong_reduction(tf):
  tf.losses.mean_squared_error([1.0], [2.0], reduction="average")


def cosine_without_axis(tf):
  tf.losses.cosine_distance([[1.0]], [[1.0]])
