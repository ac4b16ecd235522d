"""A workspace runs entries, survives all of them, and goes to any moment."""

from __future__ import annotations

import asyncio
import time

import pytest

from scopetutor.errors import UsageError, WorkspaceError
from scopetutor.workspace import boot
from scopetutor.workspace.client import Options, Workspace
from scopetutor.workspace.protocol import Output, Ran

from .conftest import interrupted

pytestmark = pytest.mark.usefixtures("lines")


def shown(workspace: Workspace, text: str) -> str | None:
    """What an expression shows."""
    ran = workspace.run(text)
    assert ran.ending == "ok", ran
    return ran.shown


def test_an_expression_is_shown(workspace):
    """The last expression's value comes back as text."""
    ran = workspace.run("x = 1\nx + 1")

    assert (ran.ending, ran.shown, ran.moment, ran.entry) == ("ok", "2", 1, 1)


def test_tensorflow_is_ours(workspace):
    """`import tensorflow` gives the engine, and what it makes is in the snapshot."""
    workspace.run("import tensorflow as tf")
    workspace.run("with tf.variable_scope('enc'):\n  w = tf.get_variable('w', [2, 3])")

    [view] = workspace.snapshot.variables.values()
    assert (view.key, view.shape, view.dtype) == ("enc/w", (2, 3), "float32_ref")
    assert view.made.site is not None
    assert (view.made.site.entry, view.made.site.line) == (2, 2)


def test_output_comes_in_order_while_it_runs(workspace):
    """What is printed on both streams arrives in the order it was printed."""
    heard: list[Output] = []
    workspace.run(
        "import sys\n"
        "for i in range(3):\n"
        "    print('out', i)\n"
        "    print('err', i, file=sys.stderr)",
        on_output=heard.append,
    )

    said = [f"{o.stream}:{line}" for o in heard for line in o.text.splitlines()]
    assert said == ["out:out 0", "err:err 0", "out:out 1", "err:err 1", "out:out 2",
                    "err:err 2"]  # fmt: skip


def test_a_failed_entry_keeps_what_it_did(workspace):
    """As in a REPL, what was done before the error stays."""
    ran = workspace.run("x = 5\n1/0\nx = 6")

    assert ran.ending == "error"
    assert ran.error is not None
    assert ran.error.type == "ZeroDivisionError"
    assert [frame.site.line for frame in ran.error.frames] == [2]
    assert shown(workspace, "x") == "5"


@pytest.mark.parametrize(
    "deadly",
    [
        "import os\nos._exit(3)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.closerange(3, 200)",
    ],
)
def test_a_deadly_entry_costs_only_itself(workspace, deadly):
    """The workspace is as it was before, and says what happened in a sentence."""
    workspace.run("x = 41")
    ran = workspace.run(f"x = 0\n{deadly}")

    assert ran.ending == "died"
    assert ran.sentence.endswith("The workspace is as it was before the entry.")
    assert ran.moment == 1
    assert shown(workspace, "x + 1") == "42"


def test_a_crash_is_called_a_crash(workspace):
    """Python's own last words are passed on."""
    ran = workspace.run("import ctypes\nctypes.string_at(0)")

    assert "Segmentation fault" in ran.sentence


def test_sys_exit_is_a_wish(workspace):
    """`sys.exit` ends no process; who runs the workspace decides."""
    ran = workspace.run("import sys\nsys.exit(3)")

    assert (ran.ending, ran.code) == ("exit", 3)
    assert shown(workspace, "1") == "1"


def test_an_interrupt_keeps_what_was_done(workspace):
    """Ctrl-C stops a loop at once; what it did until then stays done."""
    workspace.run("i = 0")
    started = time.monotonic()
    ran = interrupted(workspace, "while True: i += 1")

    assert ran.ending == "interrupted"
    assert time.monotonic() - started < 1.5
    assert shown(workspace, "i > 0") == "True"


