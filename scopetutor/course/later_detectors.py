"""Beliefs about layers, training and files, told as `detectors` tells the others.

After `attempt`, before `detectors`, whose tables begin with these: they are special,
and the special ones speak first.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, TypeGuard

from scopetutor.language import say

from .attempt import (
    MISSING,
    TAKEN,
    error_found,
    error_says,
    keyword_values,
    made_by,
    named,
)
from .checks import variables
from .source import calls, parse

if TYPE_CHECKING:
    from .attempt import Attempt, Detector

_SLOT = re.compile(
    r"/(Adam|Momentum|RMSProp|Adagrad|Adadelta|Ftrl|\w*MovingAverage)/?$"
)
_CELL = re.compile(r"(^|/)\w*_cell/")
_KEY = re.compile(r"Key (\S+) not found in checkpoint")
_INDEX = re.compile(r"_\d+$")
_SHAPES = re.compile(r"lhs shape= (\S+) rhs shape= (\S+)")
_INITIALIZERS = ("global_variables_initializer", "initialize_all_variables")


# -- layers and cells ---------------------------------------------------------------


def _keras_reuses(attempt: Attempt) -> str | None:
    """More Keras variables than wanted, though a scope reuses."""
    flags = keyword_values(attempt.text, "variable_scope", "reuse")
    goal = variables(attempt.goal) if attempt.goal else {}
    extra = [
        view.tensor_name
        for view in made_by(attempt)
        if view.tensor_name not in goal and not view.key
    ]
    if not flags or not extra or "keras" not in attempt.own.used:
        return None
    return say("`{name}` was made in spite of the flag.", name=extra[0])


def _cells_scope(attempt: Attempt) -> str | None:
    taken = error_found(attempt, TAKEN)
    if taken is None or not _CELL.search(taken):
        return None
    return say("Two cells want to be `{name}`.", name=taken)


def _same_cell(attempt: Attempt) -> str | None:
    """A list with one object several times, where the cells should differ."""
    tree = parse(attempt.text)
    for node in ast.walk(tree) if tree else ():
        if _lists_one(node) and calls(attempt.text, "MultiRNNCell"):
            return say("Line {line} lists one object.", line=node.lineno)
    return None


def _lists_one(node: ast.AST) -> TypeGuard[ast.expr]:
    """Whether it is `[cell] * 2` or `[cell for _ in range(2)]`."""
    if isinstance(node, ast.ListComp):
        return isinstance(node.elt, ast.Name)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return isinstance(node.left, ast.List)
    return False


def _slots(attempt: Attempt) -> str | None:
    """A slot that may not be made, or has no place in the file."""
    missing = error_found(attempt, MISSING)
    if missing is not None and _SLOT.search(missing):
        return say("It wants to make `{name}`.", name=missing.rstrip("/"))
    key = error_found(attempt, _KEY)
    if key is not None and _SLOT.search(key):
        return say("`{name}` is in the graph, and not in the file.", name=key)
    return None


# -- files --------------------------------------------------------------------------


def _tensor_key(attempt: Attempt) -> str | None:
    key = error_found(attempt, _KEY)
    if key is None or ":" not in key:
        return None
    return say("The file was asked for `{key}`.", key=key)


def _numbered_key(attempt: Attempt) -> str | None:
    """A key with a number, and the graph has the name without it as well."""
    key = error_found(attempt, _KEY)
    plain = _INDEX.sub("", key) if key else ""
    if key is None or plain == key or named(attempt, plain) is None:
        return None
    return say("The graph has `{plain}` and `{key}`.", plain=plain, key=key)


def _fits(attempt: Attempt) -> str | None:
    error = attempt.own.error
    found = _SHAPES.search(error.message) if error else None
    if found is None:
        return None
    return say("The graph has {own}, the file has {file}.", own=found[1], file=found[2])


def _nothing_to_save(attempt: Attempt) -> str | None:
    if not error_says(attempt, "No variables to save"):
        return None
    return say("When the Saver was made, the graph had no variables.")


def _initialized_again(attempt: Attempt) -> str | None:
    """The init operation is run in a line below the one that restores."""
    restores = [call.lineno for call in calls(attempt.text, "restore")]
    runs = [
        run.lineno
        for run in calls(attempt.text, "run")
        if any(_ends(one, _INITIALIZERS) for one in ast.walk(run))
    ]
    late = [line for line in runs if restores and line > max(restores)]
    if not late or attempt.own.error is not None:
        return None
    return say(
        "Line {restored} restores, line {again} gives first values again.",
        restored=max(restores),
        again=late[0],
    )


def _ends(node: ast.AST, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in names


def _imported(attempt: Attempt) -> str | None:
    if not calls(attempt.text, "import_meta_graph"):
        return None
    missing = error_found(attempt, MISSING)
    view = named(attempt, missing) if missing else None
    if view is None or view.key:
        return None
    return say("`{name}` was imported: no key leads to it.", name=view.tensor_name)


LATER_ERRORS: tuple[tuple[str, Detector], ...] = (
    ("cells-bring-their-own-scope", _cells_scope),
    ("import-restores-the-list", _imported),
    ("optimizers-make-no-variables", _slots),
    ("checkpoint-key-is-the-tensor-name", _tensor_key),
    ("rerun-starts-afresh", _numbered_key),
    ("restore-fits-the-shape", _fits),
    ("saver-takes-every-variable", _nothing_to_save),
)
"""Beliefs that end in an error of TensorFlow's."""

LATER_PROGRAMS: tuple[tuple[str, Detector], ...] = (
    ("keras-layers-obey-reuse", _keras_reuses),
    ("list-times-two-makes-two-cells", _same_cell),
    ("init-after-restore-is-harmless", _initialized_again),
)
"""Beliefs that end in a state that was not asked for."""
