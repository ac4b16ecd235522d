"""What a mistake says about a belief: told from the state, the error and the text.

After `checks`, before `judge`. A detector finds one misconception and gives
the counter-evidence in the learner's own state, or nothing. The first that finds
something speaks, so the special ones stand before the general ones.
"""

from __future__ import annotations

import ast
import difflib
import re
from typing import TYPE_CHECKING

from scopetutor.language import say

from .attempt import (
    MISSING,
    TAKEN,
    error_found,
    error_says,
    is_constant,
    keyword_values,
    line_text,
    made_by,
    named,
)
from .checks import variables
from .later_detectors import LATER_ERRORS, LATER_PROGRAMS
from .source import calls, parse
from .starts import RANDOM

if TYPE_CHECKING:
    from scopetutor.snapshot import VariableView

    from .attempt import Attempt, Detector


_UNINITIALIZED = re.compile(
    r"uninitialized value (\S+)|reading resource variable (\S+) from"
)
_INDEX = re.compile(r"_\d+(?=[/:]|$)")


def evidence_for(misconception: str, attempt: Attempt) -> str:
    """The evidence for a misconception that a lesson names; "" if none is seen."""
    table = _ANSWERS if attempt.truth else _PROGRAMS
    found = (find(attempt) for name, find in table if name == misconception)
    return next(filter(None, found), "")


def detected(attempt: Attempt) -> tuple[str, str] | None:
    """The misconception behind an attempt and the evidence; None if none is seen."""
    table = _ANSWERS if attempt.truth else _PROGRAMS
    for misconception, detector in table:
        evidence = detector(attempt)
        if evidence is not None:
            return misconception, evidence
    return None


# -- sharing ------------------------------------------------------------------------


def _finds_tf_variable(attempt: Attempt) -> str | None:
    missing = error_found(attempt, MISSING)
    if missing is not None:
        view = named(attempt, missing)
        if view is not None and not view.key:
            return say(
                "`{name}` is in the graph, made in {line}, and is not in the list of "
                "`get_variable`.",
                name=view.tensor_name,
                line=line_text(view.made.site),
            )
    for view in made_by(attempt):
        twin = named(attempt, view.key) if view.key != view.op_name else None
        if view.key and twin is not None and not twin.key:
            return say(
                "`get_variable` made `{new}`, because `{old}` is not in its list.",
                new=view.tensor_name,
                old=twin.tensor_name,
            )
    return None


def _shares_tf_variable(attempt: Attempt) -> str | None:
    for view in made_by(attempt):
        inner = view.made.scopes[-1] if view.made.scopes else None
        if view.made.call == "tf.Variable" and inner and inner.reuse != "no":
            if attempt.goal and view.tensor_name in variables(attempt.goal):
                goal = variables(attempt.goal)[view.tensor_name]
                if not goal.key:
                    continue  # the solution has it too
            return say(
                "Scope `{scope}` reuses, and yet `{name}` was made in {line}.",
                scope=inner.scope or "(root)",
                name=view.tensor_name,
                line=line_text(view.made.site),
            )
    return None


def _same_name_twice(attempt: Attempt) -> str | None:
    taken = error_found(attempt, TAKEN)
    if taken is None:
        return None
    view = named(attempt, taken)
    first = view.made.site if view else None
    return say("`{name}` was made in {line}.", name=taken, line=line_text(first))


def _root_reuse(attempt: Attempt) -> str | None:
    root = attempt.own.snapshot.here.scopes[0].reuse
    goal = attempt.goal.snapshot.here.scopes[0].reuse if attempt.goal else "no"
    if root in ("no", goal):
        return None
    missing = error_found(attempt, MISSING)
    if missing:
        return say(
            "The root scope reuses now, so `{name}` may only be looked up.",
            name=missing,
        )
    return say("The root scope of your graph reuses now.")


def _false_switches_off(attempt: Attempt) -> str | None:
    if error_found(attempt, MISSING) is None:
        return None
    values = keyword_values(attempt.text, "variable_scope", "reuse")
    return (
        _inherited(attempt) if any(is_constant(one, False) for one in values) else None
    )


