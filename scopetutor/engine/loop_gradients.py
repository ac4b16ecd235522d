"""Gradients through `tf.while_loop` and `tf.cond`.

Beside gradients. TF 1.15: the gradient of a loop is a loop that runs as often, counted
down from what the first one counted (`f_count`, `b_count`). What the gradient needs of
an iteration is pushed on a stack (`f_acc`) by the loop, and popped by its gradient.
Gradients of what a loop reads from outside are added up over its iterations (`b_acc`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import constants, defaults, dtypes
from .apply import apply
from .contexts import (
    EXITS,
    SWITCHES,
    CondContext,
    WhileContext,
    enter,
    is_constant_enter,
    output_context,
    switch,
    switch_ref_or_tensor,
    while_context_of,
)
from .ops import array, joining, math, stacks  # noqa: F401 - stacks: its operations
from .ops.branches import leave, merge
from .ops.static import static_value
from .sparse import IndexedSlices
from .surroundings import colocate_with, control_dependencies

if TYPE_CHECKING:
    from collections import defaultdict

    from .operation import Operation, Tensor


def is_loop_switch(op: Operation) -> bool:
    """Whether it is the Switch of a loop, not of a branch."""
    return (
        op.type in SWITCHES and op._context is not None and bool(op._context.is_while())
    )


class _Inside:
    """Context manager: new operations belong to a context; None: changes nothing."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __enter__(self) -> None:
        if self._context is not None:
            self._context.enter()

    def __exit__(self, *_error: object) -> None:
        if self._context is not None:
            self._context.exit()


