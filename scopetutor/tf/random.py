"""`tf.random`: names that `tf` has as well.

What draws is in ``engine/ops/random.py``, the seeds are in ``engine/random.py``. The
stateless ones are here only: their numbers depend on nothing but the seed given.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.gamma": "gamma=random_gamma poisson=random_poisson",
        "engine.ops.random": "categorical",
        "engine.ops.stateless": (
            "stateless_categorical stateless_multinomial "
            "stateless_normal=stateless_random_normal stateless_truncated_normal "
            "stateless_uniform=stateless_random_uniform"
        ),
        "engine.random": "get_seed=given_seeds",
        "tf": (
            "multinomial normal=random_normal set_random_seed "
            "shuffle=random_shuffle truncated_normal uniform=random_uniform"
        ),
        "tf.nn": (
            "all_candidate_sampler fixed_unigram_candidate_sampler "
            "learned_unigram_candidate_sampler log_uniform_candidate_sampler "
            "uniform_candidate_sampler"
        ),
    },
)
