"""tf.contrib.losses, which slim has too."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def losses(tf):
  l = tf.contrib.losses
  a, b = tf.constant(_x(3, 4)), tf.constant(_x(3, 4, seed=1))
  labels = tf.one_hot([0, 2, 3], 4)
  found = {
    "squared": l.mean_squared_error(a, b), "absolute": l.absolute_difference(a, b, weights=2.0),
    "log": l.log_loss(a, labels, weights=tf.constant([1.0, 0.0, 2.0])), "hinge": l.hinge_loss(a, labels),
    "sigmoid": l.sigmoid_cross_entropy(a, labels, label_smoothing=0.1), "softmax": l.softmax_cross_entropy(a, labels),
    "smooth": l.softmax_cross_entropy(a, labels, label_smoothing=0.2, scope="own"),
    "sparse": l.sparse_softmax_cross_entropy(a, tf.constant([0, 2, 3])),
    "column": l.sparse_softmax_cross_entropy(a, tf.constant([[0], [2], [3]]), weights=[[1.0], [0.0], [1.0]]),
    "weighted": l.compute_weighted_loss(tf.square(a), tf.constant(_x(3, 4, seed=2))),
  }
  found["total"] = l.get_total_loss()
  found["names"] = [t.name for t in l.get_losses()]
  return found


def slim_losses(tf):
  slim = tf.contrib.slim
  x = tf.constant(_x(3, 4))
  logits = slim.fully_connected(x, 3, activation_fn=None, weights_regularizer=slim.l2_regularizer(0.1))
  slim.losses.softmax_cross_entropy(logits, tf.one_hot([0, 1, 2], 3))
  slim.losses.add_loss(tf.constant(2.0))
  return {"total": slim.losses.get_total_loss(), "regular": slim.losses.get_regularization_losses(),
          "without": slim.losses.get_total_loss(add_regularization_losses=False, name="bare")}


def shapes_differ(tf):
  tf.contrib.losses.mean_squared_error(tf.constant(_x(3, 2)), tf.constant(_x(3, 4)))


def unknown_rank(tf):
  tf.contrib.losses.compute_weighted_loss(tf.placeholder(tf.float32))


def of_distances(tf):
  m = tf.contrib.losses.metric_learning
  a = tf.constant([[.1, .9], [.8, .3], [.2, .7], [.9, .1]])
  b = tf.Variable([[.3, .8], [.1, .4], [.5, .5], [.7, .2]])
  labels = tf.constant([0, 1, 0, 1])
  losses = [m.contrastive_loss(labels, a, b), m.contrastive_loss(labels, a, b, .5),
            m.triplet_semihard_loss(labels, b), m.triplet_semihard_loss(labels, b, .1)]
  return losses, [tf.gradients(loss, b) for loss in losses]
