"""Tab and Shift-Tab in a notebook: completions and help from the live workspace.

`notebook` puts it into IPython and takes it out again. Cells that are IPython's own
(magics, shell commands) are answered by IPython, as before.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from scopetutor.errors import WorkspaceError

from .completer import LiveCompleter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .loop import Loop


class Helper:
    """What the page asks while somebody types.

    Args:
        shell: IPython's.
        loop: whose names are offered.
        is_ours: whether a cell runs on the engine.
    """

    def __init__(self, shell: Any, loop: Loop, is_ours: Callable[[str], bool]) -> None:
        self._shell = shell
        self._loop = loop
        self._is_ours = is_ours
        self._completer = LiveCompleter(lambda: loop)

    def install(self) -> None:
        """Answer from now on."""
        self._shell.Completer.completions = self.completions
        self._shell.object_inspect_mime = self.inspect

    def remove(self) -> None:
        """Let IPython answer again: its own methods are those of its classes."""
        del self._shell.Completer.completions
        del self._shell.object_inspect_mime

    def completions(self, text: str, offset: int) -> Iterator[Any]:
        """What could stand at a place of a cell, as IPython's completer says it."""
        completer = self._shell.Completer
        if not self._is_ours(text):
            yield from type(completer).completions(completer, text, offset)
            return
        from IPython.core.completer import Completion

        asked = CompleteEvent(completion_requested=True)
        for found in self._completer.get_completions(Document(text, offset), asked):
            kind = found.display_meta_text.partition(" ")[0]
            start = offset + found.start_position
            with warnings.catch_warnings():  # IPython calls its own class provisional
                warnings.simplefilter("ignore")
                yield Completion(start, offset, found.text, type=kind)

    def inspect(self, name: str, *_levels: Any, **_how: Any) -> dict[str, str]:
        """What is known of a name.

        Raises:
            KeyError: nothing is, which is how IPython says so.
        """
        from scopetutor.render.inspection import inspection

        try:
            view = self._loop.workspace.inspect(name)
        except WorkspaceError as error:
            raise KeyError(name) from error
        if not view.found:
            raise KeyError(name)
        drawn = inspection(name, view, self._loop.screen.look)
        return {"text/plain": drawn.plain}