@pytest.mark.parametrize(
    "stubborn",
    [
        (
            "import time\nwhile True:\n  try:\n"
            "    while True: time.sleep(0.001)\n  except BaseException: pass"
        ),
        "import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile True: pass",
        "sum(range(10**12))",
    ],
)
def test_what_will_not_stop_is_ended(make, stubborn):
    """Code that ignores Ctrl-C is ended with its process, and nothing else is lost."""
    workspace = make(grace=0.3)
    workspace.run("x = 41")
    ran = interrupted(workspace, stubborn)

    assert ran.ending == "interrupted"
    assert "as it was before" in ran.sentence
    assert shown(workspace, "x + 1") == "42"


def test_time_is_limited(make):
    """An entry that takes too long is stopped."""
    workspace = make(time_limit=0.3)
    ran = workspace.run("while True: pass")

    assert ran.ending == "timeout"
    assert "0.3 s" in ran.sentence


def test_output_is_limited(make):
    """What is printed beyond the limit is counted, not kept."""
    workspace = make(output_limit=1000)
    heard: list[Output] = []
    ran = workspace.run("print('x' * 3000)", on_output=heard.append)

    assert ran.ending == "ok"
    assert sum(len(output.text) for output in heard) == 1000
    assert ran.lost_output == 2001


def test_a_flood_is_stopped(make):
    """Printing without end is stopped long before the time is up."""
    workspace = make(output_limit=10_000)
    workspace.run("1")  # it has started
    started = time.monotonic()
    ran = workspace.run("while True: print('x' * 1000)")

    assert ran.ending == "interrupted"
    assert "printed" in ran.sentence
    assert time.monotonic() - started < 2


def test_escapes_are_made_visible(workspace):
    """Nothing a program prints or returns can steer the terminal."""
    heard: list[Output] = []
    workspace.run("print('\\x1b[2J')", on_output=heard.append)
    ran = workspace.run("class R:\n  __repr__ = lambda s: '\\x1b]0;'\nR()")

    assert heard[0].text == "␛[2J\n"
    assert ran.shown == "␛]0;"


def test_moments(workspace):
    """Undo, redo and going anywhere restore names, variables and random numbers."""
    workspace.run("import random, tensorflow as tf\nx = 1")
    workspace.run("x = 2; r = random.random()")
    workspace.run("w = tf.get_variable('w', [2])")
    number = shown(workspace, "r, random.random()")

    assert workspace.undo().moment == 3
    assert workspace.undo(2).moment == 1
    assert workspace.snapshot.variable("w") is None
    assert shown(workspace, "x") == "1"  # a new line: moment 5
    assert workspace.go_to(3).moment == 3
    assert workspace.snapshot.variable("w") is not None
    assert shown(workspace, "r, random.random()") == number


def test_redo_follows_the_line_that_was_left(workspace):
    """After going back, redo goes where one came from, not to the newest line."""
    workspace.run("x = 1")
    workspace.run("x = 2")
    workspace.undo()
    workspace.run("x = 3")
    workspace.go_to(2)
    workspace.undo()
    workspace.redo()

    assert shown(workspace, "x") == "2"


def test_there_is_an_end_to_undo(workspace):
    """Going back further than there is says so, and changes nothing."""
    workspace.run("x = 1")

    with pytest.raises(UsageError, match="there is only 1 to undo"):
        workspace.undo(2)
    with pytest.raises(UsageError, match="there is nothing to redo"):
        workspace.redo()
    with pytest.raises(UsageError, match="there is no moment 9"):
        workspace.go_to(9)
    assert workspace.moment == 1


def test_diff_between_lines(workspace):
    """Two moments of different lines can be compared."""
    workspace.run("import tensorflow as tf")
    workspace.run("a = tf.get_variable('a', [])")
    workspace.undo()
    workspace.run("b = tf.get_variable('b', [])")
    change = workspace.diff(2, 3)

    assert [view.key for view in change.created] == ["b"]
    assert [view.key for view in change.removed] == ["a"]


