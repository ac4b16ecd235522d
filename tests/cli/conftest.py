"""The command line in this process, with nothing of the user's."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scopetutor.cli.front import answer

if TYPE_CHECKING:
    from collections.abc import Callable


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def say(monkeypatch, tmp_path, capsys) -> Callable[..., Said]:
    """Runs a command line, with a text as its input."""
    monkeypatch.setenv("SCOPETUTOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SCOPETUTOR_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*argv: str, typed: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = answer(list(argv))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run