def _not_inherited(attempt: Attempt) -> str | None:
    """The flag came from outside, and out there variables have been made."""
    error = attempt.own.error
    outer = error.scopes[-1].flag_from if error and error.scopes else None
    views = variables(attempt.own).values()
    made = outer is not None and any(view.key.startswith(outer) for view in views)
    return _inherited(attempt) if made and error_found(attempt, MISSING) else None


def _inherited(attempt: Attempt) -> str | None:
    """Where the flag of the scope that reused comes from, if not from itself."""
    error = attempt.own.error
    flags = error.scopes if error else ()
    if not flags or flags[-1].reuse != "yes" or flags[-1].flag_from == flags[-1].scope:
        return None
    return say(
        "Scope `{scope}` reuses: it has the flag from `{outer}`.",
        scope=flags[-1].scope,
        outer=flags[-1].flag_from or "(root)",
    )


def _reuse_true_makes(attempt: Attempt) -> str | None:
    missing = error_found(attempt, MISSING)
    if missing is None:
        return None
    close = _near(missing, [view.key for view in variables(attempt.own).values()])
    if close:
        return say("There is `{close}`, and no `{name}`.", close=close, name=missing)
    return say("There is no `{name}` yet.", name=missing)


def _near(name: str, keys: list[str]) -> str:
    known = [key for key in keys if key]
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.75)), "")


def _catches_typos(attempt: Attempt) -> str | None:
    goal = variables(attempt.goal) if attempt.goal else {}
    mine = variables(attempt.own)
    for view in made_by(attempt):
        flags = view.made.scopes
        if not flags or flags[-1].reuse != "auto" or view.tensor_name in goal:
            continue
        others = [one.key for one in mine.values() if one is not view]
        close = _near(view.key, others)
        if close:
            return say(
                "`{name}` was made beside `{close}`.", name=view.key, close=close
            )
    return None


def _function_again(attempt: Attempt) -> str | None:
    """Two variables of one line, the second with a number, neither in the list."""
    goal = variables(attempt.goal) if attempt.goal else {}
    first_of: dict[tuple[int, int], VariableView] = {}
    for view in made_by(attempt):
        site = view.made.site
        if site is None or view.made.call != "tf.Variable":
            continue
        first = first_of.setdefault((site.entry, site.line), view)
        if first is not view and view.tensor_name not in goal:
            return say(
                "Line {line} ran twice and made `{one}` and `{two}`.",
                line=site.line,
                one=first.tensor_name,
                two=view.tensor_name,
            )
    return None


def _taken_name(attempt: Attempt) -> str | None:
    goal = variables(attempt.goal) if attempt.goal else {}
    mine = variables(attempt.own)
    for view in made_by(attempt):
        plain = _INDEX.sub("", view.tensor_name)
        extra = view.tensor_name not in goal and plain != view.tensor_name
        if view.made.call == "tf.Variable" and extra and plain in mine:
            return say(
                "`{plain}` was taken, so the new one is `{name}`.",
                plain=plain,
                name=view.tensor_name,
            )
    return None


def _python_name(attempt: Attempt) -> str | None:
    """A variable without a name of its own, where the solution's has one."""
    goal = variables(attempt.goal) if attempt.goal else {}
    for name, bound in attempt.own.snapshot.names.items():
        view = attempt.own.snapshot.variables.get(bound.uid) if bound.uid else None
        wanted = goal.get(f"{name}:0")
        if view and wanted and _INDEX.sub("", view.op_name) == "Variable":
            return say(
                "Python calls it `{name}`, TensorFlow calls it `{own}`.",
                name=name,
                own=view.tensor_name,
            )
    return None


def _unlisted(attempt: Attempt) -> str | None:
    """A variable of the right name that `get_variable` does not know."""
    goal = variables(attempt.goal) if attempt.goal else {}
    for view in made_by(attempt):
        other = goal.get(view.tensor_name)
        if other is not None and other.key and not view.key:
            return say(
                "`{name}` was made by `{call}`, so `get_variable` cannot find it.",
                name=view.tensor_name,
                call=view.made.call,
            )
    return None


