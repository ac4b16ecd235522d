"""The course that comes with scopetutor, and a workspace for all tests of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scopetutor.course.shelf import Course, own_course
from scopetutor.workspace.client import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def course() -> Course:
    """All lessons."""
    return own_course()


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """Started once; every lesson begins at moment 0 of it."""
    with Workspace() as started:
        yield started
