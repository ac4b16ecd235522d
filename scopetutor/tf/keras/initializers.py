"""`tf.keras.initializers`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.initializers": (
            "Constant Identity Initializer Ones Orthogonal VarianceScaling Zeros "
            "constant=Constant glorot_normal=GlorotNormal "
            "glorot_uniform=GlorotUniform he_normal he_uniform identity=Identity "
            "lecun_normal lecun_uniform ones=Ones orthogonal=Orthogonal zeros=Zeros"
        ),
        "engine.keras.initializers": (
            "RandomNormal RandomUniform TruncatedNormal deserialize get "
            "normal=RandomNormal random_normal=RandomNormal "
            "random_uniform=RandomUniform serialize truncated_normal=TruncatedNormal "
            "uniform=RandomUniform"
        ),
    },
)
