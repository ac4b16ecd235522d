"""`tf.contrib.slim`: what it has beyond `tf.contrib.layers` and `framework`."""
