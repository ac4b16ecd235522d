"""What scopetutor itself complains about: one sentence, where, what to try.

Drawn by `repl.loop` of an error from `scopetutor.errors`. Errors of the learner's own
program are the business of `error`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .visible import one_line
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from rich.text import Text

    from scopetutor.errors import ScopetutorError

    from .look import Look


def complaint(error: ScopetutorError, look: Look) -> Text:
    """Draw an error of ours."""
    where = f"{one_line(error.place)}: " if error.place else ""
    parts = [hanging("  ", where + one_line(error.problem), look.width, style="error")]
    if error.hint:
        head = f"  {error.invites}"
        parts.append(hanging(head, one_line(error.hint), look.width, head="try"))
    return paragraphs(parts)


if __name__ == "__main__":
    from scopetutor.errors import UsageError

    from .demo import show

    show(lambda look: complaint(UsageError("no command :tre", hint=":tree"), look))
