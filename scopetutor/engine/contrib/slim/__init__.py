"""`tf.contrib.slim`: what it has beyond `tf.contrib.layers` and `framework`.

Operations that train and the loop around them, queues, and what prints the size of a
model.
"""
