"""What runs only sometimes, or again and again: `tf.cond` and `tf.while_loop`.

After control_flow. Both build operations (Switch, Merge, Enter, Exit, NextIteration,
LoopCond) under the contexts of ``contexts.py``; the session knows how to run them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import (
    constants,
    control_flow_v2,
    defaults,
    deprecation,
    dtypes,
    nest,
)
from scopetutor.engine.apply import apply
from scopetutor.engine.contexts import (
    CondContext,
    WhileContext,
    enter,
    is_constant_enter,
    switch,
    switch_ref_or_tensor,
)
from scopetutor.engine.convert import convert_n_to_tensor, convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.registry import define
from scopetutor.engine.shapes import TensorShape, as_dims
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import loop_shapes, rules
from .array import identity
from .control_flow import identity_of, with_dependencies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.engine.shapes import Dims

# The session runs these itself; a kernel here only serves eager mode and folding.


def _switch_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[1]._dims, 0)
    return [op._inputs[0]._dims] * 2


def _merge_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    for taken in op._inputs[1:]:
        other = taken._dims
        if dims is None or other is None or len(dims) != len(other):
            return [None, ()]
        dims = tuple(a if a == b else None for a, b in zip(dims, other, strict=True))
    return [dims, ()]


def _select_shape(op: Operation) -> list[Dims]:
    """TF 1.15: known if all have the same, which is fully known."""
    dims = op._inputs[1]._dims
    same = all(taken._dims == dims for taken in op._inputs[2:])
    return [dims if same and dims is not None and None not in dims else None]


define("RefSelect", shape=_select_shape)
for _prefix in ("", "Ref"):
    define(f"{_prefix}Switch", shape=_switch_shape, gradient="flow_gradients.switch_")
    define(f"{_prefix}Merge", shape=_merge_shape, gradient="flow_gradients.merge_")
    define(f"{_prefix}Exit", shape=rules.unchanged, gradient="flow_gradients.exit_")
    define(
        f"{_prefix}NextIteration",
        shape=rules.unchanged,
        gradient="flow_gradients.next_iteration",
    )


def _enter_shape(op: Operation) -> list[Dims]:
    return [op._inputs[0]._dims if op._attrs["is_constant"] else None]


define("Enter", shape=_enter_shape, gradient="flow_gradients.enter_")
define("RefEnter", shape=rules.unchanged, gradient="flow_gradients.enter_")
define(
    "LoopCond",
    shape=lambda op: [rules.with_rank(op._inputs[0]._dims, 0)],
    gradient="flow_gradients.loop_cond",
)


def merge(inputs: Sequence[Any], name: str | None = None) -> Any:
    """The tensor of a list that is there, and which of them it was."""
    if any(item is None for item in inputs):
        raise ValueError(f"At least one of the merge inputs is None: {inputs}")
    with name_scope(name, "Merge", inputs) as scope:
        tensors = [convert_to_tensor(item, as_ref=True) for item in inputs]
        refs = all(tensor.dtype._is_ref_dtype for tensor in tensors)
        return apply("RefMerge" if refs else "Merge", tensors, name=scope)


# -- cond ---------------------------------------------------------------------------


def cond(
    pred: Any,
    true_fn: Any = None,
    false_fn: Any = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Any = None,
    fn2: Any = None,
) -> Any:
    """The result of one of two functions; both are built, one runs.

    Raises:
        TypeError: `pred` is a Python bool, or a function is no function.
        ValueError: the functions' results differ in structure or type.
    """
    if not defaults.state.eager and control_flow_v2.control_flow_v2_enabled():
        from scopetutor.engine import branch_functions  # noqa: PLC0415 - built on ops

        return branch_functions.cond(pred, true_fn, false_fn, name)
    if fn1 is not None or fn2 is not None:
        deprecation.warn_argument(
            "cond",
            "control_flow_ops",
            "fn1",
            "fn1/fn2 are deprecated in favor of the true_fn/false_fn arguments.",
        )
    true_fn = _either_function("true_fn", true_fn, "fn1", fn1)
    false_fn = _either_function("false_fn", false_fn, "fn2", fn2)
    if not callable(true_fn):
        raise TypeError("true_fn must be callable.")
    if not callable(false_fn):
        raise TypeError("false_fn must be callable.")
    with name_scope(name, "cond", [pred]):
        if defaults.state.eager:
            result = true_fn() if pred else false_fn()
            return result if strict else _unpack_single(result)
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool")
        return _build_cond(pred, true_fn, false_fn, strict)


def _either_function(new: str, new_value: Any, old: str, old_value: Any) -> Any:
    if old_value is not None:
        if new_value is not None:
            raise TypeError(f"cond(): {new} and {old} may not be set simultaneously.")
        return old_value
    if new_value is None:
        raise TypeError(f"cond(): {new} argument required")
    return new_value


def _build_cond(pred: Any, true_fn: Any, false_fn: Any, strict: bool) -> Any:
    on_false, on_true = switch(pred, pred)
    pivot_true = identity(on_true, name="switch_t")
    pivot_false = identity(on_false, name="switch_f")
    pred = identity(pred, name="pred_id")
    for tensor in (on_true, on_false, pivot_true, pivot_false, pred):
        tensor.graph.prevent_fetching(tensor.op)
    context_true = CondContext(pred, pivot_true, branch=1)
    given_true, result_true = _build_branch(context_true, true_fn, "true_fn")
    context_false = CondContext(pred, pivot_false, branch=0)
    given_false, result_false = _build_branch(context_false, false_fn, "false_fn")
    if not strict:
        given_true, given_false = (_unpack_single(g) for g in (given_true, given_false))
    _check_same_structure((given_true, given_false), (result_true, result_false))
    if not result_true:
        raise ValueError("true_fn and false_fn must return at least one result.")
    merged = []
    for on_true, on_false in zip(
        nest.flatten(result_true, expand_composites=True),
        nest.flatten(result_false, expand_composites=True),
        strict=True,
    ):
        if on_true.dtype.base_dtype != on_false.dtype.base_dtype:
            raise ValueError(
                "Outputs of true_fn and false_fn must have the same type: "
                f"{on_true.dtype.name}, {on_false.dtype.name}"
            )
        merged.append(merge([on_false, on_true])[0])
    if context_true.outer_context is None:
        graph = defaults.get_default_graph()
        graph.add_to_collection(GraphKeys.COND_CONTEXT, context_true)
        graph.add_to_collection(GraphKeys.COND_CONTEXT, context_false)
    originals = nest.flatten(given_true, expand_composites=True)
    merged = _with_flows(originals, merged)
    result = nest.pack_sequence_as(given_true, merged, expand_composites=True)
    return result if strict else _unpack_single(result)


def _check_same_structure(given: tuple[Any, Any], results: tuple[Any, Any]) -> None:
    """Raises unless two functions gave the same, but for their tensors.

    Args:
        given: what they gave.
        results: that as tensors.
    """
    if _are_unlike(*given):
        for pair in (given, results):
            nest.map_structure(_match_indices, *pair)
    try:
        nest.assert_same_structure(*given, expand_composites=True)
    except TypeError as error:
        raise TypeError(
            f"Incompatible return types of true_fn and false_fn: {error}"
        ) from None
    except ValueError as error:
        raise ValueError(
            f"Incompatible return values of true_fn and false_fn: {error}"
        ) from None


def _are_unlike(one: Any, other: Any) -> bool:
    """Whether two functions gave different structures, or indices of other types."""
    try:
        nest.assert_same_structure(one, other, expand_composites=True)
    except (TypeError, ValueError):
        return True
    return any(
        isinstance(x, IndexedSlices) and x.indices.dtype != y.indices.dtype
        for x, y in zip(nest.flatten(one), nest.flatten(other), strict=True)
    )


def _match_indices(one: Any, other: Any) -> None:
    """TF 1.15: rows of different types of indices both get int64."""
    if (
        isinstance(one, IndexedSlices)
        and isinstance(other, IndexedSlices)
        and one.indices.dtype != other.indices.dtype
    ):
        from .math import cast  # noqa: PLC0415 - it is built on this module

        for slices in (one, other):
            slices._indices = cast(slices.indices, dtypes.int64)


def _unpack_single(result: Any) -> Any:
    if isinstance(result, (list, tuple)) and len(result) == 1:
        return result[0]
    return result


def _build_branch(context: CondContext, function: Any, word: str) -> tuple[Any, Any]:
    """Runs a function under a context; gives its result, and that as tensors."""
    try:
        context.enter()
        given = function()
        if given is None:
            raise ValueError(f"{word} must have a return value.")
        result = nest.map_structure(
            lambda value: _branch_output(context, value), given, expand_composites=True
        )
        if not isinstance(result, (list, tuple)):
            result = [result]
        context.exit_result(nest.flatten(result, expand_composites=True))
    finally:
        context.exit()
    return given, result


def _branch_output(context: CondContext, value: Any) -> Any:
    if isinstance(value, Operation):
        return with_dependencies([value], context.pivot)
    return context.process_output(convert_to_tensor(flow_of(value)))


# -- while --------------------------------------------------------------------------


def flow_of(value: Any) -> Any:
    """The tensor that carries a TensorArray through control flow."""
    return value.flow if type(value).__name__ == "TensorArray" else value


def _with_flows(originals: Sequence[Any], tensors: Sequence[Any]) -> list[Any]:
    """TensorArrays where the originals were some."""
    if len(originals) != len(tensors):
        raise ValueError(
            "Lengths of original Tensor list and new list do not match: "
            f"{len(originals)} vs. {len(tensors)}"
        )
    return [
        original.with_flow(tensor)
        if type(original).__name__ == "TensorArray"
        else tensor
        for original, tensor in zip(originals, tensors, strict=True)
    ]


def while_loop(
    cond: Any,
    body: Any,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """Runs `body` again and again while `cond` holds.

    Raises:
        TypeError: cond or body is no function.
        ValueError: there are no loop variables, or the body changes their shapes.
    """
    _check_functions(cond, body, parallel_iterations)
    if not defaults.state.eager and control_flow_v2.control_flow_v2_enabled():
        from scopetutor.engine import while_functions  # noqa: PLC0415 - built on ops

        return while_functions.while_loop(
            cond,
            body,
            loop_vars,
            shape_invariants,
            parallel_iterations,
            maximum_iterations,
            name,
            return_same_structure,
        )
    with name_scope(name, "while", loop_vars):
        if not loop_vars:
            raise ValueError("No loop variables provided")
        unpack = len(loop_vars) == 1 and not return_same_structure
        if maximum_iterations is not None:
            limit = convert_to_tensor(maximum_iterations, name="maximum_iterations")
            if limit.shape.ndims != 0:
                raise ValueError(
                    f"maximum_iterations must be a scalar, saw shape: {limit.shape}"
                )
            cond, body, loop_vars = _limited(cond, body, loop_vars, limit, unpack)
        if defaults.state.eager:
            if maximum_iterations is not None:
                return _run_eagerly(cond, body, loop_vars, unpack=False)[1]
            return _run_eagerly(cond, body, loop_vars, unpack=unpack)
        if shape_invariants is not None:
            if maximum_iterations is not None:
                shape_invariants = (TensorShape([]), shape_invariants)
            nest.assert_same_structure(loop_vars, shape_invariants)
            shape_invariants = nest.map_structure(
                loop_shapes.kept, loop_vars, shape_invariants
            )
        context = WhileContext(
            maximum_iterations if maximum_iterations is None else limit,
            parallel_iterations,
            back_prop,
            swap_memory,
        )
        if context.outer_context is None:
            graph = defaults.get_default_graph()
            graph.add_to_collection(GraphKeys.WHILE_CONTEXT, context)
        result = _build_loop(
            context, cond, body, loop_vars, shape_invariants, return_same_structure
        )
        return result if maximum_iterations is None else result[1]


def _check_functions(cond: Any, body: Any, parallel_iterations: int) -> None:
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")


def _limited(cond: Any, body: Any, loop_vars: Any, limit: Any, unpack: bool) -> Any:
    """The loop with a counter as its first variable."""
    counter = constants.constant(0, dtype=limit.dtype, name="iteration_counter")
    if unpack:
        return (
            lambda i, lv: apply("LogicalAnd", i < limit, cond(lv)),
            lambda i, lv: (i + 1, body(lv)),
            (counter, loop_vars[0]),
        )
    return (
        lambda i, lv: apply("LogicalAnd", i < limit, cond(*lv)),
        lambda i, lv: (i + 1, body(*lv)),
        (counter, loop_vars),
    )


def _run_eagerly(cond: Any, body: Any, loop_vars: Any, *, unpack: bool) -> Any:
    """TF 1.15: a body that gives one value, and no list of it, makes the loop so."""
    packed = False
    while cond(*loop_vars):
        before, loop_vars = loop_vars, body(*loop_vars)
        if unpack and not isinstance(loop_vars, (list, tuple)):
            packed, loop_vars = True, (loop_vars,)
        nest.assert_same_structure(list(before), list(loop_vars))
    result = nest.map_structure(_loop_result, loop_vars)
    return result[0] if packed else result


def _loop_result(value: Any) -> Any:
    """A tensor, unless it is a TensorArray."""
    return value if hasattr(value, "flow") else convert_to_tensor(value)


def _loop_variable(value: Any) -> Any:
    """A tensor for it, or the bundle of tensors that it is, or None."""
    if value is None or nest.is_sequence_or_composite(value):
        return value
    return convert_to_tensor(flow_of(value))


def _build_loop(
    context: WhileContext,
    pred: Any,
    body: Any,
    original: Any,
    shape_invariants: Any,
    return_same_structure: bool,
) -> Any:
    variables = [_loop_variable(value) for value in nest.flatten(original)]
    if shape_invariants is None:
        shape_invariants = [loop_shapes.kept(value) for value in variables]
    tensors = nest.flatten(variables, expand_composites=True)
    invariants = nest.flatten(shape_invariants)
    try:
        context.enter()
        body_result, exits = _loop_operations(
            context, pred, body, original, tensors, invariants
        )
    finally:
        context.exit()
    exits = _with_flows(nest.flatten(body_result, expand_composites=True), exits)
    result = nest.pack_sequence_as(body_result, exits, expand_composites=True)
    if return_same_structure:
        return result
    return result[0] if len(exits) == 1 else result


def _loop_operations(
    context: WhileContext,
    pred: Any,
    body: Any,
    original: Any,
    tensors: list[Tensor],
    invariants: list[Any],
) -> tuple[Any, list[Tensor]]:
    """Builds a loop in the order of TF 1.15."""
    flat_original = nest.flatten(original, expand_composites=True)
    context.values = set(tensors)
    outside = tensors
    if context.outer_context is not None:
        outside = [context.outer_context.add_value(x) for x in tensors]
    enters = _enter_all(context, outside)
    if not all(isinstance(shape, TensorShape) for shape in invariants):
        raise ValueError("`shapes` must be a (possibly nested) list of shapes.")
    for given, entered, shape in zip(outside, enters, invariants, strict=True):
        _set_invariant(given, entered, shape)
    context.fix_control_inputs_and_context(enters)
    context.values = set(enters)
    context.enters = enters
    merges = [merge([x, x])[0] for x in enters]
    context.pivot_for_pred = merges[0]

    def packed(flat: list[Tensor]) -> Any:
        return nest.pack_sequence_as(
            original, _with_flows(flat_original, flat), expand_composites=True
        )

    test = convert_to_tensor(pred(*packed(merges)))
    context.pivot = apply("LoopCond", test, name="LoopCond")
    switches = [switch_ref_or_tensor(x, context.pivot) for x in merges]
    inside = [identity_of(x[1]) for x in switches]
    context.pivot_for_body = inside[0]
    given_body = packed(inside)
    body_result = body(*given_body)
    if not nest.is_sequence(body_result):
        body_result = [body_result]
    nest.assert_same_structure(
        list(given_body), list(body_result), expand_composites=True
    )
    results = convert_n_to_tensor(
        [flow_of(x) for x in nest.flatten(body_result, expand_composites=True)]
    )
    if len(merges) != len(results):
        raise ValueError(
            "Number of inputs and outputs of body must match loop_vars: "
            f"{len(merges)}, {len(results)}"
        )
    for merged, value in zip(merges, results, strict=True):
        add_back_edge(merged, value)
    exits = [leave(x[0]) for x in switches]
    context.exits = exits
    context.exit_result(exits)
    return body_result, exits


def _enter_all(context: WhileContext, outside: list[Tensor]) -> list[Tensor]:
    with control_dependencies(None):
        enters = [
            enter(
                x,
                context.name,
                parallel_iterations=context.parallel_iterations,
                use_input_shape=False,
            )
            for x in outside
        ]
        for entered in enters:
            entered.graph.prevent_feeding(entered)
            if context.outer_context is not None:
                context.outer_context.add_inner_op(entered.op)
    around, pivot = context.outer_context, None
    while around is not None and pivot is None:
        pivot = around.control_pivot()
        around = around.outer_context
    if pivot is not None:
        for entered in enters:
            if is_constant_enter(entered.op._inputs[0]._op):
                entered.op._add_control_input(pivot.op)
    return enters


def leave(data: Any, name: str | None = None) -> Any:
    """A tensor outside of the loop that it was computed in."""
    data = convert_to_tensor(data, as_ref=True)
    return apply("RefExit" if data.dtype._is_ref_dtype else "Exit", data, name=name)


def add_back_edge(merged: Tensor, value: Any, enforce_shape: bool = True) -> Any:
    """Makes a value the loop variable of the next iteration."""
    value = convert_to_tensor(convert_to_tensor(value), as_ref=True)
    op_type = "RefNextIteration" if value.dtype._is_ref_dtype else "NextIteration"
    following = apply(op_type, value)
    if enforce_shape and not _at_most(following._dims, merged._dims):
        given = merged.op._inputs[0]._op._inputs[0]
        raise ValueError(
            f"Input tensor '{given.name}' enters the loop with shape {given.shape}, "
            f"but has shape {following.shape} after one iteration. To allow the shape "
            "to vary across iterations, use the `shape_invariants` argument of "
            "tf.while_loop to specify a less-specific shape."
        )
    merged.op._update_input(1, following)
    if following.dtype.base_dtype is not merged.dtype.base_dtype:
        merged.graph.keep_rewired(merged.op)
    return following


def _at_most(a: Dims, b: Dims) -> bool:
    """Whether whatever has the first shape has the second one."""
    if b is None:
        return True
    if a is None or len(a) != len(b):
        return False
    return all(y is None or x == y for x, y in zip(a, b, strict=True))


def _set_invariant(given: Tensor, entered: Tensor, shape: TensorShape) -> None:
    if not _at_most(given._dims, as_dims(shape)):
        raise ValueError(
            f"The shape invariant specified for {given.name} is not compatible with "
            "the initial shape of the loop variable. It enters the loop with shape "
            f"{given.shape}, but the specified shape invariant is {shape}."
        )
    entered.set_shape(shape)


# -- case ---------------------------------------------------------------------------
