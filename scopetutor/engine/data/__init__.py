"""`tf.data`: datasets, the functions they map, and iterators."""
