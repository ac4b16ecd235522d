"""`tf.contrib.tensorboard.plugins`: the projector of embeddings.

Word2vec tutorials write the whole path of it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="projector")
