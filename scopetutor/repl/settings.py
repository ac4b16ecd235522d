"""`:config`: look at the settings and change them, from the prompt.

`commands` has it in its table; `config` keeps the settings, `scopetutor config` changes
them from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopetutor import config

if TYPE_CHECKING:
    from .loop import Loop


def settings(loop: Loop, words: str) -> None:
    """Show the settings, or change one; colours and drawings change at once."""
    from scopetutor.render.settings import settings as drawn

    file = config.path()
    name, _, value = words.partition(" ")
    if name:
        config.known(name)
    if value:
        config.change(file, name, value.strip().strip("'\""))
        loop.config = loop.screen.config = config.load(file)
    values = loop.config._asdict()
    rows = [
        (one, config.spelt(values[one]), config.MEANINGS[one])
        for one in ([name] if name else values)
    ]
    loop.screen.show(drawn(rows, loop.screen.look, str(file)))
