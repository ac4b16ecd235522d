"""What programs took from `tf.contrib.learn` beside its estimators.

Texts as numbers, in NumPy, and the names of modes; the estimators themselves are those
of `tf.estimator`.
"""
