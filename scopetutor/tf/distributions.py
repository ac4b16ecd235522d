"""`tf.distributions`: Normal, Uniform, Categorical, Bernoulli, and their divergence.

From ``engine/distributions``; the others of TF 1.15 are not here. `NAMES` is what
`tf.contrib.distributions` has of it.
"""

from __future__ import annotations

from .later import later

NAMES = {
    "engine.distributions.categorical": "Bernoulli Categorical",
    "engine.distributions.distribution": (
        "Distribution FULLY_REPARAMETERIZED NOT_REPARAMETERIZED ReparameterizationType"
    ),
    "engine.distributions.divergence": "RegisterKL kl_divergence",
    "engine.distributions.normal": "Normal",
    "engine.distributions.uniform": "Uniform",
}

__getattr__, __dir__ = later(__name__, NAMES)
