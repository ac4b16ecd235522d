"""`tf.metrics`: numbers that are collected over many batches.

Each function makes local variables and gives two things: the value so far, and the
operation that takes in one more batch.
"""
