"""Optimizers of `tf.contrib.opt`, after those of ``engine/training``.

Each changes a step of one of those, or stands around one.
"""
