"""`tf.switch_case`, and `tf.cond` where conditions are operations: If and Case.

After branch_graphs. Each branch is traced into a graph of its own; all take the same
tensors of outside, in one order. The gradient is another such operation, whose branches
are the gradients of the branches; what they need of the forward operations becomes a
further result of the forward operation.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from . import constants, defaults, dtypes, nest
from .apply import apply
from .branch_files import SavedBranch
from .branch_graphs import BranchGraph, register, set_outputs, traced
from .convert import convert_to_tensor
from .function_graphs import SHARED, Function, named
from .gradients import gradients, is_trainable
from .loop_gradients import held_dtype
from .operation import Operation, Tensor
from .ops import array, casting, math, reshaping
from .ops.array_gradients import variable_shape
from .ops.gathering import where
from .ops.ranges import range_
from .sparse import IndexedSlices
from .surroundings import control_dependencies, name_scope

Branch = Callable[[], Any]
_numbers = itertools.count(1)


def _unique(scope: str, word: str) -> str:
    """A name that no other function has."""
    return f"{scope}{word}_{next(_numbers)}".replace("/", "_")


# -- the functions of tf ---------------------------------------------------------------


def cond(pred: Any, true_fn: Branch, false_fn: Branch, name: str | None) -> Any:
    """`tf.cond` as an operation If.

    Raises:
        TypeError: `pred` is a Python bool, or the results differ in kind.
    """
    if isinstance(pred, bool):
        raise TypeError("pred must not be a Python bool", pred)
    with name_scope(name or "cond") as scope:
        names = [_unique(scope, word) for word in ("true", "false")]
        pred = convert_to_tensor(pred)
        if pred.shape.dims is None or pred.shape.dims:
            pred = reshaping.squeeze(pred)
        graphs = _branches(names, [true_fn, false_fn], pred)
        _refuse_leaks(graphs, ["true_fn", "false_fn"])
        return _built(_IF, pred, graphs, [list(g.captured) for g in graphs], scope)


def switch_case(
    branch_index: Any, branch_fns: Any, default: Any = None, name: str = "switch_case"
) -> Any:
    """The result of one of several functions, chosen by a number.

    Args:
        branch_index: int32; the last function is chosen where there is none of it.
        branch_fns: functions, or pairs of a number and a function, or a dict.
        default: the last function, if there is one more than those.
        name: of the name scope.

    Raises:
        TypeError: an argument is of another type.
        ValueError: the numbers of the functions have gaps.
    """
    functions = _checked_functions(branch_fns, default, branch_index)
    with name_scope(name, "case", [branch_index]):
        if defaults.state.eager:
            count = len(functions)
            outside = math.less(branch_index, 0) | math.greater_equal(
                branch_index, count
            )
            chosen = where(outside, constants.constant(count - 1), branch_index)
            return functions[int(chosen)]()
        with name_scope("indexed_case") as scope:
            names = [_unique(scope, f"branch{i}") for i in range(len(functions))]
            graphs = _branches(names, functions, branch_index)
            _refuse_leaks(graphs, [f"branch {i}" for i in range(len(graphs))])
            captured = [list(graph.captured) for graph in graphs]
            return _built(_CASE, branch_index, graphs, captured, scope)


def _checked_functions(given: Any, default: Any, index: Any) -> list[Branch]:
    if not isinstance(index, Tensor):
        raise TypeError(f"branch_index must a Tensor, got {type(index)}")
    if not index.dtype.is_integer:
        raise TypeError(f"branch_index must an integer Tensor, got {index.dtype}")
    if not given:
        raise ValueError("Must provide at least one item in branch_fns")
    if not isinstance(given, (list, tuple, dict)):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    pairs: Sequence[Any] = list(given.items() if isinstance(given, dict) else given)
    if all(callable(item) for item in pairs):
        pairs = list(enumerate(pairs))
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        key, function = pair
        if not isinstance(key, int):
            raise TypeError(f"key must be a Python `int`, got {type(key)}")
        if not callable(function):
            raise TypeError(f"fn for key {key} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(keys))):
        raise ValueError(
            "branch indices (keys) must form contiguous range of "
            f"[0 to {len(keys)}) but found {{{','.join(map(str, keys))}}}"
        )
    functions = [function for _, function in sorted(pairs)]
    return functions if default is None else [*functions, default]


def _branches(
    names: Sequence[str], functions: Sequence[Branch], chooser: Any
) -> list[BranchGraph]:
    outer = defaults.get_default_graph()
    graphs = []
    for name, function in zip(names, functions, strict=True):
        graph = BranchGraph(outer, name)
        traced(graph, function, chooser)
        graphs.append(graph)
    return graphs


def _refuse_leaks(graphs: Sequence[BranchGraph], words: Sequence[str]) -> None:
    """ValueError if a branch takes a tensor that another one made."""
    for graph, word in zip(graphs, words, strict=True):
        for tensor in graph.captured:
            if not hasattr(tensor, "_value") and tensor.graph in graphs:
                owner = words[graphs.index(tensor.graph)]
                raise ValueError(
                    f"Tensor {tensor.name} in {owner} is accessed from {word}."
                )


# -- the operation ---------------------------------------------------------------------


class _Kind:
    """What differs between conditions and cases.

    Attributes:
        function: of tf, as errors call it.
        word: as one error calls it.
        names: of the branches in errors: the first, and any other.
        attributes: that name the functions.
    """

    def __init__(
        self,
        function: str,
        word: str,
        names: tuple[str, str],
        attributes: Sequence[str],
    ) -> None:
        self.function, self.word = function, word
        self.names, self.attributes = names, attributes


_IF = _Kind("tf.cond", "cond", ("true_fn", "false_fn"), ("then_branch", "else_branch"))
_CASE = _Kind("tf.switch_case", "case", ("branches[0]", "branches[{}]"), ("branches",))


def functions_of(op: Operation, attributes: Sequence[str]) -> list[Function]:
    """The functions that are the branches of an operation."""
    names: list[str] = []
    for attribute in attributes:
        value = op._attrs[attribute]
        names.extend(value if isinstance(value, list) else [value])
    found = [named(op, name) for name in names]
    for function in found:
        if isinstance(function, SavedBranch):
            function.open_for(op)
    return found


def _built(
    kind: _Kind,
    chooser: Any,
    graphs: Sequence[BranchGraph],
    taken: Sequence[Sequence[Tensor]],
    name: str | None,
) -> Any:
    """Adds the operation; what it gives, in the structure of the first branch."""
    _match_indices(kind, graphs)
    _check_same_outputs(kind, graphs)
    inputs = _match_inputs(graphs, taken)
    waited_for = [op for graph in graphs for op in graph.waited_for]
    with control_dependencies(waited_for):
        op = _added(kind, chooser, inputs, graphs, name)
    op._attrs = {**op._attrs, "_lower_using_switch_merge": True}
    results = [array.identity(tensor) for tensor in op._outputs]
    op.graph.prevent_fetching(op)
    return _packed(graphs[0].given, results)


def _added(
    kind: _Kind,
    chooser: Any,
    inputs: Sequence[Tensor],
    graphs: Sequence[BranchGraph],
    name: str | None,
) -> Operation:
    for graph in graphs:
        register(graph)
    op_type = "Case"
    if kind is _IF:
        ops = [op for graph in graphs for op in graph._operations.values()]
        op_type = "If" if any(op._is_stateful for op in ops) else "StatelessIf"
    made = apply(
        op_type,
        chooser,
        inputs,
        Tout=[tensor.dtype.base_dtype for tensor in graphs[0].outputs],
        output_shapes=_common_shapes(graphs),
        name=name,
        **_named(kind, graphs),
    )
    if isinstance(made, Operation):  # TF 1.15 asks for the first of no results
        if op_type == "StatelessIf":
            raise IndexError("list index out of range")
        raise TypeError("'Operation' object is not subscriptable")
    found: Operation = made[0].op
    return found


def _named(kind: _Kind, graphs: Sequence[BranchGraph]) -> dict[str, Any]:
    """The attributes that name the branches."""
    names = [graph.name for graph in graphs]
    if kind is _CASE:
        return {"branches": names}
    return dict(zip(kind.attributes, names, strict=True))


def _common_shapes(graphs: Sequence[BranchGraph]) -> list[Any]:
    """What is known of the shape of each result, whichever branch runs."""
    shapes = []
    for outputs in zip(*[graph.outputs for graph in graphs], strict=True):
        shape = outputs[0].shape
        for other in outputs[1:]:
            shape = shape.most_specific_compatible_shape(other.shape)
        shapes.append(shape)
    return shapes


def _match_inputs(
    graphs: Sequence[BranchGraph], taken: Sequence[Sequence[Tensor]]
) -> list[Tensor]:
    """Lets all branches take the same tensors of outside.

    Args:
        graphs: the branches.
        taken: for each branch what the operation is given for what it takes.
    """
    inputs = list(dict.fromkeys(tensor for given in taken for tensor in given))
    for graph, given in zip(graphs, taken, strict=True):
        inside = graph.captured.values()
        graph.captured = dict(zip(given, inside, strict=True))
        graph.take_inputs(inputs)
    return inputs


def _packed(structure: Any, results: Sequence[Any]) -> Any:
    """Tensors in a structure; TensorArrays where it has some."""
    flat = nest.flatten(structure, expand_composites=True)
    if len(flat) != len(results):
        raise ValueError("Mismatch in element count")
    again = [
        old.with_flow(new) if hasattr(old, "flow") else new
        for old, new in zip(flat, results, strict=True)
    ]
    return nest.pack_sequence_as(structure, again, expand_composites=True)


# -- branches that give the same -------------------------------------------------------


def _match_indices(kind: _Kind, graphs: Sequence[BranchGraph]) -> None:
    """TF 1.15: rows of different types of indices all get int64.

    Raises:
        TypeError: a result is rows in one branch and none in another.
    """
    flat = [nest.flatten(graph.given) for graph in graphs]
    assert len({len(items) for items in flat}) == 1, [len(items) for items in flat]
    for place, items in enumerate(zip(*flat, strict=True)):
        sliced = [item for item in items if isinstance(item, IndexedSlices)]
        if sliced and len(sliced) < len(items):
            raise TypeError(
                f"Cannot reconcile {kind.function} {place}-th outputs:\n"
                f"  branches returned: {items}"
            )
        if len({item.indices.dtype for item in sliced}) < 2:
            continue
        for graph, rows in zip(graphs, sliced, strict=True):
            if rows.indices.dtype == dtypes.int32:
                with graph.as_default():
                    rows._indices = casting.cast(rows.indices, dtypes.int64)
                set_outputs(graph, graph.given)


def _check_same_outputs(kind: _Kind, graphs: Sequence[BranchGraph]) -> None:
    """TypeError unless all branches give the same structure of the same types."""
    first = graphs[0]
    for place, other in enumerate(graphs[1:], 1):
        try:
            nest.assert_same_structure(first.given, other.given, expand_composites=True)
        except (ValueError, TypeError) as error:
            raise _differ(kind, graphs, place, str(error)) from None
        if len(first.outputs) != len(other.outputs):
            raise ValueError(
                f"Lengths of branch outputs of {kind.word} must match.\n"
                f"len(graphs[0].outputs): {len(first.outputs)}\n"
                f"len(graphs[{place}].outputs): {len(other.outputs)}\n"
            )
        for one, two in zip(first.outputs, other.outputs, strict=True):
            if one.dtype != two.dtype:
                detail = f"{one} and {two} have different types"
                raise _differ(kind, graphs, place, detail)


def _differ(
    kind: _Kind, graphs: Sequence[BranchGraph], place: int, detail: str
) -> TypeError:
    first, other = kind.names[0], kind.names[1].format(place)
    return TypeError(
        f"{first} and {other} arguments to {kind.function} must have the same number, "
        "type, and overall structure of return values.\n\n"
        f"{first} output: {graphs[0].given}\n{other} output: {graphs[place].given}\n\n"
        f"Error details:\n{detail}"
    )


# -- gradients -------------------------------------------------------------------------


class _GradientGraph(BranchGraph):
    """The gradient of one branch.

    Attributes:
        optionals: what of the branch it needs, by the optional value that carries it.
    """

    def __init__(self, outer: Any, name: str, forward: BranchGraph) -> None:
        super().__init__(outer, name)
        self.knows_variables = False
        self._forward = forward
        self._found: dict[Tensor, Tensor] = {}
        self.optionals: dict[Tensor, Tensor] = {}

    def capture(self, tensor: Tensor) -> Tensor:
        """What stands here for a tensor; one of the branch comes out of an optional."""
        forward = self._forward
        if (
            hasattr(tensor, "_value")
            or tensor.graph is not forward
            or any(tensor is known for known in forward.captured.values())
            or any(tensor is known for known in forward.outputs)
        ):
            return super().capture(tensor)
        if tensor not in self._found:
            self._found[tensor] = self._taken_out(tensor)
        return self._found[tensor]

    def _taken_out(self, tensor: Tensor) -> Tensor:
        optional = self._carrier(tensor)
        self.optionals[tensor] = optional
        values = apply(
            "OptionalGetValue",
            super().capture(optional),
            output_types=[tensor.dtype],
            output_shapes=[tensor.shape],
        )
        found: Tensor = values[0]
        return found

    def _carrier(self, tensor: Tensor) -> Tensor:
        """The optional value of a tensor; one that the branch gives already, if any."""
        for op in tensor.consumers():
            if (
                op.type == "OptionalFromValue"
                and op._outputs[0] in self._forward.outputs
            ):
                return op._outputs[0]
        with self._forward.as_default():
            made: Tensor = apply("OptionalFromValue", [tensor])
        return made


def gradients_of(op: Operation, grads: Sequence[Any]) -> list[Any]:
    """The gradients of what an operation If or Case takes.

    Args:
        op: the operation, or what a tape has recorded of it.
        grads: of its results.
    """
    op = op.outputs[0].op
    kind = _CASE if op.type == "Case" else _IF
    forward: list[Any] = [f.graph for f in functions_of(op, kind.attributes)]
    backward = []
    for key in SHARED:  # TF 1.15: made while the branches are read again
        op.graph.get_collection_ref(key)
    for graph in forward:
        graph.forget_variables()
        made = _GradientGraph(
            defaults.get_default_graph(), _unique(graph.name, "_grad"), graph
        )
        traced(made, lambda graph=graph: _branch_gradients(graph, grads), None)  # type: ignore[misc]
        backward.append(made)
    _give_more(kind, op, forward, backward)
    taken = [
        [_outside(op, graph, tensor) for tensor in made.captured]
        for graph, made in zip(forward, backward, strict=True)
    ]
    _match_rows(backward)
    name = "gradient" if kind is _CASE else None
    results = _built(kind, op._inputs[0], backward, taken, name)
    return [None, *results]


def _branch_gradients(graph: BranchGraph, grads: Sequence[Any]) -> list[Any]:
    """The gradients of what a branch takes; zeros where none comes back."""
    pairs = [
        (y, grad)
        for y, grad in zip(graph.outputs, grads, strict=True)
        if is_trainable(y)
    ]
    xs = list(graph.captured.values())
    found = gradients([y for y, _ in pairs], xs, [grad for _, grad in pairs])
    return [
        _zeros_for(x) if grad is None else grad
        for x, grad in zip(xs, found, strict=True)
    ]


def _zeros_for(x: Tensor) -> Any:
    if x.dtype == dtypes.resource:
        held = held_dtype(x)
        if held is None:  # nobody asks for the gradient of an array's handle
            return constants.constant(0.0)
        return array.zeros(variable_shape(x), dtype=held)
    return array.zeros_like(x)


def _give_more(
    kind: _Kind,
    op: Operation,
    forward: Sequence[BranchGraph],
    backward: Sequence[_GradientGraph],
) -> None:
    """Lets an operation give what its gradient needs and it does not give yet."""
    more = [
        [o for o in made.optionals.values() if o not in graph.outputs]
        for graph, made in zip(forward, backward, strict=True)
    ]
    count = max(len(optionals) for optionals in more)
    if not count:
        return
    for graph, optionals in zip(forward, more, strict=True):
        with graph.as_default():
            missing = range(count - len(optionals))
            graph.outputs = [
                *graph.outputs,
                *optionals,
                *[apply("OptionalNone") for _ in missing],
            ]
        graph.name += "_rewritten"
        register(graph)
    first = len(op._outputs)
    op._outputs = (
        *op._outputs,
        *[Tensor(op, first + i, dtypes.variant, ()) for i in range(count)],
    )
    op._attrs = {
        **op._attrs,
        "Tout": [tensor.dtype for tensor in op._outputs],
        "output_shapes": [tensor._dims for tensor in forward[0].outputs],
        **_named(kind, forward),
    }
    op.graph._touch()


def _outside(op: Operation, graph: BranchGraph, tensor: Tensor) -> Tensor:
    """Where a gradient finds a tensor of a branch: around the operation."""
    if tensor.graph is not graph:
        return tensor
    for place, output in enumerate(graph.outputs):
        if output is tensor:
            return op._outputs[place]
    inside = list(graph.captured.values())
    return op._inputs[1 + [known is tensor for known in inside].index(True)]


def _match_rows(graphs: Sequence[BranchGraph]) -> None:
    """Where one branch gives IndexedSlices and another a tensor, both give rows."""
    for place in range(len(graphs[0].given)):
        parts = [graph.given[place] for graph in graphs]
        if not any(isinstance(part, IndexedSlices) for part in parts):
            continue
        for graph, part in zip(graphs, parts, strict=True):
            if isinstance(part, IndexedSlices):
                continue
            with graph.as_default():
                sizes = array.shape(part)
                rows = range_(sizes[0])
                graph.given[place] = IndexedSlices(part, rows, sizes)
    for graph in graphs:
        set_outputs(graph, graph.given)
