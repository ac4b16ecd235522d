"""How a variable came about, was found again, and got its values: for `:why`.

Everything is told from what the witness wrote down; each sentence has the learner's
line it is about. A concept card is named where the story shows one of its surprises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.variables import Variable

from . import parts
from .describe import initializer as recipe_text
from .outcome import Explanation, Reason
from .provenance import VariableRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scopetutor.snapshot import Origin, ScopeFlag

    from .provenance import GraphRecord, Witness

MOST_REUSES = 3
"""Lines that found a variable again, of which the story tells."""
_SLOTS = ("Adam", "AdaMax", "Momentum", "RMSProp", "Adagrad", "Adadelta", "Ftrl")
FLAGS = {"no": "False", "yes": "True", "auto": "tf.AUTO_REUSE"}


class Case(NamedTuple):
    """A variable, and what is needed to tell its story.

    Attributes:
        known: what the witness knows of it.
        record: what it knows of its graph.
        graph: the graph; None in eager mode.
        witness: knows the sessions.
        names: the learner's.
    """

    known: VariableRecord
    record: GraphRecord
    graph: Any
    witness: Witness
    names: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its operation's name; in eager mode its own."""
        variable = self.known.variable
        return str(variable.name.rpartition(":")[0] or variable.name)


def tell(case: Case) -> Explanation:
    """The story of a variable."""
    known = case.known
    reasons = [
        *_made(case), *_called_otherwise(case), *_reused(case), *_first_value(case),
        *_values(case), *_kept_in(case),
    ]  # fmt: skip
    named = (
        parts.of_key(known, case.record) if known.key
        else () if case.graph is None
        else parts.of_operation(case.name, case.graph, case.record)
    )  # fmt: skip
    return Explanation(
        subject=f"variable {known.key or case.name}",
        reasons=tuple(reasons),
        parts=named,
        origin=known.made,
        card=card_of(case),
    )


# -- the sentences -------------------------------------------------------------------


def flag_text(flag: ScopeFlag) -> str:
    """A scope's flag, and whether it is its own."""
    text = f"reuse={FLAGS[flag.reuse]}"
    if flag.reuse == "no" or flag.flag_from == flag.scope:
        return text
    where = f'"{flag.flag_from}"' if flag.flag_from else "the root scope"
    return f"{text}, inherited from {where}"


def scope_called(flag: ScopeFlag) -> str:
    """A scope as sentences call it."""
    return f'scope "{flag.scope}"' if flag.scope else "the root scope"


def _made(case: Case) -> Iterator[Reason]:
    made = case.known.made
    call = made.call or "a call"
    if not case.known.key:
        if call == "tf.train.import_meta_graph":
            says = "It came with an imported graph, so get_variable does not know it."
        else:
            says = (
                f"{call} made it, and always makes a new one; get_variable does not "
                "know it, and reuse does not matter for it."
            )
        yield Reason(says, made.site)
        return
    flag = made.scopes[-1] if made.scopes else None
    if flag is None:
        yield Reason(f"{call} made it.", made.site)
        return
    had = f"{call} made it: get_variable knew no {case.known.key} then"
    where = f"{scope_called(flag)} had {flag_text(flag)}"
    yield Reason(f"{had}, and {where}.", made.site)


def _called_otherwise(case: Case) -> Iterator[Reason]:
    """Why the operation's name, or the learner's name, is another one."""
    if case.graph is None:
        return
    known = case.known
    taken = parts.taken_by(case.name, case.graph, case.record)
    if taken is not None and (not known.key or known.key != case.name):
        says = f'Its operation is "{case.name}": "{taken[0]}" was taken already.'
        yield Reason(says, taken[1])
    bound = case.names.get(known.key or case.name)
    if bound is not None and bound is not known.variable and _is_of_graph(bound):
        name = known.key or case.name
        yield Reason(
            f"Your Python name `{name}` stands for {bound.name} now, not for this "
            "variable."
        )


def _is_of_graph(value: Any) -> bool:
    return issubclass(type(value), (Variable, Tensor, Operation))


def _reused(case: Case) -> Iterator[Reason]:
    known = case.known
    for origin in known.reused[-MOST_REUSES:]:
        yield Reason(f"{origin.call} found it again{_under(origin)}.", origin.site)
    further = known.times_reused - min(len(known.reused), MOST_REUSES)
    if further > 0:
        yield Reason(f"It was found again {further} more times before that.")


def _under(origin: Origin) -> str:
    if not origin.scopes:
        return ""
    flag = origin.scopes[-1]
    return f", {scope_called(flag)} having {flag_text(flag)}"


def _first_value(case: Case) -> Iterator[Reason]:
    known = case.known
    recipe = known.recipe
    if recipe is None:
        if known.key and case.graph is not None:
            floating = known.variable.dtype.is_floating
            default = "glorot_uniform" if floating else "zeros"
            yield Reason(f"No initializer was given, so {default} is the default.")
        return
    text = recipe if isinstance(recipe, str) else recipe_text(recipe)
    if known.handed_on is not None:
        name, site = known.handed_on
        where = f'scope "{name}"' if name else "the root scope"
        yield Reason(f"Its initializer {text} is handed on by {where}.", site)
        return
    yield Reason(f"Its first value is {text}, given in the call.", known.made.site)


