"""A workspace, for the process with the prompt: run, interrupt, go back and forth.

`Workspace.run` tells the story of an entry. `head` has the process it runs in, the
order of moments is the business of `timeline`, what is said of a bad end that of
`endings`; what the learner typed is on disk through `journal` before it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from scopetutor.errors import WorkspaceError
from scopetutor.snapshot import Change, Delta, Snapshot, compare

from . import endings, journal, protocol, story
from .head import Head
from .journal import Journal
from .options import Options, way_for
from .protocol import (
    Check,
    Checks,
    Complete,
    Completions,
    Explained,
    Hello,
    Inspect,
    Inspected,
    Look,
    Looked,
    Ran,
    Reason,
    Tell,
    Why,
)
from .timeline import Moment, Timeline
from .worker import ANSWER_TIME, DiedError, StoppedError, Watch, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from .worker import OnOutput

__all__ = ["Options", "Workspace"]
TYPING_TIME = 3.0
"""Seconds that an answer may take while somebody types and waits for it."""
MOST_SNAPSHOTS = 64


class Workspace:
    """The learner's program in a process of its own, and all its moments.

    Args:
        options: what it is allowed.
        timeline: its moments, if it has some already.

    Attributes:
        options, timeline: the same.
        entropy: where its random numbers without a seed begin.
    """

    def __init__(
        self, options: Options | None = None, timeline: Timeline | None = None
    ) -> None:
        self.options = options or Options()
        self.timeline = timeline or Timeline()
        entropy = self.options.entropy
        self.entropy = secrets.randbits(64) if entropy is None else entropy
        self._lock = threading.RLock()
        self._head = Head(self.options, self.timeline)
        self._died_at = -1  # the moment at which the last entry died, if it did
        self._snapshots: OrderedDict[int, Snapshot] = OrderedDict({0: Snapshot()})
        self._snapshot = Snapshot()
        self._closed = False
        kept = self.options.journal
        self._journal = None if kept is None else Journal(kept)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="workspace")

    # -- its life --------------------------------------------------------------

    @classmethod
    def resume(cls, path: Path, options: Options | None = None) -> Self:
        """The workspace of a journal, which goes on; its entries run when needed.

        Raises:
            UsageError: there is no such journal, or it cannot be read.
        """
        told = story.read(path)
        options = replace(options or Options(), journal=path)
        if told.began is not None:
            began_in = Path(told.began.folder)
            options = replace(
                options,
                entropy=told.began.entropy,
                folder=began_in if began_in.is_dir() else options.folder,
            )
        resumed = cls(options, told.timeline)
        resumed._head.note(*endings.left_out(told))
        return resumed

    def start(self) -> None:
        """Starts the process; returns at once, it loads in the background.

        Raises:
            UsageError: another terminal has this workspace open.
        """
        with self._lock:
            if self._closed:
                raise WorkspaceError("the workspace is closed")
            if not self._head.has_begun:
                if self._journal is not None:
                    self._journal.open(
                        journal.Began(
                            journal.VERSION,
                            self.entropy,
                            str(self.options.folder),
                            time.time(),
                        )
                    )
                self._head.begin(way_for(self.options, self.entropy))
            if self._head.worker is None and self.timeline.current == 0:
                self._head.worker = self._head.way.thaw(0)

    def close(self) -> None:
        """Ends all its processes."""
        with self._lock:
            self._closed = True
            self._threads.shutdown(wait=False)
            self._head.close()
            if self._journal is not None:
                self._journal.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- what it is now --------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """What the program has made by now."""
        return self._snapshot

    @property
    def moment(self) -> int:
        """The number of the present moment."""
        return self.timeline.current

    @property
    def hello(self) -> Hello | None:
        """What the process said when it was ready; None until then."""
        worker = self._head.worker
        return None if worker is None else worker.hello

    def protections(self) -> tuple[str, ...]:
        """What confines the process, which must run to tell."""
        with self._lock:
            hello = self._ready_head().hello
            return () if hello is None else hello.protections

    # -- running ---------------------------------------------------------------

    def run(
        self,
        text: str,
        *,
        origin: Literal["learner", "lesson"] = "learner",
        on_output: OnOutput | None = None,
        name: str = "",
        limit: float | None = None,
    ) -> Ran:
        """Evaluates an entry; comes back whatever it does.

        Args:
            text: Python source.
            origin: who wrote it.
            on_output: is given what it prints, while it runs.
            name: what tracebacks call the code, for a file.
            limit: seconds it may take instead of `options.time_limit`.

        Raises:
            WorkspaceError: the workspace could not be started at all.
        """
        text = text.encode("utf-8", "backslashreplace").decode()  # lone surrogates
        with self._head.stopping.allowed(), self._lock:
            try:
                self._rouse_head()
            except StoppedError:
                return self._without_entry(endings.NOT_BEGUN, "interrupted")
            number, entry = self.timeline.next_numbers(origin)
            moment = Moment(number, self.moment, text, entry, origin, name)
            watch = self._head.watch(on_output, limit)
            if self._journal is not None:
                self._journal.entered(moment)
            try:
                ran = self._run_at_head(moment, watch)
            except StoppedError:
                return self._after_nothing(moment)
            except DiedError as died:
                return self._after_death(moment, watch, died)
            return self._after(moment, watch, ran)

    async def run_async(self, text: str, **how: Any) -> Ran:
        """`run` without holding up the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self.run(text, **how))

    def interrupt(self) -> None:
        """Stops what is running, as Ctrl-C does; again: ends it at once.

        What has not begun, as the process is still getting ready, does not begin.
        May be called from any thread and from a signal handler.
        """
        self._head.stopping.interrupt()

    def tidy(self) -> None:
        """Does what can wait until nobody waits for an answer."""
        if self._head.has_begun and self._lock.acquire(blocking=False):
            try:
                self._head.way.take_stock()
            finally:
                self._lock.release()

    def _run_at_head(self, moment: Moment, watch: Watch) -> Ran:
        """Lets the head run the entry of a moment, even while it still wakes up."""
        worker = self._head.worker
        assert worker is not None
        try:
            return self._head.run_in(worker, moment, watch)
        except DiedError:
            if worker.hello is not None or watch.stopped_for == "interrupted":
                raise
        self._head.drop()  # it did not wake up, so the entry has not begun
        watch.stopped_for = None
        return self._head.run_in(self._ready_head(), moment, watch)

    def _after(self, moment: Moment, watch: Watch, ran: Ran) -> Ran:
        """Takes in what an entry did."""
        ending = ran.ending
        sentence = ""
        if ending == "interrupted" or watch.stopped_for is not None:
            ending, sentence = endings.stopped(watch.stopped_for, watch.limit)
        elif ending == "exit":
            sentence = "The entry asks to leave."
        if ran.started_processes:
            ended = self._head.way.end_strays()
            if ended:
                sentence = f"{sentence} {endings.ended_processes(ended)}".strip()
        moment = msgspec.structs.replace(moment, ending=ending, seconds=ran.seconds)
        told = [self._head.noted(), sentence, self._kept(moment)]
        sentence = " ".join(filter(None, told))
        ran = msgspec.structs.replace(
            ran, ending=ending, sentence=sentence, lost_output=watch.lost
        )
        self.timeline.add(moment)
        self._died_at = -1
        self._remember(self._snapshot.after(ran.delta))
        return ran

    def _after_death(self, moment: Moment, watch: Watch, died: DiedError) -> Ran:
        """Goes back to the moment before an entry that the process did not survive."""
        self._head.drop()
        ending, sentence = endings.ended(died, self.options, watch.limit)
        moment = msgspec.structs.replace(moment, ending=ending)
        self.timeline.add_failed(moment)
        kept = self._kept(moment, lost=True)
        sentence = self._left_threads(died) or sentence
        self._head.stopping.is_stopped = False  # that was for the entry
        with contextlib.suppress(StoppedError):  # then the next entry sets out
            self._set_out()
        sentence = " ".join(filter(None, [sentence, self._head.noted(), kept]))
        ran = self._without_entry(sentence, ending)
        return msgspec.structs.replace(ran, entry=moment.entry, lost_output=watch.lost)

    def _left_threads(self, died: DiedError) -> str:
        """Goes back before a thread with which no entry survives; says so if it does.

        One entry that dies may be to blame itself, two one after the other are not.
        """
        here, before = self.moment, self._died_at
        self._died_at = here if died.cause in ("died", "timeout") else -1
        if here not in self._head.threads or not here == before == self._died_at:
            return ""
        path = self.timeline.path(here)
        while path[-1].parent in self._head.threads:
            path.pop()
        self._move_to(path[-1].parent)
        thread = f"A thread of {endings.called(path[-1]).lower()}"
        return (
            f"{thread} seems to end what comes after it, so this is moment "
            f"{self.moment}, before it (:redo goes there again)."
        )

    def _after_nothing(self, moment: Moment) -> Ran:
        """Notes that an entry was stopped before it began."""
        moment = msgspec.structs.replace(moment, ending="interrupted")
        self.timeline.add_failed(moment)
        kept = self._kept(moment, lost=True)
        return self._without_entry(f"{endings.NOT_BEGUN} {kept}".strip(), "interrupted")

    def _without_entry(self, sentence: str, ending: protocol.Ending = "ok") -> Ran:
        """What is said where no entry has led to."""
        return Ran(
            0,
            self.moment,
            ending,
            sentence=sentence,
            delta=_everything(self._snapshot),
            whole=True,
        )

    def _kept(self, moment: Moment, *, lost: bool = False) -> str:
        """Writes the ending down; a sentence if that could not be done."""
        if self._journal is None:
            return ""
        self._journal.ended(moment, lost=lost)
        return self._journal.news()

    # -- going to other moments ------------------------------------------------

    def undo(self, n: int = 1) -> Ran:
        """Goes back by so many entries.

        Raises:
            UsageError: there are not so many.
        """
        return self.go_to(self.timeline.back(n))

    def redo(self, n: int = 1) -> Ran:
        """Goes forth again by so many entries, on the line that was left.

        Raises:
            UsageError: there are not so many.
        """
        return self.go_to(self.timeline.forth(n))

    def go_to(self, moment: int) -> Ran:
        """Goes to a moment of any line.

        Raises:
            UsageError: there is none of this number.
        """
        with self._head.stopping.allowed(), self._lock:
            self.timeline[moment]
            left = self.moment
            self._move_to(moment)
            try:
                self._set_out()
            except StoppedError:
                self._move_to(left)
                told = endings.on_the_way(moment, left)
                return self._without_entry(told, "interrupted")
            return self._without_entry(self._head.noted())

    def _move_to(self, moment: int) -> None:
        """Makes another moment the present one, without a head so far."""
        if moment == self.moment:
            return
        self._head.let_go()
        self.timeline.go_to(moment)
        if self._journal is not None:
            self._journal.went(moment)

    def diff(self, a: int, b: int | None = None) -> Change:
        """What is different at moment `b` (the present one) from moment `a`."""
        with self._lock:
            there = self._snapshot if b is None else self.snapshot_at(b)
            return compare(self.snapshot_at(a), there)

    def fork(self) -> Workspace:
        """A second workspace that begins at the present moment of this one."""
        with self._lock:
            self.start()
            options = replace(self.options, journal=None, entropy=self.entropy)
            other = Workspace(options, self.timeline.copy())
            other._head.begin(self._head.way.another(self.moment))
            other._remember(self._snapshot)
            return other

    def _set_out(self) -> None:
        """Sees to a worker at the present moment; if that is quick, nobody waits.

        Raises:
            StoppedError: somebody does not want to wait.
        """
        self.start()
        self._head.look_after()
        known = self._snapshots.get(self.moment)
        if self._head.worker is None and known is not None:
            self._head.worker = self._head.way.thaw(self.moment)
        if self._head.worker is None or known is None:
            self._ready_head()
        else:
            self._remember(known)

    def _rouse_head(self) -> None:
        """Sees to a head that is ready, or has only to wake up."""
        self._set_out()
        worker = self._head.worker
        assert worker is not None
        if worker.hello is None and self.moment not in self._head.way.kept():
            self._ready_head()

    def _ready_head(self) -> Worker:
        """A worker at the present moment, ready to run."""
        self.start()
        self._head.look_after()
        worker = self._head.worker
        if worker is None or worker.hello is None:
            self._head.worker = worker = self._head.reach(self.moment, worker)
            self._remember(self._snapshot_of(worker, self.moment))
        return worker

    # -- asking ----------------------------------------------------------------

    def check(
        self, asserts: Iterable[str], *, on_output: OnOutput | None = None
    ) -> Checks:
        """Evaluates assertions against the learner's names; nothing changes by that.

        Args:
            asserts: Python statements.
            on_output: is given what they print.
        """
        with self._head.stopping.allowed(), self._lock:
            try:
                worker = self._for_a_check()
                return self._check_in(worker, tuple(asserts), on_output)
            except StoppedError:
                return Checks(0, ending="interrupted", sentence=endings.NOT_BEGUN)

    def _for_a_check(self) -> Worker:
        """A copy of the head if its moment sleeps; else the head itself."""
        head = self._ready_head()
        sleeps = self.moment in self._head.way.kept()
        return (self._head.awake(self.moment) if sleeps else None) or head

    def _check_in(
        self, worker: Worker, asserts: tuple[str, ...], on_output: OnOutput | None
    ) -> Checks:
        """Lets a worker evaluate assertions; what they changed is made undone."""
        watch = self._head.watch(on_output, None)
        watch.uses_too_much = self._head.way.uses_too_much(worker)
        changed = False
        try:
            with self._head.stopping.at_work(worker):
                reply = worker.run(Check(worker.next_id(), asserts), watch)
            checks = reply if isinstance(reply, Checks) else Checks(0)
            changed = checks.changed
        except DiedError as died:
            ending, sentence = endings.ended(died, self.options, watch.limit)
            checks = Checks(0, ending=ending, sentence=sentence)
            changed = True
        finally:
            self._end_copy(worker, changed=changed)
        return checks

    def _end_copy(self, worker: Worker, *, changed: bool) -> None:
        """Ends a worker that is a copy of the head, or the head if it is spoilt."""
        if worker is not self._head.worker:
            self._head.way.end(worker)
        elif changed:
            self._head.drop()

    def complete(self, text: str, cursor: int | None = None) -> Completions:
        """What could be typed at a place of a text; nothing while an entry runs."""
        cursor = len(text) if cursor is None else cursor
        reply = self._ask(lambda number: Complete(number, text, cursor), TYPING_TIME)
        return reply if isinstance(reply, Completions) else Completions(id=0)

    def inspect(self, text: str) -> Inspected:
        """Signature, documentation and state of what an expression names."""
        reply = self._ask(lambda number: Inspect(number, text), TYPING_TIME)
        return reply if isinstance(reply, Inspected) else Inspected(id=0, found=False)

    def why(self, name: str = "") -> Explained:
        """How a name came about; without one, how the last error did."""
        reply = self._ask(lambda number: Why(number, name))
        if isinstance(reply, Explained):
            return reply
        busy = Reason("The workspace is busy; ask again when the entry has ended.")
        return Explained(id=0, subject=name, reasons=(busy,))

    def look(self, what: protocol.LookedAt, start: int = 0) -> Looked:
        """A closer look than the snapshot gives; see `protocol.Look`."""
        reply = self._ask(lambda number: Look(number, what, start))
        return reply if isinstance(reply, Looked) else Looked(0)

    def _ask(
        self,
        request: Callable[[int], protocol.Request],
        time_limit: float = ANSWER_TIME,
    ) -> protocol.Reply | None:
        """The answer to a question; None while an entry runs."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            head = self._ready_head()
            return head.ask(request(head.next_id()), time_limit)
        except StoppedError:
            return None
        except DiedError:
            self._head.drop()
            return None
        finally:
            self._lock.release()

    # -- snapshots -------------------------------------------------------------

    def _remember(self, snapshot: Snapshot) -> None:
        self._snapshot = self._snapshots[self.moment] = snapshot
        self._snapshots.move_to_end(self.moment)
        while len(self._snapshots) > MOST_SNAPSHOTS:
            self._snapshots.popitem(last=False)

    def _snapshot_of(self, worker: Worker, moment: int) -> Snapshot:
        known = self._snapshots.get(moment)
        if known is not None:
            return known
        told = worker.ask(Tell(worker.next_id()))
        if not isinstance(told, Ran):
            raise WorkspaceError("the workspace process does not say what it has")
        return Snapshot().after(told.delta)

    def snapshot_at(self, moment: int) -> Snapshot:
        """The snapshot of any moment; asks for it if it is not remembered.

        Raises:
            UsageError: there is no such moment.
        """
        with self._lock:
            self.timeline[moment]
            known = self._snapshots.get(moment)
            if known is not None:
                return known
            self.start()
            worker = self._head.reach(moment)
            try:
                return self._snapshot_of(worker, moment)
            finally:
                self._head.way.end(worker)


def _everything(snapshot: Snapshot) -> Delta:
    """A snapshot as a delta from nothing."""
    return Delta(
        variables=tuple(snapshot.variables.values()),
        ops=tuple(snapshot.ops.values()),
        scopes=tuple(snapshot.scopes.values()),
        sessions=tuple(snapshot.sessions.values()),
        graphs=tuple(snapshot.graphs.values()),
        names=tuple(snapshot.names.values()),
        here=snapshot.here,
        hidden_variables=snapshot.hidden_variables,
        hidden_ops=snapshot.hidden_ops,
    )
