"""`:why` alone: the last error, its line, the scopes around it, and the rule it hit.

The text of an error leads to a concept card; what the witness has seen may lead to a
better one (`_CLOSER`): "does not exist" means one thing if the flag was inherited and
another if `tf.Variable` made what was asked for. The diagnosis is made at once after
the entry, while everything is as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from . import cards, describe, explain
from .outcome import ErrorView, Explanation, Reason
from .provenance import current_graph
from .story import FLAGS, scope_called
from .why import variable_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.snapshot import ScopeFlag, Site

    from .cards import Card
    from .provenance import GraphRecord, VariableRecord, Witness

_LAYER = re.compile(r"tf\.(?:layers|contrib\.layers|keras\.layers)\.")
_COUNTED = re.compile(r"(.+)_\d+$")
_CAUSE = re.compile(r"^    ([A-Za-z_]\w*: .*)", re.MULTILINE)


class Diagnosis(NamedTuple):
    """What is known of an error besides its text.

    Attributes:
        card: the concept card that explains it; None if no card does.
        name: what its text speaks of, or "".
        made_at: the line that made what it speaks of.
        reasons: sentences about this very case.
    """

    card: Card | None = None
    name: str = ""
    made_at: Site | None = None
    reasons: tuple[Reason, ...] = ()


class _Scene(NamedTuple):
    """An error and everything around it.

    Attributes:
        view: the error; name: what its text speaks of.
        graph, record: the default graph, and what is known of it; None for no graph.
        known: the variable of that name, if there is one.
        witness: knows everything else.
    """

    view: ErrorView
    name: str
    graph: Any
    record: GraphRecord
    known: VariableRecord | None
    witness: Witness

    @property
    def line(self) -> Site | None:
        """The learner's line that failed."""
        return self.view.frames[-1].site if self.view.frames else None

    @property
    def scope(self) -> ScopeFlag | None:
        """The innermost variable scope that was open."""
        return self.view.scopes[-1] if self.view.scopes else None


def diagnose(view: ErrorView, witness: Witness) -> Diagnosis:
    """What is known of an error; the view has its frames and scopes already."""
    found = explain.card_for(f"{view.type.rpartition('.')[2]}: {view.message}")
    if found is None:
        return Diagnosis()
    card, name, _ = found
    graph = current_graph()
    record = witness.eager if graph is None else witness.record(graph)
    name = name.rstrip("/.,")
    known = variable_named(name, record) if name else None
    scene = _Scene(view, name, graph, record, known, witness)
    reasons: tuple[Reason, ...] = ()
    for closer in _CLOSER.get(card.id, ()):
        said = closer.look(scene)
        if said is not None:
            card = cards.card(closer.card) or card
            reasons = tuple(said)
            break
    made_at = None if known is None else known.made.site
    return Diagnosis(card, name, made_at, reasons)


def tell(view: ErrorView, diagnosis: Diagnosis) -> Explanation:
    """An error, step by step: the line, the scopes, the other party, the rule."""
    reasons = [*_the_line(view), *_the_scopes(view), *_the_other(diagnosis)]
    subject = _headline(view)
    if diagnosis.card is None:
        reasons.append(Reason("No concept card speaks of this error."))
        return Explanation(subject, tuple(reasons))
    return explain.of_card(
        diagnosis.card,
        subject=subject,
        name=diagnosis.name,
        reasons=(*reasons, *diagnosis.reasons),
    )


def _headline(view: ErrorView) -> str:
    """The error in a line; of one in converted code, what was raised there."""
    first = f"{view.type.rpartition('.')[2]}: {view.message.partition(chr(10))[0]}"
    inside = _CAUSE.search(view.message)
    return inside[1] if inside and "in converted code:" in first else first


def _the_line(view: ErrorView) -> Iterator[Reason]:
    for frame in view.frames[-1:]:
        inside = f", in {frame.function}()" if frame.function else ""
        yield Reason(f"This line failed{inside}:", frame.site)
    if len(view.frames) > 1:
        yield Reason("It was called from here:", view.frames[-2].site)


