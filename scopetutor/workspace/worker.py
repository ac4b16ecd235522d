"""One workspace process, as the terminal process sees it.

A worker runs an entry under watch: what it prints is passed on up to a limit, a time
that is up or a Ctrl-C is sent to it as an interrupt, and if it does not mind it, it is
ended. Whatever happens, `run` comes back with a `Ran` or says how the process died.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import selectors
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scopetutor.errors import ProtocolError, WorkspaceError

from . import family, inlets, protocol
from .protocol import Hello, Output, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .boot import Boot
    from .channel import Channel
    from .inlets import Inlet

    OnOutput = Callable[[Output], None]

Cause = Literal[
    "died",
    "timeout",
    "interrupted",
    "output",
    "processes",
    "memory",
    "files",
    "threads",
]

_CHUNK = 1 << 16
_TICK = 0.15  # seconds between two looks at what an entry uses
_FLOOD = 4  # times the output limit, after which an entry is stopped
_LAST_WORDS = 4096  # bytes
_PUMPING = 1.0  # seconds for what was printed to come through a thread
_DYING = 0.3  # seconds between a process's last word and its end
ANSWER_TIME = 10.0  # seconds for an answer that needs none of the learner's code


class DiedError(WorkspaceError):
    """The process is gone, or what it says makes no sense.

    Attributes:
        cause: why it was ended, "died" if it ended by itself.
        last_words: what Python wrote when it crashed, such as "Segmentation fault".
    """

    def __init__(self, cause: Cause, last_words: str = "") -> None:
        super().__init__(f"the workspace process ended ({cause})")
        self.cause = cause
        self.last_words = last_words


class StoppedError(WorkspaceError):
    """Somebody wants no more of it before it has begun."""

    def __init__(self) -> None:
        super().__init__("stopped before it began")


@dataclass(slots=True)
class Watch:
    """What an entry may do, and what it did.

    Attributes:
        limit: seconds it may take; 0: any number.
        grace: seconds from an interrupt until it is ended.
        output: characters that are passed on.
        on_output: gets them.
        uses_too_much: looks at the process and says why it must be ended, or None.
        meanwhile: is done once while the entry runs.
        stopped_for: why it was interrupted.
        lost: characters that were not passed on.
    """

    limit: float = 0.0
    grace: float = 1.0
    output: int = 1_000_000
    on_output: OnOutput | None = None
    uses_too_much: Callable[[], Cause | None] | None = None
    meanwhile: Callable[[], None] | None = None
    stopped_for: Cause | None = None
    lost: int = 0
    _deadline: float = field(default=0.0)


class Worker:
    """A workspace process that is a head.

    Args:
        channel: to it.
        out, err: what it prints.
        seal: with which its lines begin.
        first: the process that it is, or that it came from long ago.
        boot: the process it is, or comes from, if that may still be loading.

    Attributes:
        hello: what it said when it was ready; None until then.
    """

    def __init__(
        self,
        channel: Channel,
        out: Inlet,
        err: Inlet,
        seal: str,
        first: int,
        boot: Boot | None = None,
    ) -> None:
        self._channel = channel
        self._seal = seal.encode() + b" "
        self._inlets = {out: "out", err: "err"}
        self._first = first
        self._boot = boot
        self._wake, self._waker = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for end in (self._wake, self._waker):
            end.setblocking(False)
        for source in (channel, out, err, self._wake):
            self._selector.register(source, selectors.EVENT_READ)
        self._drained = b""
        self._runs = 0
        self._interrupts = 0
        self._last_id = 0
        self.hello: Hello | None = None

    @property
    def pid(self) -> int:
        """Of the process; 0 until it said hello."""
        return 0 if self.hello is None else self.hello.pid

    def is_gone(self) -> bool:
        """Whether the process has ended although nothing was asked of it."""
        try:
            for _ in range(2):  # it may have last words
                if any(
                    key.fileobj is self._channel for key, _ in self._selector.select(0)
                ):
                    self._read()
        except DiedError:
            return True
        return False

    # -- asking ----------------------------------------------------------------

    def take_up(self) -> None:
        """Begins something that may be interrupted; interrupts before it are over."""
        self._interrupts = 0
        self._calm_down()

    def interrupt(self) -> None:
        """Gives up waiting, or asks what runs to stop; the second time, ends that.

        May be called from another thread and from a signal handler.
        """
        self._interrupts += 1
        with contextlib.suppress(OSError):
            self._waker.send(b"!")

    def next_id(self) -> int:
        """A number for a request."""
        self._last_id += 1
        return self._last_id

    def send(self, request: protocol.Request, files: Sequence[int] = ()) -> None:
        """Sends a request, and files with it.

        Raises:
            DiedError: the process is gone.
        """
        try:
            self._channel.send(protocol.encode(request), files)
        except OSError:
            raise self._died("died") from None

    def ask(
        self, request: protocol.Request, time_limit: float = ANSWER_TIME
    ) -> protocol.Reply:
        """Sends a request that runs nothing of the learner's and waits for the reply.

        Raises:
            DiedError: there is no answer.
        """
        self.send(request)
        deadline = time.monotonic() + time_limit
        while True:
            message = self._message()
            if message is None:
                self._wait_for_more(deadline)
            elif not isinstance(message, (Hello, Output)) and message.id == request.id:
                return message

    def wait_for_hello(self, time_limit: float) -> Hello:
        """What the process says when it is ready.

        Raises:
            DiedError: it does not get ready.
            StoppedError: somebody does not want to wait for it.
            WorkspaceError: Python could not even load the workspace.
        """
        deadline = time.monotonic() + time_limit
        try:
            while self.hello is None:
                if self._interrupts:
                    raise StoppedError
                if self._message() is None:
                    self._wait_for_more(deadline)
        except DiedError:
            boot = self._boot
            if boot is None or not boot.has_ended(_DYING) or boot.has_worked:
                raise
            raise boot.failure(self._drained) from None
        if self._boot is not None:
            self._boot.has_worked = True
        return self.hello

    def _wait_for_more(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._died("timeout")
        for key, _ in self._selector.select(left):
            if key.fileobj is self._channel:
                self._read()
            elif key.fileobj is self._wake:
                self._calm_down()
            else:
                self._drain(key.fileobj)  # type: ignore[arg-type]

    def _drain(self, inlet: Inlet) -> None:
        """Throws away what is in an inlet, but for the last of it."""
        try:
            data = inlet.read()
        except BlockingIOError:
            return
        except EOFError:
            self._selector.unregister(inlet)
            return
        self._drained = (self._drained + data)[-_LAST_WORDS:]

    def _calm_down(self) -> None:
        """Forgets that it was woken."""
        with contextlib.suppress(BlockingIOError):
            self._wake.recv(_CHUNK)

    # -- running ---------------------------------------------------------------

    def run(
        self, request: protocol.Request, watch: Watch, files: Sequence[int] = ()
    ) -> protocol.Reply:
        """Lets the learner's code run under watch: an entry, or assertions.

        Raises:
            DiedError: the process died of it, or had to be ended.
            StoppedError: it was interrupted before it began.
        """
        self._forget_old_output()
        self._runs += 1
        if self._interrupts:
            raise StoppedError
        self.send(request, files)
        if watch.meanwhile is not None:
            watch.meanwhile()
        return self._watch(request.id, watch)

    def _watch(self, wanted: int, watch: Watch) -> protocol.Reply:
        listener = _Listener(wanted, watch)
        stop = _Stop(watch, self._signal)
        while not stop.is_over:
            try:
                reply = self._hear_out(wanted)
                if reply is not None:
                    self._hear_rest(listener, _PUMPING)
                    return reply
                self._wait(stop, listener)
            except KeyboardInterrupt:  # Ctrl-C came to this process: pass it on
                stop.because("interrupted", at_once=True)
            except DiedError as died:
                self._hear_rest(listener, _PUMPING)
                raise DiedError(watch.stopped_for or "died", died.last_words) from None
            if listener.floods:
                stop.because("output")
            stop.look()
        self._hear_rest(listener)
        raise self._died(watch.stopped_for or "died")

    def _hear_out(self, wanted: int) -> protocol.Reply | None:
        """What the process answers to a request, if it has."""
        while (message := self._message()) is not None:
            if not isinstance(message, (Hello, Output)) and message.id == wanted:
                return message
        return None

    def _wait(self, stop: _Stop, listener: _Listener) -> None:
        """Waits until something happens, and takes it in."""
        for key, _ in self._selector.select(stop.seconds_left()):
            if key.fileobj is self._channel:
                self._read()
            elif key.fileobj is self._wake:
                self._calm_down()
                stop.because("interrupted", at_once=self._interrupts > 1)
            else:
                self._hear(key.fileobj, listener)  # type: ignore[arg-type]

    def _hear(self, inlet: Inlet, listener: _Listener) -> bool:
        """Passes on what is in an inlet; False if there is nothing."""
        try:
            data = inlet.read()
        except (BlockingIOError, InterruptedError):
            return False
        except EOFError:
            self._selector.unregister(inlet)
            return False
        listener.hear(self._inlets[inlet], data)
        return True

    def _hear_rest(self, listener: _Listener, patience: float = 0.0) -> None:
        """Passes on what the entry printed before it ended.

        Args:
            listener: gets it.
            patience: seconds for what is still on its way.
        """
        deadline = time.monotonic() + patience
        for inlet in self._inlets:
            while self._is_open(inlet):
                if self._hear(inlet, listener):
                    if listener.floods:
                        break
                elif inlet.is_heard_out(self._runs) or not inlets.wait(inlet, deadline):
                    break
        listener.end()

    def _is_open(self, inlet: Inlet) -> bool:
        """Whether something may still come through an inlet."""
        return inlet in self._selector.get_map()

    def _forget_old_output(self) -> None:
        """Threads may have printed after their entry had ended."""
        for inlet in filter(self._is_open, self._inlets):
            self._drain(inlet)

    # -- hearing ---------------------------------------------------------------

    def _read(self) -> None:
        try:
            self._channel.read()
        except EOFError:
            raise self._died("died") from None

    def _message(self) -> protocol.Message | None:
        """The next message that has arrived."""
        try:
            line = self._channel.line()
            if line is None:
                return None
            if not line.startswith(self._seal):
                raise self._died("died", line)
            message = protocol.decode_message(line[len(self._seal) :])
        except ProtocolError:
            raise self._died("died") from None
        if isinstance(message, Hello):
            self._meet(message)
        return message

    def _meet(self, hello: Hello) -> None:
        """Believes a hello, but only the first, and only who can be what it says.

        Who says that it is another process would have that one ended in its place.
        """
        if self.hello is not None:
            return
        if not family.comes_from(hello.pid, self._first):
            raise DiedError("died")
        self.hello = hello

    def _died(self, cause: Cause, line: bytes = b"") -> DiedError:
        words = (line + b"\n" + self._channel.words_before_end()).decode(
            "utf-8", "replace"
        )
        rest = words.partition("Fatal Python error: ")[2]
        if rest.startswith("MemoryError"):
            cause = "memory"
        return DiedError(cause, visible(rest.splitlines()[0]) if rest else "")

    def _signal(self) -> None:
        """Interrupts the process."""
        bell = None if self._boot is None else self._boot.bell
        if bell is not None:
            with contextlib.suppress(OSError):
                bell.send(b"!")
        elif self.hello is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.hello.pid, signal.SIGINT)

    def close(self) -> None:
        """Lets go of it; it ends when it notices."""
        self._selector.close()
        self._channel.close()
        for inlet in self._inlets:
            inlet.close()
        self._wake.close()
        self._waker.close()


class _Listener:
    """Turns what comes out of the pipes into outputs, up to a limit."""

    def __init__(self, wanted: int, watch: Watch) -> None:
        self._id = wanted
        self._watch = watch
        self._left = watch.output
        make = codecs.getincrementaldecoder("utf-8")
        self._decoders = {
            "out": make("backslashreplace"),
            "err": make("backslashreplace"),
        }

    @property
    def floods(self) -> bool:
        """Whether far too much was printed."""
        return self._watch.lost > self._watch.output * _FLOOD

    def hear(self, stream: str, data: bytes, *, final: bool = False) -> None:
        """Passes data on as text."""
        text = self._decoders[stream].decode(data, final)
        kept = text[: self._left]
        self._left -= len(kept)
        self._watch.lost += len(text) - len(kept)
        if kept and self._watch.on_output is not None:
            self._watch.on_output(Output(self._id, visible(kept), stream))  # type: ignore[arg-type]

    def end(self) -> None:
        """Passes on the beginning of a character that never came in full."""
        for stream in self._decoders:
            self.hear(stream, b"", final=True)


class _Stop:
    """Decides when an entry is asked to stop, and when it is ended."""

    def __init__(self, watch: Watch, interrupt: Callable[[], None]) -> None:
        self._watch = watch
        self._interrupt = interrupt
        now = time.monotonic()
        self._deadline = now + watch.limit if watch.limit else float("inf")
        self._next_look = now + _TICK
        self.is_over = False

    def seconds_left(self) -> float | None:
        """How long to wait for something to happen."""
        next_time = min(self._deadline, self._next_look)
        return max(0.0, next_time - time.monotonic())

    def because(self, cause: Cause, *, at_once: bool = False) -> None:
        """Asks the entry to stop; ends it if it was asked and `at_once` is said."""
        if self._watch.stopped_for is None:
            self._watch.stopped_for = cause
            self._deadline = time.monotonic() + self._watch.grace
            self._interrupt()
        elif at_once:
            self.is_over = True

    def look(self) -> None:
        """Looks at the clock and at what the process uses."""
        now = time.monotonic()
        if now >= self._deadline:
            if self._watch.stopped_for is not None:
                self.is_over = True
            else:
                self.because("timeout")
        if now >= self._next_look:
            self._next_look = now + _TICK
            if self._watch.uses_too_much is not None:
                cause = self._watch.uses_too_much()
                if cause is not None:
                    self._watch.stopped_for = cause
                    self.is_over = True
