"""`tf.distributions`: all of them but Multinomial and DirichletMultinomial.

From ``engine/distributions``. `NAMES` is what `tf.contrib.distributions` has of it.
"""

from __future__ import annotations

from .later import later

NAMES = {
    "engine.distributions.beta": "Beta",
    "engine.distributions.categorical": "Bernoulli Categorical",
    "engine.distributions.distribution": (
        "Distribution FULLY_REPARAMETERIZED NOT_REPARAMETERIZED ReparameterizationType"
    ),
    "engine.distributions.dirichlet": "Dirichlet",
    "engine.distributions.divergence": "RegisterKL kl_divergence",
    "engine.distributions.gamma": "Exponential Gamma",
    "engine.distributions.laplace": "Laplace",
    "engine.distributions.normal": "Normal",
    "engine.distributions.student_t": "StudentT",
    "engine.distributions.uniform": "Uniform",
}

__getattr__, __dir__ = later(__name__, NAMES)
