"""A lesson's assertions on the learner's names, with the values that decided.

`assert w.name == "enc/w:0"` that does not hold reports both sides: what `w.name` is,
and what it should be. The statements see a copy of the learner's names, so what they
assign stays among them; what they do to the graph is the workspace's concern, which
lets them run in a copy of the process.

`program` runs them for `course`, which judges what they say.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from . import raised
from .outcome import Checked

if TYPE_CHECKING:
    from .run import Evaluator

LONGEST_VALUE = 500
_FILE = "<assertion>"


def check(statements: tuple[str, ...], evaluator: Evaluator) -> tuple[Checked, ...]:
    """Runs the statements one after the other, whether or not one fails."""
    names = dict(evaluator.names)
    return tuple(_check(text, names, evaluator) for text in statements)


def _check(text: str, names: dict[str, Any], evaluator: Evaluator) -> Checked:
    try:
        for statement in ast.parse(text, _FILE).body:
            failed = _run(statement, names)
            if failed is not None:
                sides, message = failed
                return Checked(text, passed=False, sides=sides, message=message)
    except AssertionError as error:  # of a loop or function in the statement
        return Checked(text, passed=False, message=raised.message(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        view = raised.view(error, evaluator.sources, names)
        return Checked(text, passed=False, error=view)
    return Checked(text, passed=True)


Sides = tuple[tuple[str, str], ...]


def _run(statement: ast.stmt, names: dict[str, Any]) -> tuple[Sides, str] | None:
    """Runs a statement; for an assertion that does not hold, its sides and message."""
    if not isinstance(statement, ast.Assert):
        module = ast.Module([statement], [])
        exec(compile(module, _FILE, "exec", dont_inherit=True), names)
        return None
    held, sides = _test(statement.test, names)
    if held:
        return None
    message = "" if statement.msg is None else str(_value(statement.msg, names))
    return sides, message[:LONGEST_VALUE]


def _test(test: ast.expr, names: dict[str, Any]) -> tuple[bool, Sides]:
    """Whether a test holds, and the values that decided; each part runs once."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        held, sides = _test(test.operand, names)
        return not held, sides
    if isinstance(test, ast.BoolOp):
        return _test_all(test, names)
    if isinstance(test, ast.Compare):
        return _test_parts(test, [test.left, *test.comparators], names)
    if isinstance(test, ast.Call) and not any(
        isinstance(argument, (ast.Starred, ast.GeneratorExp)) for argument in test.args
    ):
        return _test_parts(test, test.args, names)
    value = _value(test, names)
    return bool(value), ((ast.unparse(test), _text(value)),)


def _test_all(test: ast.BoolOp, names: dict[str, Any]) -> tuple[bool, Sides]:
    """`and` and `or`, which stop at the operand that decides."""
    wanted = isinstance(test.op, ast.Or)
    sides: Sides = ()
    for operand in test.values:
        held, of_operand = _test(operand, names)
        if held == wanted:
            return wanted, of_operand
        sides = (*sides, *of_operand) if wanted else of_operand
    return not wanted, sides


class _Filled(ast.NodeTransformer):
    """Puts names for values that are known where the expressions were."""

    def __init__(self, names_of: dict[ast.expr, str]) -> None:
        self._names_of = names_of

    def visit(self, node: ast.AST) -> ast.AST:
        """The name, if there is one for the node."""
        if isinstance(node, ast.expr) and node in self._names_of:
            name = ast.Name(self._names_of[node], ast.Load())
            return ast.copy_location(name, node)
        return self.generic_visit(node)


def _test_parts(
    test: ast.expr, parts: list[ast.expr], names: dict[str, Any]
) -> tuple[bool, Sides]:
    """A test of some parts, which are the sides."""
    texts = [ast.unparse(part) for part in parts]
    values = [_value(part, names) for part in parts]
    placeholders = {part: f" side {index}" for index, part in enumerate(parts)}
    known = dict(zip(placeholders.values(), values, strict=True))
    filled = _Filled(placeholders).visit(test)
    assert isinstance(filled, ast.expr)
    held = bool(_value(filled, {**names, **known}))
    return held, tuple(
        (text, _text(value)) for text, value in zip(texts, values, strict=True)
    )


def _value(expression: ast.expr, names: dict[str, Any]) -> Any:
    whole = ast.fix_missing_locations(ast.Expression(expression))
    return eval(compile(whole, _FILE, "eval", dont_inherit=True), names)


def _text(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        return f"<{type(value).__name__} that cannot be shown>"
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
