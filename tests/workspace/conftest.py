"""Workspaces for tests, in both ways of coming by moments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scopetutor.workspace import boot
from scopetutor.workspace.client import Options, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.append(str(Path(__file__).parent))
import measured

sys.path.pop()
WAYS = ["fork", "replay"] if sys.platform == "linux" else ["replay"]


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