def _the_scopes(view: ErrorView) -> Iterator[Reason]:
    for flag in view.scopes[1:] or view.scopes:
        says = f"{scope_called(flag)} was open, with reuse={FLAGS[flag.reuse]}"
        if flag.reuse != "no" and flag.flag_from != flag.scope:
            says += f' from "{flag.flag_from}"' if flag.flag_from else " from the root"
        yield Reason(f"{says[0].upper()}{says[1:]}.", flag.site)


def _the_other(diagnosis: Diagnosis) -> Iterator[Reason]:
    if diagnosis.made_at is not None:
        yield Reason(f"{diagnosis.name} was made here:", diagnosis.made_at)


# -- a closer look -------------------------------------------------------------------


class _Closer(NamedTuple):
    """A card that fits better, and what has to be so.

    Attributes:
        card: its id.
        look: gives sentences about the case if it is so, else None.
    """

    card: str
    look: Callable[[_Scene], list[Reason] | None]


def _cell_run_twice(scene: _Scene) -> list[Reason] | None:
    made = scene.known.made.site if scene.known is not None else None
    line = scene.line
    if made is None or line is None or made.entry == line.entry:
        return None
    if made.text != line.text:
        return None
    return [Reason("The very same line made it in an earlier entry.", made)]


def _function_twice(scene: _Scene) -> list[Reason] | None:
    made = scene.known.made.site if scene.known is not None else None
    if made is None or made is not scene.line or not scene.view.frames[-1].function:
        return None
    name = scene.view.frames[-1].function
    return [Reason(f"{name}() ran this line before, in an earlier call.", made)]


def _name_scope_between(scene: _Scene) -> list[Reason] | None:
    if scene.known is None:
        return None
    around = scene.known.made.name_scope
    opened = scene.record.name_scopes.get(around)
    if opened is None or opened.by != "tf.name_scope":
        return None
    says = f'The first was made in the name scope "{around}", which is not in its key.'
    return [Reason(says, opened.site)]


def _default_name(scene: _Scene) -> list[Reason] | None:
    parts = scene.name.split("/")
    for size in range(len(parts) - 1, 0, -1):
        scope = scene.record.scopes.get("/".join(parts[:size]))
        if scope is not None and scope.default_name and not _is_layers(scene):
            says = f'"{scope.scope.name}" is named by default_name='
            return [Reason(f'{says}"{scope.default_name}".', scope.opened)]
    return None


def _is_layers(scene: _Scene) -> bool:
    line = scene.line
    return line is not None and _LAYER.search(line.text) is not None


def _layer_name(scene: _Scene) -> list[Reason] | None:
    scope, _, _ = scene.name.rpartition("/")
    known = scene.record.scopes.get(scope)
    if known is None or not known.default_name:
        made = scene.known.made.call if scene.known is not None else ""
        counted = _COUNTED.match(scope)
        base = scene.record.scopes.get(counted[1]) if counted else None
        if not made.startswith("tf.layers.") and (
            base is None or not base.default_name
        ):
            return None
        if known is not None and not _unnamed(scene):
            return None
    says = f'"{scope}" is the default name of a layer, counted in this entry of its'
    return [Reason(f"{says} scope.", scene.line)]


def _unnamed(scene: _Scene) -> bool:
    line = scene.line
    return line is not None and "name=" not in line.text


def _in_a_cell(scene: _Scene) -> list[Reason] | None:
    if "_cell/" not in scene.name:
        return None
    scope = scene.name.partition("_cell/")[0].rpartition("/")[0]
    return [Reason(f'Both cells were called in the scope "{scope}".')]


def _made_by_variable(scene: _Scene) -> list[Reason] | None:
    known = scene.known
    if known is None or known.key or known.made.call == "tf.train.import_meta_graph":
        return None
    says = f"There is a variable of this name, but {known.made.call} made it."
    return [Reason(says, known.made.site)]


