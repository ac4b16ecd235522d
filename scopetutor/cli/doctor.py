"""`scopetutor doctor`: what this system gives, tried out, and what is missing.

`workspace.checkup` starts a real workspace and tries to break out of it; what it found
is printed here. It is what people are asked to run when something does not work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from .showing import JSON, PLAIN, show, show_json

if TYPE_CHECKING:
    from rich.text import Text

    from scopetutor.render.look import Look
    from scopetutor.workspace.checkup import Finding


def command(as_json: JSON = False, plain: PLAIN = False) -> None:
    r"""Say which protections and speeds this system gives.

    Starts a workspace and tries what it keeps a learner's code from: files, network,
    memory, other programs, endless loops. The exit code is 3 if no workspace starts.

    \b
    Examples:
      scopetutor doctor
      scopetutor doctor --json
    """
    from scopetutor.workspace.checkup import WORKSPACE, checkup

    findings = checkup()
    if as_json:
        show_json([found._asdict() for found in findings])
    else:
        show(lambda look: _drawn(findings, look), plain=plain)
    works = all(found.state != "no" for found in findings if found.what == WORKSPACE)
    raise typer.Exit(0 if works else 3)


def _drawn(findings: list[Finding], look: Look) -> Text:
    from scopetutor.render.outline import Cell
    from scopetutor.render.table import table

    styles = {"no": "error", "partly": "heading"}
    rows = [
        (
            Cell(found.what),
            Cell(found.state, styles.get(found.state, "")),
            Cell(found.how, "quiet"),
        )
        for found in findings
    ]
    return table(("what", "here", "how"), rows, look)
