"""Workspaces for tests, in both ways of coming by moments."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scopetutor.workspace import boot
from scopetutor.workspace.client import Options, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.workspace.protocol import Output, Ran

sys.path.append(str(Path(__file__).parent))
import measured

sys.path.pop()
WAYS = ["fork", "replay"] if sys.platform == "linux" else ["replay"]


def interrupted(workspace: Workspace, text: str) -> Ran:
    """Runs a text after a line that is heard, and interrupts it a moment later.

    Time counts from that line on: before it, nothing may be running that could be
    interrupted, however long that takes on a busy machine.
    """
    timer = threading.Timer(0.2, workspace.interrupt)

    def on_output(_output: Output) -> None:
        if timer.ident is None:  # it was not started yet
            timer.start()

    try:
        return workspace.run(f"print('on', flush=True)\n{text}", on_output=on_output)
    finally:
        timer.cancel()
        if timer.ident is not None:
            timer.join()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where coverage is measured, that of the workspace processes is, too.

    It makes them slower, so tests ask for it that go through what there is.
    """
    with (
        measured.measuring(tmp_path_factory.mktemp("measured")) as wanted,
        pytest.MonkeyPatch.context() as patched,
    ):
        if wanted:
            patched.setattr(boot, "_BOOTSTRAP", measured.BOOTSTRAP)
        yield


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Each of the ways that this system has."""
    return str(request.param)


@pytest.fixture
def make(way: str, tmp_path: Any) -> Iterator[Callable[..., Workspace]]:
    """Makes workspaces, and closes them after the test."""
    made: list[Workspace] = []

    def new(**options: Any) -> Workspace:
        options = {"way": way, "folder": tmp_path, **options}
        made.append(Workspace(Options(**options)))
        return made[-1]

    yield new
    for workspace in made:
        workspace.close()


@pytest.fixture
def workspace(make: Callable[..., Workspace]) -> Workspace:
    """A workspace with usual options."""
    return make()
