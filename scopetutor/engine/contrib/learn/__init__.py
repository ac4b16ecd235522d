"""What programs took from `tf.contrib.learn` beside its estimators."""
