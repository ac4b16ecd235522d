"""Pasted transcripts: the code of a `>>>` or `In [1]:` session without its prompts.

People paste from documentation, from IPython and from our own screen. `turn` sends each
entry through `stripped` first; output lines between prompts are dropped.
"""

from __future__ import annotations

import re

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
