"""`tf.estimator`: models as functions, trained, evaluated and asked."""
