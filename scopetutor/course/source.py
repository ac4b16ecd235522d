"""What can be told of a learner's text before it is run.

The first two stages of judging: is it ready to run at all (a blank that was not filled,
a typographic quote, a line that is not Python), and which names does it use.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = re.compile(r"_{4,}")
_PROMPT = re.compile(r"^(>>> ?|\.\.\. ?|tf> ?|In \[\d+\]: ?)")

ASCII = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u00a0": " ",
    "\u3000": " ",
    "\uff08": "(",
    "\uff09": ")",
    "\uff3b": "[",
    "\uff3d": "]",
    "\uff0c": ",",
    "\uff1a": ":",
    "\uff1d": "=",
    "\uff0e": ".",
}
"""Characters that word processors and input methods write, and what Python wants."""


class Unready(msgspec.Struct, frozen=True):
    """Why a text is not run.

    Attributes:
        reason: "empty", "blank", "typographic" or "syntax".
        line: where, from 1.
        detail: the character, Python's message, or the line as it should be.
        instead: the line as it should be, or "".
    """

    reason: str
    line: int = 0
    detail: str = ""
    instead: str = ""


def parse(text: str) -> ast.Module | None:
    """The syntax tree; None if the text is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `x is 3` is the learner's business
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_program(text: str) -> bool:
    """Whether somebody who was asked what a program prints has typed a program.

    What may also be an answer, such as `x` or `tf.float32`, is none.
    """
    tree = parse(text)
    if tree is None or not tree.body:
        return False
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        return not isinstance(last, ast.AnnAssign)  # `w: 3` may be what is printed
    called = last.value.func if isinstance(last.value, ast.Call) else None
    while isinstance(called, ast.Attribute):
        called = called.value
    return isinstance(called, ast.Name) and called.id in ("print", "sess", "tf")


def unready(text: str) -> Unready | None:
    """Why a text should not be run yet; None if it may be."""
    if not any(_code_lines(text)):
        return Unready("empty")
    blank = _blank(text)
    if blank:
        return Unready("blank", blank)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return _typographic(text, error.lineno or 1) or Unready(
            "syntax", error.lineno or 1, error.msg
        )
    except (ValueError, RecursionError, MemoryError):
        return Unready("syntax", 1, "it cannot be parsed")
    return None


def _code_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        code = line.strip()
        if code and not code.startswith("#"):
            yield code


def _blank(text: str) -> int:
    """The line of a `____`, or of a `...` for a value; 0 if there is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if _BLANK.search(line.split("#")[0]):
            return number
    for node in ast.walk(parse(text) or ast.Module([], [])):
        value = node.value if isinstance(node, ast.Assign | ast.keyword) else None
        values = [value, *(node.args if isinstance(node, ast.Call) else [])]
        for one in values:
            if isinstance(one, ast.Constant) and one.value is Ellipsis:
                return one.lineno
    return 0


def _typographic(text: str, wrong_line: int) -> Unready | None:
    """Whether the line that is not Python has a character Python does not want."""
    lines = text.split("\n")
    for number in (wrong_line, *range(1, len(lines) + 1)):
        line = lines[min(number, len(lines)) - 1]
        strange = next((char for char in line if char in ASCII), "")
        if strange:
            mended = "".join(ASCII.get(char, char) for char in line).strip()
            name = unicodedata.name(strange, strange).lower()
            return Unready("typographic", number, f"{strange} ({name})", mended)
    return None


def names_used(text: str) -> frozenset[str]:
    """The names and dotted names a program uses, such as "tf.Variable" and "reuse=".

    Of `tf.train.Saver` these are "tf", "tf.train", "tf.train.Saver" and "Saver"; a
    keyword argument `reuse` counts as "reuse".
    """
    tree = parse(text)
    return frozenset() if tree is None else frozenset(_names(tree))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
            dotted = _dotted(node)
            if dotted:
                yield dotted
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.name


def names_bound(text: str) -> set[str]:
    """The names a program gives a value to, at its top level or below."""
    tree = parse(text)
    return {
        node.id
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = _dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def calls(text: str, name: str) -> list[ast.Call]:
    """The calls of a function, by the last part of its name, in the text's order."""
    tree = parse(text)
    nodes = [] if tree is None else list(ast.walk(tree))
    found = [one for one in nodes if isinstance(one, ast.Call) and _last(one) == name]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _last(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def same_program(one: str, other: str) -> bool:
    """Whether two texts are the same program, whatever their spaces and comments."""
    first, second = parse(one), parse(other)
    if first is None or second is None:
        return one.strip() == other.strip()
    return ast.dump(first) == ast.dump(second)


def without_prompts(text: str) -> str:
    """A text pasted from a session at a prompt, without the prompts."""
    lines = text.split("\n")
    if not any(line.startswith((">>> ", "tf> ", "In [")) for line in lines):
        return text
    kept = [line for line in lines if _PROMPT.match(line)]
    return "\n".join(_PROMPT.sub("", line) for line in kept)
