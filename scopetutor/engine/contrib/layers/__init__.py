"""`tf.contrib.layers`, which is also slim: layers as functions, with their own names.

They stand on the layers of `tf.layers`, whose `kernel` and `bias` they call `weights`
and `biases`, and take part in arg scopes. Read making first.
"""
