"""A small course, and a workspace that all tests of a process share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scopetutor.course.shelf import Course, open_course
from scopetutor.workspace.client import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

TINY = Path(__file__).parent / "tiny"


@pytest.fixture(scope="session")
def bench_workspace() -> Iterator[Workspace]:
    """Started once: every test begins at moment 0 of it."""
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def workspace(bench_workspace: Workspace) -> Workspace:
    """A workspace at its beginning."""
    bench_workspace.go_to(0)
    return bench_workspace


@pytest.fixture(scope="session")
def tiny() -> Course:
    """A course of two lessons, with every kind of step."""
    return open_course(TINY)
