"""What is open at the end of a text: brackets, or a string of several lines.

`pieces` asks after each line whether a statement goes on. Compiling would tell, too,
but takes the longer the longer the statement is; here each line is looked at once.
"""

from __future__ import annotations

import re

_NEXT = re.compile(
    r"""
    \#.* | (?P<string>\"{3}|'{3}) | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
    | (?P<opens>[(\[{]) | (?P<closes>[)\]}]) | (?P<strange>["'])
    """,
    re.VERBOSE,
)
_REST = {quote: re.compile(rf"(?:\\.|[^\\])*?{quote}") for quote in ('"""', "'''")}
_OPENED_BY = {")": "(", "]": "[", "}": "{"}


class OpenEnds:
    """What is open after the lines that were taken in."""

    def __init__(self) -> None:
        self._string = ""  # the quotes that will end it
        self._brackets: list[str] = []
        self._is_lost = False

    def __bool__(self) -> bool:
        """Whether what follows surely belongs to the same statement."""
        return not self._is_lost and bool(self._string or self._brackets)

    def take(self, line: str) -> None:
        """Goes through the next line; what does not match up says nothing any more."""
        at = 0
        while not self._is_lost:
            if self._string:
                found = _REST[self._string].match(line, at)
            else:
                found = _NEXT.search(line, at)
            if found is None:
                return
            at = found.end()
            if self._string:
                self._string = ""
            else:
                self._note(found)

    def _note(self, found: re.Match[str]) -> None:
        self._string = found["string"] or ""
        if found["opens"]:
            self._brackets.append(found["opens"])
        elif found["strange"]:
            self._is_lost = True
        elif found["closes"]:
            opened = self._brackets.pop() if self._brackets else ""
            self._is_lost = opened != _OPENED_BY[found["closes"]]
