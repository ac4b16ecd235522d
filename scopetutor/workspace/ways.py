"""Two ways to come to a moment: a sleeping process that is it, or a replay.

    Forking    (Linux) every moment is a process that sleeps; going on from it is a
               fork of a few milliseconds. The newest are kept, and of the older ones
               ever fewer: first go those that are quickly run again.
    Replaying  (everywhere) only moment 0 can be had, as a new process; all else comes
               from running the entries again.

Both give the same answers to the same questions; the workspace does not know which one
it has.

`head` asks for a worker here; `boot` starts the processes, `server` is what they run.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Protocol

import msgspec

from . import family, protocol, scratch
from .boot import Boot
from .channel import Channel, pair
from .inlets import FileInlet
from .protocol import Hello, Thaw
from .worker import DiedError, Worker

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from .settings import Settings
    from .worker import Cause

MOST_KEPT = 32
"""Moments that are kept as sleeping processes."""
ALWAYS_KEPT = 8
"""The newest of them, which are not thinned out."""
MOST_MEMORY = 90 << 20
"""Bytes that the kept moments may have for themselves alone before they are thinned."""
MOST_MEMORY_OF_NEWEST = 1 << 30
"""Bytes that the newest may have; then even they are too many."""
RUN_AGAIN = 0.005
"""Seconds that running an entry again takes besides those it took the first time."""
MOST_PROCESSES = 16
"""Processes that an entry may have at a time."""
PATIENCE = 2.0
"""Seconds for a process to say who it is; one that never began is known at once."""


class Way(Protocol):
    """How moments are come by."""

    def thaw(self, moment: int) -> Worker | None:
        """A worker at a moment that may not be ready yet; None if it must be replayed.

        Moment 0 can always be had.
        """

    def seat(self) -> tuple[Channel, socket.socket] | None:
        """Where a run may freeze the moment it leads to: our end and theirs."""

    def take_stock(self) -> None:
        """Looks what the kept moments cost, while there is time for it."""

    def keep(self, moment: int, seat: Channel, seconds: float) -> None:
        """Takes a moment that was frozen, and took some seconds to make, into care."""

    def forget(self, moment: int) -> None:
        """Lets go of a moment, which did not wake up."""

    def kept(self) -> tuple[int, ...]:
        """The moments that can be thawed, besides 0."""

    def uses_too_much(self, worker: Worker) -> Callable[[], Cause | None]:
        """A look, taken now and then, at what a running entry uses."""

    def end_strays(self) -> int:
        """Ends what the learner's code has started; how many processes there were."""

    def end(self, worker: Worker) -> None:
        """Ends a worker, and everything its code may have started."""

    def let_go(self, worker: Worker) -> None:
        """Ends a worker that runs nothing; nobody waits for that."""

    def another(self, moment: int) -> Way:
        """The same way for a second workspace that begins at a moment."""

    def close(self) -> None:
        """Ends everything."""


class _Frozen:
    """A moment that sleeps.

    Args:
        channel: to its process.
        seconds: that it takes to come by it from the one kept before it.

    Attributes:
        memory: bytes that it alone has; 0 until they are looked at.
        weighed: whether somebody has set out to look at them.
    """

    def __init__(self, channel: Channel, seconds: float) -> None:
        self.channel = channel
        self.seconds = seconds
        self.memory = 0
        self.weighed = False
        self._pid = 0

    def pid(self, seal: str, patience: float = 0.0) -> int:
        """Of its process; 0 if it has not said it before the time is up."""
        if not self._pid:
            self._pid = _pid_said(self.channel, seal, patience)
        return self._pid

    def weigh(self, seal: str) -> None:
        """Sets out to look how much memory it has; that takes some milliseconds.

        In a thread, as the answer to a small entry is here before that.
        """
        self.weighed = True
        pid = self.pid(seal)

        def look() -> None:
            self.memory = family.unshared_memory(pid)

        threading.Thread(target=look, daemon=True).start()