class LoopState:
    """One loop and the loop that is its gradient.

    Attributes:
        forward_context, grad_context: the two loops.
        outer: the state of the loop around, or None.
        history: for values of the loop, what stands for them in its gradient.
        switches: for Switches of the loop, the Merges of their gradients.
        unused_exits: results of the loop without a gradient.
        deferred_exits: results that wait for the others.
        pending_exits: how many results are still to come.
    """

    def __init__(self, forward: WhileContext, outer: LoopState | None) -> None:
        self.forward_context = forward
        self.outer = outer
        self.history: dict[Tensor, Tensor] = {}
        self.switches: dict[Operation, Tensor] = {}
        self.unused_exits: list[Tensor] = []
        self.deferred_exits: list[Tensor] = []
        self.exits = list(forward.exits)
        self.pending_exits = len(self.exits)
        self.grad_context: Any = None
        self._forward_sync: Any = None
        self._grad_sync: Any = None
        around = outer.forward_context if outer else forward.outer_context
        with _Inside(around):
            count, self._forward_index = _add_forward_counter(forward, outer)
        if outer:
            around.values.add(count)
            stack = outer.accumulate(count)
            with _Inside(outer.grad_context):
                self.grad_context = self._gradient_loop(forward)
                real = outer.popped(stack, count)
                self._grad_index = _add_gradient_counter(self.grad_context, real, outer)
        else:
            with _Inside(around):
                self.grad_context = self._gradient_loop(forward)
                self._grad_index = _add_gradient_counter(self.grad_context, count, None)

    def _gradient_loop(self, forward: WhileContext) -> WhileContext:
        return WhileContext(
            maximum_iterations=forward.maximum_iterations,
            parallel_iterations=forward.parallel_iterations,
            back_prop=forward.back_prop,
            swap_memory=forward.swap_memory,
            name=forward.name,
            grad_state=self,
        )

    @property
    def forward_index(self) -> Tensor:
        """The counter of the loop, as the next iteration gets it."""
        return self._forward_index

    @property
    def forward_sync(self) -> Operation:
        """What the next iteration of the loop waits for."""
        if self._forward_sync is None:
            with control_dependencies(None):
                self._forward_sync = apply("ControlTrigger", name="f_sync")
            self._forward_sync._set_control_flow_context(self.forward_context)
            self._forward_index.op._add_control_input(self._forward_sync)
        sync: Operation = self._forward_sync
        return sync

    @property
    def grad_sync(self) -> Operation:
        """What the next iteration of the gradient's loop waits for."""
        if self._grad_sync is None:
            with control_dependencies(None):
                self._grad_sync = apply("ControlTrigger", name="b_sync")
            self._grad_sync._set_control_flow_context(self.grad_context)
            self._grad_index.op._add_control_input(self._grad_sync)
            if self.grad_context.outer_context:
                self.grad_context.outer_context.add_inner_op(self._grad_sync)
        sync: Operation = self._grad_sync
        return sync

    def accumulate(self, value: Tensor, *, dead_branch: bool = False) -> Tensor:
        """Pushes a value of the loop on a stack in each iteration; gives the stack."""
        current = defaults.get_default_graph()._get_control_flow_context()
        with control_dependencies(None):
            with _Inside(current), colocate_with(value):
                size = constants.constant(-1, dtypes.int32)
                kind = value.dtype.base_dtype
                stack = apply("StackV2", size, elem_type=kind, name="f_acc")
            entered = self.forward_context.add_value(stack)
            push = self._push(entered, value, dead_branch=dead_branch)
            push._add_control_input(self._forward_index.op._inputs[0]._op)
            result: Tensor = stack
            return result

    def _push(self, stack: Tensor, value: Tensor, *, dead_branch: bool) -> Operation:
        swap = self.forward_context.swap_memory
        context = output_context(value.op)

        def push() -> Operation:
            op: Operation = apply("StackPushV2", stack, value, swap_memory=swap).op
            return op

        if context is self.forward_context:
            with _Inside(context):
                op = push()
            self._forward_index.op._add_control_input(op)
            return op
        if not isinstance(context, CondContext):
            raise TypeError(f"value_ctxt is not a CondContext: {context}")
        with _Inside(context.outer_context if dead_branch else context):
            op = push()
        if dead_branch:
            op._set_control_flow_context(context)
        self.forward_sync._add_control_input(op)
        return op

    def popped(
        self, stack: Tensor, value: Tensor, *, dead_branch: bool = False
    ) -> Tensor:
        """The value of the iteration whose gradient is computed."""
        history_context = stack.op._context
        branch = None
        context = value.op._context
        while context is not None and context is not history_context:
            if isinstance(context, CondContext):
                branch = context
                break
            context = context.outer_context
        with control_dependencies(None), _Inside(self.grad_context):
            if branch is not None:
                taken = 1 - branch.branch if dead_branch else branch.branch
                condition = self._condition(branch)
                stack = switch_ref_or_tensor(stack, condition)[taken]
            kind = value.dtype.base_dtype
            pop: Tensor = apply("StackPopV2", stack, elem_type=kind)
            pop.set_shape(value.shape)
        if self.grad_context.parallel_iterations > 1:
            self.grad_sync._add_control_input(pop.op)
        return pop

    def _condition(self, branch: CondContext) -> Tensor:
        """What stands for the condition of a branch in the gradient."""
        state: LoopState | None = self
        while state is not None:
            found = state.history.get(branch.pred)
            if found is not None:
                return found
            state = state.outer
        return branch.pred

    def real_value(self, value: Tensor) -> Tensor:
        """What stands for a value of the loop in its gradient."""
        found = self.history.get(value)
        if found is None:
            found = self.history[value] = self._find(value)
        return found

    def _find(self, value: Tensor) -> Tensor:
        state: LoopState | None = self
        while True:
            assert state is not None
            source = _constant_enter(value)
            if source is not None:
                value, state = source._inputs[0], state.outer
                if state is None:
                    found: Tensor = self.grad_context.add_value(value)
                    return found
                continue
            if constants.is_constant(value):
                made: Tensor = constants.constant(
                    static_value(value), dtype=value.dtype
                )
                return made
            self.grad_context.exit()
            stack = state.accumulate(value)
            self.grad_context.enter()
            break
        real = state.popped(stack, value)
        return real if state is self else self.grad_context.add_value(real)


def _constant_enter(value: Tensor) -> Operation | None:
    """The Enter through which a loop gets a value that never changes, or None."""
    op = value.op
    while op.type in ("Switch", "RefSwitch", "Identity", "RefIdentity"):
        op = op._inputs[0]._op
    return op if is_constant_enter(op) else None


# -- the loops' own operations ---------------------------------------------------------


def _next(value: Any) -> Any:
    ref = value.dtype._is_ref_dtype
    return apply("RefNextIteration" if ref else "NextIteration", value)


def _entered(context: WhileContext, value: Any, name: str, **kwargs: Any) -> Any:
    return enter(
        value,
        context.name,
        is_constant=False,
        parallel_iterations=context.parallel_iterations,
        name=name,
        **kwargs,
    )


