"""`:diff`: what is different between two moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .change import drawn

if TYPE_CHECKING:
    from scopetutor.snapshot import Change, Snapshot

    from .look import Look


def difference(what: Change, now: Snapshot, look: Look) -> Text:
    """Draw what one has to do to a moment to get another; a sentence for nothing.

    Args:
        what: is different.
        now: a snapshot of the workspace, for the names of graphs and sessions.
        look: how.
    """
    # Everything that is new at the later moment is in the change itself; what was there
    # before is taken to be what is there now.
    shown = drawn(what, now, now, (), look)
    return shown if shown is not None else Text("  no difference", "quiet")


if __name__ == "__main__":
    from scopetutor.snapshot import compare

    from .demo import AFTER, BEFORE, show

    show(lambda look: difference(compare(BEFORE, AFTER), AFTER, look))
