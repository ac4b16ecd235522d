"""The gradients of a function that was traced: two more functions.

After traces; ``concrete.py`` calls them. The forward one gives what the function gives,
and then what the gradients need of it; the backward one gives the gradients from the
slopes of the outputs and that. TF 1.15: an operation that calls the function becomes
one that calls the forward one when its gradient is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import nest
from scopetutor.engine.apply import apply
from scopetutor.engine.function_graphs import (
    Function,
    FunctionGraph,
    numbered,
    registered,
    runner,
)
from scopetutor.engine.gradients import gradients, is_trainable
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation

    from .traces import TracedGraph


class _Backward(FunctionGraph):
    """The graph of the gradients; what it takes of the function is captured."""

    has_branches = True
    knows_variables = True

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
        made = _Backward(graph, numbered(f"__backward_{name}"))
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
        self.backward = registered(Function(made, None))
        self.forward = registered(_Forward(graph, self.kept, f"__forward_{name}"))

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


class _Forward(Function):
    """A function that gives more than it did."""

    graph: TracedGraph

    def __init__(self, graph: TracedGraph, kept: Sequence[Tensor], name: str) -> None:
        super().__init__(graph, None)
        self.name = numbered(name)
        self.kept = list(kept)
        self._outputs = list(graph.outputs)

    def caller(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Computes the outputs and what is kept."""
        graph = self.graph
        fed = [*graph.inputs, *graph.captured.values()]
        return runner(fed, [*self._outputs, *self.kept], graph.must_run)


def gradient_of_call(op: Any, slopes: Slopes, grads: Sequence[Any]) -> list[Any]:
    """The gradients of what an operation takes that calls a function.

    Args:
        op: the operation; it is made to give what the gradients need.
        slopes: of the function.
        grads: of what it gave when it was made.
    """
    call: Operation = getattr(op, "_op", None) or op.outputs[0].op
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
