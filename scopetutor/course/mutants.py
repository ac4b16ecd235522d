"""Is a check strict enough? Solutions are broken in small ways, and it must notice.

Between `bench` and `scopetutor lesson mutate`. Each mutant is a solution with one
mistake that people make. One that comes to the very same state, printed lines and
values as the solution is no mistake and does not count.
"""

from __future__ import annotations

import ast
import copy
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from .bench import Bench
from .checks import compare_outcomes
from .judge import bans
from .model import AXES, Check
from .source import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.workspace.client import Workspace

    from .checks import Outcome
    from .model import Lesson, Step

Fate: TypeAlias = Literal["caught", "survives", "the same"]

MOST = 40  # mutants of one solution; a long one has more places than anyone reads


class Mutant(msgspec.Struct, frozen=True):
    """A solution with one mistake in it.

    Attributes:
        step: the id of the step.
        line: in the lesson's file, where the mistake is.
        what: was done.
        text: the program.
        fate: "caught" by the step's check, "survives", or does "the same".
    """

    step: str
    line: int
    what: str
    text: str
    fate: Fate = "caught"


def mutants_of(lesson: Lesson, workspace: Workspace) -> list[Mutant]:
    """Every mutant of a lesson's solutions, and what becomes of it."""
    tried: list[Mutant] = []
    for step in lesson.steps:
        if step.kind in ("code", "fix"):
            tried.extend(_tried(lesson, step, workspace))
    return tried


def _tried(lesson: Lesson, step: Step, workspace: Workspace) -> Iterator[Mutant]:
    whole = msgspec.structs.replace(step, check=_everything(step))
    steps = tuple(whole if one is step else one for one in lesson.steps)
    bench = Bench(workspace)
    bench.begin(msgspec.structs.replace(lesson, steps=steps), whole)
    goal = bench.goal()
    names = tuple(goal.snapshot.names)
    for solution in step.solutions:
        for line, what, text in islice(mistakes(solution.text), MOST):
            outcome = bench.try_out(text)
            fate = _fate(step, goal, outcome, names)
            yield Mutant(step.id, solution.line + line - 1, what, text, fate)


def _everything(step: Step) -> Check:
    """A check in which everything counts that can be compared."""
    axes = tuple(axis for axis in AXES if axis not in ("sharing", "bound"))
    return msgspec.structs.replace(step.check, compare=axes)


def _fate(step: Step, goal: Outcome, own: Outcome, names: tuple[str, ...]) -> Fate:
    noticed = any(
        result.status != "pass" for result in compare_outcomes(goal, own, step.check)
    )
    if noticed or bans(step, own):
        return "caught"
    whole = msgspec.structs.replace(_everything(step), bound=names)
    different = any(
        result.status != "pass" for result in compare_outcomes(goal, own, whole)
    )
    return "survives" if different else "the same"


# -- the mistakes -------------------------------------------------------------------


def mistakes(program: str) -> Iterator[tuple[int, str, str]]:
    """A program with one mistake each: the line, what was done, the text."""
    tree = parse(program)
    if tree is None:
        return
    seen = {ast.unparse(tree)}
    for index, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.Call) and not hasattr(node, "body"):
            continue
        other = copy.deepcopy(tree)
        for mutate in _MISTAKES:
            what = mutate(list(ast.walk(other))[index])
            if not what:
                continue
            text = ast.unparse(ast.fix_missing_locations(other))
            other = copy.deepcopy(tree)
            if text not in seen:
                seen.add(text)
                yield getattr(node, "lineno", 1), what, text


NAMED = frozenset(
    ("variable_scope", "get_variable", "Variable", "name_scope", "placeholder")
)
_VALUES = frozenset(
    ("Variable", "constant", "constant_initializer", "assign", "assign_add", "fill")
)


