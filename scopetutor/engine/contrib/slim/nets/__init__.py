"""`tf.contrib.slim.nets`: nets of the literature, as functions of images.

Layers of `tf.contrib.layers` inside arg scopes. `plain` has nets without branches,
`mixed` reads those with branches from a text, `resnet_utils` and `resnet` come before
both kinds of residual nets.
"""
