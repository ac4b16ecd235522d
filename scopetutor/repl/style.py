"""The colours of the prompt: `render.theme` in prompt_toolkit's words.

After the theme, which knows dark, light and high contrast; before `prompt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.styles import Style

from scopetutor.render.theme import styles

if TYPE_CHECKING:
    from scopetutor.render.look import ThemeName

# What Pygments calls a piece of code: what we call its meaning.
SYNTAX = {
    "pygments.keyword": "reused",
    "pygments.keyword.namespace": "reused",
    "pygments.keyword.constant": "type",
    "pygments.literal.string": "created",
    "pygments.literal.string.doc": "created",
    "pygments.literal.number": "type",
    "pygments.comment": "quiet",
    "pygments.operator.word": "reused",
    "pygments.name.builtin": "type",
    "pygments.name.function": "scope",
    "pygments.name.class": "scope",
    "pygments.name.decorator": "type",
    "pygments.error": "",
    "command": "scope",
    "prompt": "prompt",
    "prompt.more": "quiet",
    "signature": "",
    "signature.argument": "reuse.yes",
    "auto-suggestion": "quiet",
    "matching-bracket.cursor": "scope",
    "matching-bracket.other": "scope",
}

# Menus and bars are told apart from the text by reversing, in every theme.
FIXED = {
    "bottom-toolbar": "noreverse",
    "toolbar": "reverse",
    "completion-menu": "reverse noinherit",
    "completion-menu.completion": "reverse",
    "completion-menu.completion.current": "noreverse bold underline",
    "completion-menu.meta.completion": "reverse",
    "completion-menu.meta.completion.current": "noreverse bold",
    "pane.title": "reverse",
    "pane.line": "",
    "pane.current": "reverse",
}


def prompt_style(theme: ThemeName) -> Style:
    """The style sheet of the prompt."""
    meanings = styles(theme)
    rules = {name: _rule(meanings.get(what, "")) for name, what in SYNTAX.items()}
    return Style.from_dict({**rules, **FIXED})


def _rule(style: str) -> str:
    """A Rich style as prompt_toolkit has it: its 16 colours are called ansi…."""
    named = {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
    return " ".join(f"ansi{word}" if word in named else word for word in style.split())
