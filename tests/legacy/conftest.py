"""Scripts on disk, and `scopetutor` as a program on them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Writes a script, or a module beside it; its path."""

    def write(text: str, name: str = "script.py") -> str:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def scopetutor(tmp_path: Path) -> Callable[..., Done]:
    """Runs a command line of scopetutor's in an empty folder."""

    def run(*words: str, stdin: str = "") -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "scopetutor", *words],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run
