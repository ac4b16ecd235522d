"""`tf.raw_ops`: every operation by the name of its type, and nothing around it.

After ``engine/raw_operations.py``, which makes a function of each signature when it is
first asked for. TF 1.15 takes arguments by name only here.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.raw_operations import by_keyword, names


def __getattr__(name: str) -> Any:
    if name not in names():
        raise AttributeError(
            f"module 'tensorflow._api.v1.raw_ops' has no attribute '{name}'"
        )
    return by_keyword(name)


def __dir__() -> list[str]:
    return sorted(names())
