"""A prompt that only prints and reads lines: for screen readers, pipes, dumb terminals.

Has the same `read` as `prompt.Prompt`, without prompt_toolkit: the cursor never moves
back, nothing is drawn twice. Where the system has readline, lines can be edited, start
indented, and earlier ones come back.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from .indent import is_complete, next_indent
from .paint import PROMPT

if TYPE_CHECKING:
    from .state import State

MORE = "... "


class PlainPrompt:
    """Reads entries line by line.

    Attributes:
        edits: no program can be put on its line, to be changed there.
        left: what stood on the line when it was left with Ctrl-C: nobody knows.

    Args:
        state: where the workspace is; `loop` keeps it up to date.
        source: what is read; None: the terminal.
    """

    edits = False
    left = ""

    def __init__(self, state: State, source: IO[str] | None = None) -> None:
        self.state = state
        self.source = source
        self._readline = _readline() if source is None else None

    def read(
        self,
        label: str = PROMPT,
        default: str = "",  # noqa: ARG002 -- it stands on the screen already
        *,
        program: bool = True,
    ) -> str:
        """The next entry.

        Args:
            label: what stands before it.
            default: what an editor would begin with; it cannot be edited here.
            program: whether it may have several lines.

        Raises:
            EOFError: there is nothing more to read.
            KeyboardInterrupt: Ctrl-C.
        """
        lines = [self._line(label)]
        while program and not is_complete("\n".join(lines)):
            try:
                lines.append(self._line(MORE, next_indent("\n".join(lines))))
            except EOFError:
                break
        return "\n".join(lines).rstrip()

    def _line(self, label: str, indent: int = 0) -> str:
        if self.source is not None:
            line = self.source.readline()
            if not line:
                raise EOFError
            return line.rstrip("\n")
        if self._readline is None:
            return input(label)
        self._readline.set_startup_hook(
            lambda: self._readline.insert_text(" " * indent)
        )
        try:
            return input(label)
        finally:
            self._readline.set_startup_hook()


def _readline() -> Any:
    """The readline module, or None: Windows has none."""
    try:
        import readline
    except ImportError:
        return None
    return readline
