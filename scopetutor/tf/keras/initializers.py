"""`tf.keras.initializers`: as classes, and in small letters as Keras once had them.

Most are those of `tf.initializers`; where Keras has another default, they are from
``engine/keras/initializers.py``.
"""

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
