"""Functions as graphs of their own, with what they take of the graph around them.

After the session. Datasets (``data/functions.py``), `tf.function` and `defun`
(``functions/traces.py``), `Defun` and branches that are functions fill such graphs;
``ops/`` finds the functions that operations name. TF 1.15: a function is built once,
and what it takes of the graph around it becomes one of its arguments.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from . import defaults
from .apply import apply
from .graph import Graph
from .keys import GraphKeys
from .plan import Planner
from .random import eager_seed
from .session import Compiled
from .state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .dtypes import DType
    from .operation import Operation, Tensor

_numbers = itertools.count(1)


def numbered(name: str) -> str:
    """A name that no other function has."""
    return f"{name}_{next(_numbers)}"


def graph_around() -> Any:
    """The graph that a function built now would lie in; None in eager mode."""
    return None if defaults.state.eager else defaults.get_default_graph()


SHARED = (
    GraphKeys.GLOBAL_VARIABLES,
    GraphKeys.LOCAL_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES,
)
_OF_VARIABLES = (
    *SHARED,
    GraphKeys.METRIC_VARIABLES,
    GraphKeys.MODEL_VARIABLES,
    GraphKeys.MOVING_AVERAGE_VARIABLES,
    GraphKeys.CONCATENATED_VARIABLES,
    "trainable_resource_variables",
)


class FunctionGraph(Graph):
    """The graph of a function that is being built, or was.

    Attributes:
        name: under which operations know the function.
        preface: what errors in it begin with.
        has_branches: whether conditions and loops in it are operations of their own.
        knows_variables: whether shapes in it may come from variables outside.
        inputs: the placeholders of its arguments.
        captured: by tensors of other graphs, what stands for them here.
        outputs: what it gives.
    """

    _building_function = True
    has_branches = False
    knows_variables = True

    def __init__(self, outer: Any, name: str) -> None:
        super().__init__()
        self.outer = outer
        self.name = name
        self.preface = f"{{{{function_node {name}}}}} "
        self.inputs: list[Tensor] = []
        self.captured: dict[Any, Tensor] = {}
        self.outputs: list[Tensor] = []
        self.seed = eager_seed.graph_seed if outer is None else outer.seed
        if outer is not None:
            self._share_collections(outer)

    def _share_collections(self, outer: Any) -> None:
        """TF 1.15: variables are known inside and outside, the rest only inside."""
        for key, items in list(outer._collections.items()):
            if key not in SHARED:
                self._collections[key] = list(items)
        for key in SHARED:
            self._collections[key] = outer.get_collection_ref(key)

    def add(
        self, definition: Any, inputs: tuple[Tensor, ...], *rest: Any, **more: Any
    ) -> Operation:
        """Adds an operation, with stand-ins for inputs of other graphs."""
        here = tuple(self.capture(tensor) for tensor in inputs)
        return super().add(definition, here, *rest, **more)

    def add_argument(self, dtype: DType, shape: Any) -> Tensor:
        """The placeholder of one more argument; the graph must be the default one."""
        made: Tensor = apply(
            "Placeholder", dtype=dtype, shape=shape, name=f"args_{len(self.inputs)}"
        )
        self.inputs.append(made)
        return made

    def capture(self, tensor: Tensor) -> Tensor:
        """The tensor itself, or what stands for it here."""
        if not hasattr(tensor, "_value") and tensor.graph is self:
            return tensor
        found = self.captured.get(tensor)
        if found is None:
            found = self.captured[tensor] = self._stand_in(tensor)
        return found

    def shown_name(self, op: Operation) -> str:
        """What errors call an operation."""
        return op._name

    def origin(self, stand_in: Tensor) -> Tensor | None:
        """The tensor that another one stands for, or None."""
        found = [outer for outer, here in self.captured.items() if here is stand_in]
        return found[0] if found else None

    def _stand_in(self, tensor: Tensor) -> Tensor:
        eager = hasattr(tensor, "_value")
        name = "captured" if eager else tensor.op.name
        with self.as_default(), self.name_scope(None), self.control_dependencies(None):
            made: Tensor = apply(
                "Placeholder",
                dtype=tensor.dtype.base_dtype,
                shape=tensor.shape,
                name=name,
            )
        return made


class ByValueGraph(FunctionGraph):
    """A function that takes copies of the operations that it needs.

    Attributes:
        allowed: operations that may be copied though they keep something.
    """

    def __init__(self, outer: Any, name: str, allowed: set[Operation]) -> None:
        super().__init__(outer, name)
        self.allowed = allowed
        self._copies: dict[Operation, Operation] = {}

    def _share_collections(self, outer: Any) -> None:
        for key in _OF_VARIABLES:
            self._collections[key] = outer.get_collection_ref(key)

    def _stand_in(self, tensor: Tensor) -> Tensor:
        return self._copy(tensor.op).outputs[tensor._index]

    def _copy(self, op: Operation) -> Operation:
        found = self._copies.get(op)
        if found is not None:
            return found
        if op._definition.is_stateful and op not in self.allowed:
            raise ValueError(
                f"Cannot capture a stateful node (name:{op.name}, type:{op.type}) by "
                "value."
            )
        if op.type in ("Placeholder", "PlaceholderV2"):
            raise ValueError(
                f"Cannot capture a placeholder (name:{op.name}, type:{op.type}) by "
                "value."
            )
        inputs = tuple(self.capture(tensor) for tensor in op._inputs)
        types = [tensor.dtype for tensor in op._outputs]
        with self.as_default(), self.name_scope(None):
            made = Graph.add(self, op._definition, inputs, op._attrs, types, op.name)
        self._copies[op] = made
        return made


class Function:
    """A function that was built.

    Attributes:
        name: under which operations know it.
        captured: the tensors it takes of the graph around it.
        output_spec: the structure of what it gives.
        gradient: the function that makes its gradients, if one was named.
    """

    def __init__(self, graph: FunctionGraph, output_spec: Any) -> None:
        self.name = graph.name
        self.graph = graph
        self.captured = list(graph.captured)
        self.output_spec = output_spec
        self.gradient: Function | None = None
        self._stateless: Callable[..., Any] | None = None

    def caller(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Computes the outputs from the arguments and the captured values.

        What the function's operations keep between two calls begins anew with each
        caller.
        """
        if self._stateless is not None:
            return self._stateless
        graph = self.graph
        ops = list(graph._operations.values())
        call = runner([*graph.inputs, *self._stand_ins()], graph.outputs, acting(ops))
        if all(op._definition.bind is None for op in ops):
            self._stateless = call
        return call

    def _stand_ins(self) -> list[Tensor]:
        if isinstance(self.graph, ByValueGraph):
            return []
        return list(self.graph.captured.values())


