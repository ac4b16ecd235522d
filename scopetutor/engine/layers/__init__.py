"""`tf.layers`, and on it `tf.contrib.layers` and slim.

A layer makes its variables with `get_variable` under its own variable scope and then
adds operations. Read base first, then dense.
"""
