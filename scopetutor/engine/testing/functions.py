"""`defun` of TF 1.15: a Python function that is traced into a graph and runs as that.

Beside wrapping; after ``function_graphs.py``. A function is traced once for each kind
of arguments: tensors by type and shape, all else by what it is. In eager mode it runs
at once, in a graph each call is one operation.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, dtypes, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.eager import EagerTensor, recorders
from scopetutor.engine.function_graphs import (
    Function,
    FunctionGraph,
    acting,
    found,
    graph_around,
    numbered,
    registered,
    runner,
)
from scopetutor.engine.gradients import gradients
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.random import eager_seed
from scopetutor.engine.registry import define
from scopetutor.engine.scopes import get_variable_scope, scopes_of, store_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def defun(func: Any = None, **settings: Any) -> Any:
    """The function, traced when it is called; also a decorator with settings."""
    del settings  # signatures and the rewriting of Python are TensorFlow 2's
    return TracedFunction if func is None else TracedFunction(func)


class TracedFunction:
    """What `defun` gives: call it as the function.

    Attributes:
        python_function: the function.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function, updated=())
        self.python_function = function
        self._traces: dict[Any, ConcreteFunction] = {}

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives."""
        concrete, tensors = self._trace(args, kwargs)
        return concrete(tensors)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The function as it is traced for such arguments."""
        return self._trace(args, kwargs)[0]

    def _trace(self, args: Any, kwargs: Any) -> tuple[ConcreteFunction, list[Any]]:
        leaves = [
            convert_to_tensor(leaf) if isinstance(leaf, np.ndarray) else leaf
            for leaf in nest.flatten((args, kwargs))
        ]
        key = (id(graph_around()), *map(_kind, leaves), *sorted(kwargs))
        concrete = self._traces.get(key)
        if concrete is None:
            # What is known by its identity must live as long as the trace.
            concrete = ConcreteFunction(self.python_function, args, kwargs, leaves)
            self._traces[key] = concrete
        return concrete, [leaf for leaf in leaves if isinstance(leaf, Tensor)]


def _kind(leaf: Any) -> Any:
    """What of an argument another trace is needed for."""
    if isinstance(leaf, Tensor):
        return leaf.dtype, leaf._dims
    if isinstance(leaf, (int, float, str, bytes, type(None))):
        return type(leaf), leaf
    return id(leaf)


class ConcreteFunction:
    """A function that was traced for one kind of arguments.

    Attributes:
        graph: what it made.
    """

    def __init__(
        self, function: Callable[..., Any], args: Any, kwargs: Any, leaves: list[Any]
    ) -> None:
        self._arguments = leaves
        outer = defaults.get_default_graph()
        # Both are known inside and outside, so they must be there before.
        store_of(outer), scopes_of(outer)
        name = numbered(f"__inference_{getattr(function, '__name__', 'f')}")
        self.graph = graph = FunctionGraph(outer, name)
        if defaults.state.eager:
            graph.seed = eager_seed.graph_seed
        with graph.as_default():
            inside = [_placeholder(graph, leaf) for leaf in leaves]
            new_args, new_kwargs = nest.pack_sequence_as((args, kwargs), inside)
            self._result = _called(function, new_args, new_kwargs)
            graph.outputs = [
                graph.capture(convert_to_tensor(item))
                for item in nest.flatten(self._result)
                if not _is_nothing(item)
            ]
        _in_order(graph)
        self._function = registered(Function(graph, None))
        self._caller = self._function.caller()
        self.name = name
        self._backward: _Slopes | None = None

    @property
    def captured_inputs(self) -> list[Any]:
        """The tensors it takes of the graph around it."""
        return self._function.captured

    @property
    def variables(self) -> list[Any]:
        """The trainable variables it reads."""
        return list(self.graph.__dict__.get("_variables_read", {}).values())

    def __call__(self, tensors: Sequence[Any]) -> Any:
        """The results for tensors of the kind it was traced for."""
        inputs = [*tensors, *self.captured_inputs]
        run = self._run_at_once if defaults.state.eager else self._add_call
        outputs = iter(run(inputs))
        if self._result is None:
            return None
        return nest.map_structure(
            lambda item: None if _is_nothing(item) else next(outputs), self._result
        )

    def _run_at_once(self, inputs: list[Any]) -> list[Any]:
        values = [tensor._value for tensor in inputs]
        types = [made.dtype for made in self.graph.outputs]
        recorded: Any = None
        if recorders:
            recorded = _Recorded(self._slopes(), values)
            values = recorded.values[: len(types)]
        else:
            values = self._caller(values)
        outputs = [
            EagerTensor(value, dtype)
            for value, dtype in zip(values, types, strict=True)
        ]
        for recorder in recorders:
            for variable in self.variables:
                recorder.variable_accessed(variable)
            recorder.operation_ran(recorded, {}, inputs, outputs)
        return outputs

    def _add_call(self, inputs: list[Any]) -> list[Any]:
        types = [made.dtype.base_dtype for made in self.graph.outputs]
        ops = self.graph._operations.values()
        stateful = "Stateful" if any(op._is_stateful for op in ops) else ""
        # TF 1.15: a call that gives nothing has another name.
        made = apply(
            f"{stateful}PartitionedCall",
            inputs,
            Tout=types,
            f=self.name,
            name=None if types else "PartitionedFunctionCall",
        )
        if not types:
            return []
        for tensor, inside in zip(made, self.graph.outputs, strict=True):
            tensor.set_shape(inside.shape)
        return list(made)

    def _slopes(self) -> _Slopes:
        if self._backward is None:
            self._backward = _Slopes(self.graph)
        return self._backward