def _values(case: Case) -> Iterator[Reason]:
    if case.graph is None:
        return
    sessions = [
        (session, uid)
        for session, uid in case.witness.sessions.items()
        if session.graph is case.graph and not session._closed
    ]
    held = False
    for session, uid in sessions:
        seen = case.known.values.get(uid)
        if seen is None or not seen[1].initialized:
            continue
        held = True
        name = _session_name(session, case.names)
        writes = [write for write in case.known.writes if write.session == uid]
        how = f", by {_HOW[writes[-1].how]}" if writes else ""
        site = writes[-1].site if writes else None
        yield Reason(f"{name} holds {seen[1].text}{how}.", site)
        if _put_back(case, uid):
            yield Reason(
                "It had been restored from a file before; the initializer put a first "
                "value in its place."
            )
    if not sessions:
        yield Reason("There is no open session, so it holds no value anywhere.")
    elif not held:
        yield Reason("No session holds a value: its initializer has run in none.")


_HOW = {
    "initializer": "its initializer",
    "restore": "restoring from a file",
    "assign": "an assignment",
}


def _session_name(session: Any, names: Mapping[str, Any]) -> str:
    for name, value in names.items():
        if value is session:
            return f"Session `{name}`"
    return "A session"


def _put_back(case: Case, session: int) -> bool:
    """Whether the initializer ran after a restore."""
    hows = [write.how for write in case.known.writes if write.session == session]
    return "restore" in hows and hows[-1] == "initializer"


def _kept_in(case: Case) -> Iterator[Reason]:
    kept = case.known.collections
    if case.graph is None:
        return
    if "local_variables" in kept and "variables" not in kept:
        yield Reason(
            "It is in LOCAL_VARIABLES, so the global initializer and the Saver leave "
            "it out."
        )
    elif not kept:
        yield Reason("It is in no collection, so no initializer for all finds it.")


# -- the card ------------------------------------------------------------------------


def card_of(case: Case) -> str:
    """The card for what surprises most in a variable's story, or ""."""
    return next((card for card, is_so in _SURPRISES if is_so(case)), "")


def _rebound(case: Case) -> bool:
    bound = case.names.get(case.known.key or case.name)
    return (
        bound is not None
        and bound is not case.known.variable
        and _is_of_graph(bound)
        and not issubclass(type(bound), Variable)
    )


def _put_back_somewhere(case: Case) -> bool:
    return any(_put_back(case, write.session) for write in case.known.writes)


def _is_slot(case: Case) -> bool:
    last = case.name.rpartition("/")[2].rpartition("_")
    name = last[0] if last[2].isdigit() else case.name.rpartition("/")[2]
    return name in _SLOTS or name in ("beta1_power", "beta2_power", "beta1", "beta2")


def _twin(case: Case) -> VariableRecord | None:
    """The variable whose operation's name made this one's be counted on."""
    if case.graph is None:
        return None
    taken = parts.taken_by(case.name, case.graph, case.record)
    return None if taken is None else case.record.by_op.get(taken[0])


def _differs_in_case(case: Case) -> bool:
    twin = _twin(case)
    base = case.name.rpartition("_")[0]
    return twin is not None and twin.variable.op.name != base


def _was_run_twice(case: Case) -> bool:
    twin = _twin(case) or _first_of_layer(case)
    mine = case.known.made.site
    theirs = None if twin is None else twin.made.site
    if mine is None or theirs is None:
        return False
    return mine.text == theirs.text and mine.entry != theirs.entry


def _first_of_layer(case: Case) -> VariableRecord | None:
    """`dense/kernel` for `dense_1/kernel`."""
    scope, _, last = case.name.rpartition("/")
    base, _, number = scope.rpartition("_")
    return case.record.by_op.get(f"{base}/{last}") if number.isdigit() else None


def _has_namesake(case: Case) -> bool:
    """Whether, in eager mode, another variable has the very same name."""
    if case.graph is not None:
        return False
    others = [one.variable for one in case.record.variables.values()]
    names = [other.name for other in others if other is not None]
    return names.count(case.known.variable.name) > 1


def _in_a_name_scope(case: Case) -> bool:
    around = case.known.made.name_scope
    opened = case.record.name_scopes.get(around)
    return case.known.key != "" and opened is not None and opened.by == "tf.name_scope"


def _is_counted_layer(case: Case) -> bool:
    is_layer = case.known.made.call.startswith("tf.layers.")
    return is_layer and _first_of_layer(case) is not None


def _by_default_name(case: Case) -> bool:
    return any(
        case.record.scopes[flag.scope].default_name
        for flag in case.known.made.scopes
        if flag.scope in case.record.scopes
    )


_SURPRISES = (
    ("eager-shares-nothing", _has_namesake),
    ("name-rebound", _rebound),
    ("init-after-restore", _put_back_somewhere),
    ("averages-in-file", lambda case: case.name.endswith("ExponentialMovingAverage")),
    ("slots-in-file", _is_slot),
    ("batch-norm-updates",
     lambda case: case.name.rpartition("/moving_")[2] in ("mean", "variance")),
    ("imported-graph",
     lambda case: case.known.made.call == "tf.train.import_meta_graph"),
    ("keras-ignores-scopes", lambda case: "tf.keras." in case.known.made.call),
    ("partitioned",
     lambda case: case.known.variable._get_save_slice_info() is not None),
    ("case-of-names", _differs_in_case),
    ("cell-run-twice", _was_run_twice),
    ("cells-and-scopes", lambda case: "_cell/" in case.name),
    ("layer-names", _is_counted_layer),
    ("name-scope-ignored", _in_a_name_scope),
    ("auto-reuse-hides",
     lambda case: any(o.scopes and o.scopes[-1].reuse == "auto"
                      for o in case.known.reused)),
    ("local-variables",
     lambda case: "local_variables" in case.known.collections
     and "variables" not in case.known.collections),
    ("default-name", _by_default_name),
    ("variable-is-not-got",
     lambda case: not case.known.key and _twin(case) is not None),
)  # fmt: skip
