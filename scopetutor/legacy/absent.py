"""What of TensorFlow a script uses that scopetutor does not have, said once at the end.

`host` and `tree` have it listen while the script runs: whatever is asked for and not
there is noted with its line. What the script did not come to is read from its text by
`names`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.tf import missing

from . import names
from .unused import Unused, imported

if TYPE_CHECKING:
    from scopetutor.evaluator.sources import Sources

    from .script import Script

MOST_LINES = 5


class Absent:
    """The names that were asked for in vain, with the lines that did.

    Args:
        sources: tells the script's own lines.
        found: the script.

    Attributes:
        asked: lines such as "model.py:12" by name, in the order they were met.
    """

    def __init__(self, sources: Sources, found: Script) -> None:
        self._sources, self._script = sources, found
        self.asked: dict[str, list[str]] = {}

    def listen(self) -> None:
        """Notes what is asked for from now on."""
        missing.listener = self.note

    def note(self, name: str) -> Unused | None:
        """Notes that a name was asked for, by the line that runs.

        Returns:
            What it gets for now, if it imports the name.
        """
        where = self._script.place(self._sources.here(sys._getframe(1)))
        lines = self.asked.setdefault(name, [])
        if where and where not in lines:
            lines.append(where)
        return imported(name)

    def everything(self) -> dict[str, list[str]]:
        """Those asked for, and those in the script's text that it did not come to."""
        missing.listener = None
        in_text = self._in_text()
        together: dict[str, list[str]] = {}
        for name, places in self.asked.items():
            below = [known for known in in_text if known.startswith(f"{name}.")]
            # A whole module is absent: what is used of it says more.
            if below and not set(places) - {p for b in below for p in in_text[b]}:
                continue
            together[name] = list(places)
        for name, places in in_text.items():
            known = together.setdefault(name, [])
            known.extend(place for place in places if place not in known)
        return together

    def _in_text(self) -> dict[str, list[str]]:
        """The absent names that the script's text has, with their lines."""
        file = Path(self._script.path).name
        mentioned = names.mentioned(self._script.text)
        if mentioned is not None and all(map(_is_here, mentioned)):
            return {}
        return {
            name: [f"{file}:{line}" for line in lines]
            for name, lines in names.used(self._script.tree).items()
            if not _is_here(name)
        }

    def was_asked(self, name: str) -> bool:
        """Whether the script came to a name, or to the module that it is in."""
        return any(
            name == known or name.startswith(f"{known}.") for known in self.asked
        )

    def report(self) -> str:
        """A line for each name; "" if there is none."""
        everything = self.everything()
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
