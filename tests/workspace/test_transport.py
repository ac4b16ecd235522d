"""Systems that hand no files to a new process (Windows): all works by calling back.

It is forced here: the workspace process cannot even import or name what such a system
lacks.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from scopetutor.errors import WorkspaceError
from scopetutor.workspace import boot, family, limits, options, transport
from scopetutor.workspace.client import Options, Workspace
from scopetutor.workspace.inlets import PumpedInlet, mark, rest
from scopetutor.workspace.transport import Meeting, reach

from .conftest import interrupted

_MODULES = ("fcntl", "termios", "resource", "grp", "pwd", "readline")
_NAMES = {
    "os": ("fork", "forkpty", "killpg", "setsid",
           "register_at_fork", "set_blocking", "sysconf"),
    "signal": ("SIGKILL", "SIGSTOP", "SIGCHLD", "SIGALRM", "ITIMER_REAL", "setitimer",
               "pthread_kill"),
    "socket": ("AF_UNIX", "SCM_RIGHTS", "CMSG_SPACE", "send_fds", "recv_fds"),
    "select": ("poll", "epoll"),
}  # fmt: skip
_LACKING = f"""\
import os, signal, socket, select, sys
for name in {_MODULES}: sys.modules[name] = None
for module, names in {_NAMES}.items():
    for name in names: vars(sys.modules[module]).pop(name, None)
