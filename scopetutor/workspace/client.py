"""A workspace, for the process with the prompt: run, interrupt, go back and forth.

`Workspace.run` tells the story of an entry. Processes are the business of `ways` and
`worker`, the order of moments that of `timeline`; what the learner typed is on disk
through `journal` before it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from scopetutor.errors import WorkspaceError
from scopetutor.snapshot import Change, Delta, Snapshot, compare

from . import journal, protocol, scratch, story, transport
from .journal import Journal
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
    Run,
    Tell,
    Why,
)
from .settings import Settings, size_text
from .timeline import Moment, Timeline
from .ways import Forking, Nest, Replaying, Way
from .worker import ANSWER_TIME, DiedError, StoppedError, Watch, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from .worker import Cause, OnOutput

BOOT_TIME = 60.0
"""Seconds that loading may take, on a machine that is busy with something else."""
THAW_TIME = 5.0
REPLAY_TIME = 600.0
TYPING_TIME = 3.0
"""Seconds that an answer may take while somebody types and waits for it."""
_NOT_BEGUN = "Stopped before it began."
MOST_SNAPSHOTS = 64
MOST_REPEATED_KEPT = 12
"""Moments that are kept on the way when entries are run again."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a workspace is allowed, and where it is.

    Attributes:
        time_limit: seconds an entry may take; None or 0: any number.
        memory_limit: bytes an entry may take; 0: as many as there are.
        output_limit: characters of an entry's output that are passed on.
        grace: seconds between asking an entry to stop and ending it.
        allow_files: folders in which files may be written.
        allow_network: whether sockets may be opened.
        strict: whether the code is somebody else's: it may read no file of the folder.
        folder: where the learner's files are.
        journal: the file that entries are written to; None: none.
        way: how moments are come by; "auto": the best the system can do.
        entropy: where random numbers without a seed begin; None: the system's.
        confined: whether the system's protections are used.
        follow: whether each line that runs is noted among the deeds of its entry.
    """

    time_limit: float | None = 60.0
    memory_limit: int = 2 << 30
    output_limit: int = 1_000_000
    grace: float = 1.0
    allow_files: tuple[Path, ...] = ()
    allow_network: bool = False
    strict: bool = False
    folder: Path = field(default_factory=Path.cwd)
    journal: Path | None = None
    way: Literal["auto", "fork", "replay"] = "auto"
    entropy: int | None = None
    confined: bool = True
    follow: bool = False


class Workspace:
    """The learner's program in a process of its own, and all its moments.

    Attributes:
        options: what it is allowed.
        timeline: its moments.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.timeline = Timeline()
        self.entropy = _entropy(self.options)
        self._lock = threading.RLock()
        self._way: Way | None = None
        self._head: Worker | None = None
        self._busy: Worker | None = None  # with something that may be interrupted
        self._is_asked = False  # for something that may be interrupted
        self._is_stopped = False
        self._threaded: set[int] = set()  # moments at which threads of it go on
        self._died_at = -1  # the moment at which the last entry died, if it did
        self._notes: list[str] = []  # what went wrong on the way to a moment
        self._snapshots: OrderedDict[int, Snapshot] = OrderedDict({0: Snapshot()})
        self._snapshot = Snapshot()
        self._closed = False
        self._journal = _journal(self.options)
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
        resumed = cls(options)
        resumed.timeline = told.timeline
        resumed._notes += _left_out(told)
        return resumed

    def start(self) -> None:
        """Starts the process; returns at once, it loads in the background.

        Raises:
            UsageError: another terminal has this workspace open.
        """
        with self._lock:
            if self._closed:
                raise WorkspaceError("the workspace is closed")
            if self._way is None:
                if self._journal is not None:
                    self._journal.open(
                        journal.Began(
                            journal.VERSION,
                            self.entropy,
                            str(self.options.folder),
                            time.time(),
                        )
                    )
                self._way = _way(self.options, self.entropy)
            if self._head is None and self.timeline.current == 0:
                self._head = self._way.thaw(0)

    def close(self) -> None:
        """Ends all its processes."""
        with self._lock:
            self._closed = True
            self._threads.shutdown(wait=False)
            if self._way is not None:
                self._way.close()
            self._way = self._head = None
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
        head = self._head
        return None if head is None else head.hello

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
        with self._stoppable(), self._lock:
            try:
                self._rouse_head()
            except StoppedError:
                return self._without_entry(_NOT_BEGUN, "interrupted")
            number, entry = self.timeline.next_numbers(origin)
            moment = Moment(number, self.moment, text, entry, origin, name)
            watch = self._watch(on_output, limit)
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
        self._is_stopped = self._is_asked
        busy = self._busy
        if busy is not None:
            busy.interrupt()

    @contextlib.contextmanager
    def _stoppable(self) -> Iterator[None]:
        """Around what may be interrupted, from before it has a worker."""
        self._is_asked, self._is_stopped = True, False
        try:
            yield
        finally:
            self._is_asked = self._is_stopped = False

    @contextlib.contextmanager
    def _at_work(self, worker: Worker) -> Iterator[None]:
        """Around a wait for a worker, which an interrupt may cut short."""
        worker.take_up()
        self._busy = worker
        if self._is_stopped:
            worker.interrupt()
        try:
            yield
        finally:
            self._busy = None

    def tidy(self) -> None:
        """Does what can wait until nobody waits for an answer."""
        if self._way is not None and self._lock.acquire(blocking=False):
            try:
                self._way.take_stock()
            finally:
                self._lock.release()

    def _watch(self, on_output: OnOutput | None, limit: float | None) -> Watch:
        limit = self.options.time_limit if limit is None else limit
        return Watch(
            limit=limit or 0.0,
            grace=self.options.grace,
            output=self.options.output_limit,
            on_output=on_output,
        )

    def _run_at_head(self, moment: Moment, watch: Watch) -> Ran:
        """Lets the head run the entry of a moment, even while it still wakes up."""
        assert self._head is not None
        try:
            return self._run_in(self._head, moment, watch)
        except DiedError:
            if self._head.hello is not None or watch.stopped_for == "interrupted":
                raise
        self._drop_head()  # it did not wake up, so the entry has not begun
        watch.stopped_for = None
        return self._run_in(self._ready_head(), moment, watch)

    def _run_in(
        self, worker: Worker, moment: Moment, watch: Watch, *, keep: bool = True
    ) -> Ran:
        """Lets a worker run the entry of a moment, and perhaps freeze the moment.

        Raises:
            DiedError: it did not survive it.
            StoppedError: it was interrupted before it began.
        """
        assert self._way is not None
        watch.uses_too_much = self._way.uses_too_much(worker)
        request = Run(
            worker.next_id(),
            moment.text,
            moment.origin,
            moment.name,
            entry=moment.entry,
            moment=moment.number,
            follow=self.options.follow,
        )
        seat = self._way.seat() if keep else None
        if seat is None:
            return self._answered(worker, request, watch)
        ours, theirs = seat
        request = msgspec.structs.replace(request, freeze=True)
        watch.meanwhile = self._way.take_stock  # unless there was time before it
        with theirs:
            try:
                ran = self._answered(worker, request, watch, [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        if ran.threads:
            ours.close()
        else:
            self._way.keep(moment.number, ours, ran.seconds)
        return ran

    def _answered(
        self, worker: Worker, request: Run, watch: Watch, files: Sequence[int] = ()
    ) -> Ran:
        """The answer to a run, which says what the moment it leads to is like."""
        with self._at_work(worker):
            ran = _ran(worker.run(request, watch, files))
        if ran.threads:
            self._threaded.add(request.moment)
        return ran

    def _after(self, moment: Moment, watch: Watch, ran: Ran) -> Ran:
        """Takes in what an entry did."""
        ending = ran.ending
        sentence = ""
        if ending == "interrupted" or watch.stopped_for is not None:
            ending, sentence = _stopped(watch.stopped_for, self.options)
        elif ending == "exit":
            sentence = "The entry asks to leave."
        if ran.started_processes:
            ended = self._way.end_strays() if self._way is not None else 0
            if ended:
                sentence = f"{sentence} {_ended_processes(ended)}".strip()
        moment = msgspec.structs.replace(moment, ending=ending, seconds=ran.seconds)
        sentence = " ".join(filter(None, [self._noted(), sentence, self._kept(moment)]))
        ran = msgspec.structs.replace(
            ran, ending=ending, sentence=sentence, lost_output=watch.lost
        )
        self.timeline.add(moment)
        self._died_at = -1
        self._remember(self._snapshot.after(ran.delta))
        return ran

    def _after_death(self, moment: Moment, watch: Watch, died: DiedError) -> Ran:
        """Goes back to the moment before an entry that the process did not survive."""
        self._drop_head()
        ending, sentence = _ended(died, self.options)
        moment = msgspec.structs.replace(moment, ending=ending)
        self.timeline.add_failed(moment)
        kept = self._kept(moment, lost=True)
        sentence = self._left_threads(died) or sentence
        self._is_stopped = False  # that was for the entry
        with contextlib.suppress(StoppedError):  # then the next entry sets out
            self._set_out()
        sentence = " ".join(filter(None, [sentence, self._noted(), kept]))
        ran = self._without_entry(sentence, ending)
        return msgspec.structs.replace(ran, entry=moment.entry, lost_output=watch.lost)

    def _left_threads(self, died: DiedError) -> str:
        """Goes back before a thread with which no entry survives; says so if it does.

        One entry that dies may be to blame itself, two one after the other are not.
        """
        here, before = self.moment, self._died_at
        self._died_at = here if died.cause == "died" else -1
        if here not in self._threaded or not here == before == self._died_at:
            return ""
        path = self.timeline.path(here)
        while path[-1].parent in self._threaded:
            path.pop()
        self._move_to(path[-1].parent)
        thread = f"A thread of {_called(path[-1]).lower()}"
        return (
            f"{thread} seems to end what comes after it, so this is moment "
            f"{self.moment}, before it (:redo goes there again)."
        )

    def _after_nothing(self, moment: Moment) -> Ran:
        """Notes that an entry was stopped before it began."""
        moment = msgspec.structs.replace(moment, ending="interrupted")
        self.timeline.add_failed(moment)
        kept = self._kept(moment, lost=True)
        return self._without_entry(f"{_NOT_BEGUN} {kept}".strip(), "interrupted")

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
        with self._stoppable(), self._lock:
            self.timeline[moment]
            left = self.moment
            self._move_to(moment)
            try:
                self._set_out()
            except StoppedError:
                self._move_to(left)
                return self._without_entry(_on_the_way(moment, left), "interrupted")
            return self._without_entry(self._noted())

    def _move_to(self, moment: int) -> None:
        """Makes another moment the present one, without a head so far."""
        if moment == self.moment:
            return
        self._let_go_of_head()
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
            assert self._way is not None
            other = Workspace(replace(self.options, journal=None, entropy=self.entropy))
            other.timeline = self.timeline.copy()
            other._way = self._way.another(self.moment)
            other._remember(self._snapshot)
            return other

    def _set_out(self) -> None:
        """Sees to a worker at the present moment; if that is quick, nobody waits.

        Raises:
            StoppedError: somebody does not want to wait.
        """
        self._look_after_head()
        known = self._snapshots.get(self.moment)
        if self._head is None and known is not None and self._way is not None:
            self._head = self._way.thaw(self.moment)
        if self._head is None or known is None:
            self._ready_head()
        else:
            self._remember(known)

    def _rouse_head(self) -> None:
        """Sees to a head that is ready, or has only to wake up."""
        self._set_out()
        assert self._head is not None
        assert self._way is not None
        if self._head.hello is None and self.moment not in self._way.kept():
            self._ready_head()

    def _ready_head(self) -> Worker:
        """A worker at the present moment, ready to run."""
        self._look_after_head()
        if self._head is None or self._head.hello is None:
            self._head = self._reach(self.moment, self._head)
            self._remember(self._snapshot_of(self._head, self.moment))
        return self._head

    def _look_after_head(self) -> None:
        """Lets go of a head that has ended between two entries; none is to blame."""
        self.start()
        head = self._head
        if head is not None and head.hello is not None and head.is_gone():
            self._drop_head()
            self._notes.append("The program had ended in between; it was brought back.")

    def _reach(self, moment: int, head: Worker | None = None) -> Worker:
        """A worker at a moment: thawed there, or before it and led on."""
        assert self._way is not None
        path = self.timeline.path(moment)
        left: list[Moment] = []  # that must be run again, last first
        worker = self._awake(moment, head)
        while worker is None:
            left.append(path.pop())
            worker = self._awake(path[-1].number if path else 0)
        stride = max(1, len(left) // MOST_REPEATED_KEPT)
        while left:
            step = left.pop()
            keep = len(left) < MOST_REPEATED_KEPT or len(left) % stride == 0
            worker = self._repeat(worker, step, keep=keep)
        return worker

    def _awake(self, moment: int, head: Worker | None = None) -> Worker | None:
        """A worker at a moment that is ready; None if only a replay leads there."""
        assert self._way is not None
        worker = self._way.thaw(moment) if head is None else head
        for tries_left in (1, 0):  # the first process may have been killed
            if worker is None:
                return None
            try:
                with self._at_work(worker):
                    worker.wait_for_hello(THAW_TIME if moment else BOOT_TIME)
                return worker
            except StoppedError:
                self._let_load(worker, moment)
                raise
            except DiedError:
                self._way.end(worker)
                if worker is self._head:
                    self._head = None
                if not moment and not tries_left:
                    raise
            self._way.forget(moment)
            worker = self._way.thaw(moment)
        return None

    def _let_load(self, worker: Worker, moment: int) -> None:
        """Keeps a worker for which nobody waits now, if it is of any use."""
        assert self._way is not None
        if moment == self.moment and self._head in (None, worker):
            self._head = worker
        else:
            self._way.let_go(worker)

    def _repeat(self, worker: Worker, moment: Moment, *, keep: bool) -> Worker:
        """Runs the entry of a moment again; the worker that is there then.

        An entry that was interrupted, or does not survive this time, is left out.

        Raises:
            StoppedError: somebody does not want to wait for it.
        """
        if not moment.can_be_repeated:
            self._notes.append(f"{_called(moment)} was interrupted, so it is left out.")
            return worker
        assert self._way is not None
        watch = self._watch(None, REPLAY_TIME)
        try:
            ran = self._run_in(worker, moment, watch, keep=keep)
            if self._is_stopped:
                raise StoppedError
        except StoppedError:
            self._way.end(worker)
            self._way.forget(moment.number)
            raise
        except DiedError:
            self._way.end(worker)
            if self._is_stopped:
                raise StoppedError from None
            self._notes.append(f"{_called(moment)} did not survive being run again.")
            self.timeline.replace(moment.number, ending="died")
            return self._reach(moment.parent)
        if ran.ending != moment.ending:
            self._notes.append(f"{_called(moment)} ended differently this time.")
        return worker

    def _noted(self) -> str:
        """What went wrong since it was asked last, in sentences."""
        notes, self._notes = self._notes, []
        return " ".join(dict.fromkeys(notes))

    def _drop_head(self) -> None:
        """Ends the head, which is dead or runs something."""
        if self._head is not None and self._way is not None:
            self._way.end(self._head)
        self._head = None

    def _let_go_of_head(self) -> None:
        """Ends the head, which is idle."""
        if self._head is not None and self._way is not None:
            self._way.let_go(self._head)
        self._head = None

    # -- asking ----------------------------------------------------------------

    def check(
        self, asserts: Iterable[str], *, on_output: OnOutput | None = None
    ) -> Checks:
        """Evaluates assertions against the learner's names; nothing changes by that.

        Args:
            asserts: Python statements.
            on_output: is given what they print.
        """
        with self._stoppable(), self._lock:
            try:
                worker = self._for_a_check()
                return self._check_in(worker, tuple(asserts), on_output)
            except StoppedError:
                return Checks(0, ending="interrupted", sentence=_NOT_BEGUN)

    def _for_a_check(self) -> Worker:
        """A copy of the head if its moment sleeps; else the head itself."""
        head = self._ready_head()
        assert self._way is not None
        copy = self._awake(self.moment) if self.moment in self._way.kept() else None
        return copy or head

    def _check_in(
        self, worker: Worker, asserts: tuple[str, ...], on_output: OnOutput | None
    ) -> Checks:
        """Lets a worker evaluate assertions; what they changed is made undone."""
        assert self._way is not None
        watch = self._watch(on_output, None)
        watch.uses_too_much = self._way.uses_too_much(worker)
        changed = False
        try:
            with self._at_work(worker):
                reply = worker.run(Check(worker.next_id(), asserts), watch)
            checks = reply if isinstance(reply, Checks) else Checks(0)
            changed = checks.changed
        except DiedError as died:
            ending, sentence = _ended(died, self.options)
            checks = Checks(0, ending=ending, sentence=sentence)
            changed = True
        finally:
            self._end_copy(worker, changed=changed)
        return checks

    def _end_copy(self, worker: Worker, *, changed: bool) -> None:
        """Ends a worker that is a copy of the head, or the head if it is spoilt."""
        assert self._way is not None
        if worker is not self._head:
            self._way.end(worker)
        elif changed:
            self._drop_head()

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

    def look(self, what: protocol.LookedAt, name: str = "", start: int = 0) -> Looked:
        """A closer look than the snapshot gives; see `protocol.Look`."""
        reply = self._ask(lambda number: Look(number, what, name, start))
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
            self._drop_head()
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
            assert self._way is not None
            worker = self._reach(moment)
            try:
                return self._snapshot_of(worker, moment)
            finally:
                self._way.end(worker)


def _left_out(told: story.Story) -> Iterator[str]:
    """What a journal no longer tells, in sentences."""
    if told.in_flight is not None:
        yield f"{_called(told.in_flight)} had not ended, so it is left out."
    if told.damaged:
        yield f"Damaged lines of the journal that are left out: {told.damaged}."
    if told.began is None:
        yield (
            "The first line is one of them: random numbers that were drawn without a "
            "seed are others now."
        )


def _called(moment: Moment) -> str:
    return f"Entry {moment.entry}" if moment.entry else "A lesson's code"


def _ran(reply: protocol.Reply) -> Ran:
    """The reply to a run, which is a `Ran` unless the process is out of its mind.

    A process without memory is as good as dead: nothing more would fit into it. So is
    one in which a thread raises exceptions wherever anything runs.
    """
    if not isinstance(reply, Ran):
        raise DiedError("died")
    if reply.ending == "memory":
        raise DiedError("memory")
    if reply.ending == "died":
        raise DiedError("threads")
    return reply


def _on_the_way(moment: int, left: int) -> str:
    """What is said if somebody did not want to wait for a moment."""
    if moment == left:
        return "Stopped; the next entry comes back here first."
    return f"Stopped on the way; this is moment {left} still."


def _ended_processes(count: int) -> str:
    if count == 1:
        return "A process that it had started was ended."
    return f"{count} processes that it had started were ended."


def _journal(options: Options) -> Journal | None:
    return None if options.journal is None else Journal(options.journal)


def _entropy(options: Options) -> int:
    return secrets.randbits(64) if options.entropy is None else options.entropy


def _way(options: Options, entropy: int) -> Way:
    sleeps = transport.moments_can_sleep()
    forks = options.way == "fork" or (options.way == "auto" and sleeps)
    settings = Settings(
        seal=secrets.token_hex(16),
        forks=forks,
        entropy=entropy,
        folder=str(options.folder),
        scratch=scratch.make(),
        memory=options.memory_limit,
        writable=tuple(str(folder) for folder in options.allow_files),
        readable=() if options.strict else (str(options.folder),),
        network=options.allow_network,
        confined=options.confined,
    )
    hash_seed = entropy % 4294967295 + 1
    if forks:
        return Forking(Nest(settings, hash_seed))
    return Replaying(settings, hash_seed)


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


def _stopped(cause: Cause | None, options: Options) -> tuple[protocol.Ending, str]:
    """How an entry ended that minded being asked to stop."""
    kept = "What it did until then stays done."
    if cause == "timeout":
        return "timeout", f"Stopped after {options.time_limit:g} s, the limit. {kept}"
    if cause == "output":
        return "interrupted", f"Stopped: it printed far too much. {kept}"
    return "interrupted", f"Stopped. {kept}"


def _ended(died: DiedError, options: Options) -> tuple[protocol.Ending, str]:
    """How an entry ended whose process is gone."""
    back = "The workspace is as it was before the entry."
    if died.cause == "timeout":
        took = f"Ended after {options.time_limit:g} s, the limit"
        return "timeout", f"{took}; it did not stop by itself. {back}"
    if died.cause == "interrupted":
        return "interrupted", f"Ended; it did not stop by itself. {back}"
    if died.cause == "output":
        return "interrupted", f"Ended: it printed far too much. {back}"
    if died.cause == "files":
        return "died", f"Ended: it wrote far too much into files. {back}"
    if died.cause == "processes":
        return "died", f"Ended: it started too many processes. {back}"
    if died.cause == "threads":
        left = "a thread that it left raises exceptions in what comes after it"
        return "died", f"Ended: {left}. {back}"
    if died.cause == "memory":
        size = size_text(options.memory_limit)
        limit = f" ({size}, --memory-limit)" if options.memory_limit else ""
        return "memory", f"Ended: it used up all memory there is for it{limit}. {back}"
    if died.last_words:
        return "died", f"The entry crashed Python ({died.last_words}). {back}"
    return "died", f"The entry ended the process it ran in. {back}"
