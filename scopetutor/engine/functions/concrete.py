"""A function that was traced for one kind of arguments: call it with tensors.

After slopes; ``defun.py`` makes them. In eager mode it runs at once, in a graph each
call is one operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.eager import EagerTensor, recorders
from scopetutor.engine.function_graphs import (
    Function,
    found,
    registered,
    runner,
)
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.registry import define

from .errors import told_of
from .slopes import Slopes, gradient_of_call, own_gradient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .traces import TracedGraph


class _Traced(Function):
    """A trace as operations know it."""

    graph: TracedGraph

    def __init__(self, graph: TracedGraph, owner: ConcreteFunction) -> None:
        super().__init__(graph, None)
        self.owner = owner

    def slopes(self) -> Slopes:
        """The functions for its gradients."""
        return self.owner.slopes()

    def caller(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Computes the outputs from the arguments and the captured values."""
        graph = self.graph
        fed = [*graph.inputs, *graph.captured.values()]
        return runner(fed, self.owner.results, graph.must_run)


class ConcreteFunction:
    """What a function makes of one kind of arguments.

    Attributes:
        graph: what was traced.
        name: under which operations know it.
        results: the tensors of the graph that it gives.
        arg_names: of the tensors it is called with.
    """

    __module__ = "tensorflow.python.eager.function"

    def __init__(
        self, graph: TracedGraph, short: str, keeps: Sequence[Any] = ()
    ) -> None:
        self.graph = graph
        self.short = short
        self.results = list(graph.outputs)
        self.arg_names: list[str] = []
        self.name = graph.name.encode()
        self._keeps = keeps  # what is known by its identity lives as long as this
        self._function = registered(_Traced(graph, self))
        self._caller: Callable[[Sequence[Any]], list[Any]] | None = None
        self._slopes: Slopes | None = None
        self._recorded: Any = None

    # -- what is known of it -----------------------------------------------------------

    @property
    def captured_inputs(self) -> list[Any]:
        """The tensors it takes of the graph around it."""
        return self._function.captured

    @property
    def inputs(self) -> list[Any]:
        """The placeholders of its arguments, and of what it takes besides."""
        return [*self.graph.inputs, *self.graph.captured.values()]

    @property
    def outputs(self) -> list[Any]:
        """What it gives, and what its gradients need besides, once they were made."""
        return [*self.results, *(self._slopes.kept if self._slopes else [])]

    @property
    def variables(self) -> list[Any]:
        """The variables it reads."""
        return list(self.graph.__dict__.get("_variables_read", {}).values())

    trainable_variables = variables

    @property
    def structured_outputs(self) -> Any:
        """What it gives, in its own structure."""
        return self.graph.given

    @property
    def structured_input_signature(self) -> Any:
        """The arguments it was traced for."""
        return self.graph.signature

    @property
    def output_shapes(self) -> Any:
        """The shapes of what it gives."""
        return nest.map_structure(lambda x: getattr(x, "shape", None), self.graph.given)

    @property
    def output_dtypes(self) -> Any:
        """The types of what it gives."""
        return nest.map_structure(lambda x: getattr(x, "dtype", None), self.graph.given)

    def add_to_graph(self, g: Any = None) -> None:
        """Makes a graph know it, so that its files can name it."""
        del g  # every graph around it knows it

    # -- calls -------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What it gives for tensors by place, or by name.

        Raises:
            TypeError: there are too many, or too few.
            ValueError: something is no tensor.
        """
        names = self.arg_names
        if len(args) > len(names):
            raise TypeError(
                f"Expected at most {len(names)} positional arguments (and the rest "
                f"keywords, of {names}), got {args}. When calling a concrete function, "
                "positional arguments may not be bound to Tensors within nested "
                "structures."
            )
        given = dict(zip(names, args, strict=False))
        for name in names[len(args) :]:
            if name not in kwargs:
                known = [*given, *(key for key in kwargs if key not in given)]
                if set(kwargs) & set(given):
                    known = [*given, *kwargs]
                missing = [other for other in names if other not in known]
                raise TypeError(
                    f"Expected argument names {names} but got values for {known}. "
                    f"Missing: {missing}."
                )
            given[name] = kwargs[name]
        for name in kwargs:
            if name in names[: len(args)]:
                raise TypeError(f"Got two values for keyword '{name}'.")
            if name not in names:
                raise TypeError(
                    f"Keyword arguments {[k for k in kwargs if k not in names]} "
                    f"unknown. Expected {names}."
                )
        return self.call_flat([given[name] for name in names])

    def call_flat(self, args: Sequence[Any]) -> Any:
        """What it gives for tensors in the order of its placeholders."""
        for place, value in enumerate(args):
            if not isinstance(value, Tensor):
                raise ValueError(
                    "All inputs to `ConcreteFunction`s must be Tensors; on invocation "
                    f"of {self.short}, the {place}-th input ({value}) was not a Tensor."
                )
        inputs = [*args, *self.captured_inputs]
        if defaults.state.eager:
            return self._packed(self._run(inputs))
        for variable in self.variables:
            variable._tell_tapes()
        made = self._add_call(inputs)
        if isinstance(made, Operation):
            return made if self.graph.given is None else self._packed([])
        return self._packed(made)

    def call_with(self, args: Any, kwargs: Any) -> Any:
        """What it gives for arguments as it was traced for."""
        leaves = nest.flatten((args, kwargs), expand_composites=True)
        return self.call_flat([leaf for leaf in leaves if isinstance(leaf, Tensor)])

    def _packed(self, results: Sequence[Any]) -> Any:
        if self.graph.given is None:
            return None
        parts = iter(results)
        flat: list[Any] = []
        for item in nest.flatten(self.graph.given, expand_composites=True):
            if item is None:
                flat.append(None)
            elif hasattr(item, "with_flow"):
                flat.append(item.with_flow(next(parts)))
            else:
                flat.append(next(parts))
        return nest.pack_sequence_as(self.graph.given, flat, expand_composites=True)

    # -- eager mode --------------------------------------------------------------------

    def _run(self, inputs: list[Any]) -> list[Any]:
        values = [tensor._value for tensor in inputs]
        types = [made.dtype for made in self.results]
        for recorder in recorders:
            for variable in self.variables:
                if variable.trainable:
                    recorder.variable_accessed(variable)
        with told_of(self):
            if recorders:
                recorded = _Recorded(self, values)
                results = recorded.values[: len(types)]
            else:
                if self._caller is None:
                    self._caller = self._function.caller()
                results = self._caller(values)
        pairs = zip(results, types, strict=True)
        outputs = [EagerTensor(value, dtype) for value, dtype in pairs]
        if recorders:
            for recorder in recorders:
                recorder.operation_ran(recorded, {}, inputs, outputs)
        return outputs

    def slopes(self) -> Slopes:
        """The functions for its gradients."""
        if self._slopes is None:
            self._slopes = Slopes(self.graph, self.short)
        return self._slopes

    def recorded_callers(self) -> tuple[Any, Any]:
        """What computes the forward and the backward function."""
        if self._recorded is None:
            slopes = self.slopes()
            self._recorded = slopes.forward.caller(), slopes.backward.caller()
        forward, backward = self._recorded
        return forward, backward

    # -- graphs ------------------------------------------------------------------------

    def _add_call(self, inputs: list[Any]) -> Any:
        types = [made.dtype.base_dtype for made in self.results]
        ops = self.graph._operations.values()
        stateful = "Stateful" if any(op._is_stateful for op in ops) else ""
        # TF 1.15: a call that gives nothing has another name.
        with own_gradient(self._function):
            made = apply(
                f"{stateful}PartitionedCall",
                inputs,
                Tout=types,
                f=self.graph.name,
                name=None if types else "PartitionedFunctionCall",
            )
        if not types:
            return made
        for tensor, inside, dims in zip(
            made, self.results, _narrowed(self.graph, self.results, inputs), strict=True
        ):
            tensor.set_shape(dims)
            tensor.set_shape(inside.shape)
        return list(made)


def _narrowed(
    graph: TracedGraph, results: Sequence[Tensor], inputs: Sequence[Tensor]
) -> list[Any]:
    """The shapes of results for inputs of which more is known than for all calls."""
    fed = [*graph.inputs, *graph.captured.values()]
    pairs = list(zip(fed, inputs, strict=True))
    if all(here._dims == there._dims for here, there in pairs):
        return [tensor._dims for tensor in results]
    ops = list(graph._operations.values())
    before = {tensor: tensor._dims for op in ops for tensor in op._outputs}
    for here, there in pairs:
        here._dims = here._dims if there._dims is None else there._dims
    for op in ops:
        if op.type != "Placeholder" and op._definition.shape is not None:
            for tensor, dims in zip(
                op._outputs, op._definition.shape(op), strict=False
            ):
                tensor._dims = dims
    found = [tensor._dims for tensor in results]
    for tensor, dims in before.items():
        tensor._dims, tensor._shape = dims, None
    return found


class _Recorded:
    """One call of a function, as what a tape records.

    Attributes:
        values: of the outputs, and what is kept for the gradients.
    """

    name = "PartitionedCall"

    def __init__(self, function: ConcreteFunction, inputs: list[Any]) -> None:
        self._function = function
        forward, self._backward = function.recorded_callers()
        self.values = forward(inputs)

    def gradient(self, _record: Any, *grads: Any) -> list[Any]:
        """The gradients of what it was given."""
        slopes = self._function.slopes()
        kept = self.values[len(slopes.graph.outputs) :]
        given = [
            g._value for g, use in zip(grads, slopes.trainable, strict=True) if use
        ]
        values = self._backward([*given, *kept])
        types = [tensor.dtype for tensor in slopes.backward.graph.outputs]
        pairs = zip(values, types, strict=True)
        return slopes.packed([EagerTensor(value, dtype) for value, dtype in pairs])


# -- the operations --------------------------------------------------------------------


def _call(op: Operation, _state: Any) -> Callable[..., Any]:
    call = found(op, "f").caller()
    if len(op._outputs) == 1:
        return lambda *values: call(values)[0]
    return lambda *values: tuple(call(values))


define("StatefulPartitionedCall", bind=_call, gradient=gradient_of_call)
define("PartitionedCall", bind=_call, gradient=gradient_of_call)
