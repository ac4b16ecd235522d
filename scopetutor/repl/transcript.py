"""Pasted transcripts: the code of a `>>>` or `In [1]:` session without its prompts.

People paste from documentation, from IPython and from our own screen. `keys` sends what
is pasted through `stripped`, and `pieces` what comes through a pipe; output lines
between prompts are dropped. `loop` leaves out magics, too.
"""

from __future__ import annotations

import re
import warnings

# A prompt that starts an entry, one that goes on with it, by kind of session.
_KINDS = (
    (re.compile(r"^\s*>>> ?"), re.compile(r"^\s*\.\.\.(?: |$)")),
    (re.compile(r"^\s*tf> ?"), re.compile(r"^\s*\.\.\.(?: |$)")),
    (re.compile(r"^\s*In \[\d+\]: ?"), re.compile(r"^\s*\.{3,}: ?")),
)


def stripped(text: str) -> str:
    """The text without prompts and results; the text itself if it has no prompt."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    for start, more in _KINDS:
        if start.match(first):
            return "\n".join(_code(lines, start, more))
    return text


def _code(lines: list[str], start: re.Pattern[str], more: re.Pattern[str]) -> list[str]:
    code = []
    inside = False  # an entry has been started and no result seen
    for line in lines:
        if found := start.match(line):
            inside = True
        elif inside and (found := more.match(line)):
            pass
        else:
            inside = False
            continue
        code.append(line[found.end() :].rstrip())
    return code


def without_magics(text: str) -> tuple[str, list[str]]:
    """A notebook cell without the lines that only a notebook understands.

    Only lines that start with % or ! are left out, and only if the rest is Python while
    the whole is not.

    Returns:
        The text, and the lines that were left out.
    """
    lines = text.split("\n")
    foreign = [line for line in lines if line.lstrip().startswith(("%", "!"))]
    if not foreign or _is_python(text):
        return text, []
    kept = "\n".join(line for line in lines if line not in foreign)
    return (kept, foreign) if _is_python(kept) else (text, [])


def _is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<entry>", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