"""
"""Makes a process one that lacks what Windows lacks, before anything of ours loads."""
_WITHOUT_WALLS = """
from scopetutor.workspace import landlock, seccomp
landlock.restrict = lambda *paths, **how: 0
seccomp.restrict = lambda **how: False
main(lines)
"""


@pytest.fixture(autouse=True)
def _lacking(request, monkeypatch):
    """A system that hands nothing over, in this process and in those it starts."""
    request.getfixturevalue("lines")
    monkeypatch.setattr(transport, "HANDS_FILES_OVER", False)
    monkeypatch.setattr(boot, "_BOOTSTRAP", _LACKING + boot._BOOTSTRAP)


@pytest.fixture
def workspace(tmp_path):
    """A workspace, which says that entries are run again."""
    with Workspace(Options(folder=tmp_path, grace=0.3)) as made:
        yield made


def shown(workspace: Workspace, text: str) -> str | None:
    """What an expression shows."""
    ran = workspace.run(text)
    assert ran.ending == "ok", ran
    return ran.shown


def test_the_process_lacks_it(workspace):
    """What is tried here is tried in a process that lacks all of it."""
    found = shown(
        workspace,
        "import os, signal, sys\n"
        "[hasattr(os, 'fork'), hasattr(signal, 'SIGKILL'), sys.modules['fcntl']]",
    )

    assert found == "[False, False, None]"


def test_entries_run_and_tensorflow_works(workspace):
    """Values, errors and what the engine makes arrive as they do elsewhere."""
    workspace.run("import tensorflow as tf")
    workspace.run("w = tf.get_variable('w', [2, 3])")
    ran = workspace.run("x = 41\n1/0")

    assert [one.key for one in workspace.snapshot.variables.values()] == ["w"]
    assert ran.error is not None
    assert ran.error.type == "ZeroDivisionError"
    assert shown(workspace, "x + 1") == "42"


def test_all_output_belongs_to_its_entry(workspace):
    """However much is printed, all of it has come when the entry ends."""
    for size in (1, 1000, 300_000):
        heard = {"out": "", "err": ""}

        def hear(output, heard=heard):
            heard[output.stream] += output.text

        workspace.run(
            f"import sys\nprint('o' * {size})\nprint('e' * {size}, file=sys.stderr)",
            on_output=hear,
        )
        assert heard == {"out": "o" * size + "\n", "err": "e" * size + "\n"}


def test_many_short_entries_keep_their_output(workspace):
    """What an entry prints last never comes with the next one."""
    for number in range(30):
        heard: list[str] = []
        workspace.run(f"print({number})", on_output=lambda o, h=heard: h.append(o.text))
        assert "".join(heard) == f"{number}\n"


def test_output_from_below_python(workspace):
    """What is written to the files themselves is heard, too, and zeros do no harm."""
    heard: list[str] = []
    workspace.run(
        "import os\nn = os.write(1, b'a\\0b\\0'), os.write(1, b'\\0')",
        on_output=lambda output: heard.append(output.text),
    )

    assert "".join(heard) == "a␀b␀␀"


def test_a_flood_is_stopped(tmp_path):
    """Code that prints without end is stopped although a thread passes it on."""
    with Workspace(Options(folder=tmp_path, output_limit=1000)) as workspace:
        ran = workspace.run("while True: print('x' * 1000)")

        assert ran.ending == "interrupted"
        assert "printed" in ran.sentence
        assert shown(workspace, "1") == "1"


def test_ctrl_c_stops_a_loop(workspace):
    """An interrupt arrives without a signal; what was done until then stays done."""
    workspace.run("i = 0")
    started = time.monotonic()
    ran = interrupted(workspace, "while True: i += 1")

    assert ran.ending == "interrupted"
    assert time.monotonic() - started < 1.5
    assert shown(workspace, "i > 0") == "True"


@pytest.mark.parametrize("endless", ["while True: pass", "sum(range(10**12))"])
def test_the_time_limit_holds(tmp_path, endless):
    """Code is stopped when its time is up, and if it does not mind, it is ended."""
    with Workspace(Options(folder=tmp_path, time_limit=0.3, grace=0.3)) as workspace:
        workspace.run("x = 41")
        ran = workspace.run(endless)

        assert ran.ending == "timeout"
        assert shown(workspace, "x + 1") == "42"


def test_an_interrupt_between_entries_does_nothing(workspace):
    """Who presses Ctrl-C when nothing runs loses nothing."""
    workspace.run("x = 41")
    head = workspace._head.worker
    assert head is not None
    head._signal()
    time.sleep(0.05)

    assert shown(workspace, "x + 1") == "42"


def test_undo_redo_and_at(workspace):
    """Every moment can be come to by running the entries again."""
    for text in ("x = 1", "x += 1", "x += 1"):
        workspace.run(text)

    workspace.undo(2)
    assert workspace.moment == 1
    workspace.redo(2)
    assert shown(workspace, "x") == "3"
    workspace.go_to(1)
    assert shown(workspace, "x") == "1"
    workspace.go_to(2)
    assert shown(workspace, "x") == "2"


@pytest.mark.parametrize(
    "deadly", ["import os\nos._exit(3)", "import ctypes\nctypes.string_at(0)"]
)
def test_a_deadly_entry_costs_only_itself(workspace, deadly):
    """The workspace is as it was before, and what was printed is not lost."""
    workspace.run("x = 41")
    heard: list[str] = []
    ran = workspace.run(
        f"print('last')\n{deadly}", on_output=lambda output: heard.append(output.text)
    )

    assert ran.ending == "died"
    assert ran.sentence.endswith("The workspace is as it was before the entry.")
    assert "".join(heard) == "last\n"
    assert shown(workspace, "x + 1") == "42"


def test_our_threads_are_not_the_learners(workspace):
    """The thread that hears interrupts is in no list the learner sees."""
    assert shown(workspace, "import threading; threading.active_count()") == "1"
    assert workspace.run("1").threads == 0


def test_what_protects_is_told(workspace):
    """What such a system lacks does not count as a protection."""
    assert "memory" not in workspace.protections()
    [again] = [one for one in limits.survey() if one.name.startswith("undo")]
    assert (again.active, again.how) == (False, "entries are run again")


def test_without_walls_too(tmp_path, monkeypatch):
    """Where the kernel protects from nothing either, Python's own fence stands."""
    bootstrap = boot._BOOTSTRAP.replace("main(lines)", _WITHOUT_WALLS)
    monkeypatch.setattr(boot, "_BOOTSTRAP", bootstrap)
    with Workspace(Options(folder=tmp_path)) as workspace:
        assert "fence" in workspace.protections()
        assert interrupted(workspace, "while True: pass").ending == "interrupted"
        for deed in ("open('mine', 'w')", "import os; os.kill(os.getppid(), 0)"):
            ran = workspace.run(deed)
            assert ran.error is not None
            assert ran.error.type == "PermissionError"


def test_python_that_does_not_start(tmp_path, monkeypatch):
    """A process that ends before it calls is told of at once, in its own words."""
    monkeypatch.setattr(boot, "_BOOTSTRAP", "raise ImportError('no NumPy here')")
    started = time.monotonic()
    with (
        Workspace(Options(folder=tmp_path)) as workspace,
        pytest.raises(WorkspaceError, match="ImportError: no NumPy here"),
    ):
        workspace.run("1")
    assert time.monotonic() - started < 5


