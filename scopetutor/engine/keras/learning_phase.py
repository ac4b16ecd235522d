"""Whether a graph trains: the placeholder that layers ask if nobody says.

TF 1.15: `keras_learning_phase` is False unless it is fed; there is one in a graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from scopetutor.engine import defaults
from scopetutor.engine.ops.array import placeholder_with_default
from scopetutor.engine.surroundings import init_scope, name_scope

if TYPE_CHECKING:
    from scopetutor.engine.graph import Graph

_phases: WeakKeyDictionary[Graph, Any] = WeakKeyDictionary()
_eager_phase: list[int] = [0]


def learning_phase() -> Any:
    """The placeholder of the default graph; in eager mode a number."""
    if defaults.state.eager:
        return _eager_phase[0]
    graph = defaults.get_default_graph()
    found = _phases.get(graph)
    if found is None:
        with init_scope(), name_scope(""):
            found = placeholder_with_default(
                False, shape=(), name="keras_learning_phase"
            )
        _phases[graph] = found
    return found


def set_learning_phase(value: int) -> None:
    """Makes the default graph train (1) or not (0) wherever nobody says.

    Raises:
        ValueError: the value is neither 0 nor 1.
    """
    if value not in (0, 1):
        raise ValueError("Expected learning phase to be 0 or 1.")
    if defaults.state.eager:
        _eager_phase[0] = value
    else:
        _phases[defaults.get_default_graph()] = value
