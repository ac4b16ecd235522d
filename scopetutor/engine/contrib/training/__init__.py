"""`tf.contrib.training`: hyperparameters, and training operations in one call.

`slim.learning` is built on the operations; the hyperparameters know nothing of graphs.
"""
