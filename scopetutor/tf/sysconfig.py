"""`tf.sysconfig`: where one would compile an operation of one's own.

From ``engine/installation.py``, which says what there is not.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.installation": (
            "CXX11_ABI_FLAG MONOLITHIC_BUILD get_compile_flags get_include get_lib "
            "get_link_flags"
        )
    },
)
