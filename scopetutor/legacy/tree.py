"""A script is run until its variables are made; then they are listed in a Report.

In the script's own process, after `host`. What stops it: the first `Session.run` that
is no initializer (`dry`), a file that is not there, a line that was asked for, or its
end. What is not here is stood in for (`stand_in`) as far as that goes.
"""

from __future__ import annotations

import ast
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scopetutor.engine import mnist, tf_logging, trace
from scopetutor.engine.op_errors import NotFoundError
from scopetutor.evaluator.observe import Observer
from scopetutor.evaluator.provenance import Witness
from scopetutor.evaluator.sources import Sources
from scopetutor.tf import missing

from . import dry, host, listing, report, stand_in, traceback
from .absent import Absent
from .report import Missing, Report, Stop

if TYPE_CHECKING:
    from types import FrameType

    from .order import Order
    from .script import Script

_UNTIL = "__scopetutor_until__"
_SMALL = 1_000
"""Images of a made-up data set: a tree needs no more."""


def grow(found: Script, order: Order) -> int:
    """Runs a script as far as a tree needs and writes the report; the exit code."""
    grower = _Grower(found, order)
    found_out = grower.grow()
    report.write(order.reply, found_out)
    return report.EXIT_CODES.get(found_out.stop.kind, 0)


class _Grower:
    """One script on its way to a tree."""

    def __init__(self, found: Script, order: Order) -> None:
        self._script, self._order = found, order
        self._sources = Sources(found.folder)
        self._absent = Absent(self._sources, found)
        self._packages = stand_in.Packages(self._may_be_missing)
        self._package_lines: dict[str, str] = {}

    def grow(self) -> Report:
        """Runs the script; what it made."""
        # Graphs are never garbage here, and looking for it takes a third of the time.
        gc.set_threshold(100_000, 50, 50)
        witness = _Witness(self._sources)
        observer = Observer(witness, {})
        self._prepare()
        witness.begin(1)
        trace.watcher = witness
        stop = self._run()
        trace.watcher = None
        missing.listener = None
        if self._order.graph:
            _write_graph(witness, self._order.graph)
        doubtful = _doubtful(witness)
        _forget_operations(witness)
        variables, collections = listing.listed(
            observer.delta(), doubtful, self._script.place
        )
        return Report(
            script=self._script.path,
            stop=stop,
            variables=variables,
            totals=listing.totals(variables),
            collections=collections,
            missing=tuple(self._missing()),
            graphs=len({variable.graph for variable in variables}),
        )

    def _prepare(self) -> None:
        """Makes all that is not here be stood in for, and sessions run nothing."""
        dry.stop_before_computing(self._here)
        stand_in.register()
        missing.listener = self._stand_in
        mnist.make_up_data(_SMALL)
        tf_logging.set_verbosity(tf_logging.ERROR)  # advice on names is for writers
        self._packages.install()

    def _stand_in(self, name: str) -> Any:
        self._absent.note(name)
        return stand_in.StandIn(name)

    def _may_be_missing(self, name: str) -> bool:
        """Whether the script imports this package, and cannot do without it."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            filename = frame.f_code.co_filename
            if self._sources.is_learners(filename):
                if filename == self._script.path:
                    guarded = _guarded_imports(self._script.tree)
                    if frame.f_lineno in guarded:
                        return False
                self._package_lines[name] = self._here(frame)
                return True
            if "importlib" not in filename and not filename.startswith(host.OURS):
                return False
            frame = frame.f_back
        return False

    # -- running ---------------------------------------------------------------

    def _run(self) -> Stop:
        path = self._sources.add(self._script.text, file=self._script.path)
        code = self._script.code
        if self._order.until:
            tree = _stopped_at(self._script.tree, self._order.until)
            code = compile(tree, path, "exec", dont_inherit=True)
        module = host.main_module(self._script)
        module.__dict__[_UNTIL] = self._until
        try:
            exec(code, module.__dict__)
        except BaseException as error:
            return self._stop(error)
        if dry.first is not None:
            return self._stop(dry.first)
        return Stop("end", says="The script came to its end.")

    def _until(self) -> None:
        """Is called before the line that was asked for."""
        raise dry.Stopped(self._here(sys._getframe(1)), _UNTIL)

    def _stop(self, error: BaseException) -> Stop:
        """How an exception that ended the script is told."""
        stopped = error if isinstance(error, dry.Stopped) else dry.first
        if isinstance(error, SystemExit) and stopped is not None:
            if stopped.fetched == _UNTIL:
                return Stop("until", stopped.line, "Stopped as asked.")
            name = stopped.fetched or "something"
            says = f"Session.run was about to compute {name}."
            return Stop("session run", stopped.line, says)
        line = self._here(host.innermost(error))
        if isinstance(error, SystemExit):
            code = "" if error.code is None else f" (exit code {error.code})"
            kind: report.Ending = "failed exit" if error.code else "exit"
            return Stop(kind, line, f"The script left by itself{code}.")
        if isinstance(error, KeyboardInterrupt):
            return Stop("interrupted", line, "Stopped by Ctrl-C.")
        if _is_missing_data(error):
            return Stop("missing data", line, str(error))
        advice = host.hint(error)
        told = traceback.lines(error, self._sources)
        return Stop("error", line, told + (f"  try  {advice}\n" if advice else ""))

    def _here(self, frame: FrameType | None) -> str:
        return self._script.place(self._sources.here(frame))

    # -- what is not here --------------------------------------------------------

    def _missing(self) -> list[Missing]:
        symbols = [
            Missing(name, "symbol", tuple(lines), self._absent.was_asked(name))
            for name, lines in self._absent.everything().items()
        ]
        packages = [
            Missing(name, "package", (self._package_lines[name],), True)
            for name in self._packages.found
        ]
        data = [Missing("MNIST", "data", (), True)] if mnist.was_made_up() else []
        return [*symbols, *packages, *data]


def _write_graph(witness: Witness, path: str) -> None:
    """Writes the graph with the most operations, with the shapes of outputs."""
    seen = [reference() for reference in witness.graphs.values()]
    graph = max(filter(None, seen), key=lambda g: len(g._operations), default=None)
    if graph is not None:
        message = graph.as_graph_def(add_shapes=True)
        Path(path).write_bytes(message.SerializeToString())


class _Witness(Witness):
    """Watches variables only: nobody asks for the lines of operations here."""

    def operation_made(self, operation: Any) -> None:
        """Notes nothing."""


def _is_missing_data(error: BaseException) -> bool:
    """Whether a program failed because a file is not there."""
    if isinstance(error, (FileNotFoundError, NotFoundError)):
        return True
    return isinstance(error, ValueError) and "is not a valid checkpoint" in str(error)


def _guarded_imports(tree: ast.Module) -> set[int]:
    """The lines of imports that may fail: inside a `try`."""
    return {
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Try)
        for statement in node.body
        for inner in ast.walk(statement)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    }


def _stopped_at(tree: ast.Module, line: int) -> ast.Module:
    """The program with a call before the first statement at or after a line."""
    best: tuple[int, list[ast.stmt], int] | None = None
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            for place, statement in enumerate(block):
                if isinstance(statement, ast.stmt) and statement.lineno >= line:
                    if best is None or statement.lineno < best[0]:
                        best = statement.lineno, block, place
                    break
    if best is not None:
        at, block, place = best
        call = ast.parse(f"{_UNTIL}()").body[0]
        for inner in ast.walk(call):
            ast.copy_location(inner, block[place])
            if hasattr(inner, "lineno"):
                inner.lineno = inner.end_lineno = at  # type: ignore[attr-defined]
        block.insert(place, call)
    return tree


def _forget_operations(witness: Witness) -> None:
    """Lets the observer look at variables only: nobody asks for operations here."""
    for reference in witness.graphs.values():
        graph = reference()
        if graph is not None:
            record = witness.record(graph)
            record.seen_changes = graph._changes


def _doubtful(witness: Witness) -> dict[int, set[str]]:
    """By graph's uid, the variables whose shape may rest on a stand-in.

    These are the variables that are read where something is computed that a stand-in's
    tensor leads to. Gradients lead everywhere, so they are not followed.
    """
    found: dict[int, set[str]] = {}
    for uid, reference in witness.graphs.items():
        graph = reference()
        if graph is not None:
            names = _doubtful_in(graph)
            if names:
                found[uid] = names
    return found


def _doubtful_in(graph: Any) -> set[str]:
    ops = list(graph._operations.values())
    if not any(stand_in.PREFIX in op.name for op in ops):
        return set()
    reached: set[str] = set()
    found: set[str] = set()
    for op in ops:  # in the order they were made: what leads to an op comes before it
        if (
            op.name.startswith(f"{stand_in.PREFIX}/")
            or f"/{stand_in.PREFIX}/" in op.name
        ):
            reached.add(op.name)
            continue
        sources = [tensor.op for tensor in op.inputs]
        if "gradients" in op.name or not any(s.name in reached for s in sources):
            continue
        reached.add(op.name)
        found.update(
            holder.name for holder in map(_read, sources) if holder.type in _HOLDERS
        )
    return found


_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})


def _read(op: Any) -> Any:
    """The operation whose value another one only passes on."""
    while op.type in ("Identity", "ReadVariableOp") and op.inputs:
        op = op.inputs[0].op
    return op
