"""`tf.contrib.tensorboard.plugins.projector`."""

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
