"""Where earlier entries are kept between sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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