class Nest:
    """The process that all of some workspaces come from, started when first needed."""

    def __init__(self, settings: Settings, hash_seed: int) -> None:
        self.settings = settings
        self._hash_seed = hash_seed
        self._boot: Boot | None = None
        self.users = 0
        self.workers: set[Worker] = set()
        self.frozen: set[_Frozen] = set()

    def boot(self) -> Boot:
        """The process; a new one if the old one is gone."""
        if self._boot is None or not self._boot.alive:
            self.forget()
            self._boot = Boot(self.settings, self._hash_seed)
        return self._boot

    @property
    def pid(self) -> int:
        """Of the process; 0 if it was never needed."""
        return 0 if self._boot is None else self._boot.pid

    def forget(self) -> None:
        """Lets go of the process, which ends; there may be a new one."""
        if self._boot is not None:
            self._boot.close()
        self._boot = None

    def leave(self) -> None:
        """One workspace less; with the last one the process ends."""
        self.users -= 1
        if self.users == 0:
            self.forget()
            scratch.remove(self.settings.scratch)


class Forking:
    """Moments are processes that sleep.

    Args:
        nest: the process at moment 0.
    """

    def __init__(self, nest: Nest) -> None:
        self._nest = nest
        nest.users += 1
        self._frozen: dict[int, _Frozen] = {}
        self._workers: set[Worker] = set()
        self._ended: set[int] = set()  # strays, which may be about to end still

    def thaw(self, moment: int, *, again: bool = False) -> Worker | None:
        """Asks a sleeping process to go on in a fork of itself."""
        frozen = self._frozen.get(moment)
        if frozen is None and moment:
            return None
        boot = self._nest.boot() if frozen is None else None
        asked = frozen.channel if boot is None else boot.channel  # type: ignore[union-attr]
        channel, there = pair()
        out, out_there = os.pipe()
        err, err_there = os.pipe()
        try:
            request = protocol.encode(Thaw(0))
            asked.send(request, [there.fileno(), out_there, err_there])
        except OSError:
            channel.close()
            os.close(out)
            os.close(err)
            if boot is not None and again:
                raise boot.failure() from None
            self.forget(moment)
            # If it was the first process that was killed, there is a new one.
            return None if boot is None else self.thaw(0, again=True)
        finally:
            there.close()
            os.close(out_there)
            os.close(err_there)
        prints = FileInlet(out), FileInlet(err)
        seal = self._nest.settings.seal
        worker = Worker(channel, *prints, seal, self._nest.pid, boot)
        self._workers.add(worker)
        self._nest.workers.add(worker)
        return worker

    def seat(self) -> tuple[Channel, socket.socket] | None:
        """A socket for the process that will be the next moment."""
        return pair()

    def keep(self, moment: int, seat: Channel, seconds: float) -> None:
        """Keeps a moment, and lets go of those that are too many."""
        self._add(moment, _Frozen(seat, seconds + RUN_AGAIN))
        self._thin_out()

    def take_stock(self) -> None:
        """Looks what the moments before the last two no longer share."""
        for frozen in list(self._frozen.values())[:-2]:
            if not frozen.weighed:
                frozen.weigh(self._nest.settings.seal)

    def _add(self, moment: int, frozen: _Frozen) -> None:
        self.forget(moment)
        self._frozen[moment] = frozen
        self._nest.frozen.add(frozen)

    def _thin_out(self) -> None:
        """Lets go of old moments while there are too many, or they are too large."""
        while (old := list(self._frozen)[:-ALWAYS_KEPT]) and (
            len(self._frozen) > MOST_KEPT or self._memory() > MOST_MEMORY
        ):
            self._merge(old[_least_needed(list(self._frozen.values()), len(old))])
        while len(self._frozen) > 2 and self._memory() > MOST_MEMORY_OF_NEWEST:
            self.forget(next(iter(self._frozen)))

    def _memory(self) -> int:
        return sum(frozen.memory for frozen in self._frozen.values())

    def _merge(self, moment: int) -> None:
        """Lets go of a moment, on whose way the next one is then come by."""
        moments = list(self._frozen)
        after = self._frozen[moments[moments.index(moment) + 1]]
        after.seconds += self._frozen[moment].seconds
        self.forget(moment)

    def forget(self, moment: int) -> None:
        """Lets go of a moment."""
        if moment == 0:
            self._nest.forget()
        frozen = self._frozen.pop(moment, None)
        if frozen is not None:
            self._nest.frozen.discard(frozen)
            frozen.channel.close()  # it sees the end, and ends

    def kept(self) -> tuple[int, ...]:
        """The moments that sleep."""
        return tuple(self._frozen)

    def end(self, worker: Worker) -> None:
        """Kills the process; then whatever its code has left."""
        self._workers.discard(worker)
        if worker.hello is None:
            with contextlib.suppress(DiedError):
                worker.wait_for_hello(PATIENCE)
        if worker.hello is not None:
            family.end(worker.pid)
        worker.close()
        self.end_strays()  # itself, which is dying, is none
        self._nest.workers.discard(worker)

    def let_go(self, worker: Worker) -> None:
        """Kills the process, or lets it end by itself if it has still to freeze."""
        if worker.hello is not None and self._is_newest_asleep():
            self.end(worker)
            return
        self._workers.discard(worker)
        self._nest.workers.discard(worker)  # so it is a stray if it stays
        worker.close()

    def _is_newest_asleep(self) -> bool:
        if not self._frozen:
            return True
        newest = self._frozen[next(reversed(self._frozen))]
        return newest.pid(self._nest.settings.seal) > 0

    def end_strays(self) -> int:
        """Ends what the learner's code has forked; how many processes there were."""
        if not self._nest.pid:
            return 0
        self._ended = family.end_strays(self._parents(), self._known())
        return len(self._ended)

    def strays(self) -> set[int]:
        """The processes that do not belong here."""
        return family.strays(self._parents(), self._known())

    def _parents(self) -> list[int]:
        """The processes that may have strays: heads, and the first, which adopts."""
        heads = [worker.pid for worker in self._nest.workers if worker.pid]
        return [self._nest.pid, *heads]

    def _known(self) -> set[int]:
        """The processes that belong here."""
        seal = self._nest.settings.seal
        known = {worker.pid for worker in self._nest.workers}
        for frozen in self._nest.frozen:
            known.add(frozen.pid(seal, PATIENCE))
        return known

    def uses_too_much(self, worker: Worker) -> Callable[[], Cause | None]:
        """Counts processes, their memory, and what is written."""
        ended = self._ended  # not by this entry
        return _looks(worker, lambda: self.strays() - ended, self._nest.settings)

    def another(self, moment: int) -> Forking:
        """A way of its own from the same first process, with a copy of the moment."""
        other = Forking(self._nest)
        frozen = self._frozen.get(moment)
        if frozen is not None:
            channel, there = pair()
            request = protocol.encode(Thaw(0, asleep=True))
            with there, contextlib.suppress(OSError):
                frozen.channel.send(request, [there.fileno()])
            other._add(moment, _Frozen(channel, frozen.seconds))
        return other

    def close(self) -> None:
        """Ends all processes."""
        for worker in list(self._workers):
            self._workers.discard(worker)
            self._nest.workers.discard(worker)
            if worker.hello is not None:
                family.end(worker.pid)
            worker.close()
        for moment in list(self._frozen):
            self.forget(moment)
        self._nest.leave()


