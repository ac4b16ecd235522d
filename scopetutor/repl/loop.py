"""Read an entry, run it, show what came of it, again.

`start` makes a `Loop` and lets it `talk` (to a terminal) or `work_off` (a pipe, a file
or `-c`). The workspace runs the learner's code in a process of its own; what it says
goes through `render` to the `screen`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopetutor.errors import ScopetutorError, UsageError
from scopetutor.render.visible import one_line

from . import commands
from .commands import Leave
from .meant import instead, meant
from .running import Running
from .transcript import without_magics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scopetutor.config import Config
    from scopetutor.render.marks import Mark
    from scopetutor.snapshot import Snapshot
    from scopetutor.workspace.client import Workspace
    from scopetutor.workspace.protocol import Output, Ran

    from .plain_prompt import PlainPrompt
    from .prompt import Prompt
    from .screen import Screen

FINE, FAILED = 0, 1


class Loop:
    """The conversation with one workspace.

    Args:
        workspace: runs the learner's code; it may still be starting.
        screen: where everything is shown.
        config: the user's settings.

    Attributes:
        table: the commands there are.
        failed: whether an entry raised an error.
        prompt: reads from a terminal; None while working off a text.
        begin_with: what stands on the first line already, to be run or changed.
    """

    table = commands.REPL

    def __init__(self, workspace: Workspace, screen: Screen, config: Config) -> None:
        self.workspace = workspace
        self.screen = screen
        self.config = config
        self.running = Running(screen, workspace.interrupt)
        self.failed = False
        self._marks: dict[int, Mark] = {}
        self.prompt: Prompt | PlainPrompt | None = None
        self.begin_with = ""

    # -- the two ways to be fed ------------------------------------------------------

    def talk(self, prompt: Prompt | PlainPrompt, first: str | None = None) -> int:
        """Read entries until the user leaves; the exit code.

        Args:
            prompt: reads them.
            first: an entry that has been read already.
        """
        self.prompt = prompt
        self._refresh()
        text = first
        while True:
            try:
                if text is not None:
                    self.submit(text)
                self.screen.fresh_line()
                text = self.read(prompt)
            except KeyboardInterrupt:
                text = None
            except EOFError:
                return FINE
            except Leave as leave:
                return leave.code

    def read(self, prompt: Prompt | PlainPrompt) -> str:
        """The next entry."""
        default, self.begin_with = self.begin_with, ""
        return prompt.read(default=default)

    def work_off(self, entries: Iterable[str]) -> int:
        """Run entries one after the other; the exit code."""
        for text in entries:
            try:
                self.submit(text)
            except Leave as leave:
                return leave.code
        return FAILED if self.failed else FINE

    # -- one entry -------------------------------------------------------------------

    def submit(self, text: str) -> None:
        """Do what was typed: a command, a question about a name, or Python.

        Raises:
            Leave: if it is time to go.
        """
        line = instead(text.strip(), self.workspace.snapshot.names)
        if line:
            self.screen.record.begin(text.rstrip())
        if line.startswith(":"):
            self.guarded(lambda: self.table.run(self, line))
        elif name := asked(line):
            self.guarded(lambda: self.tell_about(name, source=line.endswith("??")))
        elif line:
            self.guarded(lambda: self.run(text))

    def guarded(self, deed: Callable[[], None]) -> None:
        """Do something; what cannot be done is said, and the loop goes on."""
        try:
            deed()
        except ScopetutorError as error:
            self.complain(error)
        finally:
            self._refresh()

    def run(self, text: str) -> None:
        """Run Python and show what it printed, gave, changed and raised."""
        code, left_out = without_magics(text)
        for line in left_out:
            self.say(f"left out, being no Python: {line}")
        before = self.workspace.snapshot
        with self.running:
            ran = self.workspace.run(code, on_output=self._printed)
        self.show(self._with_meant(ran, code), before)

    def _with_meant(self, ran: Ran, code: str) -> Ran:
        """With what may have been meant, if it is no Python."""
        error = ran.error
        told = meant(code, error.type, self.table) if error is not None else ""
        if error is None or not told:
            return ran
        from msgspec.structs import replace

        return replace(ran, error=replace(error, hint=told))

    def run_file(self, file: Path) -> None:
        """Run a file as one entry, under its own name.

        Raises:
            UsageError: if it cannot be read.
            ScriptError: if it is no text.
        """
        from scopetutor.legacy.script import text_of

        text = text_of(str(file))
        before = self.workspace.snapshot
        with self.running:
            ran = self.workspace.run(text, name=str(file), on_output=self._printed)
        self.show(ran, before)

    def offered(self, kind: str) -> list[str]:
        """The words that could follow a command, by what its table entry offers."""
        snapshot = self.workspace.snapshot
        graph = snapshot.here.graph
        if kind == "variable":
            return [v.op_name for v in snapshot.variables.values() if v.graph == graph]
        if kind == "name":
            return [*self.offered("variable"), *snapshot.names, *self.offered("scope")]
        if kind == "scope":
            return [name for of, name in snapshot.scopes if of == graph and name]
        if kind == "operation":
            return [name for of, name in snapshot.ops if of == graph]
        if kind == "command":
            return list(self.table.by_name)
        if kind == "setting":
            return list(self.config._fields)
        if kind == "card":
            from scopetutor.evaluator.cards import all_cards

            return list(all_cards())
        return []

    def move(self, step: Callable[[], Ran]) -> None:
        """Go to another moment and show what is different there."""
        before, moment = self.workspace.snapshot, self.workspace.moment
        with self.running:
            ran = step()
        if ran.sentence:
            self.say(ran.sentence)
        elif ran.moment == moment:
            self.say(f"this is moment {moment} already")
        else:
            self.say(f"moment {ran.moment}")
        self._show_change(ran, before)

    def tell_about(self, name: str, *, source: bool = False) -> None:
        """Show what is known of a name."""
        from scopetutor.render.inspection import inspection

        view = self.workspace.inspect(name)
        self.screen.show(inspection(name, view, self.screen.look, source=source))

    # -- showing ---------------------------------------------------------------------

    def show(self, ran: Ran, before: Snapshot) -> None:
        """Show how an entry ended.

        Raises:
            Leave: if the entry asked to leave.
        """
        if ran.lost_output:
            self.say(f"{ran.lost_output:,} further characters were printed and dropped")
        if ran.shown is not None:
            self.screen.write(f"{ran.shown}\n")
        self._show_change(ran, before)
        if ran.error is not None:
            self._show_error(ran)
        if ran.sentence:
            self.say(ran.sentence)
        self.conclude(ran)

    def conclude(self, ran: Ran) -> None:
        """Remember whether an entry failed, and leave if it asked to.

        Raises:
            Leave: if it did.
        """
        if ran.ending not in {"ok", "exit"}:
            self.failed = True
        if ran.ending == "exit":
            raise Leave(ran.code)

    def say(self, sentence: str) -> None:
        """Show a sentence of ours."""
        from rich.text import Text

        from scopetutor.render.wrap import hanging

        line = one_line(sentence)
        drawn = hanging("  ", line, self.screen.look.width, style="quiet")
        self.screen.show(drawn if line else Text(""))

    def complain(self, error: ScopetutorError) -> None:
        """Show what could not be done, and what to try."""
        from scopetutor.render.complaint import complaint

        if self.prompt is None or not isinstance(error, UsageError):
            self.failed = True
        self.screen.show(complaint(error, self.screen.look), to=self.screen.err)

    def _printed(self, output: Output) -> None:
        self.screen.write(output.text, output.stream)

    def _show_change(self, ran: Ran, before: Snapshot) -> None:
        if not self.config.changes:
            return
        from scopetutor.render.change import change, marks_of
        from scopetutor.snapshot import compare

        after = self.workspace.snapshot
        self._marks = marks_of(compare(before, after))
        drawn = change(before, after, ran.delta.deeds, self.screen.look)
        if drawn is not None:
            self.screen.show(drawn)

    def _show_error(self, ran: Ran) -> None:
        from scopetutor.render.error import error

        assert ran.error is not None
        tries = self.workspace.why("").tries if ran.error.card else ()
        drawn = error(ran.error, self.screen.look, tries)
        self.screen.show(drawn, to=self.screen.err)

    def _refresh(self) -> None:
        """Let the prompt know where the workspace is now."""
        if self.prompt is not None:
            self.prompt.state.snapshot = self.workspace.snapshot
            self.prompt.state.moment = self.workspace.moment
            self.prompt.state.marks = self._marks


def asked(line: str) -> str:
    """The name in `name?`, `name??` or `?name`; "" if this is no question."""
    if "\n" in line:
        return ""
    name = line.strip("?").strip()
    return name if name and (line.endswith("?") or line.startswith("?")) else ""