def _imported(scene: _Scene) -> list[Reason] | None:
    known = scene.known
    if known is None or known.made.call != "tf.train.import_meta_graph":
        return None
    return [Reason("It came with an imported graph.", known.made.site)]


def _root_flag(scene: _Scene) -> list[Reason] | None:
    scope = scene.scope
    if scope is None or scope.reuse != "yes" or scope.flag_from:
        return None
    site = None
    root = None if scene.graph is None else scene.graph.__dict__.get("_root_scope")
    if root is not None:
        site = getattr(root, "_flag_site", None)
    return [Reason("The root scope itself was switched to reuse here:", site)]


def _inherited(scene: _Scene) -> list[Reason] | None:
    scope = scene.scope
    if scope is None or scope.reuse != "yes" or scope.flag_from == scope.scope:
        return None
    outer = next((f for f in scene.view.scopes if f.scope == scope.flag_from), None)
    site = outer.site if outer is not None else None
    says = f'"{scope.scope}" has its flag from "{scope.flag_from}".'
    return [Reason(says, site)]


def _local(scene: _Scene) -> list[Reason] | None:
    known = scene.known
    if known is None or "variables" in known.collections:
        return None
    if "local_variables" not in known.collections:
        return None
    return [Reason("It is a local variable.", known.made.site)]


def _made_after_init(scene: _Scene) -> list[Reason] | None:
    """The variable came after an operation that initializes others, and not it."""
    known = scene.known
    if known is None or scene.graph is None:
        return None
    own = known.variable.initializer
    others = {
        one.variable.initializer.name
        for one in scene.record.variables.values()
        if one.variable is not None and one is not known
    }
    for operation in scene.graph._operations.values():
        if operation.type != "NoOp" or own in operation._control_inputs:
            continue
        if not any(one._name in others for one in operation._control_inputs):
            continue
        if operation._id < own._id:
            return [
                Reason("This made the initializing operation:", operation._site),
                Reason(f"{scene.name} came after it:", known.made.site),
            ]
    return None


def _has_value_elsewhere(scene: _Scene) -> list[Reason] | None:
    known = scene.known
    if known is None:
        return None
    if not any(seen[1].initialized for seen in known.values.values()):
        return None
    return [Reason("It has a value in another session; each session has its own.")]


def _prefix_took_none(scene: _Scene) -> list[Reason] | None:
    """An empty list of variables, while there are trainable ones."""
    kept = [
        one.key or one.variable.op.name
        for one in scene.record.variables.values()
        if "trainable_variables" in one.collections
    ]
    if not kept:
        return None
    says = f"There are trainable variables, {describe.listed(kept)}"
    return [Reason(f"{says}, but the list that was given has none of them.")]


_CLOSER: dict[str, tuple[_Closer, ...]] = {
    "already-exists": (
        _Closer("cells-and-scopes", _in_a_cell),
        _Closer("default-name", _default_name),
        _Closer("cell-run-twice", _cell_run_twice),
        _Closer("name-scope-ignored", _name_scope_between),
        _Closer("function-called-twice", _function_twice),
    ),
    "nothing-to-train": (
        _Closer("name-prefix", _prefix_took_none),
    ),
    "does-not-exist": (
        _Closer("imported-graph", _imported),
        _Closer("variable-is-not-got", _made_by_variable),
        _Closer("layer-names", _layer_name),
        _Closer("root-reuse", _root_flag),
        _Closer("default-name", _default_name),
        _Closer("reuse-inherited", _inherited),
    ),
    "other-shape": (
        _Closer("layer-names", _layer_name),
    ),
    "not-initialized": (
        _Closer("local-variables", _local),
        _Closer("init-too-early", _made_after_init),
        _Closer("not-initialized", _has_value_elsewhere),
    ),
}  # fmt: skip
