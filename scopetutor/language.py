"""The language people are spoken to in.

English is in the code; other languages are gettext catalogues in ``locale``. Everything
that makes a sentence for a learner says it through `say`. Lessons' prose has files of
its own (``lessons/<language>``).
"""

from __future__ import annotations

import os
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENGLISH = ""
_current = ENGLISH


def say(text: str, /, **values: object) -> str:
    """A sentence in the current language, with its values filled in.

    Args:
        text: in English, with {names} for the values; the catalogues know it by this.
        **values: what to fill in.
    """
    found = _catalogue(_current)(text) if _current else text
    return found.format(**values) if values else found


def use(language: str) -> None:
    """Speaks a language from now on; English if there is no catalogue for it."""
    global _current  # noqa: PLW0603 - a process talks to one person
    _current = known(language)


def current() -> str:
    """The language in use, such as "zh"; "" for English."""
    return _current


def known(language: str) -> str:
    """The catalogue for a wish such as "zh_CN.UTF-8", "zh-Hans" or "zh"; "" if none."""
    name = language.replace("-", "_").partition(".")[0].partition("@")[0]
    for candidate in (name, name.partition("_")[0]):
        if candidate and _file(candidate) is not None:
            return candidate
    return ENGLISH


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """The language the environment asks for, in gettext's order; "" for English."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable, "")
        if value:
            wishes = value.split(":") if variable == "LANGUAGE" else [value]
            return next(filter(None, map(known, wishes)), ENGLISH)
    return ENGLISH


def _file(language: str) -> object | None:
    if not language.replace("_", "").isalnum():
        return None
    folder = resources.files("scopetutor") / "locale" / language / "LC_MESSAGES"
    file = folder / "scopetutor.mo"
    return file if file.is_file() else None


@cache
def _catalogue(language: str) -> Callable[[str], str]:
    import gettext  # noqa: PLC0415 - 9 ms that English does not need

    folder = resources.files("scopetutor") / "locale" / language / "LC_MESSAGES"
    with (folder / "scopetutor.mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext
