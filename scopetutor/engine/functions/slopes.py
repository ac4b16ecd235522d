"""The gradients of a function that was traced: two more functions.

After traces; ``concrete.py`` calls them. The forward one gives what the function gives,
and then what the gradients need of it; the backward one gives the gradients from the
slopes of the outputs and that. TF 1.15: an operation that calls the function becomes
one that calls the forward one when its gradient is asked for.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.function_graphs import (
    Function,
    FunctionGraph,
    found,
    numbered,
    registered,
    runner,
)
from scopetutor.engine.gradients import RegisterGradient, gradients, is_trainable
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation

    from .traces import TracedGraph


_numbers = itertools.count(1)


class _Backward(FunctionGraph):
    """The graph of the gradients; what it takes of the function is captured."""

    has_branches = True
    must_run: tuple[Operation, ...] = ()

    def _share_collections(self, outer: Any) -> None:
        self._collections = outer._collections


class Slopes:
    """The two functions.

    Args:
        graph: the function.
        name: what it is called.

    Attributes:
        forward: gives the outputs, and then what is kept for the gradients.
        backward: gives the gradients there are.
        kept: what is kept, of the function.
        given: the gradient of each input, in the structure the gradients have.
    """

    def __init__(self, graph: TracedGraph, name: str) -> None:
        self.graph = graph
        self.trainable = [is_trainable(tensor) for tensor in graph.outputs]
        ys = [y for y, use in zip(graph.outputs, self.trainable, strict=True) if use]
        xs = [*graph.inputs, *graph.captured.values()]
        made = _Backward(graph, numbered(numbered(f"__inference___backward_{name}")))
        made.preface = graph.preface
        with made.as_default():
            slopes = [
                apply("Placeholder", dtype=y.dtype.base_dtype, shape=y.shape)
                for y in ys
            ]
            made.inputs = slopes
            self.given = gradients(ys, xs, slopes) if ys else [None] * len(xs)
            made.outputs = [
                made.capture(part)
                for part in nest.flatten(self.given, expand_composites=True)
                if part is not None
            ]
        self.kept = list(made.captured)
        self.backward = _BackwardFunction(made, None)
        self.forward = _Forward(self, f"__forward_{name}")
        registered(self.backward), registered(self.forward)

    def called(self, grads: Sequence[Any], kept: Sequence[Any]) -> list[Any]:
        """The gradients, by an operation that calls the backward function.

        Args:
            grads: the slopes of the outputs that have some.
            kept: what the forward function gave for this.
        """
        outputs = self.backward.graph.outputs
        if not outputs:
            return list(self.given)
        ops = self.backward.graph._operations.values()
        stateful = "Stateful" if any(op._is_stateful for op in ops) else ""
        with own_gradient(self.backward):
            made = apply(
                f"{stateful}PartitionedCall",
                [*grads, *kept],
                Tout=[tensor.dtype.base_dtype for tensor in outputs],
                f=self.backward.name,
            )
        for tensor, inside in zip(made, outputs, strict=True):
            tensor.set_shape(inside.shape)
        return self.packed(made)

    def packed(self, results: Sequence[Any]) -> list[Any]:
        """Results of the backward function as the gradients of the inputs."""
        parts = iter(results)
        flat = [
            None if part is None else next(parts)
            for part in nest.flatten(self.given, expand_composites=True)
        ]
        found: list[Any] = nest.pack_sequence_as(
            self.given, flat, expand_composites=True
        )
        return found


class _BackwardFunction(Function):
    """The gradients of a function, which have gradients themselves."""

    _slopes: Slopes | None = None

    def slopes(self) -> Slopes:
        """The functions for its gradients."""
        if self._slopes is None:
            graph: Any = self.graph
            self._slopes = Slopes(graph, self.name.removeprefix("__inference___"))
        return self._slopes


class _Forward(Function):
    """A function that gives more than it did."""

    graph: TracedGraph

    def __init__(self, slopes: Slopes, name: str) -> None:
        super().__init__(slopes.graph, None)
        self.name = numbered(name)
        self._outputs = list(slopes.graph.outputs)
        self._slopes = slopes

    def slopes(self) -> Slopes:
        """The functions for its gradients."""
        return self._slopes

    def caller(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Computes the outputs and what is kept."""
        graph = self.graph
        fed = [*graph.inputs, *graph.captured.values()]
        return runner(fed, [*self._outputs, *self._slopes.kept], graph.must_run)


def own_gradient(function: Any) -> Any:
    """Context manager: TF 1.15 names the gradient of each function's calls anew."""
    name = function.__dict__.get("gradient_name")
    if name is None:
        name = function.gradient_name = f"PartitionedCall-{next(_numbers)}"
        RegisterGradient(name)(gradient_of_call)
    kinds = ("PartitionedCall", "StatefulPartitionedCall")
    graph = defaults.get_default_graph()
    return graph.gradient_override_map(dict.fromkeys(kinds, name))


def gradient_of_call(op: Any, *grads: Any) -> list[Any]:
    """The gradients of what an operation takes that calls a function.

    Args:
        op: the operation, or what a tape has recorded of it; it is made to give what
            the gradients need.
        grads: of what it gave when it was made.
    """
    call: Operation = op.outputs[0].op
    function: Any = found(call, "f")
    slopes: Slopes = function.slopes()
    count = len(slopes.graph.outputs)
    if call._attrs["f"] != slopes.forward.name and slopes.backward.graph.outputs:
        more = tuple(
            Tensor(call, count + i, kept.dtype.base_dtype, kept._dims)
            for i, kept in enumerate(slopes.kept)
        )
        call._outputs = (*call._outputs, *more)
        call._attrs = {
            **call._attrs,
            "f": slopes.forward.name,
            "Tout": [tensor.dtype for tensor in call._outputs],
        }
        call.graph._touch()
    pairs = zip(grads, call._outputs, slopes.trainable, strict=False)
    wanted = [
        array.zeros_like(output) if grad is None else grad
        for grad, output, use in pairs
        if use
    ]
    return slopes.called(wanted, call._outputs[count:])
