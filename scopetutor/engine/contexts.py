"""Where operations stand that run only sometimes, or again and again.

After the graph. TF 1.15 has no blocks: a branch or a loop is a *context* that every
operation made in it passes through. The context puts a Switch (branch) or an Enter
(loop) before each value from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import defaults
from .apply import apply
from .convert import convert_to_tensor
from .surroundings import colocate_with, control_dependencies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .graph import Graph
    from .operation import Operation, Tensor

SWITCHES = frozenset({"Switch", "RefSwitch"})
ENTERS = frozenset({"Enter", "RefEnter"})
EXITS = frozenset({"Exit", "RefExit"})
NEXTS = frozenset({"NextIteration", "RefNextIteration"})
MERGES = frozenset({"Merge", "RefMerge"})
CONTROL_FLOW = SWITCHES | ENTERS | EXITS | NEXTS | MERGES | {"LoopCond"}


def is_constant_enter(op: Operation) -> bool:
    """Whether it brings a value into a loop that is the same in every iteration."""
    return op.type in ENTERS and bool(op._attrs["is_constant"])


def output_context(op: Operation) -> Any:
    """The context in which an operation's outputs may be used."""
    context = op._context
    if context is not None and op.type in EXITS:
        return context.outer_context
    return context


def while_context_of(op: Operation) -> Any:
    """The innermost loop around an operation, or None."""
    return None if op._context is None else op._context.while_context()


def switch(data: Any, pred: Any, name: str | None = None) -> Any:
    """A tensor as two: the second is there if `pred` is True, else the first."""
    from .surroundings import name_scope  # noqa: PLC0415 - keeps the list above short

    with name_scope(name, "Switch", [data, pred]) as scope:
        data = convert_to_tensor(data, name="data", as_ref=True)
        pred = convert_to_tensor(pred, name="pred")
        return apply("Switch", data, pred, name=scope)


def switch_ref_or_tensor(data: Any, pred: Any, name: str = "Switch") -> Any:
    """As `switch`; references stay references."""
    data = convert_to_tensor(data, name="data")
    with colocate_with(data, ignore_existing=True):
        if data.dtype._is_ref_dtype:
            return apply("RefSwitch", data, pred, name=name)
        return switch(data, pred, name=name)


def enter(
    data: Any,
    frame_name: str,
    is_constant: bool = False,
    parallel_iterations: int = 10,
    use_ref: bool = True,
    use_input_shape: bool = True,
    name: str | None = None,
) -> Any:
    """A tensor inside a loop of a name."""
    data = convert_to_tensor(data, as_ref=True)
    op_type = "RefEnter" if data.dtype._is_ref_dtype and use_ref else "Enter"
    result = apply(
        op_type,
        data,
        frame_name=frame_name,
        is_constant=is_constant,
        parallel_iterations=parallel_iterations,
        name=name,
    )
    if use_input_shape:
        result.set_shape(data.get_shape())
    return result


