"""`tf.contrib.slim.nets`: nets of the literature, as functions of images."""