def _called(node: ast.AST) -> str:
    """The last word of the function that a call calls; "" for anything else."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _drop_keyword(name: str) -> Callable[[ast.AST], str]:
    def drop(node: ast.AST) -> str:
        if isinstance(node, ast.Call) and len(node.keywords) > 0:
            kept = [one for one in node.keywords if one.arg != name]
            if len(kept) < len(node.keywords):
                node.keywords = kept
                return f"{name}= left out"
        return ""

    return drop


def _turn_flag(node: ast.AST) -> str:
    for one in node.keywords if isinstance(node, ast.Call) else ():
        if isinstance(one.value, ast.Constant) and isinstance(one.value.value, bool):
            one.value = ast.Constant(not one.value.value)
            return f"{one.arg}= turned round"
    return ""


def _rename(node: ast.AST) -> str:
    """Misspells the name of a scope or a variable."""
    if not isinstance(node, ast.Call) or _called(node) not in NAMED:
        return ""
    values = [*node.args[:1], *(one.value for one in node.keywords if _names(one))]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            told, value.value = value.value, value.value + "x"
            return f"{told!r} misspelt"
    return ""


def _names(keyword: ast.keyword) -> bool:
    return keyword.arg in ("name", "name_or_scope", "default_name")


def _reshape(node: ast.AST) -> str:
    """Makes the first size of a variable's shape larger by one."""
    if not isinstance(node, ast.Call) or _called(node) != "get_variable":
        return ""
    shapes = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "shape")]
    for shape in shapes:
        if isinstance(shape, ast.List | ast.Tuple) and shape.elts:
            size = shape.elts[0]
            if isinstance(size, ast.Constant) and isinstance(size.value, int):
                size.value += 1
                return "another shape"
    return ""


def _other_value(node: ast.AST) -> str:
    """Changes a number that a variable or a constant gets."""
    if not isinstance(node, ast.Call) or _called(node) not in _VALUES:
        return ""
    first = node.args[0] if node.args else None
    while isinstance(first, ast.List | ast.Tuple) and first.elts:
        first = first.elts[0]
    if isinstance(first, ast.Constant) and type(first.value) in (int, float):
        assert isinstance(first.value, int | float)
        first.value += 1
        return "another value"
    return ""


def _other_maker(node: ast.AST) -> str:
    """Calls tf.Variable in the place of tf.get_variable."""
    if not isinstance(node, ast.Call) or _called(node) != "get_variable":
        return ""
    arguments = dict(zip(("name", "shape", "dtype"), node.args, strict=False))
    arguments |= {one.arg: one.value for one in node.keywords if one.arg}
    if "shape" not in arguments or not isinstance(node.func, ast.Attribute):
        return ""
    tf = node.func.value
    zeros = ast.Call(ast.Attribute(tf, "zeros"), [arguments["shape"]], [])
    node.func = ast.Attribute(tf, "Variable")
    node.args, node.keywords = [zeros], [ast.keyword("name", arguments["name"])]
    return "tf.Variable for tf.get_variable"


def _other_scope(node: ast.AST) -> str:
    """Opens a name scope in the place of a variable scope."""
    function = node.func if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call) or _called(node) != "variable_scope":
        return ""
    if not isinstance(function, ast.Attribute) or len(node.args) != 1 or node.keywords:
        return ""
    function.attr = "name_scope"
    return "tf.name_scope for tf.variable_scope"


def _drop_line(node: ast.AST) -> str:
    """Leaves out the last statement of a block, or one that is no definition."""
    body = getattr(node, "body", None)
    if not isinstance(body, list) or len(body) < 2:
        return ""
    for index, statement in enumerate(body):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            text = ast.unparse(statement)
            del body[index]
            return f"left out: {text}"
    text = ast.unparse(body.pop()).split("\n")[0]
    return f"left out: {text}"


_MISTAKES: tuple[Callable[[ast.AST], str], ...] = (
    _drop_keyword("reuse"),
    _drop_keyword("initializer"),
    _drop_keyword("trainable"),
    _drop_keyword("dtype"),
    _drop_keyword("collections"),
    _turn_flag,
    _rename,
    _reshape,
    _other_value,
    _other_maker,
    _other_scope,
    _drop_line,
)