def _add_forward_counter(
    context: WhileContext, outer: LoopState | None
) -> tuple[Tensor, Tensor]:
    """Makes a loop count its iterations; gives the count, and the counter inside."""
    zero = constants.constant(0, name="f_count")
    if outer is not None:
        zero.op._add_control_input(outer.forward_index.op._inputs[0]._op)
    with _Inside(context):
        context.values.add(zero)
        entered = _entered(context, zero, "f_count")
        context.enters.append(entered)
        merged = merge([entered, entered])[0]
        switched = switch(merged, context.pivot)
        following = _next(math.add(switched[1], 1))
        merged.op._update_input(1, following)
        total = leave(switched[0], name="f_count")
        context.exits.append(total)
        context.exit_result([total])
    return total, following


def _add_gradient_counter(
    context: WhileContext, count: Tensor, outer: LoopState | None
) -> Tensor:
    """Makes the gradient's loop run as often; gives its counter."""
    one = constants.constant(1, name="b_count")
    with _Inside(context):
        context.values.add(count)
        entered = _entered(context, count, "b_count")
        context.enters.append(entered)
        merged = merge([entered, entered])[0]
        context.pivot_for_pred = merged
        test = math.greater_equal(merged, one)
        context.pivot = apply("LoopCond", test, name="b_count")
        switched = switch(merged, context.pivot)
        index = math.subtract(switched[1], one)
        context.pivot_for_body = index
        following: Tensor = _next(index)
        merged.op._update_input(1, following)
        final = leave(switched[0], name="b_count")
        context.exits.append(final)
        if outer is not None:
            outer.grad_sync._add_control_input(final.op)
        context.exit_result([final])
    return following


def add_up(context: WhileContext, op: Operation, grad: Tensor) -> Tensor:
    """The gradient of what a loop reads from outside: a sum over its iterations."""
    context.exit()
    around = context.outer_context
    total: Any
    if grad.shape.is_fully_defined():
        with _Inside(around):
            total = constants.constant(0, grad.dtype, shape=grad.shape, name="b_acc")
    else:
        total = _zeros_for(context, op._inputs[0], grad)
    context.enter()
    context.values.add(total)
    entered = _entered(context, total, "b_acc")
    context.enters.append(entered)
    merged = merge([entered, entered], name="b_acc")[0]
    on_false, on_true = switch(merged, context.pivot)
    merged.op._update_input(1, _next(math.add(on_true, grad)))
    result: Tensor = leave(on_false, name="b_acc")
    context.exits.append(result)
    context.exit_result([result])
    return result


def _zeros_for(context: WhileContext, value: Tensor, grad: Tensor) -> Any:
    """Zeros of the shape of a value from outside, which is known when it runs only."""
    around = context.outer_context
    if not (isinstance(around, WhileContext) and around.grad_state is not None):
        with _Inside(around):
            sizes = array.shape_of(value, optimize=False)
            return array.zeros(sizes, grad.dtype)
    with _Inside(context.grad_state.forward_context.outer_context):
        sizes = array.shape_of(value, optimize=False)
    outer = context.grad_state.outer
    stack = outer.accumulate(sizes)
    with _Inside(around):
        return array.zeros(outer.popped(stack, sizes), grad.dtype)


def add_up_slices(
    context: WhileContext, op: Operation, grad: IndexedSlices
) -> IndexedSlices:
    """As add_up, for IndexedSlices: all slices one after the other."""
    values, indices, dense = grad.values, grad.indices, grad.dense_shape
    context.exit()
    with _Inside(context.outer_context):
        first: list[Any] = _empty_slices(context, op, values, indices)
        if dense is not None:
            first.append(_no_shape(context, op, dense))
    context.enter()
    context.values.update(first)
    entered = [
        _entered(context, part, "b_acc", use_input_shape=False) for part in first
    ]
    entered[0].set_shape([None])
    if first[1].shape.dims is not None:
        entered[1].set_shape([None, *first[1].shape.as_list()[1:]])
    context.enters.extend(entered)
    merged = [merge([part, part], name="b_acc")[0] for part in entered]
    switched = [switch(part, context.pivot) for part in merged]
    joined = [
        joining.concat([before[1], more], 0)
        for before, more in zip(switched[:2], [indices, values], strict=True)
    ]
    if dense is not None:
        joined.append(math.maximum(dense, switched[2][1]))
    following = [_next(part) for part in joined]
    for part, after in zip(merged, following, strict=True):
        part.op._update_input(1, after)
    results = [leave(part[0], name="b_acc") for part in switched]
    context.exits.extend(results)
    context.exit_result(results)
    return IndexedSlices(
        results[1], results[0], results[2] if dense is not None else None
    )


