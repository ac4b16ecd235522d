"""The gradient of an operation While: a loop that goes back.

After while_functions. Each of its iterations gets the slopes of what an iteration gave,
and gives those of what it was given. What it needs of the iteration comes off lists,
which the forward loop is made to fill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import constants, defaults, dtypes
from .apply import apply
from .branch_functions import _unique, _zeros_for, functions_of
from .branch_graphs import register, traced
from .convert import convert_to_tensor
from .gradients import gradients, is_trainable
from .loop_gradients import held_dtype
from .operation import Operation, Tensor
from .ops import array
from .ops.called_loops import empty, pop, push
from .while_functions import LoopFunction, LoopGraph, results_of

if TYPE_CHECKING:
    from collections.abc import Sequence


_FIRST = 3
"""Where the slopes begin: after the counter, the limit and the total of the loop."""


class _Back(LoopGraph):
    """The body of the loop that goes back.

    Attributes:
        lists: by tensor of the forward body that is needed, the list it comes off, as
            it is here before and after.
    """

    def __init__(self, outer: Any, name: str, forward: _Forward) -> None:
        super().__init__(outer, name)
        self.knows_variables = False
        self._forward = forward
        self._found: dict[Tensor, Tensor] = {}
        self.lists: dict[Tensor, tuple[Tensor, Tensor]] = {}

    def capture(self, tensor: Tensor) -> Tensor:
        """What stands here for a tensor; one of the forward body comes off a list."""
        forward = self._forward
        if hasattr(tensor, "_value") or tensor.graph is not forward.step:
            return super().capture(tensor)
        outside = forward.outside.get(tensor)
        if outside is not None:
            return super().capture(outside)
        if tensor not in self._found:
            filled_list = super().capture(forward.keep(tensor))
            rest, self._found[tensor] = pop(filled_list, tensor.dtype, tensor.shape)
            self.lists[filled_list] = filled_list, rest
        return self._found[tensor]


class _Forward:
    """The loop that goes forward.

    Attributes:
        op: the operation.
        test: its condition.
        step: its body.
        outside: by what stands in the body for something that the loop takes and does
            not change, where to find that.
    """

    def __init__(self, op: Operation) -> None:
        self.op = op
        test, step = functions_of(op, ("cond", "body"))
        self.test: Any = test.graph
        self.step: Any = step.graph
        inside = [*self.step.inputs, *self.step.captured.values()]
        kept = zip(inside, self.step.outputs, op._inputs, op._outputs, strict=True)
        # TF 1.15: of the loop's results, but for the handles of variables.
        self.outside: dict[Tensor, Tensor] = {
            here: taken if here.dtype is dtypes.resource else result
            for here, given, taken, result in kept
            if here is given
        }
        self._kept: dict[Tensor, Tensor] = {}

    def keep(self, tensor: Tensor) -> Tensor:
        """The list that the loop fills with what a tensor of the body is."""
        if tensor in self._kept:
            return self._kept[tensor]
        op = self.op
        with op.graph.as_default(), op.graph.control_dependencies(None):
            name = f"{tensor.op.name}_{tensor._index}/accumulator"
            start: Any = empty(tensor.dtype, tensor.shape, op._inputs[1], name)
        with self.step.as_default():
            here = apply("Placeholder", dtype=dtypes.variant, shape=[])
            self.step.captured[start] = here
            self.step.outputs = [*self.step.outputs, push(here, tensor)]
        with self.test.as_default():
            there = apply("Placeholder", dtype=dtypes.variant, shape=[])
            self.test.captured[start] = there
        made = Tensor(op, len(op._outputs), dtypes.variant, ())
        op._inputs = (*op._inputs, start)
        op._outputs = (*op._outputs, made)
        self._kept[tensor] = made
        return made

    def renew(self) -> None:
        """Makes the operation one whose functions fill the lists."""
        if not self._kept:
            return
        op = self.op
        for graph in (self.test, self.step):
            graph.name += "_rewritten"
            register(graph, LoopFunction)
        op._attrs = {
            **op._attrs,
            "cond": self.test.name,
            "body": self.step.name,
            "T": [tensor.dtype for tensor in op._outputs],
            "output_shapes": [tensor._dims for tensor in op._outputs],
            "_num_original_outputs": len(op._outputs),
        }
        op._rewire()
        op.graph._touch()


def gradients_of(op: Operation, grads: Sequence[Any]) -> list[Any]:
    """The gradients of what an operation While takes.

    Args:
        op: the operation, or what a tape has recorded of it.
        grads: of its results.
    """
    op = op.outputs[0].op
    forward = _Forward(op)
    inside = [*forward.step.inputs, *forward.step.captured.values()]
    places = [
        i
        for i, tensor in enumerate(inside)
        if is_trainable(tensor) and _has_slope(tensor)
    ]
    starts = [_start(op, i, grads[i] if i < len(grads) else None) for i in places]
    back = _Back(
        defaults.get_default_graph(), _unique(forward.step.name, "_grad"), forward
    )
    counter = constants.constant(0, name="grad_counter")
    variables = [counter, op._inputs[1], op._outputs[0], *starts]
    _fill(back, forward, inside, places, variables)
    forward.renew()
    test = _test(forward, back, variables)
    results = _added(test, back, variables, f"{op.name}_grad")
    found: list[Any] = [None] * len(op._inputs)  # lists were added
    for place, result in zip(places, results[_FIRST : len(variables)], strict=True):
        found[place] = result
    return found


def _has_slope(tensor: Tensor) -> bool:
    """Whether it is a number, or the handle of a variable."""
    if tensor.dtype is dtypes.resource:
        return held_dtype(tensor) is not None
    return tensor.dtype is not dtypes.variant


def _start(op: Operation, place: int, grad: Any) -> Any:
    """The slope of a result of the loop; zeros where nothing comes."""
    if grad is None:
        return _zeros_for(op._inputs[place])
    return convert_to_tensor(grad)


def _fill(
    back: _Back,
    forward: _Forward,
    inside: list[Tensor],
    places: list[int],
    variables: list[Any],
) -> None:
    """Traces an iteration that goes back."""
    outputs = forward.step.outputs
    with back.as_default():
        back.inputs = [
            apply("Placeholder", dtype=v.dtype.base_dtype, shape=v.shape)
            for v in variables
        ]

    def iterated() -> list[Any]:
        counter: Any = back.inputs[0]
        slopes = back.inputs[_FIRST:]
        changed = [
            (outputs[place], slope)
            for place, slope in zip(places, slopes, strict=True)
            if inside[place] not in forward.outside
        ]
        xs = [inside[place] for place in places]
        ys, given = [y for y, _ in changed], [slope for _, slope in changed]
        found = gradients(ys, xs, given) if ys else [None] * len(xs)
        after = []
        for x, slope, grad in zip(xs, slopes, found, strict=True):
            if x in forward.outside:  # the slopes of all iterations add up
                after.append(slope if grad is None else slope + convert_to_tensor(grad))
            else:
                after.append(array.zeros_like(x) if grad is None else grad)
        return [counter + 1, *back.inputs[1:_FIRST], *after]

    traced(back, iterated, None)
    rest = [back.lists.get(here, (here, here))[1] for here in back.captured.values()]
    back.outputs = [*back.outputs, *rest]


def _test(forward: _Forward, back: _Back, variables: list[Any]) -> LoopGraph:
    """Whether there is one more iteration to go back."""
    test = LoopGraph(back.outer, _unique(forward.test.name, "_grad"))
    with test.as_default():
        test.inputs = [
            apply("Placeholder", dtype=v.dtype.base_dtype, shape=v.shape)
            for v in variables
        ]
    counter: Any = test.inputs[0]
    traced(test, lambda: [counter < test.inputs[_FIRST - 1]], None)
    for tensor in back.captured:
        test.capture(tensor)
    return test


def _added(
    test: LoopGraph, back: _Back, variables: list[Any], name: str
) -> list[Tensor]:
    """The results of the loop that goes back."""
    for graph in (test, back):
        register(graph, LoopFunction)
    made = apply(
        "While",
        [*variables, *back.captured],
        cond=test.name,
        body=back.name,
        output_shapes=[tensor.shape for tensor in back.outputs],
        name=name,
    )
    return results_of(made[0].op)
