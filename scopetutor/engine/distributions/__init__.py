"""`tf.distributions`: what can be sampled, and how likely a value is.

Read distribution first, then normal.
"""
