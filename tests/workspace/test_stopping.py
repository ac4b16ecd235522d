"""Ctrl-C works before anything runs, too; threads that do harm are left behind."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from scopetutor.workspace import boot
from scopetutor.workspace.client import Options, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scopetutor.workspace.protocol import Checks, Ran

_WAIT = "import os, time\nwhile os.path.exists('wait'): time.sleep(0.01)"


def stopped(workspace: Workspace, deed: Callable[[], Ran | Checks]) -> Ran | Checks:
    """Does something that does not end, with interrupts until it does."""
    over = threading.Event()

    def interrupt() -> None:
        while not over.wait(0.1):
            workspace.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        return deed()
    finally:
        over.set()
        thread.join()


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file without which no workspace process gets ready."""
    gate = tmp_path / "gate"
    wait = f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    monkeypatch.setattr(boot, "_BOOTSTRAP", f"{wait}\n{boot._BOOTSTRAP}")
    return gate


def test_while_it_is_starting(workspace, gate):
    """The entry does not begin, and the process goes on getting ready."""
    ran = stopped(workspace, lambda: workspace.run("x = 1"))
    checks = stopped(workspace, lambda: workspace.check(["x = 2"]))

    assert (ran.ending, ran.sentence) == ("interrupted", "Stopped before it began.")
    assert (checks.ending, checks.sentence) == (ran.ending, ran.sentence)
    assert (workspace.moment, workspace.timeline.failed()) == (0, ())
    gate.touch()
    ran = workspace.run("'x' in dir()")
    assert (ran.entry, ran.shown) == (1, "False")


def test_while_somebody_asks_and_it_is_starting(workspace, gate):
    """Completion, which waits for the same process, does not keep an entry waiting."""
    asking = threading.Thread(target=workspace.complete, args=("pri",))
    asking.start()
    ran = stopped(workspace, lambda: workspace.run("x = 1"))
    asking.join()

    assert ran.ending == "interrupted"
    gate.touch()
    assert workspace.run("1").shown == "1"


def test_while_entries_are_run_again(make, tmp_path):
    """A workspace that is gone on with stays where it was, and goes there later."""
    first = make(journal=tmp_path / "one.journal")
    first.run(_WAIT)
    first.run("x = 1")
    first.close()
    (tmp_path / "wait").touch()

    with Workspace.resume(tmp_path / "one.journal", first.options) as again:
        went = stopped(again, lambda: again.go_to(again.moment))
        ran = stopped(again, lambda: again.run("x"))
        (tmp_path / "wait").unlink()

        assert went.sentence == "Stopped; the next entry comes back here first."
        assert ran.sentence == "Stopped before it began."
        assert (went.ending, ran.ending) == ("interrupted", "interrupted")
        assert again.run("x").shown == "1"
        assert again.moment == 3


def test_on_the_way_to_another_moment(tmp_path):
    """Then the moment that was left is still the present one."""
    with Workspace(Options(way="replay", folder=tmp_path)) as workspace:
        workspace.run(f"x = 1\n{_WAIT}")
        workspace.run("x = 2")
        (tmp_path / "wait").touch()

        ran = stopped(workspace, workspace.undo)
        (tmp_path / "wait").unlink()
        assert (ran.ending, ran.sentence) == (
            "interrupted",
            "Stopped on the way; this is moment 2 still.",
        )
        assert workspace.run("x").shown == "2"
        assert workspace.undo(2).moment == 1
        assert workspace.run("x").shown == "1"


def test_a_thread_that_ends_what_follows(workspace):
    """When two entries have died of it the workspace is as it was before the thread."""
    workspace.run("x = 1")
    workspace.run(
        "import os, threading, time\n"
        "def wait():\n"
        "  while 'y' not in globals(): time.sleep(0.001)\n"
        "  os._exit(1)\n"
        "threading.Thread(target=wait).start()"
    )
    died = []
    while len(died) < 2:
        died.append(workspace.run("y = 2; time.sleep(9)"))
        assert died[-1].ending == "died"

    assert "as it was before the entry" in died[0].sentence
    assert died[1].sentence == (
        "A thread of entry 2 seems to end what comes after it, so this is moment 1, "
        "before it (:redo goes there again)."
    )
    assert workspace.moment == 1
    assert workspace.run("x, 'wait' in dir()").shown == "(1, False)"


def test_a_thread_that_does_no_harm_stays(workspace):
    """An entry that ends the process itself costs no thread that was there before."""
    workspace.run(
        "import os, threading\n"
        "go_on = threading.Event()\n"
        "threading.Thread(target=go_on.wait, daemon=True).start()"
    )
    for _ in range(2):
        assert workspace.run("os._exit(1)").ending == "died"
        assert workspace.run("threading.active_count()").shown == "2"
    assert len(workspace.timeline.path(workspace.moment)) == 3