def _empty_slices(
    context: WhileContext, op: Operation, values: Any, indices: Any
) -> list[Any]:
    """TF 1.15: one row of zeros, for row 0."""
    if values.shape.is_fully_defined():
        with _Inside(context.outer_context):
            rows = constants.constant(
                0, values.dtype, shape=[1, *values.shape.as_list()[1:]], name="b_acc"
            )
    else:
        sizes = _safe_shape(op._inputs[0])[1:]
        rows = array.zeros(joining.concat([[1], sizes], 0), dtype=values.dtype)
    return [constants.constant([0], indices.dtype), rows]


def _safe_shape(tensor: Tensor) -> Any:
    """The shape of a tensor, or of the variable behind a handle."""
    if tensor.dtype != dtypes.resource:
        return array.shape_of(tensor, optimize=False)
    source = tensor
    while source.op._inputs:
        source = source.op._inputs[0]
    return source.op._attrs["shape"]


def _no_shape(context: WhileContext, op: Operation, dense: Any) -> Any:
    if dense.shape.is_fully_defined():
        with _Inside(context.outer_context):
            return constants.constant(0, dense.dtype, shape=dense.shape)
    sizes = array.shape_of(op._inputs[0], optimize=False, out_type=dense.dtype)
    return array.zeros_like(sizes, optimize=False)


# -- all loops of a walk ---------------------------------------------------------------


