"""What the keys do, beyond what prompt_toolkit's emacs and vi modes do already.

`prompt` takes them. `indent` says whether Enter runs or opens a line, `transcript`
takes the prompts out of what is pasted; `HELP` is what `:help keys` shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition, completion_is_selected, has_focus
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

STEP = 4  # spaces

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.key_binding import KeyPressEvent

    from .history import HistorySearch

# What `:help keys` lists.
HELP = (
    ("Enter", "run, or go on with a block"),
    ("Alt-Enter", "run as it is"),
    ("Ctrl-O", "a new line, always"),
    ("Tab", "complete; indent at the start of a line"),
    ("Right, Ctrl-E", "take the suggestion from the history"),
    ("Up, Down", "earlier and later entries that start as typed"),
    ("Ctrl-R", "search the history; letters may be left out"),
    ("F1", "help for the name at the cursor"),
    ("F2", "the tree beside the prompt, on and off"),
    ("F3", "into the tree and back: fold, search, page"),
    ("F4", "emacs or vi keys"),
    ("Ctrl-X Ctrl-E", "edit the entry in your editor"),
    ("Ctrl-C", "drop the line; stop what runs"),
    ("Ctrl-D", "leave, on an empty line"),
    ("Ctrl-Z", "stop the program, as in a shell"),
)


def bindings(
    actions: dict[str, Callable[[KeyPressEvent], None]], search: HistorySearch
) -> KeyBindings:
    """The keys of the line being typed.

    Args:
        actions: what a function key does, by its name ("f1"); the prompt knows.
        search: of the history.
    """
    keys = KeyBindings()
    typing = has_focus("DEFAULT_BUFFER")
    searching = Condition(lambda: search.active)
    choosing = completion_is_selected & ~searching
    keys.add("enter", filter=typing & searching)(search.take)
    keys.add("c-g", filter=typing & searching)(search.give_up)
    keys.add("escape", eager=True, filter=typing & searching)(search.give_up)
    keys.add("enter", filter=typing & ~completion_is_selected & ~searching)(_enter)
    keys.add("enter", filter=typing & choosing)(_choose)
    keys.add("escape", "enter", filter=typing)(lambda e: _accept(e.current_buffer))
    keys.add("c-o", filter=typing)(lambda event: _open_line(event.current_buffer))
    keys.add("tab", filter=typing & Condition(_before_code))(_indent)
    keys.add("backspace", filter=typing & Condition(_behind_step))(_dedent)
    keys.add(Keys.BracketedPaste, filter=typing)(_paste)
    for name, action in actions.items():
        keys.add(*name.split(), filter=typing)(action)
    return keys


def _enter(event: KeyPressEvent) -> None:
    """Run what is complete; else open a line."""
    from .indent import is_complete

    buffer = event.current_buffer
    document = buffer.document
    one_line = document.line_count == 1  # which runs from anywhere in it
    at_end = not document.text_after_cursor.strip()
    text = document.text if one_line else document.text_before_cursor
    if (one_line or at_end) and is_complete(text):
        _accept(buffer)
    else:
        _open_line(buffer)


def _choose(event: KeyPressEvent) -> None:
    """Take the completion that is marked, and stay on the line."""
    event.current_buffer.complete_state = None


def _indent(event: KeyPressEvent) -> None:
    """Indent by a step."""
    buffer = event.current_buffer
    column = buffer.document.cursor_position_col
    buffer.insert_text(" " * (STEP - column % STEP))


def _dedent(event: KeyPressEvent) -> None:
    """Take back a step of indentation."""
    buffer = event.current_buffer
    column = buffer.document.cursor_position_col
    buffer.delete_before_cursor((column - 1) % STEP + 1)


def _paste(event: KeyPressEvent) -> None:
    """Insert what was pasted, all at once, without the prompts of a transcript."""
    from .transcript import stripped

    text = event.data.replace("\r\n", "\n").replace("\r", "\n")
    event.current_buffer.insert_text(stripped(text.expandtabs(STEP)))


def _accept(buffer: Buffer) -> None:
    # Trailing empty lines ended the block; they are no part of it.
    buffer.text = buffer.text.rstrip()
    buffer.validate_and_handle()


def _open_line(buffer: Buffer) -> None:
    from .indent import next_indent

    indent = next_indent(buffer.document.text_before_cursor)
    buffer.insert_text("\n" + " " * indent)


def _before_code() -> bool:
    """Whether nothing but spaces lies before the cursor on its line."""
    return not get_app().current_buffer.document.current_line_before_cursor.strip()


def _behind_step() -> bool:
    """Whether the cursor is in the indentation of its line."""
    line = get_app().current_buffer.document.current_line_before_cursor
    return bool(line) and not line.strip()
