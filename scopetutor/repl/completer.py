"""What the completion menu offers: names of the workspace, commands, files.

The workspace knows the live objects and answers `Complete` requests; this file turns
its answers into prompt_toolkit's, and answers for `:commands` itself. It asks in a
thread, and while somebody types only at a pause: a key comes before the menu.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app
from prompt_toolkit.completion import Completer, Completion

from scopetutor.config import choices
from scopetutor.errors import WorkspaceError
from scopetutor.render.visible import one_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from .loop import Loop

MOST = 200
PAUSE = 0.03  # seconds without a key, before the workspace is asked
META_WIDTH = 60

_NUMBER = re.compile(r"(?<![\w.])\d[\w.]*$")
_NAME = re.compile(r"[\w.]+$")


class LiveCompleter(Completer):
    """Completions from the live workspace.

    Args:
        loop: gives the loop, as soon as it is there.

    Attributes:
        signature: of the call the cursor was in at the last question, and which of its
            parameters; ("", 0) for none.
    """

    def __init__(self, loop: Callable[[], Loop]) -> None:
        self.loop = loop
        self.signature = ("", 0)

    def forget(self) -> None:
        """There is no call the cursor is in: a new line begins."""
        self.signature = ("", 0)

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """What could stand before the cursor, once there is a pause."""
        if not complete_event.completion_requested:
            await asyncio.sleep(PAUSE)
            if get_app().current_buffer.document != document:
                return  # prompt_toolkit asks again, for what stands there now
        found = await asyncio.get_running_loop().run_in_executor(
            None, lambda: list(self.get_completions(document, complete_event))
        )
        for completion in found:
            yield completion

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,
    ) -> Iterator[Completion]:
        """What could stand before the cursor."""
        text = document.text_before_cursor
        if text.lstrip().startswith(":"):
            self.signature = ("", 0)
            yield from self._of_command(text.lstrip())
            return
        if not complete_event.completion_requested and _NUMBER.search(text):
            return
        try:
            workspace = self.loop().workspace
            found = workspace.complete(document.text, document.cursor_position)
        except WorkspaceError:
            return  # it is starting, or has died: there is nothing to offer
        self.signature = (_callee(text) + found.signature, found.argument)
        if not found.signature:
            self.signature = ("", 0)
        if not complete_event.completion_requested and not _is_worth_a_menu(text):
            return
        for item in found.items[:MOST]:
            meta = item.signature or item.doc
            yield Completion(
                item.text,
                start_position=-item.replaces,
                display=one_line(item.text, META_WIDTH),
                display_meta=one_line(f"{item.kind}  {meta}".strip(), META_WIDTH),
            )

    def _of_command(self, text: str) -> Iterator[Completion]:
        name, space, rest = text[1:].partition(" ")
        if not space:
            for command in self.loop().table.commands:
                if command.name.startswith(name):
                    yield Completion(
                        command.name,
                        start_position=-len(name),
                        display=f":{command.name} {command.takes}".rstrip(),
                        display_meta=command.summary,
                    )
            return
        known = self.loop().table.by_name.get(name)
        if known is None:
            return
        offered: Sequence[str] = (
            _files(rest)
            if known.offers == "file"
            else self.loop().offered(known.offers)
        )
        setting, space, value = rest.partition(" ")
        if known.offers == "setting" and space:
            offered, rest = choices(setting), value
        for word in offered:
            if word.startswith(rest):
                yield Completion(word, start_position=-len(rest))


def _is_worth_a_menu(text: str) -> bool:
    """Whether the menu opens by itself: after a letter or a dot, and inside quotes."""
    line = text.rpartition("\n")[2]
    quoted = line.count('"') % 2 == 1 or line.count("'") % 2 == 1
    return quoted or line[-1:] in {".", "_"} or line[-1:].isalnum()


def _callee(text: str) -> str:
    """The name of the call that is open at the end of a text."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in ")]}") - (text[at] in "([{")
        if depth < 0:
            name = _NAME.search(text, 0, at)
            return name[0].rpartition(".")[2] if name else ""
    return ""


def _files(typed: str) -> list[str]:
    """The files and folders that start as typed."""
    folder, _, start = typed.rpartition("/")
    at = Path(folder or ("/" if typed.startswith("/") else ".")).expanduser()
    try:
        found = sorted(at.iterdir())
    except OSError:
        return []
    prefix = f"{folder}/" if folder or typed.startswith("/") else ""
    return [
        f"{prefix}{file.name}{'/' if file.is_dir() else ''}"
        for file in found
        if file.name.startswith(start) and (start or not file.name.startswith("."))
    ]
