"""The user's own editor: which one, and a text that goes through it.

`prompt` lets Ctrl-X Ctrl-E open it; where the prompt only prints, `learn` opens it at
`edit`.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import MutableMapping


def prefer(command: str, environ: MutableMapping[str, str] = os.environ) -> None:
    """Have the editor of the settings opened; prompt_toolkit looks for $VISUAL."""
    if command:
        environ["VISUAL"] = command


def edited(text: str) -> str:
    """The text as the user leaves it in the editor.

    Raises:
        UsageError: there is no such editor, or it failed.
    """
    usual = "notepad" if sys.platform == "win32" else "vi"
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or usual
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.py"
        file.write_text(f"{text}\n", encoding="utf-8")
        try:
            subprocess.run([*shlex.split(command), str(file)], check=True)
            return file.read_text(encoding="utf-8").rstrip()
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            problem = f"the editor {command!r} did not work: {error}"
            raise UsageError(problem, hint=":config editor NAME") from None
