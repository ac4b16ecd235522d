"""Which code is the learner's, and what its lines say.

Every entry is compiled under a name of its own (``<entry 7>``), so a traceback can tell
entries apart. What lies in the learner's folder is the learner's too. Everything else,
such as the engine, NumPy and Python's library, is not, and is left out of tracebacks.

`run` adds each entry; `raised` and `provenance` ask whose a frame is.
"""

from __future__ import annotations

import linecache
import os
from typing import TYPE_CHECKING, NamedTuple

from scopetutor.snapshot import Site

from .line_numbers import line_of

if TYPE_CHECKING:
    from types import FrameType, TracebackType

LONGEST_LINE = 200
"""Characters of a line that are kept."""


class Source(NamedTuple):
    """A piece of the learner's code.

    Attributes:
        entry: the number of the entry; 0 for a file or a lesson's code.
        file: its name; "" for an entry.
    """

    entry: int
    file: str = ""


class Sources:
    """The pieces of code that are the learner's, by the name they are compiled under.

    Args:
        folder: whatever is imported from below it is the learner's as well.
    """

    def __init__(self, folder: str = "") -> None:
        self._folder = os.path.join(folder, "") if folder else ""
        self._known: dict[str, Source | None] = {}
        self._sites: dict[tuple[str, int], Site] = {}

    def add(self, text: str, *, entry: int = 0, file: str = "") -> str:
        """The name to compile a piece of code under.

        Python's `linecache` learns the text, so `inspect.getsource` finds it.
        """
        name = f"<entry {entry}>" if entry else (file or "<lesson>")
        if name in self._known:  # a lesson's file again, with another text perhaps
            self._sites = {key: at for key, at in self._sites.items() if key[0] != name}
        self._known[name] = Source(entry, "" if entry else name)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        return name

    def is_learners(self, filename: str) -> bool:
        """Whether code compiled under this name is the learner's."""
        try:
            return self._known[filename] is not None
        except KeyError:
            found = self._known[filename] = self._file(filename)
            return found is not None

    def _file(self, filename: str) -> Source | None:
        """The learner's file of this name; None if it is not the learner's."""
        if not self._folder or not filename.startswith(self._folder):
            return None
        inside = filename[len(self._folder) :]
        if "site-packages" in inside or inside.startswith("scopetutor" + os.sep):
            return None
        return Source(0, inside)

    def site(self, filename: str, line: int) -> Site:
        """A line of the learner's code."""
        key = filename, line
        found = self._sites.get(key)
        if found is None:
            source = self._known.get(filename) or Source(0, filename)
            text = linecache.getline(filename, line).strip()[:LONGEST_LINE]
            found = self._sites[key] = Site(source.entry, line, text, source.file)
        return found

    def here(self, frame: FrameType | None) -> Site | None:
        """The innermost line of the learner's at or outside a frame."""
        while frame is not None:
            if self.is_learners(frame.f_code.co_filename):
                return self.site(frame.f_code.co_filename, line_of(frame))
            frame = frame.f_back
        return None

    def sites(self, trace: TracebackType | None) -> list[tuple[Site, str]]:
        """The learner's lines of a traceback with their functions, outermost first."""
        found = []
        while trace is not None:
            code = trace.tb_frame.f_code
            if self.is_learners(code.co_filename):
                function = "" if code.co_name == "<module>" else code.co_name
                found.append((self.site(code.co_filename, trace.tb_lineno), function))
            trace = trace.tb_next
        return found