class Context:
    """A branch or a loop while its operations are made.

    Attributes:
        name: unique in the graph.
        outer_context: the context around it, or None.
        nested: the contexts directly inside it.
        values: the tensors that may be used in it as they are.
        external: for tensors from outside, what stands for them inside.
    """

    def __init__(self, name: str) -> None:
        graph = defaults.get_default_graph()
        self.restore(graph.unique_name(name), graph)

    def restore(self, name: str, graph: Graph) -> None:
        """Begins with a name, in the context that the graph is in."""
        self.name = name
        self.outer_context: Any = graph._control_flow_context
        self.nested: list[Context] = []
        if self.outer_context is not None:
            self.outer_context.nested.append(self)
        self._entered: list[Any] = []
        self.values: set[Tensor] = set()
        self.external: dict[Tensor, Tensor] = {}

    def __str__(self) -> str:
        return self.name

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The context as in TensorFlow's graph files; None if outside the scope."""
        from . import context_messages  # noqa: PLC0415 - rarely wanted

        return context_messages.to_proto(self, export_scope)

    def enter(self) -> None:
        """Makes new operations part of this context."""
        graph = defaults.get_default_graph()
        self._entered.append(graph._control_flow_context)
        graph._control_flow_context = self

    def exit(self) -> None:
        """Ends what `enter` began."""
        defaults.get_default_graph()._control_flow_context = self._entered.pop()

    # TF 1.15's names, for programs that ask an operation for its context.

    def Enter(self) -> None:  # noqa: N802 - TensorFlow's name
        """`enter`."""
        self.enter()

    def Exit(self) -> None:  # noqa: N802 - TensorFlow's name
        """`exit`."""
        self.exit()

    def IsWhileContext(self) -> bool:  # noqa: N802 - TensorFlow's name
        """Whether it is a loop."""
        return self.is_while()

    def IsCondContext(self) -> bool:  # noqa: N802 - TensorFlow's name
        """Whether it is a branch of a condition."""
        return isinstance(self, CondContext)

    def GetWhileContext(self) -> Any:  # noqa: N802 - TensorFlow's name
        """The innermost loop that this is or is in, or None."""
        return self.while_context()

    @staticmethod
    def from_proto(context_def: Any, import_scope: str | None = None) -> Any:
        """The context of a graph file."""
        from . import context_messages  # noqa: PLC0415 - rarely wanted

        return context_messages.from_proto(context_def, import_scope)

    def exit_result(self, results: Iterable[Tensor]) -> None:
        """Makes results known to the context around."""
        if self.outer_context is not None:
            self.outer_context.values.update(results)

    def while_context(self) -> Any:
        """The innermost loop that this is or is in, or None."""
        return (
            None if self.outer_context is None else self.outer_context.while_context()
        )

    def control_pivot(self) -> Any:
        """The tensor that is there when the context runs, or None."""
        return None

    def is_while(self) -> bool:
        """Whether it is a loop."""
        return False

    @property
    def grad_state(self) -> Any:
        """The state of a loop's gradient, or None."""
        return None if self.outer_context is None else self.outer_context.grad_state

    def add_value(self, value: Tensor) -> Tensor:
        """What stands for a tensor inside this context."""
        raise NotImplementedError

    def add_op(self, op: Operation) -> None:
        """Takes in a new operation."""
        raise NotImplementedError

    def add_inner_op(self, op: Operation) -> None:
        """Takes notice of an operation of a context inside this one."""
        if self.outer_context is not None:
            self.outer_context.add_inner_op(op)

    def remove_external_control_edges(
        self, op: Operation
    ) -> tuple[list[Operation], list[Operation]]:
        """Takes away control inputs from outside the loop; gives kept and removed."""
        loop = self.while_context()
        if loop is None:
            return list(op._control_inputs), []
        kept: list[Operation] = []
        removed: list[Operation] = []
        for control in op._control_inputs:
            context = output_context(control)
            inside = context is not None and context.while_context() is loop
            (kept if inside else removed).append(control)
        if removed:
            op._remove_all_control_inputs()
            op._add_control_inputs(kept)
        return kept, removed


class CondContext(Context):
    """One branch of a `tf.cond`.

    Attributes:
        pred: the condition.
        pivot: a tensor that is there when this branch runs.
        branch: 1 for the branch of True, else 0.
    """

    def __init__(self, pred: Tensor, pivot: Tensor, branch: int) -> None:
        super().__init__("cond_text")
        self.pred, self.pivot, self.branch = pred, pivot, branch
        self.values.update((pred, pivot))
        self.external[pred] = pred
        pivot._op._context = self

    def control_pivot(self) -> Any:
        """What an operation without inputs waits for in this branch."""
        return self.pivot

    def add_value(self, value: Tensor) -> Tensor:
        """What stands for a tensor in this branch: a switched one if from outside."""
        if value in self.values:
            inside: Tensor = self.external.get(value, value)
            return inside
        result: Tensor = value
        self.values.add(value)
        if self.outer_context is not None:
            result = self.outer_context.add_value(value)
            self.values.add(result)
            self.external[result] = result
        with control_dependencies(None):
            result = switch_ref_or_tensor(result, self.pred)[self.branch]
            if self.outer_context is not None:
                self.outer_context.add_inner_op(result._op)
        result.graph.prevent_fetching(result._op)
        result._op._context = self
        context: Any = self
        while context is not None:
            context.values.add(result)
            context = context.outer_context
        self.external[value] = result
        return result

    def add_op(self, op: Operation) -> None:
        """Takes in an operation: its inputs are switched, or it waits for the pivot."""
        self.add_op_here(op)

    def add_op_here(self, op: Operation) -> None:
        """As add_op; a loop's context tells the two apart."""
        if not op._inputs:
            self.remove_external_control_edges(op)
            if not any(_op_in_context(c, self) for c in op._control_inputs):
                op._add_control_input(self.pivot._op)
        else:
            for index, value in enumerate(op._inputs):
                inside = value
                if not (op.type == "Merge" and value._op.type == "NextIteration"):
                    inside = self.add_value(value)
                if inside is not value:
                    op._update_input(index, inside)
            self.remove_external_control_edges(op)
        context: Any = self
        while context is not None:
            context.values.update(op._outputs)
            context = context.outer_context
        if self.outer_context is not None or op.type not in EXITS:
            op._graph.prevent_fetching(op)
        if self.outer_context is not None:
            self.outer_context.add_inner_op(op)

    def process_output(self, value: Tensor) -> Tensor:
        """What stands for a result of this branch outside of it."""
        if value in self.values:
            inside: Tensor = self.external.get(value, value)
            return inside
        result: Tensor = value
        self.values.add(value)
        if self.outer_context is not None:
            result = self.outer_context.add_value(value)
            self.values.add(result)
            self.external[result] = result
        result = switch_ref_or_tensor(result, self.pred)[self.branch]
        self.external[value] = result
        return result


