"""What was typed is on disk, and can be gone on with after any crash."""

from __future__ import annotations

import ast
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scopetutor.errors import UsageError
from scopetutor.workspace import journal, journals, story
from scopetutor.workspace.client import Options, Workspace

from .conftest import WAYS

KILLS = int(os.environ.get("SCOPETUTOR_KILLS", "6"))
KILLS_PER_JOURNAL = 20
_TYPIST = """
import sys
from pathlib import Path
from scopetutor.workspace.client import Options, Workspace

path, way, folder = sys.argv[1:]
options = Options(way=way, journal=Path(path), folder=Path(folder))
workspace = (
    Workspace.resume(Path(path), options) if Path(path).exists()
    else Workspace(options)
)
workspace.start()
if not workspace.moment:
    workspace.run("import random, tensorflow as tf; xs = []")
workspace.go_to(workspace.moment)
print("pid", workspace.hello.pid, flush=True)
for number in range(1000):
    ran = workspace.run("xs.append(random.random()); xs[-1]")
    print(ran.ending, ran.moment, ran.shown, flush=True)
"""


@pytest.fixture
def path(tmp_path) -> Path:
    """Of a journal that does not exist yet."""
    return Path(tmp_path / "deep" / "one.journal")


def test_a_workspace_goes_on(make, path):
    """Names, variables, random numbers and the lines of the timeline are back."""
    first = make(journal=path)
    first.run("import random, tensorflow as tf\nr = random.random()")
    first.run("w = tf.get_variable('w', [2]); s = tf.Session()")
    first.run("s.run(w.initializer); x = s.run(w).tolist()")
    wanted = first.run("r, x").shown
    first.undo(2)
    first.run("y = 1")
    first.close()

    again = Workspace.resume(path, first.options)
    with again:
        assert again.moment == 5
        assert again.run("y").shown == "1"
        assert again.snapshot.variable("w") is not None
        again.go_to(3)
        assert again.run("r, x").shown == wanted
        assert [moment.number for moment in again.timeline.moments()][:6] == [
            0, 1, 2, 3, 4, 5,
        ]  # fmt: skip


def test_a_moment_that_was_left_is_where_it_goes_on(make, path):
    """After an undo, resuming begins at the moment gone to, and redo still works."""
    first = make(journal=path)
    first.run("x = 1")
    first.run("x = 2")
    first.undo()
    first.close()

    with Workspace.resume(path, first.options) as again:
        assert again.run("x").shown == "1"
        again.undo()
        assert again.moment == 1


def test_what_was_in_flight_is_left_out(make, path):
    """An entry without an ending is not run again, and that is said."""
    first = make(journal=path)
    first.run("x = 1")
    first.close()
    with path.open("ab") as file:
        moment = journal.Moment(2, 1, "while True: pass", 2)
        file.write(journal.packed(journal.Entered(moment)))

    with Workspace.resume(path, first.options) as again:
        ran = again.run("x")
        assert ran.shown == "1"
        assert ran.moment == 3
        assert ran.sentence == "Entry 2 had not ended, so it is left out."


@pytest.mark.parametrize(("cut", "left"), [(1, 2), (5, 1), (40, 1)])
def test_a_torn_line_is_passed_over(make, path, cut, left):
    """Whatever a crash left of the last line, everything before it is there."""
    first = make(journal=path)
    first.run("x = 1")
    first.run("x = 2")
    first.close()
    path.write_bytes(path.read_bytes()[:-cut])

    with Workspace.resume(path, first.options) as again:
        assert again.run("x").shown == str(left)
        assert again.run("x + 1").shown == str(left + 1)
    told = story.read(path)
    assert told.timeline.current == again.moment


def _spoil(path: Path, what: bytes) -> None:
    """Changes a bit where some text of a journal stands first."""
    data = bytearray(path.read_bytes())
    data[data.index(what)] ^= 1
    path.write_bytes(bytes(data))


def test_damage_in_the_middle_costs_what_stood_there(make, path):
    """A changed byte is noticed; entries that do not depend on it are kept."""
    first = make(journal=path)
    for number in range(4):
        first.run(f"x = {number}")
    first.close()
    _spoil(path, b"x = 3")

    told = story.read(path)
    assert told.damaged == 2  # the entry, and the ending without one
    assert told.timeline.current == 3


def test_a_lost_entry_costs_only_itself(make, path):
    """What came after it is there, and follows the entry before it."""
    first = make(journal=path)
    first.run("x = 1")
    first.run("y = 2")
    first.run("z = 3")
    first.close()
    _spoil(path, b"y = 2")

    with Workspace.resume(path, first.options) as again:
        assert again.run("x, z, 'y' in dir()").shown == "(1, 3, False)"
        assert [moment.number for moment in again.timeline.path(3)] == [1, 3]


def test_a_lost_ending_costs_nothing(make, path):
    """That an entry led to the next one shows that it had ended."""
    first = make(journal=path)
    first.run("x = 1")
    first.run("y = 2")
    first.close()
    _spoil(path, b'"ended","number":1')

    with Workspace.resume(path, first.options) as again:
        ran = again.run("x, y")
        assert ran.shown == "(1, 2)"
        assert ran.sentence == "Damaged lines of the journal that are left out: 1."


def test_a_lost_beginning_costs_only_the_random_numbers(make, path):
    """They are drawn anew, that is said, and from then on they are the same again."""
    first = make(journal=path)
    first.run("import random; x, y = 1, random.random()")
    y = first.run("y").shown
    first.close()
    _spoil(path, b"began")

    with Workspace.resume(path, first.options) as again:
        ran = again.run("x")
        assert ran.shown == "1"
        assert ran.sentence == (
            "Damaged lines of the journal that are left out: 1. The first line is one "
            "of them: random numbers that were drawn without a seed are others now."
        )
        other = again.run("y").shown
        assert other != y
    with Workspace.resume(path, first.options) as again:
        ran = again.run("y")
        assert ran.shown == other
        assert "random" not in ran.sentence


