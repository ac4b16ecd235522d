"""`tf.version`: how TF 1.15.5 was built.

From ``engine/installation.py``. `tf.__version__` says the same; scripts compare it
before they do anything else.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.installation": (
            "COMPILER_VERSION GIT_VERSION GRAPH_DEF_VERSION "
            "GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER VERSION"
        )
    },
)
