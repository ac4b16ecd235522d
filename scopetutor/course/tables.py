"""TOML in lesson files: read into frozen values, with the line of every fault.

Before `load`, `steps`, `shelf` and `translate`. TOML refuses what YAML guesses, and
tomllib names the line; what it does not know is which keys a block may have. That
stands in classes of theirs and of `model`, and msgspec holds a table to them.
"""

from __future__ import annotations

import re
import threading
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from .faults import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .faults import Faults

Table = TypeVar("Table", bound=msgspec.Struct)
Kind = TypeVar("Kind")

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MISFIT = re.compile(
    r"Expected `(?P<want>[^`]+)`, got `(?P<got>[^`]+)`(?: - at `\$\.?(?P<path>.*)`)?$"
)
_AT_PATH = re.compile(r" - at `\$\.?(?P<path>.*)`$")
_WORDS = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in brackets",
    "object": "a table",
}


def read_table(
    text: str, schema: type[Table], faults: Faults, *, first_line: int, what: str
) -> Table | None:
    """A TOML text as a value of `schema`, or None with the reasons noted.

    Args:
        text: the TOML.
        schema: its fields are the keys there may be; those without default must be.
        faults: where to note what is wrong.
        first_line: the line of the text's first line in its file.
        what: what it is, for the messages, such as "front matter".
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line, problem = _place(str(error), text)
        faults.add(first_line + line, f"{what}: {problem}")
        return None
    wrong = list(_wrong_keys(table, schema, text))
    for line, problem, hint in wrong:
        faults.add(first_line + line, f"{what}: {problem}", hint)
    if wrong:
        return None
    try:
        return converted(table, schema)
    except msgspec.ValidationError as error:
        path, problem = _misfit(str(error))
        key = re.split(r"[.\[]", path)[0]
        line = first_line + _line_of(text, key)
        faults.add(line, f"{what}: {problem}")
        return None


_converting = threading.Lock()


def converted(table: dict[str, Any], kind: type[Kind]) -> Kind:
    """A table as a value of a kind.

    By one thread at a time: where two look at a class for the first time, msgspec
    takes the process down.

    Raises:
        msgspec.ValidationError: the table does not fit.
    """
    with _converting:
        return msgspec.convert(table, kind)


def _place(message: str, text: str) -> tuple[int, str]:
    """The line, counted from 0, and the message without it, in small letters."""
    found = _AT_LINE.search(message)
    problem = _AT_LINE.sub("", message)
    last = text.rstrip("\n").count("\n")
    line = int(found[1]) - 1 if found and found[1] else last
    return line, "bad TOML: " + problem[:1].lower() + problem[1:]


def _wrong_keys(
    table: dict[str, Any], schema: type[msgspec.Struct], text: str
) -> Iterator[tuple[int, str, str]]:
    """The line, counted from 0, the problem and a hint for each wrong key."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(schema)}
    for key in table:
        if key not in fields:
            yield _line_of(text, key), f"unknown key {key!r}", meant(key, fields)
    for key, field in fields.items():
        if key not in table and field.required:
            yield 0, f"{key!r} is missing", ""


def _misfit(message: str) -> tuple[str, str]:
    """Where, and what is wrong, in an author's words."""
    found = _MISFIT.match(message)
    if found:
        path = found["path"] or ""
        want, got = (_words(found[side]) for side in ("want", "got"))
        return path, f"{_called(path)} must be {want}, not {got}"
    at = _AT_PATH.search(message)
    path = at["path"] if at else ""
    problem = _AT_PATH.sub("", message)
    return path, f"{_called(path)}: {problem[:1].lower()}{problem[1:]}"


def _called(path: str) -> str:
    return repr(path.replace("[...]", "")) if path else "it"


def _words(types: str) -> str:
    return " or ".join(_WORDS.get(one, one) for one in types.split(" | "))


def _line_of(text: str, key: str) -> int:
    """The line, counted from 0, where a key stands; 0 if it cannot be told."""
    pattern = re.compile(rf"^\s*\[?\s*[\"']?{re.escape(key)}\b", re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) if found else 0
