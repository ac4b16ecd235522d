"""How a command ends: its exit code, and what is said if something went wrong.

`front` runs every command through `guarded`.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from scopetutor.errors import (
    FileFormatError,
    LessonError,
    ScopetutorError,
    ScriptError,
    TokenError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FINE, FAILED, WRONG_USAGE, CANNOT_GO_ON = 0, 1, 2, 3

OUTPUT_IS_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
# The user's program, lesson or file is at fault, or the command line. All else is ours.
EXIT_CODES: tuple[tuple[type[ScopetutorError], int], ...] = (
    (UsageError, WRONG_USAGE),
    (LessonError, FAILED),
    (ScriptError, FAILED),
    (FileFormatError, FAILED),
    (TokenError, FAILED),
    (ScopetutorError, CANNOT_GO_ON),
)


def guarded(command: Callable[[], int]) -> int:
    """Run a command; whatever it raises becomes a sentence and an exit code."""
    try:
        return command()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FINE
    except ScopetutorError as error:
        complain(error)
        return exit_code(error)
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OUTPUT_IS_FULL:
            raise  # like a pipe that is broken
        if os.environ.get("SCOPETUTOR_DEBUG"):
            raise
        report_fault(error)
        return CANNOT_GO_ON


def exit_code(error: ScopetutorError) -> int:
    """Which exit code an error of ours has."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


def complain(error: ScopetutorError) -> None:
    """Say on stderr what is wrong, where, and what to try."""
    place = f"{error.place}: " if error.place else ""
    sys.stderr.write(f"scopetutor: {place}{error.problem}\n")
    if error.hint:
        sys.stderr.write(f"  {error.invites}{error.hint}\n")


def report_fault(error: Exception) -> None:
    """Keep the traceback of a fault of ours in a file, and say so in one sentence."""
    import traceback
    from pathlib import Path

    import platformdirs

    folder = Path(platformdirs.user_log_dir("scopetutor", appauthor=False))
    file = folder / "error.txt"
    kept = f"; please report it with {file}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        kept = ""
    sys.stderr.write(
        f"scopetutor: a fault in scopetutor itself ({type(error).__name__}){kept}\n"
    )
