"""Draws the picture in the README: the session that stands there, as on the screen.

python -m tests.picture
"""

from __future__ import annotations

import re
from pathlib import Path

from scopetutor.config import Config
from scopetutor.repl.loop import Loop
from scopetutor.repl.screen import Screen
from scopetutor.workspace.client import Options, Workspace
from tests.conftest import Paper

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / ".github" / "session.svg"


def main() -> None:
    """Type the README's entries at a prompt and export what it showed."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"```text\ntf> (.*?)```", text, re.DOTALL)
    screen = Screen(Config(), out=Paper(), environ={"COLUMNS": "80"})
    with Workspace(Options(entropy=1)) as workspace:
        loop = Loop(workspace, screen, Config())
        for entry in told.split("\ntf> "):
            first, *rest = entry.split("\n")
            more = [line[4:] for line in rest if line.startswith("... ")]
            loop.submit("\n".join([first, *more]))
        loop.submit(f":export {PICTURE}")


if __name__ == "__main__":
    main()
