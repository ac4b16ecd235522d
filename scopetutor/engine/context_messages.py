"""Branches and loops as messages of graph files, and back.

Beside ``contexts.py``; a graph file needs them so that a graph that is imported again
can be differentiated through its loops. What is known of a context's tensors travels
by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos

from . import defaults
from .contexts import ENTERS, CondContext, Context, WhileContext
from .scope_names import prepend_name_scope, strip_name_scope

if TYPE_CHECKING:
    from collections.abc import Callable


def to_proto(context: Context, export_scope: str | None = None) -> Any:
    """The CondContextDef or WhileContextDef; None if outside the exported scope."""
    if export_scope is not None and not context.name.startswith(export_scope):
        return None

    def name(text: str) -> str:
        return strip_name_scope(text, export_scope)

    message = (
        _loop_def(context, name) if context.is_while() else _branch_def(context, name)
    )
    message.context_name = name(context.name)
    message.values_def.values.extend(sorted(name(v.name) for v in context.values))
    for outer, inner in context.external.items():
        message.values_def.external_values[name(outer.name)] = name(inner.name)
    for nested in context.nested:
        field = "while_ctxt" if nested.is_while() else "cond_ctxt"
        message.nested_contexts.add(**{field: nested.to_proto()})
    return message


def _branch_def(context: Any, name: Callable[[str], str]) -> Any:
    return protos.CondContextDef(
        pred_name=name(context.pred.name),
        pivot_name=name(context.pivot.name),
        branch=context.branch,
        values_def={},
    )


def _loop_def(context: Any, name: Callable[[str], str]) -> Any:
    limit = context.maximum_iterations
    return protos.WhileContextDef(
        parallel_iterations=context.parallel_iterations,
        maximum_iterations_name=None if limit is None else name(limit.name),
        back_prop=context.back_prop,
        swap_memory=context.swap_memory,
        pivot_for_pred_name=name(context.pivot_for_pred.name),
        pivot_for_body_name=name(context.pivot_for_body.name),
        pivot_name=name(context.pivot.name),
        loop_exit_names=[name(tensor.name) for tensor in context.exits],
        loop_enter_names=[name(tensor.name) for tensor in context.enters],
        values_def={},
    )


def from_proto(message: Any, import_scope: str | None = None) -> Context:
    """The context that a message describes, in the default graph.

    Raises:
        KeyError: the graph does not have an operation it names.
    """
    graph = defaults.get_default_graph()

    def element(text: str) -> Any:
        return graph.as_graph_element(prepend_name_scope(text, import_scope))

    name = prepend_name_scope(message.context_name, import_scope)
    if message.schema.name == "CondContextDef":
        # TF 1.15 uses up a name here that it does not use.
        graph.unique_name("cond_text")
        context: Context = _branch(message, element)
    else:
        context = _loop(message, element)
        graph._has_loops = True
    context.restore(name, graph)
    _take_values(context, message.values_def, element)
    if import_scope and context.is_while():
        for tensor in context.values:
            if tensor.op.type in ENTERS:
                enter = tensor.op
                enter._attrs = {**enter._attrs, "frame_name": context.name}
                graph._touch()
    context.enter()
    for nested in message.nested_contexts:
        from_proto(getattr(nested, nested.WhichOneof("ctxt")), import_scope)
    context.exit()
    return context


def _branch(message: Any, element: Callable[[str], Any]) -> CondContext:
    context = CondContext.__new__(CondContext)
    context.pred, context.pivot = (
        element(message.pred_name),
        element(message.pivot_name),
    )
    context.branch = message.branch
    return context


def _loop(message: Any, element: Callable[[str], Any]) -> WhileContext:
    context = WhileContext.__new__(WhileContext)
    limit = message.maximum_iterations_name
    context.maximum_iterations = element(limit) if limit else None
    context.parallel_iterations = message.parallel_iterations
    context.back_prop, context.swap_memory = message.back_prop, message.swap_memory
    context.pivot = element(message.pivot_name)
    context.pivot_for_pred = element(message.pivot_for_pred_name)
    context.pivot_for_body = element(message.pivot_for_body_name)
    context.exits = [element(name) for name in message.loop_exit_names]
    context.enters = [element(name) for name in message.loop_enter_names]
    context._grad_state = None
    return context


def _take_values(context: Context, values: Any, element: Callable[[str], Any]) -> None:
    """Takes over which tensors are inside, and what stands for those outside."""
    context.values = {element(name) for name in values.values}
    context.external = {
        element(outer): element(inner)
        for outer, inner in values.external_values.items()
    }
    for tensor in context.values - context.external.keys():
        tensor.op._context = context
