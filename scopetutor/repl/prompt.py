"""The line being typed: prompt_toolkit's prompt, set up for us.

`loop` makes one `Prompt` and reads entries from it. Its parts have files of their own:
`layout`, `keys`, `completer`, `toolbar`, `pane`, `style`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import DynamicCompleter
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import to_filter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.lexers import DynamicLexer
from prompt_toolkit.shortcuts.prompt import CompleteStyle, PromptSession

from . import paint
from .editor import prefer
from .history import HistorySearch
from .keys import bindings
from .layout import Parts, columns, lay_out
from .lexer import EntryLexer
from .paint import PROMPT
from .pane import TreePane
from .style import prompt_style
from .toolbar import Fragments, Toolbar, signature

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prompt_toolkit.completion import Completer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyPressEvent

    from scopetutor.config import Config

    from .completer import LiveCompleter
    from .loop import Loop
    from .state import State

MORE = FormattedText([("class:prompt.more", "... ")])
IDLE = 0.1  # seconds after which nobody notices other work


class Prompt:
    """Reads entries from a terminal.

    Attributes:
        edits: a program can be put on its line, to be changed there.

    Args:
        config: the user's settings.
        state: what the toolbar shows.
        completer: what the menu offers.
        history: the file of earlier entries; None remembers nothing.
        started: called when the first prompt is on the screen.
    """

    edits = True

    def __init__(
        self,
        config: Config,
        state: State,
        completer: LiveCompleter,
        *,
        history: Path | None = None,
        started: Callable[[], None] | None = None,
    ) -> None:
        prefer(config.editor)
        self.config = config
        self.state = state
        self.completer = completer
        self._history: History = (
            FileHistory(str(history)) if history else InMemoryHistory()
        )
        # One event loop for all prompts: a new one each time costs 3 ms.
        self._events = asyncio.new_event_loop()
        self.pane = TreePane(state, shown=config.pane)
        self._search = HistorySearch(self._history)
        self.is_program = True
        self._label = PROMPT
        self._loop: Loop | None = None
        self._python = EntryLexer()
        self._toolbar = Toolbar(state)
        self.session: PromptSession[str] = PromptSession(
            multiline=True,
            completer=DynamicCompleter(self._offering),
            complete_while_typing=config.complete == "typing",
            complete_style=CompleteStyle.COLUMN,
            auto_suggest=AutoSuggestFromHistory() if config.suggest else None,
            enable_suspend=True,
            enable_open_in_editor=True,
            tempfile_suffix=".py",
            mouse_support=config.mouse,
            editing_mode=EditingMode.VI if config.keys == "vi" else EditingMode.EMACS,
            history=self._history,
            include_default_pygments_style=False,
            style=prompt_style(config.theme),
            key_bindings=bindings(self._actions(), self._search),
        )
        # As an option, this would turn completion while typing off.
        self.session.default_buffer.enable_history_search = to_filter(True)
        self.session.app.layout = lay_out(self.session, self._parts())
        if started is not None:
            self._once_shown(started)

    def read(
        self, label: str = PROMPT, default: str = "", *, program: bool = True
    ) -> str:
        """The next entry.

        Args:
            label: what stands before it.
            default: what the line begins with, to be edited.
            program: whether it is Python; if not, nothing is completed or coloured.

        Raises:
            EOFError: Ctrl-D on an empty line, or the terminal is gone.
            KeyboardInterrupt: Ctrl-C.
        """
        self.is_program = program
        self._search.active = False
        self.completer.forget()
        paint.erase()
        self._label = label
        prompt = self.session.prompt_async(default=default)
        tidying = self._events.call_later(IDLE, self._tidy)
        try:
            return self._events.run_until_complete(prompt)
        finally:
            tidying.cancel()

    @property
    def left(self) -> str:
        """What stood on the line when it was left with Ctrl-C."""
        return self.session.default_buffer.text

    def close(self) -> None:
        """Let go of the event loop."""
        self._events.close()

    def load_colors(self) -> None:
        """Colour what is typed; until then it is shown in one colour."""
        self._python.load()
        self._draw_again()

    def attach(self, loop: Loop) -> None:
        """Show where a loop is that has just been loaded, and tidy up for it."""
        self._loop = loop
        self.state.snapshot = loop.workspace.snapshot
        self.state.moment = loop.workspace.moment
        self._draw_again()

    def _tidy(self) -> None:
        """Do what can wait until nobody types or waits for an answer."""
        if self._loop is not None:
            self._loop.workspace.tidy()

    def _draw_again(self) -> None:
        """Draw what has changed; from the thread that loads, too."""
        with contextlib.suppress(RuntimeError):  # it has just ended: the next draws all
            self.session.app.invalidate()

    def _offering(self) -> Completer | None:
        """What the menu is filled from now."""
        if self._search.active:
            return self._search
        return self.completer if self.is_program else None

    def _may_open_a_menu(self) -> bool:
        """Whether one opens by itself at the next key.

        In a lesson, what is asked stays on the screen until an answer is begun.
        """
        begun = bool(self.session.default_buffer.text) or not self.state.note
        typing = self.config.complete == "typing"
        return begun and typing and self._offering() is not None

    def _once_shown(self, started: Callable[[], None]) -> None:
        """Call `started` when the first prompt is on the screen, and never again."""
        rendered = self.session.app.after_render

        def shown(_app: object) -> None:
            rendered.remove_handler(shown)
            started()

        rendered.add_handler(shown)

    def _parts(self) -> Parts:
        return Parts(
            prefix=self._prefix,
            lexer=DynamicLexer(lambda: self._python if self.is_program else None),
            offers=self._may_open_a_menu,
            signature=self._signature,
            toolbar=lambda: self._toolbar(self._mode(), columns()),
            pane=self.pane,
        )

    def _prefix(self, line: int, wrapped: int) -> FormattedText:
        """What stands before a line; behind a wrapped one there is room for code."""
        first = line == 0 and wrapped == 0
        return FormattedText([("class:prompt", self._label)]) if first else MORE

    def _signature(self) -> Fragments:
        text, argument = self.completer.signature
        return signature(text, argument, columns()) if text else []

    def _mode(self) -> str:
        app = self.session.app
        if app.editing_mode == EditingMode.EMACS:
            return ""
        return f"vi {app.vi_state.input_mode.value.removeprefix('vi-')}"

    def _actions(self) -> dict[str, Callable[[KeyPressEvent], None]]:
        return {
            "f1": self._help,
            "f2": self._show_pane,
            "f3": self._enter_pane,
            "f4": self._other_keys,
            "c-r": self._search.begin,
        }

    def _help(self, event: KeyPressEvent) -> None:
        """Ask about the name at the cursor; alone, show the help."""
        name = _name_at(event.current_buffer.document)
        event.app.exit(result=f"{name}?" if name else ":help")

    def _show_pane(self, _event: KeyPressEvent) -> None:
        self.pane.shown = not self.pane.shown

    def _enter_pane(self, event: KeyPressEvent) -> None:
        self.pane.shown = True
        event.app.layout.focus(self.pane)

    def _other_keys(self, event: KeyPressEvent) -> None:
        """Change between emacs and vi keys."""
        vi = event.app.editing_mode == EditingMode.VI
        event.app.editing_mode = EditingMode.EMACS if vi else EditingMode.VI


def _name_at(document: Document) -> str:
    """The dotted name the cursor is in or behind."""
    before = re.search(r"[\w.]*$", document.text_before_cursor)
    after = re.match(r"\w*", document.text_after_cursor)
    assert before is not None
    assert after is not None
    return (before[0] + after[0]).strip(".")
