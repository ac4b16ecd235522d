"""Optimizers of `tf.contrib.opt`, after those of ``engine/training``."""
