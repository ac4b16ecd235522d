"""The workspace process itself: what it answers, and how it ends.

It is forked from the test, so that what it does can be looked into; everything else
about it is tried through `Workspace`, where it is a process of its own from the start.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
import warnings
from typing import TYPE_CHECKING

import measured
import msgspec
import pytest

from scopetutor import tf
from scopetutor.workspace import protocol
from scopetutor.workspace.channel import Channel, pair
from scopetutor.workspace.inlets import FileInlet
from scopetutor.workspace.protocol import (
    Check,
    Complete,
    Inspect,
    Look,
    Run,
    Tell,
    Thaw,
    Why,
)
from scopetutor.workspace.server import Server
from scopetutor.workspace.settings import Settings
from scopetutor.workspace.worker import DiedError, Watch, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.usefixtures("lines"),
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="the server is forked from the test"
    ),
]
SEAL = "a seal"
NET = """\
import tensorflow as tf
with tf.variable_scope('enc'):
  w = tf.get_variable('w', [2], initializer=tf.ones_initializer())
s = tf.Session(); s.run(w.initializer)"""


def _child(end: int, out: int, err: int, settings: Settings) -> None:
    """Becomes a workspace process."""
    os.setsid()
    for file in range(3, 256):  # or it would hold the other ends of its own sockets
        if file not in (end, out, err):
            with contextlib.suppress(OSError):
                os.close(file)
    os.dup2(out, 1)
    os.dup2(err, 2)
    measured.start()
    tf.reset_default_graph()  # other tests of this process may have built in it
    Server(Channel(socket.socket(fileno=end)), settings).live()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts a server with some settings."""
    pids, workers = [], []

    def make(**settings: object) -> Worker:
        channel, there = pair()
        (out, out_there), (err, err_there) = os.pipe(), os.pipe()
        usual = Settings(SEAL, False, 7, str(tmp_path), str(tmp_path), confined=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads, which stay behind
            pid = os.fork()
        if pid == 0:
            chosen = msgspec.structs.replace(usual, **settings)
            _child(there.detach(), out_there, err_there, chosen)
        pids.append(pid)
        there.close()
        os.close(out_there)
        os.close(err_there)
        workers.append(Worker(channel, FileInlet(out), FileInlet(err), SEAL, pid))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()
    for pid in pids:
        _reap(pid)


def _reap(pid: int) -> None:
    """Waits for a process to end, but not for ever."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return
        time.sleep(0.01)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    raise AssertionError("the server has not ended")


@pytest.fixture
def server(start) -> Worker:
    """A server that is a head from the start."""
    worker = start()
    worker.wait_for_hello(20)
    return worker


def run(server: Worker, text: str, moment: int = 1) -> protocol.Ran:
    """Runs an entry."""
    request = Run(server.next_id(), text, entry=moment, moment=moment)
    reply = server.run(request, Watch())
    assert isinstance(reply, protocol.Ran)
    return reply


def test_it_runs_and_answers(server):
    """Every kind of request gets its kind of answer."""
    ran = run(server, NET)
    assert ran.ending == "ok"
    assert [view.key for view in ran.delta.variables] == ["enc/w"]

    told = server.ask(Tell(server.next_id()))
    assert [view.key for view in told.delta.variables] == ["enc/w"]
    names = server.ask(Complete(server.next_id(), "tf.get_var", 10)).items
    assert "get_variable" in [item.text for item in names]
    assert server.ask(Inspect(server.next_id(), "w")).shape == (2,)
    assert server.ask(Why(server.next_id(), "w")).subject == "variable enc/w"
    assert server.ask(Look(server.next_id(), "graph")).rows[0] == ("node {",)
    checks = server.run(Check(server.next_id(), ("assert s.run(w)[0] == 1",)), Watch())
    assert (checks.results[0].passed, checks.changed) == (True, False)
    refused = server.ask(Thaw(server.next_id()))
    assert refused.problem == "the workspace cannot do that"


def test_what_is_printed_goes_through_the_pipes(server):
    """Output of both kinds is heard while an entry runs, and not after it."""
    heard = []
    text = "import sys, os\nprint('a')\nsys.stderr.write('b')\nos.write(1, b'c')"
    server.run(
        Run(server.next_id(), text, entry=1, moment=1), Watch(on_output=heard.append)
    )

    assert sorted("".join(o.text for o in heard)) == ["\n", "a", "b", "c"]


def test_random_numbers_begin_where_they_are_told_to(start):
    """Two servers with the same entropy draw the same numbers."""
    text = (
        "import random, uuid, numpy as np, tensorflow as tf\n"
        "random.random(), uuid.uuid4().hex, np.random.rand(), "
        "tf.Session().run(tf.random_normal([1])).tolist()"
    )
    first, second = start(), start()
    first.wait_for_hello(20)
    second.wait_for_hello(20)

    assert run(first, text).shown == run(second, text).shown


def test_errors_interrupts_and_processes(server):
    """Errors get hints, forked children end at once, leaving is a wish."""
    error = run(server, "open('/proc/nowhere/x', 'w')").error
    assert error.type == "FileNotFoundError"
    assert run(server, "raise KeyboardInterrupt", 2).ending == "interrupted"
    assert run(server, "raise SystemExit(4)", 3).code == 4
    ran = run(server, "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)", 4)
    assert ran.started_processes
    assert run(server, "input()", 5).error.type == "EOFError"
    assert run(server, "'\\ud800'", 6).shown == "'\\ud800'"
    assert run(server, "raise MemoryError", 7).ending == "error"


def test_it_recovers_what_was_spoilt(server):
    """Forgotten modules, traces and timers do not outlive their entry."""
    run(server, "import sys\nsys.modules.clear()")
    run(server, "import sys\nsys.settrace(lambda *a: None)", 2)
    run(server, "import signal\nsignal.setitimer(signal.ITIMER_REAL, 99)", 3)

    assert run(server, "import sys, signal\nsys.gettrace()", 4).shown is None
    assert run(server, "signal.getitimer(0)[0]", 5).shown == "0.0"
    assert run(server, "import json; json.dumps(1)", 6).shown == "'1'"


def test_an_interrupt_only_reaches_the_learners_code(server):
    """SIGINT between entries changes nothing."""
    os.kill(server.pid, 2)

    assert run(server, "1 + 1").shown == "2"


def test_files_that_wait_for_nobody(server):
    """It waits for requests although its files were told not to."""
    run(
        server,
        "import os\n"
        "for file in range(64):\n"
        "  try: os.set_blocking(file, False)\n"
        "  except OSError: pass",
    )
    time.sleep(0.2)  # now it has looked for the next one

    assert run(server, "1 + 1", 2).shown == "2"


BUSY = "from time import *\nend = process_time() + 0.2\nwhile process_time() < end: 0"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such timers")
@pytest.mark.parametrize("timer", ["REAL", "VIRTUAL", "PROF"])
def test_a_timer_ends_with_its_entry(server, timer):
    """What would end the process later does not, however long it runs."""
    run(server, f"import signal; signal.setitimer(signal.ITIMER_{timer}, 0.1)")

    assert run(server, BUSY, 2).ending == "ok"


def test_a_traceback_asked_for_later(server):
    """It does not end the process either, once its entry has ended."""
    run(server, "import faulthandler as f; f.dump_traceback_later(0.1, exit=True)")

    assert run(server, BUSY, 2).ending == "ok"


def test_rubbish_ends_it(server):
    """A request that is none ends the process, with a word about why."""
    server._channel.send(b"rubbish\n")

    with pytest.raises(DiedError) as died:
        server.ask(Tell(server.next_id()))
    assert "ProtocolError" in died.value.last_words


def test_last_words_are_heard_late(server):
    """They are heard if the process has ended before the next request is sent."""
    unread = b"more" * (1 << 15)  # longer than what is read at once
    server._channel.send(b"rubbish\n" + unread)
    os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)

    with pytest.raises(DiedError) as died:
        server.send(Tell(server.next_id()))
    assert "ProtocolError" in died.value.last_words


@pytest.mark.skipif(sys.platform != "linux", reason="moments sleep on Linux only")
def test_asleep_and_awake(start):
    """A sleeper gives heads and copies of itself; an entry leaves a new sleeper."""
    nest = start(forks=True)
    nest.wait_for_hello(20)
    head = _thawed(nest._channel)
    ours, theirs = pair()
    request = Run(head.next_id(), "x = 41", entry=1, moment=1, freeze=True)
    with theirs:
        head.run(request, Watch(), [theirs.fileno()])
    assert run(head, "x + 1", 2).shown == "42"

    copy, copy_there = pair()
    with copy_there:
        thaw = protocol.encode(Thaw(0, asleep=True))
        ours.send(thaw, [copy_there.fileno()])
    awake = _thawed(copy)
    assert run(awake, "x", 2).shown == "41"
    for worker in (awake, head):
        worker.close()
    for channel in (copy, ours):
        with contextlib.suppress(OSError):
            channel.close()


def _thawed(channel: Channel) -> Worker:
    """A head from a sleeper."""
    here, there = pair()
    (out, out_there), (err, err_there) = os.pipe(), os.pipe()
    files = [there.fileno(), out_there, err_there]
    channel.send(protocol.encode(Thaw(0)), files)
    there.close()
    os.close(out_there)
    os.close(err_there)
    worker = Worker(here, FileInlet(out), FileInlet(err), SEAL, os.getpid())
    worker.wait_for_hello(20)
    return worker
