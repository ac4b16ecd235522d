"""`tf.contrib.training`: hyperparameters, and training operations in one call."""
