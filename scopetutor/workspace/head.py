"""The worker at the present moment, and how there comes to be one.

`client` asks for it before an entry; `ways` wakes a moment that sleeps, or gives a new
process, and what lies between that and the present is run again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from . import family
from .endings import called
from .protocol import Listen, Ran, Run
from .stopping import Stopping
from .worker import DiedError, StoppedError, Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .options import Options
    from .protocol import Reply
    from .timeline import Moment, Timeline
    from .ways import Way
    from .worker import OnOutput, Worker

BOOT_TIME = 60.0
"""Seconds that loading may take, on a machine that is busy with something else."""
THAW_TIME = 5.0
REPLAY_TIME = 600.0
LISTENING_TIME = 2.0
"""Seconds in which a process answers though the learner's threads run in it."""
MOST_REPEATED_KEPT = 12
"""Moments that are kept on the way when entries are run again."""


class Head:
    """The worker at the present moment of a timeline.

    Args:
        options: of the workspace.
        timeline: its moments.

    Attributes:
        worker: at the present moment, perhaps not ready yet; None if there is none.
        stopping: what an interrupt reaches.
        threads: by moment, how many threads of the learner's go on at it.
    """

    def __init__(self, options: Options, timeline: Timeline) -> None:
        self.options = options
        self.timeline = timeline
        self.worker: Worker | None = None
        self._way: Way | None = None
        self.stopping = Stopping()
        self.threads: dict[int, int] = {}
        self._notes: list[str] = []  # what went wrong on the way to a moment

    @property
    def has_begun(self) -> bool:
        """Whether there is a way to moments yet."""
        return self._way is not None

    @property
    def way(self) -> Way:
        """How moments are come by, once it has begun."""
        assert self._way is not None
        return self._way

    def begin(self, way: Way) -> None:
        """Takes a way to moments into use."""
        self._way = way

    def close(self) -> None:
        """Ends all processes."""
        if self._way is not None:
            self._way.close()
        self._way = self.worker = None

    def note(self, *sentences: str) -> None:
        """Keeps what is to be told with the next answer."""
        self._notes += sentences

    def watch(self, on_output: OnOutput | None, limit: float | None) -> Watch:
        """What an entry may do; `limit` seconds instead of the usual ones."""
        limit = self.options.time_limit if limit is None else limit
        return Watch(
            limit=limit or 0.0,
            grace=self.options.grace,
            output=self.options.output_limit,
            on_output=on_output,
        )

    def look_after(self) -> None:
        """Lets go of a worker that has ended between two entries; none is to blame."""
        worker = self.worker
        if worker is not None and worker.hello is not None and worker.is_gone():
            self.drop()
            self._notes.append("The program had ended in between; it was brought back.")

    def run_in(
        self, worker: Worker, moment: Moment, watch: Watch, *, keep: bool = True
    ) -> Ran:
        """Lets a worker run the entry of a moment, and perhaps freeze the moment.

        Raises:
            DiedError: it did not survive it.
            StoppedError: it was interrupted before it began.
        """
        watch.uses_too_much = self.way.uses_too_much(worker)
        request = Run(
            worker.next_id(),
            moment.text,
            moment.origin,
            moment.name,
            entry=moment.entry,
            moment=moment.number,
            follow=self.options.follow,
        )
        seat = self.way.seat() if keep else None
        if seat is None:
            return self._answered(worker, request, watch, moment.parent)
        ours, theirs = seat
        request = msgspec.structs.replace(request, freeze=True)
        watch.meanwhile = self.way.take_stock  # unless there was time before it
        with theirs:
            try:
                files = [theirs.fileno()]
                ran = self._answered(worker, request, watch, moment.parent, files)
            except BaseException:
                ours.close()
                raise
        if ran.threads:
            ours.close()
        else:
            self.way.keep(moment.number, ours, ran.seconds)
        return ran

    def _answered(
        self,
        worker: Worker,
        request: Run,
        watch: Watch,
        before: int,
        files: Sequence[int] = (),
    ) -> Ran:
        """The answer to a run, by a process whose threads let others run, too."""
        with self.stopping.at_work(worker):
            ran = _ran(worker.run(request, watch, files))
        if ran.threads > self.threads.get(before, 0):
            _listen(worker)
        if ran.threads:
            self.threads[request.moment] = ran.threads
        return ran

    def reach(self, moment: int, head: Worker | None = None) -> Worker:
        """A worker at a moment: thawed there, or before it and led on."""
        path = self.timeline.path(moment)
        left: list[Moment] = []  # that must be run again, last first
        worker = self.awake(moment, head)
        while worker is None:
            left.append(path.pop())
            worker = self.awake(path[-1].number if path else 0)
        stride = max(1, len(left) // MOST_REPEATED_KEPT)
        while left:
            step = left.pop()
            keep = len(left) < MOST_REPEATED_KEPT or len(left) % stride == 0
            worker = self._repeat(worker, step, keep=keep)
        return worker

    def awake(self, moment: int, head: Worker | None = None) -> Worker | None:
        """A worker at a moment that is ready; None if only a replay leads there."""
        worker = self.way.thaw(moment) if head is None else head
        for tries_left in (1, 0):  # the first process may have been killed
            if worker is None:
                return None
            try:
                with self.stopping.at_work(worker):
                    worker.wait_for_hello(THAW_TIME if moment else BOOT_TIME)
                return worker
            except StoppedError:
                self._let_load(worker, moment)
                raise
            except DiedError:
                self.way.end(worker)
                if worker is self.worker:
                    self.worker = None
                if not moment and not tries_left:
                    raise
            self.way.forget(moment)
            worker = self.way.thaw(moment)
        return None

    def _let_load(self, worker: Worker, moment: int) -> None:
        """Keeps a worker for which nobody waits now, if it is of any use."""
        if moment == self.timeline.current and self.worker in (None, worker):
            self.worker = worker
        else:
            self.way.let_go(worker)

    def _repeat(self, worker: Worker, moment: Moment, *, keep: bool) -> Worker:
        """Runs the entry of a moment again; the worker that is there then.

        An entry that was interrupted, or does not survive this time, is left out.

        Raises:
            StoppedError: somebody does not want to wait for it.
        """
        if not moment.can_be_repeated:
            self._notes.append(f"{called(moment)} was interrupted, so it is left out.")
            return worker
        watch = self.watch(None, REPLAY_TIME)
        try:
            ran = self.run_in(worker, moment, watch, keep=keep)
            if self.stopping.is_stopped:
                raise StoppedError
        except StoppedError:
            self.way.end(worker)
            self.way.forget(moment.number)
            raise
        except DiedError:
            self.way.end(worker)
            if self.stopping.is_stopped:
                raise StoppedError from None
            self._notes.append(f"{called(moment)} did not survive being run again.")
            self.timeline.replace(moment.number, ending="died")
            return self.reach(moment.parent)
        if ran.ending != moment.ending:
            self._notes.append(f"{called(moment)} ended differently this time.")
        return worker

    def noted(self) -> str:
        """What went wrong since it was asked last, in sentences."""
        notes, self._notes = self._notes, []
        return " ".join(dict.fromkeys(notes))

    def drop(self) -> None:
        """Ends the worker, which is dead or runs something."""
        if self.worker is not None:
            self.way.end(self.worker)
        self.worker = None

    def let_go(self) -> None:
        """Ends the worker, which is idle."""
        if self.worker is not None:
            self.way.let_go(self.worker)
        self.worker = None


def _ran(reply: Reply) -> Ran:
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


def _listen(worker: Worker) -> None:
    """Makes sure that the threads which an entry has left do no harm.

    Exceptions that they raise in the thread of the entries may strike it anywhere. The
    first question lets them run; when they have, the second one tells.

    Raises:
        DiedError: they do harm.
    """
    try:
        _ran(worker.ask(Listen(worker.next_id()), LISTENING_TIME))
        family.wait_for_turns(worker.pid, LISTENING_TIME)
        _ran(worker.ask(Listen(worker.next_id()), LISTENING_TIME))
    except DiedError:
        raise DiedError("threads") from None