def test_an_interrupted_entry_is_not_repeated(make):
    """A replay leaves out what was interrupted: it would not end in the same state."""
    workspace = make()
    workspace.run("x = 1")
    interrupted(workspace, "while True: x += 1")
    x = shown(workspace, "x")
    workspace.run("y = 1")
    ran = workspace.run("import os; os._exit(1)")

    replayed = workspace.options.way == "replay"
    assert ("Entry 2 was interrupted" in ran.sentence) == replayed
    assert shown(workspace, "y") == "1"
    assert shown(workspace, "x") == ("1" if replayed else x)


def test_a_fork_is_independent(workspace):
    """A second workspace begins where the first is, and neither disturbs the other."""
    workspace.run("x = 1")
    other = workspace.fork()
    try:
        assert other.moment == 1
        other.run("x = 2")
        assert shown(workspace, "x") == "1"
        assert shown(other, "x") == "2"
        other.undo(2)
        assert shown(other, "x") == "1"
        other.run("import os; os._exit(1)")
        assert shown(other, "x") == "1"
    finally:
        other.close()
    assert shown(workspace, "x") == "1"


def test_running_from_an_event_loop(workspace):
    """`run_async` lets other tasks go on."""

    async def both() -> tuple[Ran, int]:
        ticks = 0
        task = asyncio.ensure_future(
            workspace.run_async("import time; time.sleep(0.2)\n3")
        )
        while not task.done():
            ticks += 1
            await asyncio.sleep(0.01)
        return task.result(), ticks

    ran, ticks = asyncio.run(both())

    assert ran.shown == "3"
    assert ticks > 5


def test_checks_change_nothing(workspace):
    """Assertions report both sides, and what they do to the program is undone."""
    workspace.run("import tensorflow as tf\nx = [3]\nw = tf.get_variable('w', [2])")
    checks = workspace.check(
        ["assert x == [4]", "x.append(5)", "tf.get_variable('v', [])", "assert x"]
    )

    assert [check.passed for check in checks.results] == [False, True, True, True]
    assert checks.results[0].sides == (("x", "[3]"), ("[4]", "[4]"))
    assert shown(workspace, "x, tf.global_variables()") == (
        "([3], [<tf.Variable 'w:0' shape=(2,) dtype=float32_ref>])"
    )
    assert workspace.moment == 2


def test_checks_are_bounded(make):
    """Assertions that hang or kill the process end like entries."""
    workspace, hasty = make(), make(time_limit=0.3, grace=0.2)
    workspace.run("x = 3\nimport os")

    assert hasty.check(["while True: pass"]).ending == "timeout"
    assert workspace.check(["assert x == 3"]).results[0].passed
    assert workspace.check(["os._exit(1)"]).ending == "died"
    assert shown(workspace, "x") == "3"


def test_questions(workspace):
    """Completion, inspection and a closer look answer from the live program."""
    workspace.run("import tensorflow as tf\nweight = tf.get_variable('w', [2])")
    workspace.run("sess = tf.Session()\nsess.run(weight.assign([1., 2.]))")

    assert "weight" in [item.text for item in workspace.complete("wei").items]
    assert workspace.inspect("weight").shape == (2,)
    assert not workspace.inspect("nothing").found
    assert ('  op: "Assign"',) in workspace.look("graph").rows
    assert not workspace.inspect("\ud800").found
    assert workspace.moment == 2


def test_nothing_is_left_behind(workspace):
    """Closing ends every process of the workspace."""
    workspace.run("x = 1")
    hello = workspace.hello
    assert hello is not None
    workspace.close()

    deadline = time.monotonic() + 2
    while _exists(hello.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _exists(hello.pid)


def _exists(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as status:
            return status.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_a_process_that_cannot_load_says_why(way, tmp_path, monkeypatch):
    """If the workspace process cannot start, its own last words are in the error."""
    monkeypatch.setattr(boot, "_BOOTSTRAP", "raise ImportError('no NumPy here')")
    with (
        pytest.raises(WorkspaceError, match="ImportError: no NumPy here"),
        Workspace(Options(way=way, folder=tmp_path)) as workspace,
    ):
        workspace.run("1")
