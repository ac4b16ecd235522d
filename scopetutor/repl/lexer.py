"""The colours of what is typed: Python, or a command of ours.

`prompt` gives it to prompt_toolkit, whose style (`style`) names the colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.lexers import Lexer, PygmentsLexer, SimpleLexer

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples


class EntryLexer(Lexer):
    """Colours `:commands` as such and everything else as Python.

    Pygments takes 15 ms to load: until `load` has been called, all is in one colour.
    """

    def __init__(self) -> None:
        self._python: Lexer = SimpleLexer()

    def load(self) -> None:
        """Load the colours of Python."""
        from pygments.lexers.python import PythonLexer

        self._python = PygmentsLexer(PythonLexer)

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """The styled text of each line."""
        if document.text.lstrip().startswith(":"):
            return lambda line: [("class:command", document.lines[line])]
        return self._python.lex_document(document)

    def invalidation_hash(self) -> object:
        """Changes when the colours have been loaded, so that lines are drawn again."""
        return self._python
