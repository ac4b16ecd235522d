"""`tf.train`."""

# ruff: noqa: F401
