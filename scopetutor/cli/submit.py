"""`scopetutor submit`: one file of answers for a teacher.

After the lessons. `grades` packs the answers from the record; the file goes to a
teacher, who runs `scopetutor grade`.
"""

from __future__ import annotations

import getpass
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from .courses import COURSE, learned


def command(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file; default: NAME.answers.json."),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Yours, as your teacher knows it; default: your login.")
    ] = "",
    course: COURSE = None,
) -> None:
    r"""Write your answers to one file that a teacher can grade.

    It holds what you answered, and when; nothing else of your machine. The teacher's
    scopetutor judges every answer again.

    \b
    Examples:
      scopetutor submit --name "Ada Lovelace"
      scopetutor submit -o ada.answers.json
    """
    import msgspec

    from scopetutor.errors import UsageError
    from scopetutor.grades import SUFFIX, handed_in
    from scopetutor.render.words import counted

    who = name or _login()
    with learned(course, None) as (found, progress):
        told = handed_in(found, progress, who)
    if not told.answers:
        raise UsageError("there is no answer to hand in yet", hint="scopetutor learn")
    plain = re.sub(r"[^\w.-]+", "-", who).strip("-.") or "answers"
    file = output or Path(f"{plain}{SUFFIX}")
    try:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise UsageError(problem, place=str(file)) from None
    sys.stdout.write(f"Wrote {counted(len(told.answers), 'answer')} to {file}.\n")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without users
        return "learner"
