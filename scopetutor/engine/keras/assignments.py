"""Values read from weights and given to them, in the session that keras would use.

TF 1.15: that is the default session, or one of its own; the first use of a session asks
which variables have a value and initializes those that have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.variables import (
    global_variables,
    is_variable_initialized,
    variables_initializer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def values_of(weights: list[Any]) -> list[Any]:
    """The values of some weights."""
    values: list[Any] = _session().run(weights)
    return values


def assign(pairs: Iterable[tuple[Any, Any]]) -> None:
    """Gives weights values; the operations for it are made once for each."""
    operations, fed = [], {}
    for weight, value in pairs:
        array = np.asarray(value, dtype=weight.dtype.as_numpy_dtype)
        if not hasattr(weight, "_assign_placeholder"):
            weight._assign_placeholder = placeholder(
                weight.dtype.base_dtype, shape=[None] * array.ndim
            )
            weight._assign_op = weight.assign(weight._assign_placeholder)
        operations.append(weight._assign_op)
        fed[weight._assign_placeholder] = array
    _session().run(operations, feed_dict=fed)


def _session() -> Any:
    session = defaults.get_default_session()
    if session is None:
        from scopetutor.engine.session import Session  # noqa: PLC0415 - rarely wanted

        session = Session()
    with session.graph.as_default():
        _initialize(session)
    return session


def _initialize(session: Any) -> None:
    """Initializes the variables that nobody asked about yet and that have no value."""
    fresh = [
        one for one in global_variables() if not getattr(one, "_keras_initialized", 0)
    ]
    if not fresh:
        return
    found = session.run([is_variable_initialized(one) for one in fresh])
    empty = []
    for one, has_value in zip(fresh, found, strict=True):
        if not has_value:
            empty.append(one)
        one._keras_initialized = True
    if empty:
        session.run(variables_initializer(empty))
