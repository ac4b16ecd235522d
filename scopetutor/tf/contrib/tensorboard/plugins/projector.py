"""`tf.contrib.tensorboard.plugins.projector`: embeddings for TensorBoard to draw.

From ``engine/projector.py``. word2vec tutorials end with it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.projector": (
            "EmbeddingInfo ProjectorConfig SpriteMetadata visualize_embeddings"
        ),
    },
)
