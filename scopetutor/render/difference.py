"""`:diff`: what is different between two moments.

Two snapshots go in; what lies between them is drawn by `change`, as after an entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .change import change

if TYPE_CHECKING:
    from scopetutor.snapshot import Snapshot

    from .look import Look


def difference(before: Snapshot, after: Snapshot, look: Look) -> Text:
    """Draw what one has to do to a moment to get another; a sentence for nothing.

    Args:
        before: one moment.
        after: the other one; it may be earlier.
        look: how.
    """
    shown = change(before, after, (), look)
    return shown if shown is not None else Text("  no difference", "quiet")


if __name__ == "__main__":
    from .demo import AFTER, BEFORE, show

    show(lambda look: difference(BEFORE, AFTER, look))
