"""The functions that datasets map: graphs of their own, with what they take.

After structure; datasets call `traced`. TF 1.15: a function is built once, when the
dataset is, and what it takes of the graph around it becomes one of its arguments.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.graph import Graph
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.plan import Planner
from scopetutor.engine.random import draw_ahead, eager_seed
from scopetutor.engine.session import _Compiled
from scopetutor.engine.state import State

from . import structure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation, Tensor

_numbers = itertools.count(1)


_SHARED = (
    GraphKeys.GLOBAL_VARIABLES,
    GraphKeys.LOCAL_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES,
)
_OF_VARIABLES = (
    *_SHARED,
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
        inputs: the placeholders of its arguments.
        captured: by tensors of other graphs, what stands for them here.
        outputs: what it gives.
    """

    _building_function = True

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
            if key not in _SHARED:
                self._collections[key] = list(items)
        for key in _SHARED:
            self._collections[key] = outer.get_collection_ref(key)

    def add(
        self, definition: Any, inputs: tuple[Tensor, ...], *rest: Any, **more: Any
    ) -> Operation:
        """Adds an operation, with stand-ins for inputs of other graphs."""
        here = tuple(self.capture(tensor) for tensor in inputs)
        return super().add(definition, here, *rest, **more)

    def capture(self, tensor: Tensor) -> Tensor:
        """The tensor itself, or what stands for it here."""
        if not hasattr(tensor, "_value") and tensor.graph is self:
            return tensor
        found = self.captured.get(tensor)
        if found is None:
            found = self.captured[tensor] = self._stand_in(tensor)
        return found

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
    """

    def __init__(self, graph: FunctionGraph, output_spec: Any) -> None:
        self.name = graph.name
        self.graph = graph
        self.captured = list(graph.captured)
        self.output_spec = output_spec
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
    compiled = _Compiled(plan, None, [], 0)

    def call(arguments: Sequence[Any]) -> list[Any]:
        values: list[Any] = [None] * plan.slots
        values[: len(arguments)] = arguments
        for slot, value in plan.constants:
            values[slot] = value
        if plan.draws:
            draw_ahead(plan.draws)
        if plan.items is None:
            compiled.execute(values)
        else:
            with np.errstate(all="ignore"):
                for item in plan.items:
                    item(values)
        return [values[slot] for slot in plan.fetches]

    return call


def acting(ops: Sequence[Operation]) -> list[Operation]:
    """The operations of a function that are run whether they are asked for or not."""
    return [op for op in ops if op._definition.is_stateful and op.type not in _QUIET]


# Operations that keep something and need not be run for that alone.
_QUIET = frozenset({"Placeholder", "VarHandleOp", "VariableV2"})


def traced(
    function: Callable[..., Any], transformation: str, spec: Any, *, told: bool = True
) -> Function:
    """Builds the graph of a function of a dataset's elements.

    Args:
        function: takes the element, or its parts if it is a tuple.
        transformation: what it is for, such as "Dataset.map()".
        spec: the structure of what it takes.
        told: whether errors in it name it.

    Raises:
        TypeError: it gives something that is no tensor.
    """
    called = getattr(function, "__name__", type(function).__name__)
    short = transformation.replace(".", "_")[:-2]
    name = f"__inference_{short}_{called}_{next(_numbers)}"
    graph = FunctionGraph(_around(), name)
    if not told:
        graph.preface = ""
    with graph.as_default():
        for leaf in structure.flatten(spec):
            made = apply("Placeholder", dtype=leaf.dtype, shape=leaf.shape, name="args")
            graph.inputs.append(made)
        nested = structure.element_of(spec, graph.inputs)
        given = function(*nested) if type(nested) is tuple else function(nested)
        if isinstance(given, list):
            given = tuple(given)
        try:
            output_spec = structure.spec_of(given)
        except (TypeError, ValueError):
            raise TypeError(
                f"Unsupported return value from function passed to {transformation}: "
                f"{given}."
            ) from None
        graph.outputs = [
            graph.capture(convert_to_tensor(value))
            for value in structure.tensors_of(given)
        ]
    return registered(Function(graph, output_spec))


def by_value(make: Callable[[], Any], allowed: set[Operation]) -> Function:
    """The function that makes a dataset from copies of the operations around it."""
    graph = ByValueGraph(_around(), f"_make_dataset_{next(_numbers)}", allowed)
    with graph.as_default():
        graph.outputs = [graph.capture(make())]
    return registered(Function(graph, None))


def _around() -> Any:
    return None if defaults.state.eager else defaults.get_default_graph()


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
    """The function that an operation names."""
    name = op._attrs[attribute]
    graph = getattr(op, "_graph", None)
    while graph is not None:
        known: dict[str, Function] = graph.__dict__.get("_functions", {})
        if name in known:
            return known[name]
        graph = getattr(graph, "outer", None)
    return _without_graph[name]
