"""`tf.contrib.distributions`: here, the names it shares with `tf.distributions`.

TF 1.15 has many more here; those are not. Old programs take them from here, since they
were written before `tf.distributions` was there.
"""

from __future__ import annotations

from scopetutor.tf.distributions import NAMES
from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__, {**NAMES, "engine.distributions.one_hot": "OneHotCategorical"}
)
