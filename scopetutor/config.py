"""What the user has set: one TOML file, every setting with a good default.

`cli` and `repl` read it when they start; `scopetutor config` shows and changes it. A
file with a mistake never keeps anybody from working: the mistake is reported with its
line, and the defaults hold.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from scopetutor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings.

    Attributes:
        theme: colours for a "dark" or a "light" screen, with strong "contrast", or
            "auto": the terminal's own 16 colours.
        keys: those of "emacs" or "vi".
        complete: offer completions while "typing", or at the "tab" key only.
        suggest: show the rest of a line from the history; the right arrow takes it.
        mouse: place the cursor and choose completions with the mouse. The terminal's
            own selection then needs Shift.
        pane: start with the tree beside the prompt (F2 shows and hides it).
        changes: draw what an entry changed.
        plain: lines instead of drawings, no colours.
        history: how many entries are remembered.
        seconds: how long an entry may take; 0: as long as it likes.
        megabytes: how much memory the learner's program may have; 0: any.
        editor: the command that edits an entry; "": $VISUAL or $EDITOR.
    """

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


def path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the settings are: $SCOPETUTOR_CONFIG, or where the system keeps such."""
    if given := environ.get("SCOPETUTOR_CONFIG"):
        return Path(given)
    # Imported here: with the variable set, nobody needs it.
    from platformdirs import user_config_path  # noqa: PLC0415

    return user_config_path("scopetutor", appauthor=False) / "config.toml"


def load(file: Path) -> Config:
    """The settings in a file; the defaults if there is none.

    Raises:
        UsageError: with the line, if the file cannot be read or has a mistake.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the settings cannot be read: {error}") from None
    return parse(text, str(file))


def parse(text: str, place: str) -> Config:
    """The settings in a text; `place` names it in complaints."""
    try:
        return msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{place}:{line[1]}" if line else place
        raise UsageError(f"this is not TOML: {error}", place=where) from None
    except msgspec.ValidationError as error:
        raise _mistake(error, text, place) from None


def changed(text: str, name: str, value: str) -> str:
    """The text of a settings file with one setting changed; comments stay.

    Raises:
        UsageError: if there is no such setting or it cannot have this value.
    """
    line = f"{name} = {_spelt(name, value)}"
    pattern = re.compile(rf"^{re.escape(name)}\s*=.*$", re.MULTILINE)
    if pattern.search(text):
        text = pattern.sub(lambda _: line, text, count=1)
    else:
        text = f"{text.rstrip()}\n{line}\n".lstrip()
    parse(text, name)
    return text


def _spelt(name: str, value: str) -> str:
    """A value as TOML has it: bare for numbers and yes or no, quoted for words."""
    if name not in Config.__struct_fields__:
        raise UsageError(f"there is no setting {name!r}", hint=_known(name))
    if isinstance(getattr(Config(), name), str):
        return msgspec.json.encode(value).decode()  # a JSON string is a TOML string
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    return words.get(value.lower(), value.lower())


def _mistake(error: msgspec.ValidationError, text: str, place: str) -> UsageError:
    """A complaint that names the setting and the line it is on."""
    said = str(error)
    unknown = re.search(r"unknown field `(.+?)`", said)
    named = re.search(r"at `\$\.(\w+)`", said)
    name = (unknown or named or [said, ""])[1]
    rows = enumerate(text.split("\n"), 1)
    line = next((n for n, row in rows if row.strip().startswith(name)), 0)
    where = f"{place}:{line}" if line else place
    if unknown:
        problem, hint = f"there is no setting {name!r}", _known(name)
    else:
        problem, hint = f"{name} cannot be that", f"{name} = {_allowed(name)}"
    return UsageError(problem, place=where, hint=hint)


def _allowed(name: str) -> str:
    """What a setting can be."""
    field: Any = Config.__annotations__.get(name, "")
    words = re.findall(r'"(\w+)"', str(field))
    if words:
        return " or ".join(f'"{word}"' for word in words)
    return {"bool": "true or false", "int": "a whole number", "float": "a number"}.get(
        str(field), "a text in quotes"
    )


def _known(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- only for a wrong name

    near = get_close_matches(name, Config.__struct_fields__, n=1)
    return near[0] if near else ", ".join(Config.__struct_fields__)