def _ignores_shape(attempt: Attempt) -> str | None:
    if not error_says(attempt, "Trying to share variable", "specified shape"):
        return None
    assert attempt.own.error is not None
    shapes = re.findall(r"\([^()]*\)", attempt.own.error.message)
    if len(shapes) < 2:
        return say("The shapes differ.")
    return say("You ask for {own}, and it has {there}.", own=shapes[0], there=shapes[1])


def _recalls_type(attempt: Attempt) -> str | None:
    if not error_says(attempt, "Trying to share variable", "specified dtype"):
        return None
    assert attempt.own.error is not None
    types = re.findall(r"dtype (\w+)", attempt.own.error.message)
    if len(types) < 2:
        return say("The types differ.")
    return say("You ask for {own}, and it is {there}.", own=types[0], there=types[1])


# -- scopes -------------------------------------------------------------------------


def _name_scope_prefixes(attempt: Attempt) -> str | None:
    goal = variables(attempt.goal) if attempt.goal else {}
    mine = variables(attempt.own)
    missing = [name for name in goal if name not in mine]
    for view in made_by(attempt):
        inside = view.made.name_scope
        scope = view.made.scopes[-1].scope if view.made.scopes else ""
        wanted = any(name.endswith("/" + view.tensor_name) for name in missing)
        if view.key and wanted and inside and inside != scope:
            return say(
                "Inside name scope `{scope}`, `{name}` was made in {line}.",
                scope=inside,
                name=view.tensor_name,
                line=line_text(view.made.site),
            )
    return None


def _string_leads_astray(attempt: Attempt) -> str | None:
    """What is missing is there, under a name without the scope around."""
    missing = error_found(attempt, MISSING) or ""
    for view in variables(attempt.own).values():
        if "/" in view.key and missing.endswith("/" + view.key):
            return say(
                "`{there}` is there; you asked for `{name}`.",
                there=view.key,
                name=missing,
            )
    return None


def _string_is_absolute(attempt: Attempt) -> str | None:
    goal = variables(attempt.goal) if attempt.goal else {}
    mine = variables(attempt.own)
    missing = [name for name in goal if name not in mine]
    for view in made_by(attempt):
        for name in missing:
            prefix = view.tensor_name.removesuffix("/" + name)
            if prefix != view.tensor_name and "/" in name and view.key:
                return say(
                    "The scope was added to `{outer}`: your variable is `{name}`.",
                    outer=prefix,
                    name=view.tensor_name,
                )
    return None


def _scope_is_flag(attempt: Attempt) -> str | None:
    tree = parse(attempt.text)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        scope = any(
            isinstance(side, ast.Call) and _ends(side.func, "get_variable_scope")
            for side in sides
        )
        if scope and any(
            is_constant(side, True) or is_constant(side, False) for side in sides
        ):
            return say("Line {line} compares the scope itself.", line=node.lineno)
    return None


