"""What a learner made against what the solution makes: axis by axis, in fixed order.

`bench` runs both and brings their outcomes here; `judge` turns the comparison into a
verdict. Only what the step declares is compared, so any way to the goal is as good as
the author's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from scopetutor.evaluator.outcome import Checked, ErrorView
from scopetutor.snapshot import Snapshot

from .model import AXES, Axis, Check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scopetutor.snapshot import NameView, VariableView

_NUMPY_SCALAR = re.compile(r"^np\.(\w+)\((.*)\)$")


class Outcome(msgspec.Struct, frozen=True):
    """What a program came to.

    Attributes:
        snapshot: the state after it.
        printed: what it printed.
        error: what it raised, or None.
        ending: how it ended, as in `Ran`.
        sentence: about an ending other than "ok" and "error".
        shown: the repr of the last expression's value, or None.
        checked: how the step's assertions ended.
        used: the names it uses, such as "tf.Variable".
        starts: the values its variables start with, by tensor name, where they count.
    """

    snapshot: Snapshot = Snapshot()
    printed: str = ""
    error: ErrorView | None = None
    ending: str = "ok"
    sentence: str = ""
    shown: str | None = None
    checked: tuple[Checked, ...] = ()
    used: frozenset[str] = frozenset()
    starts: Mapping[str, str] = {}


Way: TypeAlias = Literal["missing", "extra", "different"]


class Difference(msgspec.Struct, frozen=True):
    """One difference between the learner's state and the goal.

    Attributes:
        axis: on which; "assert" for an assertion of the step.
        way: "missing" (not there yet), "extra" (more than asked), "different".
        subject: a variable's name, a scope, one of the learner's names, a line.
        goal, own: both sides as text; "" where there is none.
    """

    axis: Axis | Literal["assert"]
    way: Way
    subject: str
    goal: str = ""
    own: str = ""


class AxisResult(msgspec.Struct, frozen=True):
    """How one axis came out: "pass", "fail", or "not reached" behind a failed one."""

    axis: Axis | Literal["assert"]
    status: Literal["pass", "fail", "not reached"]
    differences: tuple[Difference, ...] = ()


def compared(check: Check) -> tuple[Axis, ...]:
    """The axes that count in a step, in their order; the ending always does."""
    chosen = {"error", *check.compare}
    if check.same or check.different:
        chosen.add("sharing")
    if check.bound:
        chosen.add("bound")
    return tuple(axis for axis in AXES if axis in chosen)


def compare_outcomes(goal: Outcome, own: Outcome, check: Check) -> list[AxisResult]:
    """Each axis that counts, and the assertions last."""
    results: list[AxisResult] = []
    failed = False
    for axis in compared(check):
        found = tuple(_COMPARISONS[axis](goal, own, check))
        behind = failed and results[0].status == "fail"  # after an error nothing counts
        status: Literal["pass", "fail", "not reached"] = "fail" if found else "pass"
        results.append(AxisResult(axis, "not reached" if behind else status, found))
        failed = failed or bool(found)
    if own.checked:
        results.append(_assertions(own.checked, failed=failed))
    return results


def _assertions(checked: tuple[Checked, ...], *, failed: bool) -> AxisResult:
    found = tuple(_broken(one) for one in checked if not one.passed)
    if found and (failed or all(one.way == "missing" for one in found)):
        return AxisResult("assert", "not reached", found)
    return AxisResult("assert", "fail" if found else "pass", found)


def _broken(one: Checked) -> Difference:
    if one.error is not None:
        way: Way = "missing" if one.error.type == "NameError" else "different"
        return Difference("assert", way, one.text, own=one.error.message)
    return Difference("assert", "different", one.text, own=sides_text(one))


def sides_text(one: Checked) -> str:
    """What the sides of an assertion are; a side that is a literal says it itself."""
    told = [side for side in one.sides if not _literal(side[0])] or one.sides
    return ", ".join(f"{source} is {value}" for source, value in told)


def _literal(source: str) -> bool:
    try:
        ast.literal_eval(source)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


# -- the axes -----------------------------------------------------------------------


def _error(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    wanted, got = _ended(goal), _ended(own)
    if wanted != got:
        way: Way = (
            "missing" if own.error is None and own.ending == "ok" else "different"
        )
        yield Difference("error", way, "ending", goal=wanted, own=got)


def _ended(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{short_type(outcome.error.type)}: {first_sentence(outcome.error)}"
    return "" if outcome.ending == "ok" else outcome.ending


def first_sentence(error: ErrorView) -> str:
    """An error's first line, without where TensorFlow says a thing was defined."""
    lines = error.message.strip().split("\n")
    return lines[0].removesuffix(" Originally defined at:")


def short_type(error_type: str) -> str:
    """An exception's class without its module."""
    return error_type.rpartition(".")[2]


def variables(outcome: Outcome) -> dict[str, VariableView]:
    """The variables of the default graph, by tensor name."""
    graph = outcome.snapshot.here.graph
    views = outcome.snapshot.variables.values()
    return {view.tensor_name: view for view in views if view.graph == graph}


