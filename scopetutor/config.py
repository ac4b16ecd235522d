"""What the user has set: one TOML file, every setting with a good default.

`cli` and `repl` read it when they start; `scopetutor config` shows and changes it. A
file with a mistake never keeps anybody from working: the mistake is reported with its
line, and the defaults hold.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scopetutor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Config(NamedTuple):
    """The settings; `MEANINGS` says what each one is."""

    theme: Literal["auto", "dark", "light", "contrast"] = "auto"
    keys: Literal["emacs", "vi"] = "emacs"
    complete: Literal["typing", "tab"] = "typing"
    suggest: bool = True
    mouse: bool = False
    pane: bool = False
    changes: bool = True
    plain: bool = False
    history: int = 10_000
    seconds: float = 0.0
    megabytes: int = 0
    editor: str = ""


DEFAULTS = Config()
CHOICES = {
    "theme": ("auto", "dark", "light", "contrast"),
    "keys": ("emacs", "vi"),
    "complete": ("typing", "tab"),
}
MEANINGS = {
    "theme": 'colours for a "dark" or a "light" screen, with strong "contrast", or '
    '"auto": the 16 colours of the terminal',
    "keys": 'those of "emacs" or "vi"',
    "complete": 'offer completions while "typing", or at the "tab" key only',
    "suggest": "show the rest of a line from the history; the right arrow takes it",
    "mouse": "place the cursor with the mouse (Shift then selects text)",
    "pane": "start with the tree beside the prompt (F2 shows and hides it)",
    "changes": "draw what an entry changed",
    "plain": "lines instead of drawings, no colours",
    "history": "how many entries are remembered; 0: none",
    "seconds": "how long an entry may take; 0: a minute",
    "megabytes": "how much memory an entry may take; 0: 2048",
    "editor": 'the command that edits an entry; "": $VISUAL or $EDITOR',
}
KINDS = {
    bool: "true or false",
    int: "a whole number from 0 on",
    float: "a number from 0 on",
    str: "text",
}


def path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the settings are: $SCOPETUTOR_CONFIG, or where the system keeps such."""
    if given := environ.get("SCOPETUTOR_CONFIG"):
        return Path(given)
    from platformdirs import user_config_path  # noqa: PLC0415 - unwanted where the variable is set

    return user_config_path("scopetutor", appauthor=False) / "config.toml"


def load(file: Path) -> Config:
    """The settings in a file; the defaults if there is none.

    Raises:
        UsageError: with the line, if the file cannot be read or has a mistake.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return DEFAULTS
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not text in UTF-8") from None
    except OSError as error:
        problem = f"{file} cannot be read: {error.strerror or error}"
        raise UsageError(problem) from None
    return parse(text, str(file))


def parse(text: str, place: str) -> Config:
    """The settings in a text.

    Args:
        text: TOML.
        place: names the text in complaints.

    Raises:
        UsageError: with the line, if there is a mistake.
    """
    import tomllib  # noqa: PLC0415 -- most people have no file

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{place}:{line[1]}" if line else place
        raise UsageError(f"this is not TOML: {error}", place=where) from None
    for name, value in values.items():
        _check(name, value, text, place)
    return DEFAULTS._replace(**values)


def changed(text: str, name: str, value: str, place: str = "") -> str:
    """The text of a settings file with one setting changed; comments stay.

    Args:
        text: as it was, which may have a mistake that the change mends.
        name: of the setting.
        value: as the user types it.
        place: names the text in complaints.

    Raises:
        UsageError: if there is no such setting, if it cannot have this value, or if
            there is another mistake in the text.
    """
    line = f"{name} = {_spelt(name, value)}"
    if not _is_toml(line):
        raise UsageError(f"{name} is {_allowed(name)}, not {value!r}")
    parse(line, "")
    pattern = re.compile(rf"^{re.escape(name)}\s*=.*$", re.MULTILINE)
    if pattern.search(text):
        text = pattern.sub(lambda _: line, text, count=1)
    else:
        text = f"{text.rstrip()}\n{line}\n".lstrip()
    parse(text, place)
    return text


def change(file: Path, name: str, value: str) -> None:
    """Change a setting in a file, which is made if there is none.

    Raises:
        UsageError: if that cannot be, or the file cannot be written.
    """
    known(name)
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        new = changed(text, name, value, str(file))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new, encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not text in UTF-8") from None
    except OSError as error:
        problem = f"{file} cannot be written: {error.strerror or error}"
        raise UsageError(problem) from None


def known(name: str) -> None:
    """Refuse the name of a setting that does not exist.

    Raises:
        UsageError: there is none.
    """
    if name not in Config._fields:
        raise UsageError(f"there is no setting {name!r}", hint=_near(name))


def choices(name: str) -> tuple[str, ...]:
    """The words a setting can be; empty if it is a number or a text."""
    if type(getattr(DEFAULTS, name, None)) is bool:
        return ("true", "false")
    return CHOICES.get(name, ())


def spelt(value: object) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _spelt(name: str, value: str) -> str:
    """A value as TOML has it: bare for numbers and yes or no, quoted for words."""
    if isinstance(getattr(DEFAULTS, name, None), str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    return words.get(value.lower(), value.lower()) or '""'


def _check(name: str, value: Any, text: str, place: str) -> None:
    """Refuse a setting that does not exist, and a value it cannot have."""
    if name not in Config._fields:
        raise UsageError(
            f"there is no setting {name!r}",
            place=_line(name, text, place),
            hint=_near(name),
        )
    kind = type(getattr(DEFAULTS, name))
    allowed = CHOICES.get(name)
    fits = type(value) is kind or (kind is float and type(value) is int)
    if fits and kind in (int, float):
        fits = 0 <= value < math.inf
    if fits and (allowed is None or value in allowed):
        return
    raise UsageError(
        f"{name} is {_allowed(name)}, not {value!r}", place=_line(name, text, place)
    )


def _allowed(name: str) -> str:
    """What a setting can be, in words."""
    kind = type(getattr(DEFAULTS, name))
    return " or ".join(CHOICES[name]) if name in CHOICES else KINDS[kind]


def _is_toml(line: str) -> bool:
    import tomllib  # noqa: PLC0415 - as above

    try:
        return len(tomllib.loads(line)) == 1
    except tomllib.TOMLDecodeError:
        return False


def _line(name: str, text: str, place: str) -> str:
    """The place of a setting in its file."""
    rows = enumerate(text.split("\n"), 1)
    line = next((n for n, row in rows if row.strip().startswith(name)), 0)
    return f"{place}:{line}" if place and line else place


def _near(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- only for a wrong name

    near = get_close_matches(name, Config._fields, n=1)
    return near[0] if near else ", ".join(Config._fields)
