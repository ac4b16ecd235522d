"""What happened to a thing, as a sign before its name and as a word instead of it.

Before `outline` and all that draws changes. It loads nothing, since the prompt's pane
and state need the marks before Rich is there.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Mark: TypeAlias = Literal[
    "", "created", "reused", "initialized", "assigned", "gone", "here", "folded"
]

SIGNS: dict[Mark, str] = {
    "": "",
    "created": "+",
    "reused": "=",
    "initialized": "*",
    "assigned": "~",
    "gone": "-",
    "here": ">",
    "folded": ">",
}
"""One character for each mark. Plain drawings say the word instead."""

WORDS: dict[Mark, str] = {
    "": "",
    "created": "new",
    "reused": "found again",
    "initialized": "initialized",
    "assigned": "assigned",
    "gone": "gone",
    "here": "here:",
    "folded": "",
}
