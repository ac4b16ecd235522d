"""`tf.lookup.experimental`: the mutable table that TF 1.15 has here, too."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.mutable_lookup": "DenseHashTable=MutableDenseHashTable"},
)
