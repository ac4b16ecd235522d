"""`tf.image`: images as tensors [height, width, channels] or [batch, …]."""
