"""`tf.image`: images as tensors [height, width, channels] or [batch, …].

After the operations on pixels in ``engine/ops``. Read shapes first: every function here
checks its images with it.
"""
