"""From the text of an entry to its Outcome: parse, run, show the last expression.

As in a REPL: what an entry did before it failed stays done, the value of its last
expression is shown and kept as ``_``, and only the learner's lines are in tracebacks.
`imports` lets the code import TensorFlow, `observe` says what it changed.
"""

from __future__ import annotations
import __future__

import builtins
import contextlib
import sys
import textwrap

# Names, not modules: the learner's code may spoil a module, and must not spoil this.
from ast import Expr, Expression, Module, PyCF_ONLY_AST
from dataclasses import dataclass
from time import perf_counter
from types import CodeType, ModuleType
from typing import Any, Literal

from . import raised
from .outcome import ErrorView, Outcome
from .sources import Sources

LONGEST_SHOWN = 100_000
"""Characters of a value's repr that are kept."""

_FUTURE_FLAGS = {
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names
}
# Not in the ast module: what `codeop` uses to tell unfinished code from wrong code.
_ALLOW_INCOMPLETE_INPUT = 0x4000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be run.

    Attributes:
        text: Python source.
        number: of the entry, from 1; 0 for a lesson's code.
        name: of the file or lesson it is from, "" for an entry.
        origin: who wrote it.
        follow: whether each line that runs is noted (`steps`).
    """

    text: str
    number: int = 0
    name: str = ""
    origin: Literal["learner", "lesson"] = "learner"
    follow: bool = False


class Evaluator:
    """The learner's names and the way code gets to see them.

    Args:
        folder: where the learner's own modules are.

    Attributes:
        names: the learner's, which is also the dictionary their code runs in.
        sources: what was run, to find lines in.
        error: the last exception, for `:why`; None after an entry that went well.
        running: whether the learner's code is being run, which may be interrupted.
    """

    def __init__(self, folder: str = "") -> None:
        self.sources = Sources(folder)
        self.module = ModuleType("__main__")
        self.names: dict[str, Any] = self.module.__dict__
        self.builtins = _own_builtins()
        self.names["__builtins__"] = self.builtins
        self.error: BaseException | None = None
        self.running = False
        self._flags = 0

    def run(self, entry: Entry) -> Outcome:
        """Runs an entry; whatever the learner's code raises becomes a value."""
        self.error = None
        filename = self.sources.add(
            entry.text, entry=0 if entry.name else entry.number, file=entry.name
        )
        started = perf_counter()
        try:
            self.running = True
            try:
                outcome = self._run(entry.text, filename)
            finally:
                self.running = False
        except KeyboardInterrupt as error:
            outcome = Outcome("interrupted", error=self._view(error))
        except SystemExit as error:
            outcome = Outcome("exit", code=_exit_code(error))
        except _IncompleteError as error:
            outcome = Outcome("incomplete", error=self._view(error.problem))
        except BaseException as error:
            outcome = Outcome("error", error=self._view(error))
            # The traceback would keep the frames alive.
            self.error = BaseException.with_traceback(error, None)
        seconds = perf_counter() - started
        return Outcome(
            outcome.ending, outcome.shown, outcome.error, seconds, outcome.code
        )

    def _run(self, text: str, filename: str) -> Outcome:
        body, last = self._compiled(text, filename)
        if body is not None:
            exec(body, self.names)
        if last is None:
            return Outcome("ok")
        value = eval(last, self.names)
        if value is None:
            return Outcome("ok")
        shown = _shown(value)
        self.builtins.__dict__["_"] = value
        return Outcome("ok", shown=shown)

    def _compiled(
        self, text: str, filename: str
    ) -> tuple[CodeType | None, CodeType | None]:
        """The entry but for its last expression, and the last expression."""
        tree = self._parsed(text, filename)
        last = None
        statement = tree.body[-1] if tree.body else None
        if isinstance(statement, Expr) and not _hushed(text, statement):
            tree.body.pop()
            last = self._code(Expression(statement.value), filename, "eval")
        body = self._code(tree, filename, "exec") if tree.body else None
        return body, last

    def _parsed(self, text: str, filename: str) -> Module:
        try:
            return self._parse(text, filename)
        except SyntaxError as error:
            if isinstance(error, IndentationError) and text[:1] in " \t":
                return self._parse(textwrap.dedent(text), filename)
            if self._is_unfinished(text, filename):
                raise _IncompleteError(error) from None
            raise
        except ValueError as error:  # NUL bytes; surrogates
            problem = SyntaxError(str(error), (filename, 1, 1, text[:200]))
            raise problem from None
        except MemoryError:  # what Python's parser calls it
            deep = "brackets or operators are nested too deeply"
            raise SyntaxError(deep, (filename, 1, 1, text[:200])) from None

    def _parse(self, text: str, filename: str) -> Module:
        tree = compile(
            text, filename, "exec", PyCF_ONLY_AST | self._flags, dont_inherit=True
        )
        assert isinstance(tree, Module)
        return tree

    def _is_unfinished(self, text: str, filename: str) -> bool:
        flags = PyCF_ONLY_AST | _ALLOW_INCOMPLETE_INPUT | self._flags
        try:
            compile(text, filename, "exec", flags, dont_inherit=True)
        except SyntaxError as error:
            return str(error.msg) == "incomplete input"
        except ValueError:
            return False
        return False

    def _code(self, tree: Module | Expression, filename: str, mode: str) -> CodeType:
        code: CodeType = compile(tree, filename, mode, self._flags, dont_inherit=True)
        # `from __future__ import …` holds for the entries after it, too.
        for flag in _FUTURE_FLAGS:
            self._flags |= code.co_flags & flag
        return code

    def _view(self, error: BaseException) -> ErrorView:
        return raised.view(error, self.sources, self.names)


class _IncompleteError(Exception):
    """The entry is the beginning of something."""

    def __init__(self, problem: SyntaxError) -> None:
        super().__init__()
        self.problem = problem


def _own_builtins() -> ModuleType:
    """A copy of Python's builtins, so that spoiling it spoils nothing but itself."""
    own = ModuleType("builtins", builtins.__doc__)
    own.__dict__.update(builtins.__dict__)
    own.__dict__.pop("_", None)
    # What Python gives to a prompt: without the files of `site` it does not.
    own.__dict__.update(exit=sys.exit, quit=sys.exit, help=_help)
    return own


def _help(*things: object) -> None:
    """Describes things, as Python's own `help` does."""
    import pydoc  # noqa: PLC0415 - 20 ms that only this needs

    for thing in things:
        pydoc.doc(thing, output=sys.stdout)


def _hushed(text: str, statement: Expr) -> bool:
    """Whether the last expression ends in ";" (as in notebooks: show nothing)."""
    lines = text.splitlines()
    rest = lines[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset :]
    return rest.lstrip().startswith(b";")


def _shown(value: object) -> str:
    """The value's repr, shortened if it is very long."""
    text = repr(value)
    if len(text) <= LONGEST_SHOWN:
        return text
    return f"{text[:LONGEST_SHOWN]}… ({len(text):,} characters)"


def _exit_code(error: SystemExit) -> int:
    """The exit code that `sys.exit` asks for; a text is printed, and means 1."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    with contextlib.suppress(Exception):  # its text may fail
        print(code, file=sys.stderr)  # noqa: T201 - as Python does
    return 1
