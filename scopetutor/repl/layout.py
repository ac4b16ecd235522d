"""Where things stand on the screen: the line, its menu, the bars, the tree beside them.

`prompt` fills it. prompt_toolkit's own layout has everything a prompt may ever want,
and all of it is measured at every key; this one has what ours shows and nothing else,
which halves the time from a key to the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition, has_arg, has_focus, is_done
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    Dimension,
    DynamicContainer,
    Float,
    FloatContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    VSplit,
    Window,
)
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.layout.processors import (
    AppendAutoSuggestion,
    ConditionalProcessor,
    DisplayMultipleCursors,
    HighlightIncrementalSearchProcessor,
    HighlightMatchingBracketProcessor,
    HighlightSelectionProcessor,
)
from prompt_toolkit.widgets import SearchToolbar

from .pane import PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.layout.controls import GetLinePrefixCallable
    from prompt_toolkit.lexers import Lexer
    from prompt_toolkit.shortcuts.prompt import PromptSession

    from .pane import TreePane
    from .toolbar import Fragments

BESIDE = 90  # columns from which the tree stands beside the prompt, not below it
MENU_ROWS = 8  # kept free below the line, so that it does not jump when the menu opens


class Parts(NamedTuple):
    """What is to be shown.

    Attributes:
        prefix: what stands before each line that is typed.
        lexer: colours what is typed.
        offers: whether a menu may open by itself.
        signature: of the call the cursor is in; empty for none.
        toolbar: the last line.
        pane: the tree.
    """

    prefix: GetLinePrefixCallable
    lexer: Lexer
    offers: Callable[[], bool]
    signature: Callable[[], Fragments]
    toolbar: Callable[[], Fragments]
    pane: TreePane


def lay_out(session: PromptSession[str], parts: Parts) -> Layout:
    """The layout of a session, with the focus on the line being typed."""
    typing = ~is_done
    search = SearchToolbar(session.search_buffer)
    line = _line(session.default_buffer, search, parts)
    below = Condition(lambda: parts.pane.shown and columns() < BESIDE)
    calling = Condition(lambda: bool(parts.signature()))
    rows = HSplit(
        [
            FloatContainer(line, [_menu(session.default_buffer)]),
            ConditionalContainer(_bar(_repeat, "class:arg-toolbar"), has_arg),
            ConditionalContainer(search, typing),
            ConditionalContainer(_tree(parts.pane), below & typing),
            ConditionalContainer(_bar(parts.signature), calling & typing),
            ConditionalContainer(_bar(parts.toolbar, "class:toolbar"), typing),
        ]
    )
    divider = Window(width=1, char="│", style="class:pane.line")
    beside = VSplit([rows, divider, _tree(parts.pane, most=None)])

    def whole() -> HSplit | VSplit:
        wide = parts.pane.shown and columns() >= BESIDE and not get_app().is_done
        return beside if wide else rows

    return Layout(DynamicContainer(whole), focused_element=line)


def columns() -> int:
    """How wide the screen is."""
    return get_app().output.get_size().columns


def _line(buffer: Buffer, search: SearchToolbar, parts: Parts) -> Window:
    suggesting = has_focus(buffer) & ~is_done
    control = BufferControl(
        buffer,
        input_processors=[
            HighlightIncrementalSearchProcessor(),
            HighlightSelectionProcessor(),
            DisplayMultipleCursors(),
            HighlightMatchingBracketProcessor(chars="()[]{}"),
            ConditionalProcessor(AppendAutoSuggestion(), suggesting),
        ],
        include_default_input_processors=False,
        lexer=parts.lexer,
        preview_search=True,
        search_buffer_control=search.control,
    )

    def height() -> Dimension:
        menu = buffer.complete_state is not None or parts.offers()
        room = menu and not get_app().is_done
        return Dimension(min=MENU_ROWS) if room else Dimension()

    return Window(control, height=height, get_line_prefix=parts.prefix, wrap_lines=True)


def _menu(buffer: Buffer) -> Float:
    rows = CompletionsMenu(
        max_height=16, scroll_offset=1, extra_filter=has_focus(buffer)
    )
    return Float(rows, xcursor=True, ycursor=True, transparent=True)


def _tree(pane: TreePane, most: int | None = PAGE) -> HSplit:
    """The tree with its title, of at most so many rows."""

    def width() -> Dimension:
        wide = columns()
        return Dimension.exact(wide * 2 // 5 if wide >= BESIDE else wide)

    rows = Dimension(min=1, preferred=PAGE, max=most)
    title = _bar(pane.title, "class:pane.title")
    return HSplit([title, Window(pane, height=rows)], width=width)


def _repeat() -> Fragments:
    """How often the next key counts, as typed before it."""
    return [("", f"Repeat: {get_app().key_processor.arg}")]


def _bar(content: Callable[[], Fragments], style: str = "") -> Window:
    """One line across the screen."""
    control = FormattedTextControl(lambda: FormattedText(content()))
    return Window(control, height=1, dont_extend_height=True, style=style)