class Loops:
    """The loops that one walk back goes through."""

    def __init__(self) -> None:
        self._states: dict[Any, LoopState] = {}

    def add(
        self, op: Operation, between: list[Operation], inside: set[Operation]
    ) -> None:
        """Takes in the loop of an Exit; all its results become part of the walk."""
        forward = while_context_of(op)
        if forward in self._states:
            return
        around = forward.outer_context
        loop = around.while_context() if around is not None else None
        state = LoopState(forward, self._states.get(loop))
        self._states[forward] = state
        for exit_ in state.exits:
            if exit_.op not in inside:
                inside.add(exit_.op)
                between.append(exit_.op)

    def state_of(self, op: Operation, *, before: bool) -> LoopState | None:
        """The state of the loop an operation is in; of an Exit, before: the outer."""
        forward = while_context_of(op)
        if before and op.type in EXITS:
            around = op._context.outer_context
            forward = around.while_context() if around is not None else None
        return None if forward is None else self._states.get(forward)

    def enter(self, op: Operation, *, before: bool) -> None:
        """New operations belong to the gradient of the loop an operation is in."""
        state = self.state_of(op, before=before)
        if state is not None:
            state.grad_context.enter()

    def leave(self, op: Operation, *, before: bool) -> None:
        """Ends what `enter` began."""
        state = self.state_of(op, before=before)
        if state is not None:
            state.grad_context.exit()

    def process_unused_exits(
        self, pending: defaultdict[Operation, int], targets: set[Operation]
    ) -> list[Tensor]:
        """The results nobody uses of loops of which that is all there is."""
        found: list[Tensor] = []
        for state in self._states.values():
            for exit_ in state.exits:
                if pending[exit_.op] == 0:
                    state.pending_exits -= 1
                    if exit_.op not in targets:
                        state.unused_exits.append(exit_)
                    if state.pending_exits == 0:
                        found.extend(state.unused_exits)
            for entered in state.forward_context.enters:
                # Enters of unused variables are visited all the same.
                if pending[entered.op] == 0:
                    pending[entered.op] = 1
        return found

    def zeros_for_exit(self, value: Tensor) -> Any:
        """A gradient of zeros for a result of a loop."""
        forward = value.op._context
        around = forward.outer_context
        loop = around.while_context() if around is not None else None
        outer = self._states.get(loop) if loop is not None else None
        known = value.shape.is_fully_defined()
        if outer is None:
            if known:
                return array.zeros(value.shape.as_list(), value.dtype)
            return array.zeros_like(value, optimize=False)
        if known:
            with _Inside(outer.grad_context):
                return array.zeros(value.shape.as_list(), value.dtype)
        with _Inside(around):
            sizes = array.shape_of(value, optimize=False)
        stack = outer.accumulate(sizes)
        with _Inside(outer.grad_context):
            return array.zeros(outer.popped(stack, sizes), value.dtype)

    def zeros_like(self, op: Operation, index: int) -> Any:
        """A gradient of zeros for an output; None for a loop's Switch."""
        if is_loop_switch(op):
            return None
        forward = while_context_of(op)
        state = self._states.get(forward) if forward is not None else None
        if state is None:
            return zeros_like_outside_loop(op, index)
        value, dead = op._outputs[index], op.type in SWITCHES
        context: Any = op._context
        if value.shape.is_fully_defined():
            result = constants.constant(
                0, shape=value.shape.as_list(), dtype=value.dtype
            )
            if dead:
                condition = state.history[context.pred]
                branch = 1 - context.branch
                result = switch_ref_or_tensor(result, condition)[branch]
            return result
        return self._zeros_of_unknown(op, value, state, dead=dead)

    def _zeros_of_unknown(
        self, op: Operation, value: Tensor, state: LoopState, *, dead: bool
    ) -> Any:
        context: Any = op._context
        if dead:
            with _Inside(context.outer_context):
                other = switch_ref_or_tensor(op._inputs[0], context.pred)
                value = other[1 - context.branch]
                sizes = array.shape_of(value, optimize=False)
            value.op._set_control_flow_context(context)
            sizes.op._set_control_flow_context(context)
        else:
            with _Inside(context):
                sizes = array.shape_of(value, optimize=False)
        state.grad_context.exit()
        stack = state.accumulate(sizes, dead_branch=dead)
        state.grad_context.enter()
        real = state.popped(stack, sizes, dead_branch=dead)
        return array.zeros(real, value.dtype)

    def finish(self) -> None:
        """Closes the loops of variables whose gradient never changes: zeros."""
        for state in self._states.values():
            for merged in state.switches.values():
                first, second = merged.op._inputs[:2]
                if first is second:
                    merged.op._update_input(1, self._zero_step(state, first))

    def _zero_step(self, state: LoopState, entered: Tensor) -> Any:
        if entered.shape.is_fully_defined():
            with _Inside(state.grad_context):
                zero = constants.constant(0, dtype=entered.dtype, shape=entered.shape)
                return _next(zero)
        with _Inside(state.grad_context.outer_context):
            sizes = array.shape_of(entered.op._inputs[0], optimize=False)
            zero = array.zeros(sizes)
        with _Inside(state.grad_context):
            return _next(zero)


def zeros_like_outside_loop(op: Operation, index: int) -> Any:
    """A gradient of zeros for an output; of a branch's Switch, in the other branch."""
    value, context = op._outputs[index], op._context
    if op.type not in SWITCHES or context is None:
        if value.dtype == dtypes.resource:
            held = held_dtype(value)
            if held is None:
                return None
            return array.zeros(apply("VariableShape", value), dtype=held)
        return array.zeros_like(value, optimize=False)
    other = switch(op._inputs[0], context.pred)[1 - context.branch]
    pivot = array.identity(other)
    if value.dtype == dtypes.resource:
        with control_dependencies([pivot]):
            return array.zeros(apply("VariableShape", other), dtype=held_dtype(value))
    sizes = array.shape_of(other, optimize=False)
    with control_dependencies([pivot]):
        return array.zeros(sizes, dtype=value.dtype)


def held_dtype(handle: Tensor) -> dtypes.DType | None:
    """The type of the variable that a handle stands for; None if it is none's."""
    while not hasattr(handle, "_value"):
        op = handle.op
        if op.type == "VarHandleOp":
            found: dtypes.DType = op._attrs["dtype"]
            return found
        if op.type == "Placeholder":  # stands for a handle outside of a function
            graph: Any = op.graph
            handle = graph.origin(handle)
        elif op._inputs and op._inputs[0].dtype is dtypes.resource:
            handle = op._inputs[0]
        elif op.type in _LOOPS:
            handle = op._inputs[handle._index]
        else:
            return None
    cell: Any = handle._value
    return dtypes.as_dtype(cell.value.dtype)


_LOOPS = frozenset({"While", "StatelessWhile"})