def _op_in_context(op: Operation, context: Any) -> bool:
    """Whether an operation is in a context or in one inside it."""
    inner = op._context
    while inner is not None:
        if inner is context:
            return True
        inner = inner.outer_context
    return False


class WhileContext(Context):
    """A `tf.while_loop`.

    Attributes:
        pivot: the condition, as the loop's LoopCond gives it.
        enters, exits: the loop variables as they come in and go out.
    """

    def __init__(
        self,
        maximum_iterations: Any = None,
        parallel_iterations: int = 10,
        back_prop: bool = True,
        swap_memory: bool = False,
        name: str = "while_context",
        grad_state: Any = None,
    ) -> None:
        super().__init__(name)
        defaults.get_default_graph()._has_loops = True
        self.maximum_iterations = maximum_iterations
        self.parallel_iterations = parallel_iterations
        self.back_prop = back_prop
        self.swap_memory = swap_memory
        self.pivot: Any = None
        self.pivot_for_pred: Any = None
        self.pivot_for_body: Any = None
        self.enters: list[Tensor] = []
        self.exits: list[Tensor] = []
        self._grad_state = grad_state

    def while_context(self) -> Any:
        """This loop."""
        return self

    def is_while(self) -> bool:
        """True."""
        return True

    @property
    def grad_state(self) -> Any:
        """What differentiating this loop has to remember; None if it is not."""
        return self._grad_state

    def control_pivot(self) -> Any:
        """What an operation without inputs waits for in this loop."""
        return (
            self.pivot_for_pred if self.pivot_for_body is None else self.pivot_for_body
        )

    def add_value(self, value: Tensor) -> Tensor:
        """What stands for a tensor in this loop: an Enter if it is from outside."""
        if value in self.values or value._op._context is self:
            inside: Tensor = self.external.get(value, value)
            return inside
        self.values.add(value)
        recorded = self._value_of_forward_loop(value)
        if recorded is not None:
            self.external[value] = recorded
            return recorded
        result = value
        if self.outer_context is not None:
            result = self.outer_context.add_value(value)
        with control_dependencies(None):
            entered: Tensor = enter(
                result,
                self.name,
                is_constant=True,
                parallel_iterations=self.parallel_iterations,
            )
            entered.graph.prevent_feeding(entered)
            if self.outer_context is not None:
                self.outer_context.add_inner_op(entered._op)
        self.fix_control_inputs_and_context([entered])
        self.values.add(entered)
        self.external[value] = entered
        return entered

    def _value_of_forward_loop(self, value: Tensor) -> Tensor | None:
        """In a gradient's loop: what the loop it belongs to recorded of a value."""
        current = defaults.get_default_graph()._control_flow_context
        loop = None if current is None else current.while_context()
        if loop is None or loop.grad_state is None:
            return None
        forward = while_context_of(value._op)
        if value._op.type in EXITS:
            forward = None if forward is None else forward.outer_context
            forward = None if forward is None else forward.while_context()
        if forward is not loop.grad_state.forward_context:
            return None
        recorded: Tensor = loop.grad_state.real_value(value)
        return recorded

    def add_op(self, op: Operation) -> None:
        """Takes in an operation: its inputs enter, or it waits for the pivot."""
        if op.type in {"Shape", "Size", "Rank"}:
            current = defaults.get_default_graph()._control_flow_context
            loop = None if current is None else current.while_context()
            if loop is not None and loop.grad_state is not None:
                # The shape of a value of the forward loop is computed there.
                context = op._inputs[0]._op._context
                if (
                    while_context_of(op._inputs[0]._op)
                    is loop.grad_state.forward_context
                ):
                    op._context = context
                    context.add_op_here(op)
                    return
        self.add_op_here(op)

    def add_op_here(self, op: Operation) -> None:
        """Takes in a new operation, whatever loop is being built."""
        if not op._inputs:
            kept, removed = self.remove_external_control_edges(op)
            if not kept:
                op._add_control_input(self.control_pivot()._op)
        else:
            for index, value in enumerate(op._inputs):
                inside = self.add_value(value)
                if inside is not value:
                    op._update_input(index, inside)
            _, removed = self.remove_external_control_edges(op)
            if not op._control_inputs and all(
                is_constant_enter(taken._op) for taken in op._inputs
            ):
                op._add_control_input(self.control_pivot()._op)
        self.values.update(op._outputs)
        if removed:
            with control_dependencies(None):
                self.enter()
                waits = [
                    apply("Identity", control._outputs[0])._op
                    for control in removed
                    if control._outputs
                ]
                self.exit()
            op._add_control_inputs(waits)
        if self.outer_context is not None or op.type not in EXITS:
            op._graph.prevent_fetching(op)
            for tensor in op._outputs:
                op._graph.prevent_feeding(tensor)
        if self.outer_context is not None:
            self.outer_context.add_inner_op(op)

    def fix_control_inputs_and_context(self, enters: list[Tensor]) -> None:
        """Gives the operations that bring values in what they must wait for."""
        graph = defaults.get_default_graph()
        for entered in enters:
            op = entered._op
            waits = graph._control_inputs_for(op._inputs)
            op._context = self
            op._add_control_inputs([c for c in waits if self._is_outside(c)])
            for around in graph._control_stack:
                around.seen.add(op)

    def _is_outside(self, control: Operation) -> bool:
        """Whether a control input is in a context that this loop is directly in."""
        wanted, context = output_context(control), self.outer_context
        loop = None if context is None else context.while_context()
        while context is not wanted:
            if context is None or context is loop:
                return False
            context = context.outer_context
        return True


