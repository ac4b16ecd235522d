"""tf.metrics: the variables they keep, updates and values."""

import numpy as np


def _run(tf, made, steps=1):
  """Initialize, update, then the value."""
  value, update = made
  with tf.Session() as session:
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    updates = [session.run(update) for _ in range(steps)]
    return {"updates": updates, "value": session.run(value), "name": value.name,
            "update": update.name,
            "local": ["%s %s" % (v.name, v.shape) for v in tf.local_variables()]}


def accuracy(tf):
  return _run(tf, tf.metrics.accuracy([1, 2, 3, 4], [1, 2, 0, 4]), 2)


def accuracy_weighted(tf):
  return _run(tf, tf.metrics.accuracy([1, 2, 3], [1, 0, 3], weights=[1.0, 0.0, 2.0], name="acc"))


def accuracy_collections(tf):
  made = tf.metrics.accuracy([1, 2], [1, 1], metrics_collections=["m"], updates_collections=["u"])
  found = _run(tf, made)
  found["m"] = [t.name for t in tf.get_collection("m")]
  found["u"] = [t.name for t in tf.get_collection("u")]
  return found


def mean(tf):
  return _run(tf, tf.metrics.mean(tf.constant([1.0, 2.0, 6.0])), 2)


def mean_weighted(tf):
  return _run(tf, tf.metrics.mean(tf.constant([1.0, 2.0, 6.0]), tf.constant([0.0, 1.0, 1.0]), name="m"))


def mean_tensor(tf):
  return _run(tf, tf.metrics.mean_tensor(tf.constant([[1.0, 2.0], [3.0, 4.0]])))


def errors(tf):
  a, b = tf.constant([1.0, 2.0, 3.0]), tf.constant([1.5, 2.5, 1.0])
  found = {}
  for name in ("mean_squared_error", "mean_absolute_error", "root_mean_squared_error"):
    found[name] = _run(tf, getattr(tf.metrics, name)(a, b))
  found["relative"] = _run(tf, tf.metrics.mean_relative_error(a, b, a))
  found["cosine"] = _run(tf, tf.metrics.mean_cosine_distance([[0.6, 0.8]], [[0.8, 0.6]], 1))
  return found


def counts(tf):
  labels, found = tf.constant([1, 0, 1, 1]), {}
  predictions = tf.constant([1, 1, 0, 1])
  for name in ("true_positives", "false_positives", "true_negatives", "false_negatives",
               "precision", "recall"):
    found[name] = _run(tf, getattr(tf.metrics, name)(labels, predictions))
  return found


def thresholds(tf):
  labels = tf.constant([True, False, True, True])
  predictions = tf.constant([0.9, 0.4, 0.35, 0.8])
  found = {}
  for name in ("true_positives_at_thresholds", "precision_at_thresholds", "recall_at_thresholds",
               "false_negatives_at_thresholds"):
    found[name] = _run(tf, getattr(tf.metrics, name)(labels, predictions, [0.3, 0.5]))
  return found


def auc(tf):
  return _run(tf, tf.metrics.auc([1, 0, 1, 1], tf.constant([0.9, 0.4, 0.35, 0.8]), num_thresholds=20))


def auc_pr(tf):
  return _run(tf, tf.metrics.auc([1, 0, 1, 1], tf.constant([0.9, 0.4, 0.35, 0.8]), num_thresholds=20,
                                 curve="PR", summation_method="careful_interpolation"))


def sensitivity(tf):
  return _run(tf, tf.metrics.sensitivity_at_specificity(
    [1, 0, 1, 1], tf.constant([0.9, 0.4, 0.35, 0.8]), 0.5, num_thresholds=20))


def mean_iou(tf):
  return _run(tf, tf.metrics.mean_iou(tf.constant([0, 1, 2, 1]), tf.constant([0, 1, 1, 1]), 3))


def mean_per_class_accuracy(tf):
  return _run(tf, tf.metrics.mean_per_class_accuracy(tf.constant([0, 1, 2, 1]), tf.constant([0, 1, 1, 1]), 3))


def percentage_below(tf):
  return _run(tf, tf.metrics.percentage_below(tf.constant([1.0, 2.0, 3.0]), 2.5))


def in_scope(tf):
  with tf.variable_scope("eval"):
    return _run(tf, tf.metrics.accuracy([1, 2], [1, 1]))


def twice(tf):
  tf.metrics.accuracy([1, 2], [1, 1])
  return _run(tf, tf.metrics.accuracy([1, 2], [2, 2]))


def shapes_differ(tf):
  tf.metrics.accuracy([1, 2, 3], [1, 2])
