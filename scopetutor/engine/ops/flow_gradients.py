"""Gradients of the operations that loops and branches are made of.

Loaded when a gradient is first asked for. The gradient of a Switch is a Merge and the
other way round; that of an Enter an Exit, and the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.contexts import (
    CondContext,
    WhileContext,
    enter,
    output_context,
    switch,
    switch_ref_or_tensor,
)
from scopetutor.engine.indexed_slices import all_as_slices, as_slices
from scopetutor.engine.loop_gradients import add_up, add_up_slices
from scopetutor.engine.operation import Tensor
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import colocate_with, name_scope

from . import math
from .branches import add_back_edge, leave, merge

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation


def _current() -> Any:
    """The context that is being built, or None."""
    return defaults.get_default_graph()._get_control_flow_context()


# TF 1.15: the parts of IndexedSlices go the same way, each through an operation of its
# own that has no name.


def _parts(grad: IndexedSlices) -> list[Any]:
    parts = (grad.values, grad.indices, grad.dense_shape)
    return [part for part in parts if part is not None]


def _switched(grad: Any, pred: Any, name: str = "Switch") -> Any:
    if not isinstance(grad, IndexedSlices):
        return switch_ref_or_tensor(grad, pred, name=name)
    with (
        colocate_with(grad, ignore_existing=True),
        name_scope(name, "Switch", [grad, pred]),
    ):
        both = [apply("Switch", part, pred) for part in _parts(grad)]
        on_false, on_true = zip(*both, strict=True)
        return IndexedSlices(*on_false), IndexedSlices(*on_true)


def _merged(grads: Any, name: str | None = None) -> Any:
    if not any(isinstance(grad, IndexedSlices) for grad in grads):
        return merge(grads, name=name)[0]
    with name_scope(name, "Merge", grads):
        slices = all_as_slices(grads, optimize=False)
        columns = zip(*[_parts(part) for part in slices], strict=True)
        return IndexedSlices(*[apply("Merge", list(column))[0] for column in columns])


def _add_back_edge(merged: Any, grad: Any) -> None:
    if not isinstance(merged, IndexedSlices):
        add_back_edge(merged, grad, enforce_shape=False)
        return
    following = [
        apply("NextIteration", part) for part in _parts(as_slices(grad, optimize=False))
    ]
    for part, after in zip(_parts(merged), following, strict=True):
        part.op._update_input(1, after)


def switch_(op: Operation, *grads: Any) -> tuple[Any, None]:
    context = op._context
    if isinstance(context, WhileContext):
        return _switch_of_loop(op, *grads), None
    if isinstance(context, CondContext):
        if grads[1 - context.branch] is None:
            if op._inputs[0].dtype == dtypes.resource:
                both = [grads[context.branch]] * 2
                return _merged(both, name="cond_resource_grad"), None
            return None, None
        return _merged(grads, name="cond_grad"), None
    on_false = switch(grads[0], op._inputs[1])[0]
    on_true = switch(grads[1], op._inputs[1])[1]
    return _merged([on_false, on_true]), None


def _switch_of_loop(op: Operation, leaving: Any, going_on: Any) -> Any:
    """Visited twice: for what left the loop, then for what went on."""
    switches = _current().grad_state.switches
    known = switches.get(op)
    if known is not None:
        if going_on is not None:
            _add_back_edge(known, going_on)
        return None
    if leaving is None:
        return None
    merged = switches[op] = _merged([leaving, leaving], name="b_switch")
    return merged


def merge_(op: Operation, grad: Any, _index: Any) -> Any:
    context, current = output_context(op._inputs[0]._op), _current()
    if isinstance(context, WhileContext):
        return _switched(grad, current.pivot)
    if isinstance(context, CondContext):
        condition = context.pred
        if current is not None and current.grad_state is not None:
            condition = _recorded(current.grad_state, condition)
        return _switched(grad, condition, name="cond_grad")
    tests = [math.equal(op._outputs[1], i) for i in range(len(op._inputs))]
    return [_switched(grad, test)[1] for test in tests]


def _recorded(state: Any, condition: Any) -> Any:
    """What stands for a condition inside a loop in the loop's gradient."""
    found = state.history.get(condition)
    if found is None:
        state.grad_context.exit()
        stack = state.accumulate(condition)
        state.grad_context.enter()
        found = state.history[condition] = state.popped(stack, condition)
    return found


def exit_(op: Operation, grad: Any) -> Any:
    context = _current()
    if not context.back_prop:
        return None
    if op._context.grad_state is not None:
        raise TypeError("Second-order gradient for while loops not supported.")
    if not isinstance(grad, (Tensor, IndexedSlices)):
        raise TypeError(f"Type {type(grad)} not supported")
    sparse = isinstance(grad, IndexedSlices)
    parts = _parts(grad) if isinstance(grad, IndexedSlices) else [grad]
    context.values.update(parts)
    context.enter()
    entered = [
        enter(
            part,
            context.name,
            is_constant=False,
            parallel_iterations=context.parallel_iterations,
            name=None if sparse else "b_exit",
        )
        for part in parts
    ]
    context.enters.extend(entered)
    context.exit()
    return IndexedSlices(*entered) if sparse else entered[0]


def enter_(op: Operation, grad: Any) -> Any:
    context = _current()
    if not context.back_prop or context.grad_state is None:
        return grad
    if not op._attrs["is_constant"]:
        sparse = isinstance(grad, IndexedSlices)
        results = [leave(part) for part in (_parts(grad) if sparse else [grad])]
        context.exits.extend(results)
        context.exit_result(results)
        return IndexedSlices(*results) if sparse else results[0]
    if isinstance(grad, Tensor):
        return add_up(context, op, grad)
    if isinstance(grad, IndexedSlices):
        return add_up_slices(context, op, grad)
    raise TypeError(f"Type {type(grad)} not supported")


def next_iteration(_: Operation, grad: Any) -> Any:
    return grad


def loop_cond(_op: Operation, _grad: Any = None) -> None:
    return None
