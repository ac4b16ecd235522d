"""Metrics of tf.contrib.metrics, which take predictions before labels."""

import inspect

import numpy as np
import said


def _updated(tf, metrics):
    """Values after two updates, names and collections."""
    values, updates = tf.contrib.metrics.aggregate_metric_map(metrics)
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        for _ in range(2):
            session.run(updates)
        found = session.run(values)
    return {
        "found": {key: np.asarray(value) for key, value in found.items()},
        "names": {key: value.op.name for key, value in values.items()},
    }


def of_pairs(tf):
    m = tf.contrib.metrics
    found, labels = tf.constant([1, 0, 1, 1]), tf.constant([1, 1, 0, 1])
    near, true = tf.constant([0.9, 0.2, 0.6, 0.7]), tf.constant([1.0, 0.5, 0.2, 1.0])
    weights = tf.constant([1.0, 2.0, 1.0, 0.0])
    return _updated(
        tf,
        {
            "accuracy": m.streaming_accuracy(found, labels),
            "weighted": m.streaming_accuracy(
                found, labels, weights, "values", "updates", "own"
            ),
            "absolute": m.streaming_mean_absolute_error(near, true),
            "squared": m.streaming_mean_squared_error(near, true, weights),
            "root": m.streaming_root_mean_squared_error(near, true),
            "relative": m.streaming_mean_relative_error(near, true, true),
            "iou": m.streaming_mean_iou(found, labels, 2),
        },
    )


def of_flags(tf):
    m = tf.contrib.metrics
    found = tf.constant([True, False, True, True])
    labels = tf.constant([True, True, False, True])
    return _updated(
        tf,
        {
            "precision": m.streaming_precision(found, labels),
            "recall": m.streaming_recall(found, labels),
            "true_positives": m.streaming_true_positives(found, labels),
            "true_negatives": m.streaming_true_negatives(found, labels),
            "false_positives": m.streaming_false_positives(found, labels),
            "false_negatives": m.streaming_false_negatives(found, labels),
        },
    )


def of_scores(tf):
    m = tf.contrib.metrics
    scores, labels = (
        tf.constant([0.9, 0.2, 0.6, 0.7]),
        tf.constant([True, True, False, True]),
    )
    return _updated(
        tf,
        {
            "auc": m.streaming_auc(scores, labels, num_thresholds=5),
            "curve": m.streaming_auc(scores, labels, curve="PR", num_thresholds=5),
            "precision": m.streaming_precision_at_thresholds(
                scores, labels, [0.5, 0.65]
            ),
            "recall": m.streaming_recall_at_thresholds(scores, labels, [0.5, 0.65]),
            "sensitivity": m.streaming_sensitivity_at_specificity(
                scores, labels, 0.5, num_thresholds=7
            ),
            "specificity": m.streaming_specificity_at_sensitivity(
                scores, labels, 0.5, num_thresholds=7
            ),
        },
    )


def of_values(tf):
    m = tf.contrib.metrics
    values = tf.constant([0.9, 0.2, 0.6, 0.7])
    logits = tf.constant([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]])
    return _updated(
        tf,
        {
            "mean": m.streaming_mean(values, tf.constant([1.0, 2.0, 1.0, 0.0])),
            "each": m.streaming_mean_tensor(values),
            "less": m.streaming_percentage_less(values, 0.65),
            "recall": m.streaming_recall_at_k(logits, tf.constant([2, 1]), 2),
        },
    )


def of_one_batch(tf):
    m = tf.contrib.metrics
    found, labels = tf.constant([1, 0, 1, 1]), tf.constant([1, 1, 0, 1])
    return [
        m.accuracy(found, labels),
        m.accuracy(found, labels, tf.constant([1.0, 2.0, 1.0, 0.0])),
        m.confusion_matrix(labels, found, 2),
        m.aggregate_metrics(m.streaming_mean(tf.constant([1.0]))),
    ]


def refused(tf):
    m = tf.contrib.metrics
    near, labels = tf.constant([0.9]), tf.constant([1])
    return said.tries(
        lambda: m.accuracy(near, near),
        lambda: m.accuracy(near, labels),
        m.aggregate_metrics,
    )


def signatures(tf):
    names = [
        "accuracy",
        "auc",
        "mean",
        "mean_iou",
        "percentage_less",
        "specificity_at_sensitivity",
    ]
    return [
        str(inspect.signature(getattr(tf.contrib.metrics, "streaming_" + name)))
        for name in names
    ]


def jointly(tf):
    m = tf.contrib.metrics
    near, true = tf.constant([0.9, 0.2, 0.6, 0.7]), tf.constant([1.0, 0.5, 0.2, 1.0])
    weights = tf.constant([1.0, 2.0, 1.0, 0.5])
    return _updated(
        tf,
        {
            "covariance": m.streaming_covariance(near, true),
            "weighted": m.streaming_covariance(near, true, weights, ["v"], ["u"]),
            "pearson": m.streaming_pearson_correlation(near, true),
            "weighted pearson": m.streaming_pearson_correlation(near, true, weights),
            "count": m.count(near),
            "weighted count": m.count(near, weights, name="n"),
        },
    )


def rates(tf):
    m = tf.contrib.metrics
    found, labels = tf.constant([1, 0, 1, 1]), tf.constant([1, 1, 0, 1])
    weights = tf.constant([1.0, 2.0, 1.0, 0.5])
    return _updated(
        tf,
        {
            "false positive": m.streaming_false_positive_rate(found, labels),
            "false negative": m.streaming_false_negative_rate(found, labels, weights),
            "kappa": m.cohen_kappa(labels, found, 2),
            "weighted kappa": m.cohen_kappa(labels[:, None], found, 3, weights),
            "cosine": m.streaming_mean_cosine_distance(
                tf.constant([[0.6, 0.8]]), tf.constant([[0.8, 0.6]]), 1
            ),
            "refused": (tf.constant(said.tries(lambda: m.cohen_kappa(labels, found, 1))),) * 2,
        },
    )


def of_the_likeliest(tf):
    m = tf.contrib.metrics
    scores = tf.constant([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]])
    labels = tf.constant([[1], [2]], tf.int64)
    return _updated(
        tf,
        {
            "precision": m.streaming_sparse_precision_at_k(scores, labels, 2),
            "of a class": m.streaming_sparse_precision_at_k(scores, labels, 2, 1),
            "recall": m.streaming_sparse_recall_at_k(scores, labels, 1),
            "average": m.streaming_sparse_average_precision_at_k(scores, labels, 2),
        },
    )
