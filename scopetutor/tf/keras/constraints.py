"""`tf.keras.constraints`: limits that weights are held to after each step.

TF 1.15 has each of them twice, as a class and in small letters. From
``engine/keras/constraints.py``.
"""

# ruff: noqa: F401

from scopetutor.engine.keras.constraints import (
    Constraint,
    MaxNorm,
    MinMaxNorm,
    NonNeg,
    UnitNorm,
    deserialize,
    get,
    serialize,
)
from scopetutor.engine.keras.constraints import MaxNorm as max_norm
from scopetutor.engine.keras.constraints import MinMaxNorm as min_max_norm
from scopetutor.engine.keras.constraints import NonNeg as non_neg
from scopetutor.engine.keras.constraints import UnitNorm as unit_norm
