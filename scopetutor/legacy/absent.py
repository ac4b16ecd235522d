"""What of TensorFlow a script uses that scopetutor does not have, said once at the end.

`host` and `planting` listen while the script runs: whatever is asked for and not there
is noted with its line. What the script did not come to is read from its text by
`names`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scopetutor.tf import missing

from . import names

if TYPE_CHECKING:
    from scopetutor.evaluator.sources import Sources

    from .script import Script

MOST_LINES = 5


class Absent:
    """The names that were asked for in vain, with the lines that did.

    Args:
        sources: tells the script's own lines.

    Attributes:
        asked: lines such as "model.py:12" by name, in the order they were met.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.asked: dict[str, list[str]] = {}

    def listen(self) -> None:
        """Notes what is asked for from now on."""
        missing.listener = self.note

    def note(self, name: str) -> None:
        """Notes that a name was asked for, by the line that runs."""
        site = self._sources.here(sys._getframe(1))
        lines = self.asked.setdefault(name, [])
        where = f"{site.file}:{site.line}" if site is not None else ""
        if where and where not in lines:
            lines.append(where)

    def everything(self, found: Script) -> dict[str, list[str]]:
        """Those asked for, and those in the script's text that it did not come to."""
        missing.listener = None
        together = {name: list(lines) for name, lines in self.asked.items()}
        for name, lines in names.used(found.tree).items():
            if not _is_here(name) and not any(
                name.startswith(f"{known}.") for known in together
            ):
                known = together.setdefault(name, [])
                places = [f"{found.path}:{line}" for line in lines]
                known.extend(place for place in places if place not in known)
        return together

    def report(self, found: Script, after: BaseException) -> str:
        """A line for each name, after an exception; "" if there is none."""
        del after
        everything = self.everything(found)
        if not everything:
            return ""
        width = max(map(len, everything))
        lines = [
            f"  {name:{width}}  {listed(places)}" for name, places in everything.items()
        ]
        head = "\nUsed by the script, and not in scopetutor:"
        return "\n".join([head, *lines, ""])


def listed(places: list[str]) -> str:
    """Some lines of a file: "model.py:3, 9, 12 and 4 more"."""
    file = places[0].rpartition(":")[0] if places else ""
    told = [
        place.rpartition(":")[2] if n and place.rpartition(":")[0] == file else place
        for n, place in enumerate(places[:MOST_LINES])
    ]
    beyond = len(places) - MOST_LINES
    return ", ".join(told) + (f" and {beyond} more" if beyond > 0 else "")


def _is_here(name: str) -> bool:
    """Whether scopetutor has a name, or TensorFlow 1.15 has none like it."""
    if not name.startswith("tf."):
        return True
    from scopetutor.tf import ledger  # noqa: PLC0415 - only where something failed

    known = ledger.public_part(name)
    return known == "" or ledger.is_here(known)
