"""`:why NAME`: how a variable, an operation, a tensor or a scope came to be.

A name may be a key of the variable store, an operation's or a tensor's name, a scope's
name, or a Python name of the learner's for one of these. Variables have a `story`; the
`parts` of other names are told here. `:why` alone is in `last_error`.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.scopes import VariableScope
from scopetutor.engine.variables import Variable
from scopetutor.snapshot import ScopeFlag

from . import describe, parts, story
from .outcome import Explanation, Reason
from .provenance import current_graph, reuse_of
from .story import Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .provenance import GraphRecord, VariableRecord, Witness


class Inquiry:
    """Looks for a name and tells about it.

    Args:
        witness: has written down what happened.
        names: the learner's.
    """

    def __init__(self, witness: Witness, names: Mapping[str, Any]) -> None:
        self._witness = witness
        self._names = names

    def why(self, name: str) -> Explanation:
        """How a name came about; what is near it, if there is nothing of that name."""
        for graph, record in self._graphs():
            found = self._in_graph(name, graph, record)
            if found is not None:
                return found if self._is_default(graph) else _elsewhere(found)
        if name in self._names:
            return self._python_name(name, self._names[name])
        return self._unknown(name)

    def _graphs(self) -> Iterator[tuple[Any, GraphRecord]]:
        """The default graph, or what eager mode has; then others, the newest first."""
        if defaults.state.eager:
            yield None, self._witness.eager
        default = current_graph()
        if default is not None:
            yield default, self._witness.record(default)
        for ref in reversed(self._witness.graphs.values()):
            graph = ref()
            if graph is not None and graph is not default:
                yield graph, self._witness.record(graph)

    def _is_default(self, graph: Any) -> bool:
        return graph is None or graph is current_graph()

    def _in_graph(
        self, name: str, graph: Any, record: GraphRecord
    ) -> Explanation | None:
        known = variable_named(name, record)
        if known is not None:
            return story.tell(self._case(known, graph, record))
        operation_name = name.partition(":")[0]
        if graph is not None and operation_name in graph._operations:
            return self._operation(name, graph, record)
        if name.rstrip("/") in record.scopes:
            return self._scope(name.rstrip("/"), record)
        if name.rstrip("/") in record.name_scopes:
            return self._name_scope(name.rstrip("/"), graph, record)
        return None

    def _case(self, known: VariableRecord, graph: Any, record: GraphRecord) -> Case:
        return Case(known, record, graph, self._witness, self._names)

    # -- operations and tensors ------------------------------------------------------

    def _operation(self, name: str, graph: Any, record: GraphRecord) -> Explanation:
        operation = graph._operations[name.partition(":")[0]]
        reasons = [
            Reason(f"It is an operation of type {operation.type}.", operation._site)
        ]
        holder = _holder(operation, record)
        if holder is not None:
            owner = holder.key or holder.variable.op.name
            reasons.append(Reason(f"It belongs to the variable {owner}."))
        inputs = [str(tensor.name) for tensor in operation._inputs]
        if inputs:
            reasons.append(Reason(f"It takes {describe.listed(inputs)}."))
        kind = "tensor" if ":" in name else "operation"
        return Explanation(
            subject=f"{kind} {name}",
            reasons=tuple(reasons),
            parts=parts.of_operation(operation._name, graph, record),
            card=_card_of_operation(operation._name, record),
        )

    # -- scopes ----------------------------------------------------------------------

    def _scope(self, name: str, record: GraphRecord) -> Explanation:
        known = record.scopes[name]
        scope = known.scope
        reasons = []
        if name:
            reasons.append(Reason(_opened(known.times), known.opened))
        if known.default_name:
            reasons.append(
                Reason(f'It has its name from default_name="{known.default_name}".')
            )
        reasons.append(_flag_reason(scope, name))
        if known.by_object is not None:
            reasons.append(
                Reason(
                    "It was entered by its object, which puts it where it was made, "
                    "whatever is open around it.",
                    known.by_object,
                )
            )
        reasons.extend(_handed_on(scope))
        opened = [n for n, by in record.name_scopes.items() if _opened_for(by, name)]
        if opened:
            reasons.append(
                Reason(f"Operations in it are named {describe.listed(opened)}/….")
            )
        held = [
            one.key for one in record.variables.values()
            if one.key.startswith(f"{name}/" if name else "") and one.key
        ]  # fmt: skip
        if held:
            reasons.append(Reason(f"It holds {describe.listed(held)}."))
        return Explanation(
            subject=f'variable scope "{name}"' if name else "the root variable scope",
            reasons=tuple(reasons),
            card=_card_of_scope(known, name, len(opened)),
        )

    def _name_scope(self, name: str, graph: Any, record: GraphRecord) -> Explanation:
        opened = record.name_scopes[name]
        reasons = [Reason(f'{opened.by}("{opened.asked}") opened it.', opened.site)]
        asked = opened.asked.rstrip("/").rpartition("/")[2]
        card = ""
        if name.rpartition("/")[2] != asked and asked:
            taken = parts.taken_by(name, graph, record)
            reasons.append(
                Reason(
                    f'"{asked}" was taken, so it was counted on; name scopes are '
                    "unique.",
                    taken[1] if taken else None,
                )
            )
            card = "second-entry"
        elif opened.by == "tf.name_scope":
            reasons.append(Reason("It is part of operations' names, not of keys."))
            card = "name-scope-ignored"
        return Explanation(
            subject=f'name scope "{name}"', reasons=tuple(reasons), card=card
        )

    # -- Python names, and nothing ---------------------------------------------------

    def _python_name(self, name: str, value: Any) -> Explanation:
        for graph, record in self._graphs():
            found = self._of_value(value, graph, record)
            if found is not None:
                stands = Reason(f"Your name `{name}` stands for {found.subject}.")
                told = _with_reasons(found, (stands, *found.reasons))
                return told if self._is_default(graph) else _elsewhere(told)
        text = describe.short(value)
        return Explanation(
            subject=name,
            reasons=(
                Reason(
                    f"`{name}` is {text}, a Python value; no graph knows it, so there "
                    "is nothing to tell beyond that."
                ),
            ),
            tries=(f"{name}? shows its documentation",),
        )

    def _of_value(
        self, value: Any, graph: Any, record: GraphRecord
    ) -> Explanation | None:
        kind = type(value)
        if issubclass(kind, Variable):
            known = record.variables.get(id(value))
            if known is None or known.variable is not value:
                return None
            return story.tell(self._case(known, graph, record))
        if graph is None:
            return None
        if issubclass(kind, (Tensor, Operation)) and value.graph is graph:
            return self._operation(value.name, graph, record)
        if issubclass(kind, VariableScope) and value.name in record.scopes:
            return self._scope(value.name, record)
        return None

    def _unknown(self, name: str) -> Explanation:
        known: list[str] = [*self._names]
        for graph, record in self._graphs():
            known += [one.key for one in record.variables.values() if one.key]
            known += record.scopes
            known += [] if graph is None else graph._operations
        near = difflib.get_close_matches(name, [k for k in known if type(k) is str], 3)
        return Explanation(
            subject=name,
            reasons=(Reason("Nothing is called that: no variable, operation, tensor, "
                            "scope, or name of yours."),),
            tries=tuple(f":why {n}" for n in near) or (":tree shows what there is",),
        )  # fmt: skip


def variable_named(name: str, record: GraphRecord) -> VariableRecord | None:
    """The newest variable of a key, else of an operation's or its tensor's name."""
    by_key = by_name = None
    for known in record.variables.values():
        variable = known.variable
        if variable is None:
            continue
        if known.key == name:
            by_key = known
        if name in (variable.name, variable.name.partition(":")[0]):
            by_name = known
    return by_key or by_name


def _elsewhere(found: Explanation) -> Explanation:
    """What is told of a thing in a graph that is not the default one."""
    note = Reason("It is in a graph that is not the default graph now.")
    told = _with_reasons(found, (note, *found.reasons))
    return Explanation(
        told.subject, told.reasons, told.parts, told.origin, "other-graph", told.tries
    )


def _with_reasons(found: Explanation, reasons: tuple[Reason, ...]) -> Explanation:
    return Explanation(
        found.subject, reasons, found.parts, found.origin, found.card, found.tries
    )


def _holder(operation: Any, record: GraphRecord) -> VariableRecord | None:
    """The variable that an operation is a part of."""
    name = operation._name
    while name:
        if name in record.by_op:
            return record.by_op[name]
        name = name.rpartition("/")[0]
    return None


def _card_of_operation(name: str, record: GraphRecord) -> str:
    scope = name.rpartition("/")[0]
    while scope:
        opened = record.name_scopes.get(scope)
        if opened is not None:
            asked = opened.asked.rstrip("/").rpartition("/")[2]
            if opened.by == "tf.variable_scope" and scope.rpartition("/")[2] != asked:
                return "second-entry"
            if opened.by == "tf.name_scope":
                return "name-scope-ignored"
        scope = scope.rpartition("/")[0]
    return ""


def _opened(times: int) -> str:
    """How a scope came to be open."""
    if times == 0:
        return "TensorFlow opened it inside this call."
    if times == 1:
        return "It was opened once, here."
    return f"It was opened {times} times, first here."


def _flag_reason(scope: VariableScope, name: str) -> Reason:
    flag = ScopeFlag(name, reuse_of(scope), getattr(scope, "_flag_from", name))
    site = getattr(scope, "_flag_site", None)
    return Reason(f"It has {story.flag_text(flag)}.", site)


def _handed_on(scope: VariableScope) -> Iterator[Reason]:
    """What `get_variable` uses in the scope when it is given none."""
    for what in ("initializer", "regularizer", "partitioner", "custom_getter"):
        value = getattr(scope, what)
        if value is not None:
            yield Reason(f"It hands on the {what} {describe.initializer(value)}.")


def _opened_for(by: Any, scope: str) -> bool:
    asked = by.asked.rstrip("/")
    return (
        by.by == "tf.variable_scope"
        and bool(scope)
        and (scope == asked or scope.endswith(f"/{asked}"))
    )


def _card_of_scope(known: Any, name: str, entries: int) -> str:
    scope = known.scope
    if known.by_object is not None:
        return "scope-object"
    if scope.reuse and getattr(scope, "_flag_from", name) != name:
        return "reuse-inherited"
    if scope.reuse and not name:
        return "root-reuse"
    if known.default_name:
        return "default-name"
    return "second-entry" if entries > 1 else ""
