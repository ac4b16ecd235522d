"""Operations that say something of the process: the time, a fact.

Stands alone; `tf` and `tf.user_ops` list them. `guarantee_const` is here too: it gives
what it takes, and only says of it that it never changes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State


def _now(_op: Operation, _state: State) -> Callable[[], Any]:
    return lambda: np.float64(time.time())


def _fact(_op: Operation, _state: State) -> Callable[[], Any]:
    return lambda: np.array(b"0! == 1", object)


define("Timestamp", shape=rules.scalar, bind=_now)
define("Fact", shape=rules.unknown, bind=_fact)
define(
    "GuaranteeConst",
    shape=rules.unchanged,
    bind=lambda _op, _state: lambda x: x,
    gradient=lambda _op, grad: grad,
)


def timestamp(name: str | None = None) -> Any:
    """The seconds since 1970, when it is run."""
    return apply("Timestamp", name=name)


def my_fact() -> Any:
    """The fact that TF 1.15 gives as an example of an operation of one's own."""
    return apply("Fact")


def guarantee_const(input: Any, name: str | None = None) -> Any:
    """The same; the program promises that it never changes."""
    return apply("GuaranteeConst", input, name=name)