def runner(
    fed: Sequence[Tensor], fetched: Sequence[Tensor], targets: Sequence[Operation]
) -> Callable[[Sequence[Any]], list[Any]]:
    """Computes some tensors of a graph from the values of others.

    Args:
        fed: the tensors whose values it is given.
        fetched: the tensors whose values it gives.
        targets: the operations that are run besides.
    """
    plan = Planner(State()).make(fetched, targets, fed)
    compiled = Compiled(plan, None, [], 0)

    def call(arguments: Sequence[Any]) -> list[Any]:
        values: list[Any] = [None] * plan.slots
        values[: len(arguments)] = arguments
        compiled.compute(values)
        return [values[slot] for slot in plan.fetches]

    return call


def acting(ops: Sequence[Operation]) -> list[Operation]:
    """The operations of a function that are run whether they are asked for or not."""
    return [op for op in ops if op._definition.is_stateful and op.type not in _QUIET]


# Operations that keep something and need not be run for that alone.
_QUIET = frozenset({"Placeholder", "VarHandleOp", "VariableV2"})


# Of eager programs, whose operations belong to no graph.
_without_graph: dict[str, Function] = {}


def registered(function: Function) -> Function:
    """Makes a function known to the graphs around it."""
    graph = function.graph.outer
    if graph is None:
        _without_graph[function.name] = function
    while graph is not None:
        graph.__dict__.setdefault("_functions", {})[function.name] = function
        graph = getattr(graph, "outer", None)
    return function


def found(op: Any, attribute: str) -> Function:
    """The function that an attribute of an operation names."""
    return named(op, op._attrs[attribute])


def named(op: Any, name: str) -> Function:
    """The function that an operation knows by a name."""
    graph = getattr(op, "_graph", None)
    while graph is not None:
        known: dict[str, Function] = graph.__dict__.get("_functions", {})
        if name in known:
            return known[name]
        graph = getattr(graph, "outer", None)
    return _without_graph[name]
