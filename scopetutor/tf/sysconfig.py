"""`tf.sysconfig`."""

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