def _ends(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def _filter_is_exact(attempt: Attempt) -> str | None:
    """A beginning of names that fits another scope's names too."""
    names = [view.op_name for view in variables(attempt.own).values()]
    for function in ("trainable_variables", "global_variables", "get_collection"):
        for call in calls(attempt.text, function):
            for given in (*call.args[-1:], *(one.value for one in call.keywords)):
                prefix = given.value if isinstance(given, ast.Constant) else None
                if not isinstance(prefix, str) or prefix.endswith("/"):
                    continue
                other = [n for n in names if _goes_on(n, prefix)]
                if other:
                    return say(
                        "`{name}` begins with `{prefix}` too.",
                        name=other[0],
                        prefix=prefix,
                    )
    return None


def _goes_on(name: str, prefix: str) -> bool:
    return name.startswith(prefix) and name[len(prefix) :][:1] not in ("", "/")


def _zeros_by_default(attempt: Attempt) -> str | None:
    goal = attempt.goal
    for view in made_by(attempt):
        wanted = goal.starts.get(view.tensor_name) if goal else None
        default = view.initializer.startswith("glorot_uniform (default")
        if default and wanted is not None and wanted != RANDOM:
            return say(
                "`{name}` starts with random values; {wanted} was asked for.",
                name=view.tensor_name,
                wanted=wanted,
            )
    return None


def _constant_with_shape(attempt: Attempt) -> str | None:
    if error_says(attempt, "If initializer is a constant, do not specify shape"):
        return say("You gave a value and a shape.")
    return None


def _number_is_float(attempt: Attempt) -> str | None:
    goal = variables(attempt.goal) if attempt.goal else {}
    for view in made_by(attempt):
        other = goal.get(view.tensor_name)
        if other and view.dtype.startswith("int32") and other.dtype.startswith("float"):
            return say("`{name}` is {type}.", name=view.tensor_name, type=view.dtype)
    return None


def _one_is_scalar(attempt: Attempt) -> str | None:
    goal = variables(attempt.goal) if attempt.goal else {}
    for view in made_by(attempt):
        other = goal.get(view.tensor_name)
        if other and {view.shape, other.shape} == {(), (1,)}:
            own = "`[1]`" if view.shape else "`[]`"
            return say("`{name}` has shape {own}.", name=view.tensor_name, own=own)
    return None


# -- values -------------------------------------------------------------------------


def _uninitialized(attempt: Attempt) -> VariableView | None:
    name = error_found(attempt, _UNINITIALIZED)
    views = attempt.own.snapshot.variables.values()  # of every graph
    return next((view for view in views if name and view.op_name == name), None)


def _local(attempt: Attempt) -> str | None:
    view = _uninitialized(attempt)
    if view is None or "local_variables" not in view.collections:
        return None
    return say("`{name}` is in LOCAL_VARIABLES.", name=view.op_name)


def _later(attempt: Attempt) -> str | None:
    view = _uninitialized(attempt)
    inits = [
        call.lineno
        for name in ("global_variables_initializer", "initialize_all_variables")
        for call in calls(attempt.text, name)
    ]
    site = view.made.site if view else None
    if view is None or site is None or not inits:
        return None
    if view.uid in attempt.before.variables or site.line <= max(inits):
        return None
    return say(
        "The init operation was made in line {init}, `{name}` in line {line}.",
        init=max(inits),
        name=view.op_name,
        line=site.line,
    )


def _new_session(attempt: Attempt) -> str | None:
    view = _uninitialized(attempt)
    if view is None or len(calls(attempt.text, "Session")) < 2:
        return None
    if not calls(attempt.text, "global_variables_initializer"):
        return None
    return say("`{name}` has no value in the second session.", name=view.op_name)


def _no_init(attempt: Attempt) -> str | None:
    view = _uninitialized(attempt)
    return None if view is None else say("`{name}` has no value.", name=view.op_name)


def _numpy(attempt: Attempt) -> str | None:
    error = attempt.own.error
    if error is None or "object has no attribute 'numpy'" not in error.message:
        return None
    return say("Python says: {message}.", message=error.message)


def _plus(attempt: Attempt) -> str | None:
    if error_says(attempt, "'Tensor' object has no attribute 'assign"):
        return say("The name stands for a tensor now.")
    return None


def _assign_runs(attempt: Attempt) -> str | None:
    goal = attempt.goal
    names = ("assign", "assign_add", "assign_sub")
    made = [call for name in names for call in calls(attempt.text, name)]
    if goal is None or not made or attempt.own.error is not None:
        return None
    if calls(attempt.text, "run") and goal.printed == attempt.own.printed:
        return None
    held = {view.values for view in variables(goal).values()}
    mine = {view.values for view in variables(attempt.own).values()}
    if held == mine and goal.printed == attempt.own.printed:
        return None
    return say("Line {line} only builds the assignment.", line=made[0].lineno)


# -- graphs -------------------------------------------------------------------------


def _other_graph(attempt: Attempt) -> bool:
    texts = ("same graph", "not an element of this", "Session graph is empty")
    return any(error_says(attempt, text) for text in texts)


def _after_reset(attempt: Attempt) -> str | None:
    if _other_graph(attempt) and calls(attempt.text, "reset_default_graph"):
        return say("What you use was made before the reset.")
    return None


def _wrong_session(attempt: Attempt) -> str | None:
    if _other_graph(attempt):
        return say("The session, or the other operand, belongs to another graph.")
    return None


def _from_tf2(attempt: Attempt) -> str | None:
    error = attempt.own.error
    told = (error.message, *error.notes) if error is not None else ()
    if any("TensorFlow 2" in text for text in told):
        return say("Your program uses a name that came with TensorFlow 2.")
    return None


_ERRORS: tuple[tuple[str, Detector], ...] = (
    *LATER_ERRORS,
    ("get-variable-finds-tf-variable", _finds_tf_variable),
    ("same-name-twice-shares", _same_name_twice),
    ("root-reuse-ends", _root_reuse),
    ("string-scope-is-absolute", _string_leads_astray),
    ("reuse-false-switches-off", _false_switches_off),
    ("reuse-is-not-inherited", _not_inherited),
    ("reuse-true-makes", _reuse_true_makes),
    ("reuse-ignores-shape", _ignores_shape),
    ("reuse-recalls-the-type", _recalls_type),
    ("constant-takes-a-shape", _constant_with_shape),
    ("global-init-covers-local", _local),
    ("init-covers-later-variables", _later),
    ("value-belongs-to-the-graph", _new_session),
    ("variable-starts-with-its-value", _no_init),
    ("graph-variable-has-numpy", _numpy),
    ("plus-updates-the-variable", _plus),
    ("old-tensors-survive-a-reset", _after_reset),
    ("session-follows-the-default-graph", _wrong_session),
    ("tf2-names-are-here", _from_tf2),
)
"""Beliefs that end in an error of TensorFlow's."""

_PROGRAMS: tuple[tuple[str, Detector], ...] = (
    *_ERRORS,
    *LATER_PROGRAMS,
    ("scope-equals-its-flag", _scope_is_flag),
    ("python-name-names-the-variable", _python_name),
    ("scope-filter-is-exact", _filter_is_exact),
    ("reuse-shares-tf-variable", _shares_tf_variable),
    ("calling-a-function-again-shares", _function_again),
    ("taken-name-stays", _taken_name),
    ("auto-reuse-catches-typos", _catches_typos),
    ("name-scope-prefixes-get-variable", _name_scope_prefixes),
    ("string-scope-is-absolute", _string_is_absolute),
    ("default-initializer-is-zeros", _zeros_by_default),
    ("number-makes-float", _number_is_float),
    ("shape-one-is-scalar", _one_is_scalar),
    ("building-runs", _assign_runs),
    ("get-variable-finds-tf-variable", _unlisted),
)


# -- typed answers ------------------------------------------------------------------


def _lacks_index(attempt: Attempt) -> str | None:
    return "" if attempt.truth == attempt.text.strip() + ":0" else None


def _has_index(attempt: Attempt) -> str | None:
    answer = attempt.text.strip()
    return "" if ":" not in attempt.truth and answer == attempt.truth + ":0" else None


def _inner_only(attempt: Attempt) -> str | None:
    answer, truth = attempt.text.strip(), attempt.truth
    return (
        ""
        if answer and truth.removesuffix(":0").endswith("/" + answer.removesuffix(":0"))
        else None
    )


def _no_number(attempt: Attempt) -> str | None:
    answer, truth = attempt.text.strip(), attempt.truth
    return "" if answer != truth and answer == _INDEX.sub("", truth) else None


def _number_added(attempt: Attempt) -> str | None:
    answer, truth = attempt.text.strip(), attempt.truth
    return "" if answer != truth and _INDEX.sub("", answer) == truth else None


def _scalar(attempt: Attempt) -> str | None:
    answer = attempt.text.replace(" ", "")
    shapes = {"()": "()", "[]": "()", "(1,)": "(1,)", "[1]": "(1,)", "(1)": "(1,)"}
    pair = {shapes.get(answer), shapes.get(attempt.truth.replace(" ", ""))}
    return "" if pair == {"()", "(1,)"} else None


_ANSWERS: tuple[tuple[str, Detector], ...] = (
    ("variable-name-lacks-index", _lacks_index),
    ("op-name-has-index", _has_index),
    ("only-the-inner-scope-counts", _inner_only),
    ("taken-name-stays", _no_number),
    ("later-entry-renames-variables", _number_added),
    ("shape-one-is-scalar", _scalar),
    *_ERRORS,
)
