"""The workspace process: it has NumPy, the engine and the learner's names.

It plays one of two parts at a time:

    asleep   it *is* a moment. A request to thaw makes it fork a child, which is a head
             in exactly that state; it goes on sleeping itself.
    head     it runs entries and answers questions. After an entry it forks a child
             that sleeps: the moment after the entry.

The first process has loaded everything and sleeps at moment 0, outside all limits; its
children confine themselves before they run anything. Where the system cannot fork there
is one process, a head from the start. Nothing is printed here and no terminal is known.

`boot` starts it and `channel` brings the requests; entries go on to the `Program` of
`evaluator.program`, and what comes of them goes back.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import signal
import socket
import sys
from _thread import _count as count_of_threads
from _thread import allocate_lock, start_new_thread
from faulthandler import cancel_dump_traceback_later

# Names, not modules: the learner's code may spoil a module, and must not spoil this.
from os import _exit as end_process
from os import getpid
from signal import raise_signal
from time import sleep
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from scopetutor.evaluator import closer
from scopetutor.evaluator.completion import complete
from scopetutor.evaluator.inspection import inspect_name
from scopetutor.evaluator.program import Program
from scopetutor.evaluator.run import Entry

from . import family, inlets, limits, protocol, scratch
from .channel import Channel, close_files
from .cloning import clone, give_back
from .entropy import Entropy
from .protocol import (
    Check,
    Checks,
    Complete,
    Hello,
    Inspect,
    Listen,
    Look,
    Looked,
    Ran,
    Refused,
    Run,
    Tell,
    Thaw,
    Why,
)
from .settings import Settings
from .streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from .transport import Lines

CRASHED = 70  # the exit code when the process cannot go on: EX_SOFTWARE
_STARTING = frozenset(
    ["os.fork", "os.forkpty", "os.posix_spawn", "subprocess.Popen", "os.system",
     "ctypes.dlsym"]  # a function of C, which may be fork
)  # fmt: skip
_TIMERS = (
    (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    if hasattr(signal, "setitimer")
    else ()
)
"""Each ends a process, also long after the entry that has set it."""
_SENTINELS = tuple((name, sys.modules[name]) for name in ("sys", "os", "msgspec"))
_RESERVE = 16 << 20
"""Bytes that must be free after an entry that ran out of memory."""
_LISTENING = 0.01  # seconds; twice as long as one thread keeps another waiting
_SHOWING = 0.03  # seconds in which an answer is on the screen and a prompt below it


class Server:
    """One workspace process, in whatever part it plays at the moment."""

    def __init__(
        self, channel: Channel, settings: Settings, bell: socket.socket | None = None
    ) -> None:
        self._channel = channel
        self._has_bell = bell is not None
        if bell is not None:
            _heed(bell)
        self._settings = settings
        self._seal = settings.seal.encode() + b" "
        self._asleep = settings.forks
        self._first = True
        self._confined: tuple[str, ...] = ()
        self._moment = 0
        self._pid = 0
        self._forked = False
        self._own_threads = count_of_threads()
        self._modules: dict[str, ModuleType] = {}
        self._streams = Streams(inlets.mark(settings.seal) if bell else b"")
        self._entropy = Entropy(settings.entropy)
        # A folder that may not be read is no place to look for modules either.
        self._program = Program(settings.folder if settings.readable else "")
        self._answers: dict[type, Callable[[Any], protocol.Reply]] = {
            Tell: self._tell,
            Listen: self._listen,
            Check: self._check,
            Complete: self._complete,
            Inspect: self._inspect,
            Why: self._why,
            Look: self._look,
        }

    def live(self) -> NoReturn:
        """Plays one part after the other until nobody asks any more."""
        self._prepare()
        while True:
            try:
                if self._asleep:
                    self._sleep()
                else:
                    self._serve()
            except EOFError:
                self._leave()
            except BaseException as error:
                self._crash(error)

    def _prepare(self) -> None:
        """Does once what all the processes that come from this one need."""
        self._entropy.install()
        self._program.install()
        self._streams.install(pipes_are_here=not self._settings.forks)
        self._modules = dict(sys.modules)
        os.register_at_fork = _no_hooks  # or the learner's code would run at our forks
        sys.addaudithook(self._notice_processes)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(signal, "SIGCHLD"):
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies
        family.adopt_orphans()
        gc.collect()
        gc.freeze()  # what is here now is never garbage, and stays shared after forks
        if not self._asleep:
            self._begin_as_head()
        else:
            self._send(Hello(protocol.VERSION, getpid()))

    def _notice_processes(self, event: str, _: tuple[Any, ...]) -> None:
        """Python calls this for whatever it does that is worth an audit."""
        if event in _STARTING:
            self._forked = True

    def _begin_as_head(self) -> None:
        self._first = False
        self._confined = limits.confine(self._settings)
        self._become_head()

    def _become_head(self) -> None:
        """Says that it is ready; a crash of Python will be told on the channel."""
        self._pid = getpid()
        if not self._has_bell:  # or the channel may be no file that C can write to
            faulthandler.enable(self._channel.fileno(), all_threads=False)
        self._send(Hello(protocol.VERSION, getpid(), self._confined))

    def _leave(self) -> NoReturn:
        """Ends because nobody asks any more; the first process takes all with it."""
        if self._first or not self._settings.forks:
            family.end_strays([getpid()], set())
            scratch.remove(self._settings.scratch)
        end_process(0)

    def _crash(self, error: BaseException) -> NoReturn:
        """Ends because of an error of ours; its text is told as Python's own are."""
        with contextlib.suppress(BaseException):
            words = f"{type(error).__name__}: {error}".replace("\n", " ").rstrip(": ")
            self._channel.send(f"Fatal Python error: {words}\n".encode())
        end_process(CRASHED)

    # -- asleep ----------------------------------------------------------------

    def _sleep(self) -> None:
        """Waits to be thawed; returns in the child that is a head then."""
        request = protocol.decode_request(self._channel.next_line())
        if not isinstance(request, Thaw):
            return
        files = self._channel.take_files(1 if request.asleep else 3)
        if clone():
            close_files(files)
            return
        self._channel.close()
        self._channel = Channel(socket.socket(fileno=files[0]))
        if request.asleep:
            return
        self._asleep = False
        self._streams.lead_to(files[1], files[2])
        if self._first:
            self._begin_as_head()
        else:
            self._become_head()

    # -- as the head -----------------------------------------------------------

    def _serve(self) -> None:
        """Answers one request; after an entry, the child returns as a sleeper."""
        request = protocol.decode_request(self._channel.next_line())
        if isinstance(request, Run):
            ran = self._run(request)
            self._send(ran)
            if request.freeze:
                files = self._channel.take_files(1)
                if ran.threads:
                    close_files(files)
                else:
                    self._freeze(files)
            return
        answer = self._answers.get(type(request))
        if answer is None:
            reply: protocol.Reply = Refused(request.id, "the workspace cannot do that")
        else:
            reply = answer(request)
        self._send(reply)

    def _run(self, request: Run) -> Ran:
        """Evaluates an entry and says what came of it."""
        entry = Entry(
            request.text,
            request.entry,
            request.name,
            request.origin,
            follow=request.follow,
        )
        self._entropy.begin(request.moment)
        self._forked = False
        with self._guarded():
            outcome = self._program.run(entry, request.moment)
        self._moment = request.moment
        ran = Ran(
            id=request.id,
            moment=request.moment,
            entry=request.entry,
            ending=outcome.ending,
            shown=outcome.shown,
            error=outcome.error,
            seconds=outcome.seconds,
            code=outcome.code,
            started_processes=self._forked,
            threads=count_of_threads() - self._own_threads,
        )
        error = self._program.evaluator.error
        if error is not None:
            if isinstance(error, MemoryError) and not _is_room(_RESERVE):
                return msgspec.structs.replace(ran, ending="memory")
            ran = self._with_hint(ran, error)
        return msgspec.structs.replace(ran, delta=self._program.delta())

    def _with_hint(self, ran: Ran, error: BaseException) -> Ran:
        """Adds what to do about a limit, if one was met."""
        hint = limits.hint(error, self._settings)
        if not hint or ran.error is None:
            return ran
        view = msgspec.structs.replace(ran.error, hint=hint)
        return msgspec.structs.replace(ran, error=view)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Lets the learner's code run, and tidies up what it may leave in our way."""
        self._streams.open()
        signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            sys.settrace(None)
            sys.setprofile(None)
            if getpid() != self._pid:
                end_process(0)  # a child that the learner's code has forked
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for timer in _TIMERS:
                signal.setitimer(timer, 0)
            cancel_dump_traceback_later()
            self._channel.wait_again()
            self._streams.shut()
            if self._has_forgotten_modules():
                sys.modules.update(self._modules)

    def _has_forgotten_modules(self) -> bool:
        """Whether the learner's code has emptied `sys.modules`, or put other things in.

        Only a few are looked at: looking at an object writes to its memory, which the
        moments then share no more.
        """
        if len(sys.modules) < len(self._modules):
            return True
        return any(sys.modules.get(name) is not held for name, held in _SENTINELS)

    def _interrupt(self, *_: object) -> None:
        """Stops the learner's code, but nothing of ours that runs around it."""
        if self._program.evaluator.running:
            raise KeyboardInterrupt

    def _freeze(self, files: list[int]) -> None:
        """Forks a process that sleeps at the present moment, and answers there.

        A fork keeps a processor busy that the terminal may want to show the answer.
        """
        self._channel.is_idle(_SHOWING)
        give_back()
        if not files or clone():
            close_files(files)
            return
        self._channel.close()
        self._streams.leave()
        self._channel = Channel(socket.socket(fileno=files[0]))
        self._asleep = True
        self._send(Hello(protocol.VERSION, getpid()))

    def _check(self, request: Check) -> protocol.Reply:
        """Runs a lesson's assertions, whose output nobody hears."""
        before = self._entropy.state()
        with self._guarded():
            results, changed = self._program.check(request.asserts)
        changed |= not self._entropy.back_to(before)
        return Checks(request.id, results, changed)

    def _complete(self, request: Complete) -> protocol.Reply:
        names = self._program.evaluator.names
        found = complete(request.text, request.cursor, names)
        return protocol.reply(protocol.Completions, request.id, found)

    def _inspect(self, request: Inspect) -> protocol.Reply:
        evaluator = self._program.evaluator
        found = inspect_name(request.text, evaluator.names, evaluator.sources)
        return protocol.reply(protocol.Inspected, request.id, found)

    def _why(self, request: Why) -> protocol.Reply:
        found = self._program.why(request.name)
        return protocol.reply(protocol.Explained, request.id, found)

    def _look(self, request: Look) -> protocol.Reply:
        rows, more = closer.PAGES[request.what](request.start)
        return Looked(request.id, rows, more)

    def _listen(self, request: Listen) -> Ran:
        """Waits for what threads raise in this one, which runs all entries."""
        evaluator = self._program.evaluator
        try:
            signal.signal(signal.SIGINT, self._interrupt)
            evaluator.running = True
            sleep(_LISTENING)
        except BaseException:
            return Ran(request.id, self._moment, "died")
        finally:
            evaluator.running = False
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return Ran(request.id, self._moment, "ok")

    def _tell(self, request: Tell) -> Ran:
        delta = self._program.everything()
        return Ran(request.id, self._moment, "ok", delta=delta, whole=True)

    # -- speaking --------------------------------------------------------------

    def _send(self, message: protocol.Message) -> None:
        try:
            self._channel.send(self._seal + protocol.encode(message))
        except OSError:
            raise EOFError from None


def _no_hooks(**_: object) -> None:
    """Takes the place of `os.register_at_fork`."""


def _is_room(size: int) -> bool:
    """Whether some memory can still be had."""
    try:
        bytearray(size)
    except MemoryError:
        return False
    return True


def _heed(bell: socket.socket) -> None:
    """Makes every byte on the bell an interrupt, in a thread that Python counts."""
    began = allocate_lock()
    began.acquire()

    def listen() -> None:
        began.release()
        with contextlib.suppress(OSError):
            while bell.recv(1):
                raise_signal(signal.SIGINT)

    start_new_thread(listen, ())
    began.acquire()


def main(lines: Lines) -> NoReturn:
    """Serves the terminal process."""
    channel = Channel(lines.channel)
    settings = msgspec.json.decode(channel.next_line(), type=Settings)
    try:
        Server(channel, settings, lines.bell).live()
    finally:  # whatever a thread of the learner's raises here, even at the end
        end_process(CRASHED)
