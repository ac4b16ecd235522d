"""Values read from weights and given to them, in the session that keras would use.

TF 1.15: that is the default session, or one of its own; each use of a session asks
which of keras's variables that are new have a value, and initializes those that have
none. Variables that a program makes without keras are not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np

from scopetutor.engine import defaults
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.variable_lists import (
    is_variable_initialized,
    variables_initializer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopetutor.engine.graph import Graph

_own: WeakKeyDictionary[Graph, Any] = WeakKeyDictionary()
_tracked: WeakKeyDictionary[Graph, WeakValueDictionary[int, Any]] = WeakKeyDictionary()
_optimizers: WeakKeyDictionary[Graph, WeakValueDictionary[int, Any]]
_optimizers = WeakKeyDictionary()
_manual = [False]


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
    """Remembers a variable of keras, so that its session initializes it."""
    if defaults.eager_outside_functions():
        return  # it has its value
    parts = variable if isinstance(variable, PartitionedVariable) else [variable]
    for one in parts:
        known = _tracked.setdefault(one.graph, WeakValueDictionary())
        known[id(one)] = one


def track_optimizer(optimizer: Any) -> None:
    """Remembers an optimizer of `tf.train`; its variables are initialized, too."""
    graph = defaults.get_default_graph()
    known = _optimizers.setdefault(graph, WeakValueDictionary())
    known[id(optimizer)] = optimizer


def manual_variable_initialization(value: bool) -> None:
    """Whether the program initializes variables itself, and keras does not."""
    _manual[0] = value


def session() -> Any:
    """The default session, or keras's own of the default graph, all initialized."""
    found = defaults.get_default_session()
    if found is None:
        graph = defaults.get_default_graph()
        found = _own.get(graph)
        if found is None:
            from scopetutor.engine.session import Session  # noqa: PLC0415 - a cycle

            found = _own[graph] = Session()
    if not _manual[0]:
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
    graph = defaults.get_default_graph()
    known = list(_tracked.get(graph, {}).values())
    for optimizer in list(_optimizers.get(graph, {}).values()):
        known += optimizer.variables()
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