def test_a_process_that_never_calls(tmp_path, monkeypatch):
    """It is not waited for without end, and it is ended."""
    monkeypatch.setattr(boot, "_BOOTSTRAP", "import time; time.sleep(60)")
    monkeypatch.setattr(transport, "_CALL_TIME", 0.2)
    with (
        Workspace(Options(folder=tmp_path)) as workspace,
        pytest.raises(WorkspaceError, match="could not start"),
    ):
        workspace.run("1")


def test_ctrl_c_while_it_is_waited_for(tmp_path, monkeypatch):
    """No process stays behind if waiting for its call is broken off."""
    started = []
    monkeypatch.setattr(boot, "_process", _kept(boot._process, started))
    monkeypatch.setattr(Meeting, "wait", _broken_off)
    with pytest.raises(KeyboardInterrupt):
        Workspace(Options(folder=tmp_path)).start()
    assert started[0].poll() is not None


def _kept(make, made):
    def kept(*arguments, **how):
        made.append(make(*arguments, **how))
        return made[-1]

    return kept


def _broken_off(*_):
    raise KeyboardInterrupt


# -- meeting -----------------------------------------------------------------------


def _invitation(meeting: Meeting) -> tuple[int, bytes]:
    """What the new process reads in its stdin."""
    read, write = os.pipe()
    meeting.invite(os.fdopen(write, "wb"))
    with os.fdopen(read, "rb") as told:
        port, token = told.read().split()
    return int(port), token


def test_strangers_are_turned_away(monkeypatch):
    """Only who says the token is let in, whoever calls first."""
    monkeypatch.setattr(transport, "_TOKEN_TIME", 0.1)
    with contextlib.ExitStack() as calls:
        meeting = calls.enter_context(Meeting())
        port, token = _invitation(meeting)

        def call(words: bytes) -> socket.socket:
            line = calls.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(words)
            return line

        strangers = [call(b"x" * len(token)), call(token[:-1]), call(b"")]
        friends = [call(token), call(token)]
        lines = meeting.wait(lambda: True)
        assert lines is not None
        for ours, theirs in zip(lines, friends, strict=True):
            assert ours is not None
            with ours:
                ours.sendall(b"yes")
            assert theirs.recv(3) == b"yes"
        for stranger in strangers:
            stranger.settimeout(1)
            with contextlib.suppress(ConnectionError):
                assert stranger.recv(1) == b""


def test_only_this_machine_is_listened_to():
    """Nobody else's machine can call."""
    with Meeting() as meeting:
        assert meeting._listener.getsockname()[0] == "127.0.0.1"
        assert meeting.wait(lambda: False) is None


def test_the_new_process_calls_twice(monkeypatch):
    """What one end says on each line, the other hears."""
    with Meeting() as meeting:
        port, token = _invitation(meeting)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{port} {token.decode()}\n"))
        theirs = reach(Meeting.place)
        ours = meeting.wait(lambda: True)
    assert ours is not None
    for here, there in zip(ours, theirs, strict=True):
        assert here is not None
        assert there is not None
        with here, there:
            here.sendall(b"hi")
            assert there.recv(2) == b"hi"


# -- inlets ------------------------------------------------------------------------


def test_marks_are_taken_out_wherever_they_are_cut():
    """A mark in two pieces is one, and what only looks like one is output."""
    ending = mark("seal")
    said = b"one" + ending + b"\0se" + b"two\0" + ending + b"\0"
    for cut in range(len(said)):
        read, write = os.pipe()
        inlet = PumpedInlet(read, ending)
        heard = b""
        for piece in (said[:cut], said[cut:]):
            os.write(write, piece)
            heard += rest(inlet, 0.002)
        os.close(write)
        heard += rest(inlet, 1)
        assert heard == b"one\0setwo\0\0"
        assert inlet.is_heard_out(3)
        inlet.close()


# -- what Windows calls by other names ---------------------------------------------


def test_a_process_is_ended_without_sigkill(monkeypatch):
    """Where there is no SIGKILL, SIGTERM ends, and stopping does nothing."""
    monkeypatch.setattr(family, "_STOP", None)
    monkeypatch.setattr(family, "_END", signal.SIGTERM)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as process:
        family.stop(process.pid)
        family.end(process.pid)
        assert process.wait(5) == -signal.SIGTERM


def test_moments_do_not_sleep():
    """The way is chosen by what the system can do."""
    assert not transport.moments_can_sleep()
    assert options.way_for(Options(), 1).kept() == ()