def test_two_terminals_do_not_write_one_journal(make, path):
    """The second is told so."""
    first = make(journal=path)
    first.run("x = 1")

    with pytest.raises(UsageError, match="open in another terminal"):
        make(journal=path).start()


@pytest.mark.parametrize("what", ["full", "read-only", "a file in the way"])
def test_work_goes_on_without_a_journal(make, path, what):
    """A disk that is full or cannot be written costs a sentence, and only one."""
    if what == "full" and not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    if what == "full":
        path = Path("/dev/full")
    elif what == "read-only":
        path = Path("/proc/scopetutor/one.journal")
    else:
        path.parent.touch()
    workspace = make(journal=path)
    ran = workspace.run("x = 1")

    assert ran.ending == "ok"
    assert ran.sentence.startswith("This session is not kept on disk")
    assert workspace.run("x").shown == "1"
    assert workspace.run("x").sentence == ""


def test_what_is_kept_is_listed(make, tmp_path, monkeypatch):
    """The newest comes first, by name; empty workspaces leave nothing."""
    monkeypatch.setenv("SCOPETUTOR_DATA", str(tmp_path / "data"))
    with pytest.raises(UsageError, match="no session has been kept"):
        journals.named()
    names = []
    for text in ("x = 1", "y = 2"):
        workspace = make(journal=journals.new_path())
        workspace.run(text)
        names.append(workspace.options.journal.stem)
        workspace.close()
        time.sleep(0.01)
    empty = make(journal=journals.new_path())
    empty.start()
    empty.close()

    assert [(one.name, one.entries, one.last) for one in journals.kept()] == [
        (names[1], 1, "y = 2"),
        (names[0], 1, "x = 1"),
    ]
    assert journals.named().stem == names[1]
    assert journals.named(names[0]).stem == names[0]
    with pytest.raises(UsageError, match="there is no session 'other'"):
        journals.named("other")


def test_what_is_no_journal_is_said(path):
    """A missing, an empty and a foreign file each get one sentence."""
    with pytest.raises(UsageError, match="cannot be read"):
        story.read(path)
    path.parent.mkdir()
    path.write_text("")
    with pytest.raises(UsageError, match="empty or damaged"):
        story.read(path)
    path.write_bytes(journal.packed(journal.Began(99, 0, "", 0.0)))
    with pytest.raises(UsageError, match="newer scopetutor"):
        story.read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
def test_kills_cost_at_most_the_entry_in_flight(way, path, tmp_path):
    """A kill -9 of the terminal or the workspace process, at any time, loses nothing.

    The same journal is gone on with after each kill; the random numbers in it must be
    those that a run without any kill gives.
    """
    chance = random.Random(7)
    left = max(1, KILLS // len(WAYS))
    while left > 0:
        killed = min(left, KILLS_PER_JOURNAL)
        _kill_and_compare(chance, killed, way, path.with_stem(f"{left}"), tmp_path)
        left -= killed


def _kill_and_compare(
    chance: random.Random, times: int, way: str, path: Path, folder: Path
) -> None:
    answers: dict[int, str] = {}
    for _ in range(times):
        answers |= _typed_until_killed(chance, way, path, folder)

    timeline = story.read(path).timeline
    kept = [moment.number for moment in timeline.path(timeline.current)]
    with Workspace.resume(path, Options(way=way, folder=folder)) as last:
        shown = last.run("[f'{x}' for x in xs]").shown
    numbers = dict(zip(kept[1:], ast.literal_eval(str(shown)), strict=True))
    assert answers
    assert answers.items() <= numbers.items()


def _typed_until_killed(
    chance: random.Random, way: str, path: Path, folder: Path
) -> dict[int, str]:
    """What was answered, by moment, until the terminal process was killed."""
    typist = subprocess.Popen(
        [sys.executable, "-c", _TYPIST, str(path), way, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert typist.stdout is not None
    head = int(typist.stdout.readline().split()[1])
    time.sleep(chance.uniform(0.0, 0.1))
    if chance.random() < 0.5:  # another process takes its place
        os.kill(head, signal.SIGKILL)
        time.sleep(chance.uniform(0.0, 0.3))
    typist.kill()
    said, _ = typist.communicate()
    whole = said.rpartition("\n")[0]  # the last line may be cut off
    rows = [row.split() for row in whole.splitlines()]
    return {int(moment): shown for ending, moment, shown in rows if ending == "ok"}


def test_a_full_disk_is_told_once(tmp_path):
    """Where nothing can be written the work goes on, and one sentence says why."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    path = tmp_path / "one.journal"
    path.symlink_to(full)
    kept = journal.Journal(path)
    began = journal.Began(journal.VERSION, 1, str(tmp_path), 0.0)
    moment = journal.Moment(number=1, parent=0, text="x = 1", entry=1)

    kept.open(began)
    kept.entered(moment)
    kept.ended(moment)

    assert "is not kept on disk (No space left on device" in kept.news()
    assert not kept.news()


def test_what_a_crash_left_half_written_stays_alone(tmp_path):
    """The next line begins on a line of its own."""
    path = tmp_path / "one.journal"
    path.write_bytes(b"half")
    kept = journal.Journal(path)
    kept.open(journal.Began(journal.VERSION, 1, str(tmp_path), 0.0))
    kept.close()

    assert path.read_bytes() == b"half\n"
