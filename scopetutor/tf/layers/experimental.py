"""`tf.layers.experimental`: layers whose variables are named as keras names them.

From ``engine/layers/base.py``, whose layers ask which style holds where they are made.
"""

# ruff: noqa: F401

from scopetutor.engine.layers.base import keras_style_scope, set_keras_style
