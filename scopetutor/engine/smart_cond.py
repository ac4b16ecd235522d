"""A conditional that is decided while the graph is built, if it can be.

After branches. Layers use it for arguments such as `training`, which may be a Python
value, a constant or a placeholder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import constants
from .operation import Tensor
from .ops.branches import cond
from .variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable


def smart_cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """What one of two functions gives: at once if `pred` is known, else a cond.

    Raises:
        TypeError: `pred` is no tensor, flag, 0 or 1, or a branch is no function.
    """
    if isinstance(pred, Variable):
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    if not callable(true_fn):
        raise TypeError("`true_fn` must be callable.")
    if not callable(false_fn):
        raise TypeError("`false_fn` must be callable.")
    known = _known_value(pred)
    if known is None:
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if known else false_fn()


def smart_constant_value(pred: Any) -> bool | None:
    """Whether `pred` holds; None if that is known only when the graph runs."""
    if isinstance(pred, Variable):
        return None
    known: bool | None = _known_value(pred)
    return known


def _known_value(pred: Any) -> Any:
    if isinstance(pred, Tensor):
        value = constants.value_of(pred)
        return None if value is None else bool(value)
    if pred in (0, 1):
        return bool(pred)
    raise TypeError(
        "`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: "
        f"{type(pred)}"
    )
