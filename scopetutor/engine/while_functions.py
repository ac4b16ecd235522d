"""`tf.while_loop` where loops are operations: While.

After branch_graphs, whose graphs those of the condition and of the body are; loops ask
``control_flow_v2.py``. TF 1.15: before the loop's variables go how many iterations
there were and how many there may be; after them, what both functions take of outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import constants, defaults, nest
from .apply import apply
from .branch_functions import _packed, _unique
from .branch_graphs import BranchFunction, BranchGraph, register, traced
from .convert import convert_n_to_tensor, convert_to_tensor
from .dtypes import int32
from .ops import array, reshaping
from .ops.branches import flow_of
from .shapes import TensorShape
from .surroundings import control_dependencies, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .operation import Operation, Tensor

_FIRST = 2
"""Where the program's own variables begin."""


class LoopGraph(BranchGraph):
    """The operations of a loop's condition or body.

    Attributes:
        inputs: what stands for the loop's variables.
    """

    def shown_name(self, op: Operation) -> str:
        """What errors call an operation."""
        return op._name


class LoopFunction(BranchFunction):
    """The condition or the body of a loop as operations know it."""

    def shown_name(self, op: Operation) -> str:
        """What errors call an operation of it."""
        return op._name


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any,
    parallel_iterations: int,
    maximum_iterations: Any,
    name: str | None,
    return_same_structure: bool,
) -> Any:
    """`tf.while_loop` as an operation While; its arguments are those of that.

    Raises:
        ValueError: the body changes the structure or the shapes of the variables.
        TypeError: the body changes their types.
    """
    original = list(loop_vars)
    flat = nest.flatten(original, expand_composites=True)
    tensors = convert_n_to_tensor([flow_of(value) for value in flat])
    shapes = [tensor.shape for tensor in tensors]
    if shape_invariants is not None:
        nest.assert_same_structure(original, list(shape_invariants))
        shapes = [TensorShape(s) for s in _flat_shapes(shape_invariants)]
    with name_scope(name or "while") as scope:
        limit = -1 if maximum_iterations is None else maximum_iterations
        limit = convert_to_tensor(limit, dtype=int32, name="maximum_iterations")
        counter = constants.constant(0, name="loop_counter")
        variables = [counter, limit, *tensors]
        shapes = [TensorShape([]), TensorShape([]), *shapes]
        loop = _Loop(scope, variables, shapes, original)
        test = loop.test(cond, limited=maximum_iterations is not None)
        step = loop.step(body, test)
        _check_kept(step, variables, shapes)
        results = _added(loop, test, step, parallel_iterations, scope)
    packed = _packed(loop_vars, results[_FIRST : len(variables)])
    if not return_same_structure and len(flat) == 1:
        return nest.flatten(packed, expand_composites=True)[0]
    return packed


def _flat_shapes(invariants: Any) -> list[Any]:
    """Shapes in lists; a shape that is a list of sizes is none."""
    found = []
    for item in invariants:
        if isinstance(item, TensorShape) or item is None:
            found.append(item)
        else:
            found.extend(_flat_shapes(item))
    return found


class _Loop:
    """A loop while its functions are traced."""

    def __init__(
        self, scope: str, variables: list[Any], shapes: list[Any], original: list[Any]
    ) -> None:
        self._scope = scope
        self._variables, self._shapes, self._original = variables, shapes, original

    def test(self, cond: Callable[..., Any], *, limited: bool) -> LoopGraph:
        """The function of the condition."""

        def tested(counter: Any, limit: Any, *values: Any) -> Any:
            found = convert_to_tensor(cond(*_packed(self._original, values)))
            if found.shape.dims is None or found.shape.dims:
                found = reshaping.squeeze(found)
            return [apply("LogicalAnd", counter < limit, found) if limited else found]

        return self._traced("cond", tested, ())

    def step(self, body: Callable[..., Any], test: LoopGraph) -> LoopGraph:
        """The function of the body, which takes what the condition takes, and more."""

        def iterated(counter: Any, limit: Any, *values: Any) -> list[Any]:
            given = body(*_packed(self._original, values))
            if not nest.is_sequence_or_composite(given):
                given = [given]
            nest.assert_same_structure(
                list(given), self._original, expand_composites=True
            )
            flat = nest.flatten(list(given), expand_composites=True)
            return [counter + 1, limit, *map(flow_of, flat)]

        step = self._traced("body", iterated, test.captured)
        step.outputs = [*step.outputs, *step.captured.values()]
        for tensor in step.captured:
            test.capture(tensor)
        return step

    def _traced(self, word: str, function: Callable[..., Any], taken: Any) -> LoopGraph:
        graph = LoopGraph(defaults.get_default_graph(), _unique(self._scope, word))
        with graph.as_default():
            graph.inputs = [
                apply(
                    "Placeholder",
                    dtype=v.dtype.base_dtype,
                    shape=s,
                    name=v.op.name if i < _FIRST else "placeholder",
                )
                for i, (v, s) in enumerate(
                    zip(self._variables, self._shapes, strict=True)
                )
            ]
            for tensor in taken:
                graph.capture(tensor)
        traced(graph, lambda: function(*graph.inputs), None)
        return graph


def _check_kept(
    step: LoopGraph, variables: Sequence[Tensor], shapes: Sequence[TensorShape]
) -> None:
    """Raises if the body changes the kinds of the variables.

    Raises:
        ValueError: it changes a shape.
        TypeError: it changes a type.
    """
    for given, shape, variable in zip(step.outputs, shapes, variables, strict=False):
        if not _is_within(given.shape, shape):
            raise ValueError(
                f"Input tensor '{variable.name}' enters the loop with shape {shape}, "
                f"but has shape {given.shape} after one iteration. To allow the shape "
                "to vary across iterations, use the `shape_invariants` argument of "
                "tf.while_loop to specify a less-specific shape."
            )
    for inside, given, variable in zip(
        step.inputs, step.outputs, variables, strict=False
    ):
        if inside.dtype != given.dtype:
            raise TypeError(
                f"Loop var {variable.name} enters the loop with type {inside.dtype} "
                f"but has type {given.dtype} after 1 iteration."
            )


def _is_within(shape: TensorShape, wider: TensorShape) -> bool:
    if wider.dims is None:
        return True
    if shape.dims is None or shape.ndims != wider.ndims:
        return False
    return all(
        outer.value is None or outer.value == inner.value
        for inner, outer in zip(shape.dims, wider.dims, strict=True)
    )


def _added(
    loop: _Loop,
    test: LoopGraph,
    step: LoopGraph,
    parallel_iterations: int,
    scope: str,
) -> list[Tensor]:
    """The results of the operation."""
    for graph in (test, step):
        register(graph, LoopFunction)
    with control_dependencies([*test.waited_for, *step.waited_for]):
        made = apply(
            "While",
            [*loop._variables, *step.captured],
            cond=test.name,
            body=step.name,
            output_shapes=_shapes_of(loop, step),
            parallel_iterations=parallel_iterations,
            name=scope,
        )
    op = made[0].op
    op._attrs = {**op._attrs, "_num_original_outputs": len(op._outputs)}
    return results_of(op)


def results_of(op: Operation) -> list[Tensor]:
    """What a loop that was added gives."""
    op._attrs = {**op._attrs, "_lower_using_switch_merge": True}
    op.graph.prevent_fetching(op)
    return [array.identity(tensor) for tensor in op._outputs]


def _shapes_of(loop: _Loop, step: LoopGraph) -> list[Any]:
    rest = step.outputs[len(loop._shapes) :]
    return [*loop._shapes, *[tensor.shape for tensor in rest]]
