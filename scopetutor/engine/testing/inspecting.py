"""What `tensorflow.python.util.tf_inspect` has that Python's `inspect` lost.

Stands alone. Code of Python 2 times asks for four fields, and fails without them.
"""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple


class ArgSpec(NamedTuple):
    """The arguments of a function, as Python 2 told them."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getargspec(obj: Any) -> ArgSpec:
    """The arguments of a function, keyword-only ones left out."""
    found = inspect.getfullargspec(inspect.unwrap(obj))
    return ArgSpec(found.args, found.varargs, found.varkw, found.defaults)