def check_inputs(op: Operation) -> None:
    """ValueError if an operation takes a value out of a loop it is not in."""
    for taken in op._inputs:
        context = output_context(taken._op)
        if context is None or context is op._context:
            continue
        loop = None if op._context is None else op._context.while_context()
        input_loop = context.while_context()
        if not _may_use(op, loop, input_loop):
            _refuse(op, taken._op, different=loop is not None)


def _may_use(op: Operation, loop: Any, input_loop: Any) -> bool:
    if loop is None:
        return input_loop is None or op.type in ENTERS or op.type in SWITCHES
    if _contains(loop, input_loop):
        return True
    state = loop.grad_state
    if state is not None:
        forward = state.forward_context
        if _contains(forward, input_loop) or forward is input_loop.outer_context:
            return True
    input_state = None if input_loop is None else input_loop.grad_state
    return input_state is not None and (
        input_state.forward_context is loop
        or getattr(input_state.forward_context.grad_state, "forward_context", None)
        is loop
    )


def _contains(context: Any, maybe_containing: Any) -> bool:
    """Whether a context is another one or inside it; None contains everything."""
    while context is not maybe_containing:
        if context is None:
            return False
        context = context.outer_context
    return True


def _refuse(op: Operation, source: Operation, *, different: bool) -> None:
    if different:
        problem = (
            f"Cannot use '{source.name}' as input to '{op.name}' because they are in "
            "different while loops."
        )
    else:
        problem = (
            f"Cannot use '{source.name}' as input to '{op.name}' because "
            f"'{source.name}' is in a while loop."
        )
    raise ValueError(f"{problem} See info log for more details.")
