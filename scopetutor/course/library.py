"""Courses that were added: copied to a folder of ours, found by their id.

For `scopetutor course`. A course is text and nothing of it is ever run outside of a
workspace; it is verified before it is added, and a copy that is only half there is
never seen (it is renamed into place).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def library(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder they are in: in $SCOPETUTOR_DATA or the platform's folder for data."""
    if chosen := environ.get("SCOPETUTOR_DATA"):
        return Path(chosen) / "courses"
    import platformdirs  # noqa: PLC0415 - not needed where the folder is given

    return platformdirs.user_data_path("scopetutor", appauthor=False) / "courses"


def added(name: str) -> Path | None:
    """The folder of an added course; None if there is none of this id."""
    if not name or Path(name).name != name or name.startswith("."):
        return None
    folder = library() / name
    return folder if folder.is_dir() else None