def _pid_said(channel: Channel, seal: str, patience: float) -> int:
    """The pid that a process says when it begins; 0 if it does not."""
    line = channel.line_within(patience)
    if line is None or not line.startswith(seal.encode()):
        return 0
    message = protocol.decode_message(line[len(seal) + 1 :])
    return message.pid if isinstance(message, Hello) else 0


def _least_needed(frozen: list[_Frozen], old: int) -> int:
    """Which of the old moments to let go: the further back, the longer may ways be."""
    seconds = [one.seconds for one in frozen]

    def loss(place: int) -> float:
        way = seconds[place] + seconds[place + 1]
        return way / sum(seconds[place + 1 :])

    return min(range(old), key=loss)


def _looks(
    worker: Worker, strays: Callable[[], set[int]], settings: Settings
) -> Callable[[], Cause | None]:
    """A look at how much an entry writes, and what the processes take it has forked.

    They are looked for only while the system has more than it had.
    """
    fewest = family.running_in_all()
    budget = scratch.Budget(settings.scratch)

    def look() -> Cause | None:
        nonlocal fewest
        if budget.is_spent(worker.pid):
            return "files"
        now = family.running_in_all()
        if now <= fewest:
            fewest = now
            return None
        forked = strays()
        if len(forked) > MOST_PROCESSES:
            for pid in (worker.pid, *forked):
                family.stop(pid)  # at once: they become more while others are ended
            return "processes"
        return "memory" if _take_more_than(settings.memory, forked) else None

    return look


