"""Measuring which lines a workspace process runs, when coverage is measured at all.

Such a process starts without `site`, is kept from writing files, forks, and is killed
in the end: what coverage.py does by itself fails at each of these. So the process notes
its lines in a file that was opened before it was confined, whenever it answers, and the
tests take the notes over when they are through.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTES = "SCOPETUTOR_MEASURED"
"""The variable that names the file with the notes."""
BOOTSTRAP = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); "
    f"sys.path.append({os.path.dirname(__file__)!r}); import measured; "
    "sys.path.pop(); measured.start(); "
    "from scopetutor.workspace.transport import reach; lines = reach(sys.argv.pop()); "
    "from scopetutor.workspace.server import main; main(lines)"
)


# The engine is measured where its own tests call it.
_MEASURED = ["scopetutor.workspace", "scopetutor.evaluator"]


def start() -> None:
    """Measures this process and its children, if the tests want it."""
    file = os.environ.get(NOTES)
    if file is None:
        return
    import coverage  # noqa: PLC0415

    current = coverage.Coverage.current()
    if current is not None:
        current.stop()
    measure = coverage.Coverage(
        data_file=None, config_file=False, source=_MEASURED, messages=False
    )
    measure._warn_no_data = measure._warn_preimported_source = False
    measure._warn_unimported_source = False
    measure.start()
    _keep_tracing()
    _note_at_answers(measure, os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT))


def _keep_tracing() -> None:
    """Lets nobody end the tracing: the server ends that of the learner's code."""
    ours, settrace, gettrace = sys.gettrace(), sys.settrace, sys.gettrace

    def set_trace(function: Any) -> None:
        settrace(ours if function is None else function)

    def get_trace() -> Any:
        found = gettrace()
        return None if found is ours else found

    sys.settrace, sys.gettrace = set_trace, get_trace


def _note_at_answers(measure: Any, notes: int) -> None:
    """Notes the lines before every message and before the end."""
    from scopetutor.workspace.channel import Channel  # noqa: PLC0415

    send, leave = Channel.send, os._exit
    noted: dict[str, set[int]] = {}

    def note() -> None:
        data = measure.get_data()
        new = {}
        for name in data.measured_files():
            known = noted.setdefault(name, set())
            new[name] = sorted(set(data.lines(name) or ()) - known)
            known.update(new[name])
        # A kill may cut a note off: it must not run into the next one.
        os.write(notes, b"\n" + json.dumps(new).encode() + b"\n")

    def noted_send(*arguments: Any) -> None:
        with contextlib.suppress(Exception):
            note()
        send(*arguments)

    def noted_exit(code: int) -> NoReturn:
        with contextlib.suppress(Exception):
            note()
        leave(code)

    Channel.send, os._exit = noted_send, noted_exit  # type: ignore[method-assign]


@contextlib.contextmanager
def measuring(folder: Path) -> Iterator[bool]:
    """While it lasts, workspace processes note their lines; whether they do."""
    if "COVERAGE_PROCESS_CONFIG" not in os.environ:
        yield False
        return
    import coverage  # noqa: PLC0415

    notes = folder / "lines"
    os.environ[NOTES] = str(notes)
    try:
        yield True
    finally:
        del os.environ[NOTES]
        current = coverage.Coverage.current()
        if current is not None and notes.exists():
            data = current.get_data()
            for lines in noted(notes):
                data.add_lines(lines)


def noted(notes: Path) -> Iterator[dict[str, list[int]]]:
    """The notes in a file but for those that a kill has cut off."""
    for note in notes.read_bytes().splitlines():
        with contextlib.suppress(ValueError):
            yield json.loads(note)