class _Slopes:
    """What computes a function together with what its gradients will need of it.

    Attributes:
        forward: gives the outputs, and then what is kept for the gradients.
        backward: gives the gradients from the inputs, what was kept, and the slopes
            of the outputs.
        types: of the gradients; None for inputs without one.
        outputs: how many there are.
    """

    def __init__(self, graph: FunctionGraph) -> None:
        fed = [*graph.inputs, *graph.captured.values()]
        before = list(graph._operations.values())
        with graph.as_default():
            given = [
                apply("Placeholder", dtype=out.dtype.base_dtype, shape=out.shape)
                for out in graph.outputs
            ]
            found = gradients(graph.outputs, fed, given)
            made = [None if g is None else convert_to_tensor(g) for g in found]
        old = set(before)
        kept = {
            taken: None
            for op in list(graph._operations.values())[len(before) :]
            for taken in op._inputs
            if taken.op in old and taken not in fed
        }
        there = [g for g in made if g is not None]
        self.forward = runner(fed, [*graph.outputs, *kept], acting(before))
        self.backward = runner([*fed, *kept, *given], there, ())
        self.types = [None if g is None else g.dtype for g in made]
        self.outputs = len(graph.outputs)


class _Recorded:
    """One call of a function, as what a tape records.

    Attributes:
        values: of the outputs, and what is kept for the gradients.
    """

    name = "PartitionedCall"

    def __init__(self, slopes: _Slopes, inputs: list[Any]) -> None:
        self._slopes = slopes
        self._inputs = inputs
        self.values = slopes.forward(inputs)

    def gradient(self, _record: Any, *grads: Any) -> list[Any]:
        """The gradients of what it was given."""
        kept = self.values[self._slopes.outputs :]
        slopes = [grad._value for grad in grads]
        values = iter(self._slopes.backward([*self._inputs, *kept, *slopes]))
        return [
            None if dtype is None else EagerTensor(next(values), dtype)
            for dtype in self._slopes.types
        ]


def _is_nothing(item: Any) -> bool:
    return item is None or isinstance(item, Operation)


def _placeholder(graph: FunctionGraph, leaf: Any) -> Any:
    if not isinstance(leaf, Tensor):
        return leaf
    return graph.add_argument(leaf.dtype.base_dtype, leaf.shape)


def _called(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Calls it where variables are resource variables, as TF 1.15 traces."""
    scope = get_variable_scope()
    before = scope.use_resource
    scope.set_use_resource(True)
    try:
        return function(*args, **kwargs)
    finally:
        scope.set_use_resource(before)


def _in_order(graph: FunctionGraph) -> None:
    """What is done with a variable is done in the order of the function."""
    last: dict[Tensor, Operation] = {}
    for op in list(graph._operations.values()):
        for taken in op._inputs:
            if taken.dtype is not dtypes.resource or op._context is not None:
                continue
            before = last.get(taken)
            if before is not None:
                op._add_control_input(before)
            last[taken] = op


def _call(op: Operation, _state: Any) -> Callable[..., Any]:
    call = found(op, "f").caller()
    if len(op._outputs) == 1:
        return lambda *values: call(values)[0]
    return lambda *values: tuple(call(values))


define("StatefulPartitionedCall", bind=_call)
define("PartitionedCall", bind=_call)