def _take_more_than(limit: int, pids: set[int]) -> bool:
    """Whether processes together have more than so many bytes; 0: any number.

    What they share is left out only if it matters: that takes longer to tell.
    """
    if not limit or sum(map(family.memory, pids)) <= limit:
        return False
    return sum(map(family.unshared_memory, pids)) > limit


class Replaying:
    """Only a new process can be had; the workspace runs the entries again.

    One process is started ahead, so that going back need not wait for NumPy.
    """

    def __init__(self, settings: Settings, hash_seed: int) -> None:
        self._settings = settings
        self._hash_seed = hash_seed
        self._ahead: Boot | None = None
        self._boots: dict[Worker, Boot] = {}

    def thaw(self, moment: int) -> Worker | None:
        """A new process, which is at moment 0."""
        if moment:
            return None
        boot = self._ahead or Boot(self._settings, self._hash_seed)
        self._ahead = None
        prints = boot.out, boot.err
        worker = Worker(boot.channel, *prints, self._settings.seal, boot.pid, boot)
        self._boots[worker] = boot
        return worker

    def seat(self) -> tuple[Channel, socket.socket] | None:
        """None: this process cannot freeze itself."""
        if self._ahead is None:
            self._ahead = Boot(self._settings, self._hash_seed)
        return None

    def take_stock(self) -> None:
        """Nothing is ever frozen."""

    def keep(self, moment: int, seat: Channel, seconds: float) -> None:
        """Nothing is ever frozen."""
        raise AssertionError(moment, seat, seconds)

    def forget(self, moment: int) -> None:
        """Nothing is ever frozen."""

    def kept(self) -> tuple[int, ...]:
        """No moments."""
        return ()

    def uses_too_much(self, worker: Worker) -> Callable[[], Cause | None]:
        """The same; looks at memory where the system itself sets no limit."""
        others = _looks(worker, self.strays, self._settings)
        limit = 0 if sys.platform == "linux" else self._settings.memory

        def look() -> Cause | None:
            if limit and family.memory_by_ps(worker.pid) > limit:
                return "memory"
            return others()

        return look

    def end_strays(self) -> int:
        """Ends what the learner's code has forked; how many processes there were."""
        known = {boot.pid for boot in self._boots.values()}
        return sum(len(family.end_strays([pid], known)) for pid in known)

    def strays(self) -> set[int]:
        """The processes that do not belong here."""
        known = {boot.pid for boot in self._boots.values()}
        return set().union(*map(family.descendants, known)) - known

    def end(self, worker: Worker) -> None:
        """Kills the process and its group."""
        boot = self._boots.pop(worker)
        boot.kill()
        worker.close()

    let_go = end

    def another(self, moment: int) -> Replaying:
        """A way of its own; the moment must be replayed."""
        del moment
        settings = msgspec.structs.replace(self._settings, scratch=scratch.make())
        return Replaying(settings, self._hash_seed)

    def close(self) -> None:
        """Ends all processes."""
        for worker in list(self._boots):
            self.end(worker)
        if self._ahead is not None:
            self._ahead.kill()
        scratch.remove(self._settings.scratch)
