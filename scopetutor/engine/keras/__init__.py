"""Layers and models as `tf.keras` has them; `tf.layers` stands on the layers.

Read layer first, then model and training. Below are the operations; sessions are found
by assignments, names are given by names.
"""