def _names(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    yield from _sets("names", variables(goal), variables(own))


def _sets(axis: Axis, goal: Iterable[str], own: Iterable[str]) -> Iterator[Difference]:
    goals, owns = list(goal), list(own)
    for name in goals:
        if name not in owns:
            yield Difference(axis, "missing", name, goal=name)
    for name in owns:
        if name not in goals:
            yield Difference(axis, "extra", name, own=name)


def _trait(
    axis: Axis, text: Callable[[VariableView], str]
) -> Callable[[Outcome, Outcome, Check], Iterator[Difference]]:
    """A comparison of one trait of the variables that both sides have."""

    def differences(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
        mine = variables(own)
        for name, view in variables(goal).items():
            if name in mine and text(view) != text(mine[name]):
                yield Difference(
                    axis, "different", name, goal=text(view), own=text(mine[name])
                )

    return differences


def shape_text(view: VariableView) -> str:
    """A variable's shape as TensorFlow prints it."""
    if view.shape is None:
        return "<unknown>"
    sizes = ["?" if size is None else str(size) for size in view.shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def _starts(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    there = variables(own)
    for name, start in goal.starts.items():
        mine = own.starts.get(name, "cannot be tried")
        if name in there and mine != start:
            yield Difference("starts", "different", name, goal=start, own=mine)


def _values_text(view: VariableView) -> str:
    held = [value.text if value.initialized else "no value" for value in view.values]
    return "; ".join(held) or "no value in an open session"


def _reuse(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    mine = variables(own)
    for name, view in variables(goal).items():
        other = mine.get(name)
        if other is None or bool(view.times_reused) == bool(other.times_reused):
            continue
        if view.times_reused:
            yield Difference("reuse", "missing", name, goal="found again", own="not")
        else:
            yield Difference("reuse", "extra", name, goal="not", own="found again")


def _scopes(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    wanted, got = _flags(goal), _flags(own)
    yield from _sets("scopes", wanted, got)
    for name in wanted.keys() & got.keys():
        if wanted[name] != got[name]:
            yield Difference(
                "scopes",
                "different",
                name or "the root scope",
                goal=f"reuse {wanted[name]}",
                own=f"reuse {got[name]}",
            )


def _flags(outcome: Outcome) -> dict[str, str]:
    graph = outcome.snapshot.here.graph
    scopes = outcome.snapshot.scopes.items()
    return {name: view.reuse for (uid, name), view in scopes if uid == graph}


def _ops(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    yield from _sets("ops", _operations(goal), _operations(own))


def _operations(outcome: Outcome) -> list[str]:
    graph = outcome.snapshot.here.graph
    ops = outcome.snapshot.ops.items()
    return [f"{name} ({view.type})" for (uid, name), view in ops if uid == graph]


def _bound(goal: Outcome, own: Outcome, check: Check) -> Iterator[Difference]:
    for name in check.bound:
        wanted, got = (
            stands_for(outcome, outcome.snapshot.names.get(name))
            for outcome in (goal, own)
        )
        if not got:
            yield Difference("bound", "missing", name, goal=wanted)
        elif wanted != got:
            yield Difference("bound", "different", name, goal=wanted, own=got)


def stands_for(outcome: Outcome, name: NameView | None) -> str:
    """What one of the learner's names stands for, as text; "" if there is none."""
    if name is None:
        return ""
    variable = outcome.snapshot.variables.get(name.uid) if name.uid else None
    if variable is not None:
        return variable.tensor_name
    return name.op or _NUMPY_SCALAR.sub(r"\2 (\1)", name.text) or name.type


def _sharing(_goal: Outcome, own: Outcome, check: Check) -> Iterator[Difference]:
    for group in check.same:
        yield from _unbound(own, group)
        things = {_identity(own, name) for name in group} - {None}
        if len(things) > 1:
            yield _shared("one object", own, group)
    for group in check.different:
        yield from _unbound(own, group)
        found = [_identity(own, name) for name in group]
        there = [thing for thing in found if thing is not None]
        if len(set(there)) < len(there):
            yield _shared("different objects", own, group)


def _unbound(own: Outcome, group: tuple[str, ...]) -> Iterator[Difference]:
    for name in group:
        if name not in own.snapshot.names:
            yield Difference("sharing", "missing", name, goal="defined")


def _shared(wanted: str, own: Outcome, group: tuple[str, ...]) -> Difference:
    names = own.snapshot.names
    each = [f"{name} is {stands_for(own, names.get(name))}" for name in group]
    subject = ", ".join(group)
    return Difference("sharing", "different", subject, goal=wanted, own=", ".join(each))


def _identity(own: Outcome, name: str) -> tuple[int, str] | None:
    """What tells whether two names stand for one object; None if that is not known."""
    view = own.snapshot.names.get(name)
    if view is None:
        return None
    return (view.uid, "") if view.uid else (0, view.op or view.text)


def _output(goal: Outcome, own: Outcome, _check: Check) -> Iterator[Difference]:
    """The goal's lines must be printed, in order; further lines do not matter."""
    rest = iter(_lines(own.printed))
    for line in _lines(goal.printed):
        if line not in rest:  # goes on from the last line that was found
            printed = " / ".join(_lines(own.printed)[:3])
            way: Way = "different" if printed else "missing"
            yield Difference("output", way, line, goal=line, own=printed)
            return


def _lines(printed: str) -> list[str]:
    return [line.strip() for line in printed.splitlines() if line.strip()]


_COMPARISONS: Mapping[
    Axis, Callable[[Outcome, Outcome, Check], Iterator[Difference]]
] = {
    "error": _error,
    "names": _names,
    "shapes": _trait("shapes", shape_text),
    "dtypes": _trait("dtypes", lambda view: view.dtype),
    "trainable": _trait("trainable", lambda view: "yes" if view.trainable else "no"),
    "kinds": _trait("kinds", lambda view: view.kind),
    "starts": _starts,
    "initializers": _trait("initializers", lambda view: view.initializer),
    "collections": _trait("collections", lambda view: ", ".join(view.collections)),
    "keys": _trait("keys", lambda view: view.key or "not known to get_variable"),
    "sharing": _sharing,
    "reuse": _reuse,
    "scopes": _scopes,
    "ops": _ops,
    "values": _trait("values", _values_text),
    "bound": _bound,
    "output": _output,
}
