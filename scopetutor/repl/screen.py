"""The screen: everything the program shows goes through here, once.

`loop` and `commands` hand it drawings, the workspace hands it what the learner's
program prints. It knows where the cursor is, so that a drawing never starts in the
middle of a line, and it makes program output harmless before a terminal sees it.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import IO, TYPE_CHECKING

from scopetutor.render.look import Look, console, detect
from scopetutor.render.visible import visible

from .record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from scopetutor.config import Config

ERASE_LINE = "\r\x1b[2K"


class Screen:
    """Where the program writes.

    Args:
        config: the user's theme, and whether everything should be plain.
        out: what is shown.
        err: what goes wrong, if that is to be kept apart (a pipe); None: `out`.
        environ: NO_COLOR and its like.
        plain: the user's wish on the command line; None: as `config` says.

    Attributes:
        record: what was shown, for `:export`.
    """

    def __init__(
        self,
        config: Config,
        *,
        out: IO[str] | None = None,
        err: IO[str] | None = None,
        environ: Mapping[str, str] = os.environ,
        plain: bool | None = None,
    ) -> None:
        self.out = out or sys.stdout
        self.err = err or self.out
        self.config = config
        self.environ = environ
        self.plain = plain or config.plain or None
        self.record = Record()
        self._lock = threading.RLock()
        self._at_start = True  # of a line
        self._notice = ""

    @property
    def look(self) -> Look:
        """How drawings should look now; the window may have been resized."""
        return detect(self.out, self.environ, plain=self.plain, theme=self.config.theme)

    def show(self, drawing: RenderableType, *, to: IO[str] | None = None) -> None:
        """Print a drawing on lines of its own."""
        from rich.text import Text

        stream = to or self.out
        self.record.add(drawing)
        with self._lock:
            self.fresh_line()
            look = self.look
            if look.color or not isinstance(drawing, Text):
                console(stream, look).print(drawing)
            else:  # Rich would turn the tabs of plain tables into spaces
                stream.write(_encodable(drawing.plain, stream) + "\n")
            stream.flush()

    def write(self, text: str, stream: str = "out") -> None:
        """Print what the learner's program printed."""
        if not text:
            return
        target = self.err if stream == "err" else self.out
        harmless = visible(text)
        self.record.add(harmless)
        with self._lock:
            self._clear_notice()
            target.write(_encodable(harmless, target))
            target.flush()
            self._at_start = text.endswith("\n")

    def fresh_line(self) -> None:
        """Go to the start of a line, unless the cursor is there."""
        with self._lock:
            self._clear_notice()
            if not self._at_start:
                self.out.write("\n")
                self.out.flush()
                self._at_start = True

    def notice(self, text: str) -> None:
        """Show a line that the next thing shown replaces; nothing on a plain screen."""
        with self._lock:
            if not (text or self._notice) or self.look.plain or not self._at_start:
                return
            self._notice = text
            self.out.write(f"{ERASE_LINE}{text}" if text else ERASE_LINE)
            self.out.flush()

    def _clear_notice(self) -> None:
        if self._notice:
            self.out.write(ERASE_LINE)
            self._notice = ""


def _encodable(text: str, stream: IO[str]) -> str:
    """The text without what the stream's encoding cannot write."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if encoding.lower().replace("-", "") == "utf8":
        return text
    return text.encode(encoding, "backslashreplace").decode(encoding)
