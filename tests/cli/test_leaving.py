"""How commands end: exit codes, and what is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scopetutor.cli.leaving import guarded
from scopetutor.errors import (
    FileFormatError,
    LessonError,
    ProgressError,
    TokenError,
    UsageError,
    WorkspaceError,
)


def raising(error: BaseException):
    """A command that ends in an error."""

    def command() -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no", hint="yes"), 2),
        (LessonError("no", place="a.md:3"), 1),
        (FileFormatError("no", path="x"), 1),
        (TokenError("no"), 1),
        (ProgressError("no"), 3),
        (WorkspaceError("no"), 3),
        (SystemExit(7), 7),
        (SystemExit(None), 0),
    ],
)
def test_exit_codes(error, code, capsys):
    """Who is at fault decides the code; an error of ours is a sentence on stderr."""
    assert guarded(raising(error)) == code
    if not isinstance(error, SystemExit):
        assert capsys.readouterr().err.startswith("scopetutor: ")


def test_a_fault_of_ours(nobody, capsys, monkeypatch):
    """Its traceback is kept in a file; the user sees one sentence."""
    monkeypatch.delenv("SCOPETUTOR_DEBUG", raising=False)
    assert guarded(raising(ZeroDivisionError())) == 3

    said = capsys.readouterr().err
    assert "a fault in scopetutor itself (ZeroDivisionError)" in said
    assert said.count("\n") == 1
    (kept,) = nobody.rglob("error.txt")
    assert "ZeroDivisionError" in kept.read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full")
@pytest.mark.parametrize(
    "argv",
    [
        ["list"],
        ["--help"],
        ["help", "exit-codes"],
        ["repl", "-c", "print('x' * 10**5)"],
    ],
)
def test_a_full_disk(argv):
    """What cannot be written costs a sentence, and the exit code says so."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scopetutor", *argv],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    told = "scopetutor: the output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (3, told)


def test_debugging(monkeypatch):
    """SCOPETUTOR_DEBUG lets the traceback through."""
    monkeypatch.setenv("SCOPETUTOR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        guarded(raising(ZeroDivisionError()))
