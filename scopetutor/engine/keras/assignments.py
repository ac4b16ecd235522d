"""Values read from weights and given to them, in the session that keras would use.

TF 1.15: that is the default session, or one of its own; the first use of a session asks
which variables have a value and initializes those that have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from scopetutor.engine import defaults
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.variable_lists import (
    global_variables,
    is_variable_initialized,
    variables_initializer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopetutor.engine.graph import Graph

_own: WeakKeyDictionary[Graph, Any] = WeakKeyDictionary()
_tracked: WeakKeyDictionary[Graph, list[Any]] = WeakKeyDictionary()


def values_of(weights: list[Any]) -> list[Any]:
    """The values of some weights."""
    values: list[Any] = session().run(weights)
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
    session().run(operations, feed_dict=fed)


def track(variable: Any) -> None:
    """Remembers a variable that is in no collection, so that it is initialized."""
    _tracked.setdefault(variable.graph, []).append(variable)


def session() -> Any:
    """The default session, or keras's own of the default graph, all initialized."""
    found = defaults.get_default_session()
    if found is None:
        graph = defaults.get_default_graph()
        found = _own.get(graph)
        if found is None:
            from scopetutor.engine.session import Session  # noqa: PLC0415 - a cycle

            found = _own[graph] = Session()
    with found.graph.as_default():
        _initialize(found)
    return found


def use(given: Any) -> None:
    """Makes a session keras's own, for its graph."""
    _own[given.graph] = given


def forget() -> None:
    """Keras has no session of its own any more."""
    _own.clear()


def _initialize(session: Any) -> None:
    """Initializes the variables that nobody asked about yet and that have no value."""
    known = [*global_variables(), *_tracked.get(defaults.get_default_graph(), ())]
    fresh = [one for one in known if not getattr(one, "_keras_initialized", 0)]
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
