"""Programs of the time print what they printed under TensorFlow 1.15.5.

``record.py`` has written what that is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .record import arguments

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "programs").glob("*.py"))


def told(program: Path, words: str) -> str:
    """What a program does, as the recorder writes it."""
    done = subprocess.run(
        [sys.executable, "-m", "scopetutor", "run", program.name, *words.split()],
        cwd=program.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
        check=False,
    )
    printed = done.stdout.rstrip("\n")
    return f"== {words}\n{printed}\n-> {done.returncode}\n"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_program_prints_what_it_printed(program: Path) -> None:
    """Flags, files, logs, threads, batches and functions as operations."""
    golden = (HERE / "golden" / f"{program.stem}.txt").read_text(encoding="utf-8")
    with ThreadPoolExecutor(2) as pool:
        runs = pool.map(lambda words: told(program, words), arguments(str(program)))
        assert "".join(runs) == golden
