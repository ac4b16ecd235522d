"""The line being typed: prompt_toolkit's prompt, set up for us.

`loop` makes one `Prompt` and reads entries from it. Its parts have files of their own:
`keys`, `completer`, `toolbar`, `pane`, `style`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition, is_done
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.layout import (
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    Window,
)
from prompt_toolkit.layout.processors import HighlightMatchingBracketProcessor
from prompt_toolkit.shortcuts.prompt import CompleteStyle, PromptSession

from .keys import bindings
from .lexer import EntryLexer
from .style import prompt_style
from .toolbar import signature, toolbar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prompt_toolkit.key_binding import KeyPressEvent

    from scopetutor.config import Config
    from scopetutor.snapshot import Snapshot

    from .completer import LiveCompleter

PROMPT = "tf> "
MORE = "... "


class State:
    """What the prompt shows beside the line; `loop` keeps it up to date."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.moment = 0
        self.note = ""


class Prompt:
    """Reads entries from a terminal.

    Args:
        config: the user's settings.
        state: what the toolbar shows.
        completer: what the menu offers.
        history: the file of earlier entries; None remembers nothing.
        started: called when the first prompt is on the screen.
    """

    def __init__(
        self,
        config: Config,
        state: State,
        completer: LiveCompleter,
        *,
        history: Path | None = None,
        started: Callable[[], None] | None = None,
    ) -> None:
        self.config = config
        self.state = state
        self.completer = completer
        self._started = started
        self.session: PromptSession[str] = PromptSession(
            [("class:prompt", PROMPT)],
            multiline=True,
            prompt_continuation=[("class:prompt.more", MORE)],
            lexer=EntryLexer(),
            completer=completer,
            complete_in_thread=True,
            complete_while_typing=config.complete == "typing",
            complete_style=CompleteStyle.COLUMN,
            auto_suggest=AutoSuggestFromHistory() if config.suggest else None,
            enable_history_search=True,
            enable_suspend=True,
            enable_open_in_editor=True,
            tempfile_suffix=".py",
            mouse_support=config.mouse,
            editing_mode=EditingMode.VI if config.keys == "vi" else EditingMode.EMACS,
            history=FileHistory(str(history)) if history else InMemoryHistory(),
            input_processors=[HighlightMatchingBracketProcessor(chars="()[]{}")],
            include_default_pygments_style=False,
            style=prompt_style(config.theme),
            key_bindings=bindings(self._actions()),
        )
        self._lay_out()

    def read(self) -> str:
        """The next entry.

        Raises:
            EOFError: Ctrl-D on an empty line, or the terminal is gone.
            KeyboardInterrupt: Ctrl-C.
        """
        started, self._started = self._started, None
        return self.session.prompt(pre_run=started)

    def _lay_out(self) -> None:
        """Put our bars below prompt_toolkit's own layout."""
        app = self.session.app
        calling = Condition(lambda: bool(self.completer.signature[0])) & ~is_done
        bars = [
            ConditionalContainer(
                Window(
                    FormattedTextControl(
                        lambda: FormattedText(signature(*self.completer.signature))
                    ),
                    height=1,
                    dont_extend_height=True,
                ),
                filter=calling,
            ),
            ConditionalContainer(
                Window(
                    FormattedTextControl(self._toolbar),
                    height=1,
                    dont_extend_height=True,
                    style="class:toolbar",
                ),
                filter=~is_done,
            ),
        ]
        app.layout = Layout(
            HSplit([app.layout.container, *bars]),
            focused_element=self.session.default_buffer,
        )

    def _toolbar(self) -> FormattedText:
        state = self.state
        mode = "vi" if self.session.app.editing_mode == EditingMode.VI else ""
        return FormattedText(
            toolbar(state.snapshot, state.moment, mode=mode, note=state.note)
        )

    def _actions(self) -> dict[str, Callable[[KeyPressEvent], None]]:
        return {"f4": self._other_keys}

    def _other_keys(self, event: KeyPressEvent) -> None:
        """Change between emacs and vi keys."""
        vi = event.app.editing_mode == EditingMode.VI
        event.app.editing_mode = EditingMode.EMACS if vi else EditingMode.VI
