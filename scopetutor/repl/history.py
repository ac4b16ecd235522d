"""Earlier entries: where they are kept between sessions, and how one is found again.

`start` finds the file, `prompt` reads earlier entries from it, `keys` binds Ctrl-R.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from scopetutor.render.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyPressEvent

MOST_FOUND = 50
_ANY_CASE = re.IGNORECASE | re.DOTALL

BYTES_PER_ENTRY = 400  # more than most have; decides only when the file is looked at


def history_file(most: int) -> Path | None:
    """The file of earlier entries, cut to about `most`; None if it cannot be had.

    prompt_toolkit reads and appends: a comment with the time, then the lines of the
    entry, each after a "+".
    """
    from platformdirs import user_state_path

    file = user_state_path("scopetutor", appauthor=False) / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        if file.stat().st_size > 2 * most * BYTES_PER_ENTRY:
            _shorten(file, most)
    except OSError:
        return None
    return file


def _shorten(file: Path, most: int) -> None:
    """Keep the newest entries."""
    entries = file.read_text(encoding="utf-8", errors="replace").split("\n# ")
    kept = "\n# ".join(entries[-most:])
    new = file.with_suffix(".new")
    new.write_text(f"\n# {kept}", encoding="utf-8")
    new.replace(file)


class HistorySearch(Completer):
    """Ctrl-R: what is typed finds entries that have these letters in this order.

    Args:
        history: the entries.

    Attributes:
        active: whether a search is going on.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.active = False

    def begin(self, event: KeyPressEvent) -> None:
        """Start searching with what has been typed; again: the next one found."""
        buffer = event.current_buffer
        if self.active and buffer.complete_state:
            buffer.complete_next()
            return
        self.active = True
        buffer.cursor_position = len(buffer.text)
        buffer.start_completion()

    def take(self, event: KeyPressEvent) -> None:
        """End the search with the entry that is marked, or the first one."""
        buffer = event.current_buffer
        state = buffer.complete_state
        if state is None or state.current_completion is None:
            # The menu may be behind somebody who types fast.
            buffer.cancel_completion()
            asked = CompleteEvent(completion_requested=True)
            for found in self.get_completions(buffer.document, asked):
                buffer.apply_completion(found)
                break
        buffer.complete_state = None
        self.active = False

    def give_up(self, event: KeyPressEvent) -> None:
        """End the search with what was typed."""
        event.current_buffer.cancel_completion()
        self.active = False

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - prompt_toolkit's signature
    ) -> Iterator[Completion]:
        """The entries found, those with the letters closest together first."""
        letters = document.text.strip()
        pattern = re.compile(".*?".join(map(re.escape, letters)), _ANY_CASE)
        found = {}
        for age, entry in enumerate(reversed(self.history.get_strings())):
            match = pattern.search(entry)
            if match and entry not in found:
                found[entry] = (match.end() - match.start(), age)
        for entry in sorted(found, key=found.__getitem__)[:MOST_FOUND]:
            first, *more = entry.split("\n")
            yield Completion(
                entry,
                start_position=-len(document.text_before_cursor),
                display=one_line(first, 60),
                display_meta=f"{len(more) + 1} lines" if more else "",
            )
