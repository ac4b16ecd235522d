"""Functions of graphs in eager mode, as far as TensorFlow's tests need them.

`wrap_function` traces its function once, into a graph of its own, and runs that. Beside
``engine/functions``, which has the functions that programs use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import eager, nest
from scopetutor.engine.graph import Graph
from scopetutor.engine.session import Session
from scopetutor.engine.surroundings import device
from scopetutor.engine.variable_lists import global_variables, variables_initializer
from scopetutor.engine.variables import UseResource

if TYPE_CHECKING:
    from collections.abc import Callable


class WrappedFunction:
    """A function that was traced into a graph.

    Attributes:
        graph: what it made.
    """

    def __init__(self, function: Callable[..., Any], arguments: Any) -> None:
        self.graph = Graph()
        before = UseResource.default
        UseResource.default = True  # TF 1.15: there are no others in such a function
        try:
            with self.graph.as_default(), device(None):
                self._made = function(*arguments)
                self._variables = global_variables()
        finally:
            UseResource.default = before

    def __call__(self) -> Any:
        """Runs the graph; its results as eager tensors."""
        if self._made is None:
            return None
        with Session(graph=self.graph) as session:
            with self.graph.as_default():
                session.run(variables_initializer(self._variables))
            values = session.run(self._made)
        return nest.map_structure(
            lambda value, made: eager.EagerTensor(value, made.dtype), values, self._made
        )


def wrap_function(fn: Callable[..., Any], signature: Any, name: Any = None) -> Any:
    """Traces a function that takes what the signature has."""
    del name
    return WrappedFunction(fn, signature)
