"""Every moment is exact, and both ways of coming by moments give the same answers."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from scopetutor.errors import UsageError
from scopetutor.workspace import ways
from scopetutor.workspace.client import Options, Workspace
from scopetutor.workspace.timeline import Moment, Timeline

from .conftest import WAYS

if TYPE_CHECKING:
    from pathlib import Path

    from scopetutor.snapshot import Snapshot

STEPS = int(os.environ.get("SCOPETUTOR_WALK", "16"))
SEEDS = int(os.environ.get("SCOPETUTOR_WALKS", "1"))
BEGINNING = """\
import random, uuid, numpy as np, tensorflow as tf
xs = []
s = tf.Session()
w = tf.get_variable('w', [2])
up = w.assign_add(tf.random_normal([2]))
s.run(w.initializer)
def count():
  n = 0
  while True:
    n += random.randrange(9)
    yield n
c = count()"""
# What an entry may do: everything that has a state, of Python, NumPy and TensorFlow.
ENTRIES = (
    "xs.append(random.random())",
    "xs.append(np.random.rand())",
    "xs.append(np.random.default_rng().integers(10**6))",
    "xs.append(uuid.uuid4().hex)",
    "s.run(up)",
    "s.run(w.initializer)",
    "next(c)",
    "tf.get_variable(f'v{len(xs)}', [1], initializer=tf.ones_initializer())",
    "with tf.variable_scope('a', reuse=tf.AUTO_REUSE): tf.get_variable('k', [])",
    "xs.sort(key=str)",
    "1/0",
    "tf.get_variable('w', [2])",
    "del xs[:]",
    "s = tf.Session(); s.run(tf.global_variables_initializer())",
    "hash('text'), {'b', 'a', 'c'}",
)
LOOK = (
    "xs, s.run(w).tolist(), [v.name for v in tf.global_variables()], "
    "len(tf.get_default_graph().get_operations()), random.getstate()[1][:3], "
    "np.random.get_state()[1][:3].tolist()"
)


def walk(way: str, folder: Path, seed: int) -> list[tuple[int, str, object]]:
    """Goes about at random; where it was, and what was to be seen there."""
    chance = random.Random(seed)
    seen: list[tuple[int, str, object]] = []
    known: dict[int, tuple[str, Snapshot]] = {}
    with Workspace(Options(way=way, folder=folder, entropy=seed)) as workspace:  # type: ignore[arg-type]
        workspace.run(BEGINNING)
        for _ in range(STEPS):
            before = workspace.moment
            _step(workspace, chance)
            moment = workspace.moment
            look = workspace.check([f"assert [{LOOK}] == 0"]).results[0].sides
            there = str(look), workspace.snapshot
            if moment in known:
                assert there == known[moment], (before, moment)
            known[moment] = there
            seen.append((moment, there[0], workspace.diff(0)))
    return seen


def _step(workspace: Workspace, chance: random.Random) -> None:
    """One entry, or one move."""
    try:
        match chance.random():
            case what if what < 0.55:
                workspace.run(chance.choice(ENTRIES))
            case what if what < 0.75:
                workspace.undo(chance.randrange(1, 4))
            case what if what < 0.85:
                workspace.redo()
            case _:
                numbers = [one.number for one in workspace.timeline.moments()]
                workspace.go_to(chance.choice(numbers[1:]))
    except UsageError:
        pass  # so far back or forth it does not go
    if workspace.moment == 0:
        workspace.go_to(1)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_ways_are_the_same(tmp_path, monkeypatch, seed):
    """Wherever one goes, everything is as it was there, in both ways alike."""
    monkeypatch.setattr(ways, "MOST_KEPT", 6)  # so that some are gone, and run again
    monkeypatch.setattr(ways, "ALWAYS_KEPT", 3)
    walks = [walk(way, tmp_path, seed) for way in WAYS]

    assert walks[0] == walks[-1]
    assert len({moment for moment, _, _ in walks[0]}) > STEPS / 5


def test_lines_are_a_tree():
    """Entries made in the past begin lines of their own; all are kept."""
    line = Timeline()
    for number, parent in ((1, 0), (2, 1), (3, 1), (4, 3), (5, 0)):
        line.add(Moment(number, parent, f"x = {number}", number))

    assert [moment.number for moment in line.path(4)] == [1, 3, 4]
    assert line.current == 5
    line.go_to(4)
    assert line.back(2) == 1
    line.go_to(2)
    assert line.back(1) == 1
    line.go_to(1)
    assert line.forth(1) == 2
    assert line.copy().forth(1) == 2
    with pytest.raises(UsageError, match="there is only 1 to redo"):
        line.forth(2)


def test_undo_across_many_entries(make):
    """However far back one goes, what is there is what was there."""
    many = int(os.environ.get("SCOPETUTOR_UNDO", "40"))
    workspace = make()
    workspace.run("import random; xs = []")
    for _ in range(many):
        workspace.run("xs.append(random.random())")
    whole = str(workspace.run("xs").shown)
    workspace.undo(many)

    first = workspace.run("xs").shown
    assert first == f"{whole.split(',', maxsplit=1)[0]}]"
    workspace.go_to(1 + many)
    assert workspace.run("xs").shown == whole


def test_a_moment_that_died_is_run_again(make, way):
    """If somebody ends the sleeping processes, replay takes their place."""
    if way != "fork":
        pytest.skip("nothing sleeps")
    workspace = make()
    workspace.run("import random; r = random.random()")
    workspace.run("x = r")
    number = workspace.run("x").shown
    sleeping = workspace._head.way
    for moment in sleeping.kept():
        frozen = sleeping._frozen[moment]
        os.kill(frozen.pid(sleeping._nest.settings.seal, 1.0), 9)
    kill(workspace)
    again = workspace.run("x")

    assert (again.ending, again.shown) == ("ok", number)
    assert "brought back" in again.sentence


def test_a_moment_that_dies_while_it_wakes(make, way):
    """An entry that was sent to a moment that never woke up runs all the same."""
    if way != "fork":
        pytest.skip("nothing sleeps")
    workspace = make()
    workspace.run("import random; r = random.random()")
    number = workspace.run("r").shown
    sleeping = workspace._head.way
    sleeper = sleeping._frozen[1].pid(sleeping._nest.settings.seal, 1.0)
    os.kill(sleeper, signal.SIGSTOP)
    workspace.undo()
    os.kill(sleeper, signal.SIGKILL)

    assert workspace.run("r").shown == number
    assert workspace.undo(2).ending == "ok"


def test_large_moments_are_fewer(make, way, monkeypatch):
    """Moments that would take too much memory are run again when they are wanted."""
    if way != "fork":
        pytest.skip("nothing sleeps")
    monkeypatch.setattr(ways, "ALWAYS_KEPT", 4)
    monkeypatch.setattr(ways, "MOST_MEMORY", 50 << 20)
    workspace = make()
    workspace.run("import random, numpy as np; r = random.random()")
    for _ in range(10):
        workspace.run("big = np.full(10**6, r); r = random.random(); r")
    kept = workspace._head.way.kept()

    assert set(range(8, 12)) <= set(kept)
    assert len(kept) <= 8
    assert min(kept) < 8  # older ones are thinned out, not cut off
    numbers = dict.fromkeys(range(2, 12))
    for number in [*numbers, *numbers]:
        workspace.go_to(number)
        shown = workspace.run("r").shown
        assert numbers[number] in (None, shown)
        numbers[number] = shown
    assert len(set(numbers.values())) == 10


def test_each_moment_is_weighed_once(make, way, monkeypatch):
    """Who tidies up while nobody waits spares the next entry that work."""
    if way != "fork":
        pytest.skip("nothing sleeps")
    weighed = []
    monkeypatch.setattr(
        ways._Frozen, "weigh", lambda self, _: weighed.append(self) or _mark(self)
    )
    workspace = make()
    for number in range(5):
        workspace.run("1")
        before = len(weighed)
        workspace.tidy()
        assert len(weighed) == max(0, number - 1)
        assert before == len(weighed) - (number > 1)


def _mark(frozen):
    frozen.weighed = True


def test_what_took_long_is_not_run_again(make, way, monkeypatch):
    """Of old moments those are kept that it would take long to come by."""
    if way != "fork":
        pytest.skip("nothing sleeps")
    monkeypatch.setattr(ways, "ALWAYS_KEPT", 2)
    monkeypatch.setattr(ways, "MOST_KEPT", 5)
    workspace = make()
    for number in range(12):
        workspace.run("import time; time.sleep(0.3)" if number == 3 else "1")

    assert 4 in workspace._head.way.kept()
    assert len(workspace._head.way.kept()) == 5


def test_all_processes_may_die(make):
    """Even without its first process a workspace comes back with all its moments."""
    workspace = make()
    workspace.run("import random; r = random.random()")
    number = workspace.run("r").shown
    kill(workspace, os.killpg, os.getpgid(workspace.hello.pid))

    assert workspace.run("r").shown == number
    assert workspace.undo(1).ending == "ok"
    kill(workspace)
    assert workspace.undo(1).ending == "ok"
    kill(workspace)
    assert workspace.complete("rando").items
    kill(workspace)
    assert workspace.redo(2).ending == "ok"
    assert workspace.run("r").shown == number


def kill(workspace, how=os.kill, pid=0):
    """Kills the process that runs the entries, and waits until it has ended."""
    workspace.complete("")
    head = workspace.hello.pid
    how(pid or head, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while not workspace._head.worker.is_gone() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_what_prints_is_run_again_to_its_end(workspace):
    """What an entry prints does not stop it when it is run again, and is not heard."""
    heard = []
    slow = "print('heard', flush=True); import time; time.sleep(0.3); y = 1"
    workspace.run(slow, on_output=heard.append)
    workspace.run("x = 1")
    for frozen in workspace._head.way.kept():
        workspace._head.way.forget(frozen)
    workspace.undo()

    assert workspace.run("y").shown == "1"
    assert [output.text for output in heard] == ["heard\n"]


def test_undo_while_a_thread_runs(workspace):
    """At a moment with a thread it runs; at one before there is none."""
    workspace.run("import threading, time; xs = []; go = threading.Event()")
    workspace.run(
        "def fill():\n"
        "  while True: xs.append(0); time.sleep(0.001)\n"
        "threading.Thread(target=fill, daemon=True).start()"
    )
    grows = "before = len(xs); time.sleep(0.2); len(xs) > before"
    assert workspace.run(grows).shown == "True"

    workspace.go_to(1)
    assert workspace.run(grows).shown == "False"
    workspace.go_to(2)
    assert workspace.run(grows).shown == "True"
    workspace.undo(2)
    assert workspace.run("xs").shown == "[]"


def test_undo_across_runners_of_queues(workspace):
    """A queue that threads fill can be read from again after an undo."""
    workspace.run(
        "import tensorflow as tf\n"
        "q = tf.FIFOQueue(3, tf.float32); e = q.enqueue(7.)\n"
        "tf.train.add_queue_runner(tf.train.QueueRunner(q, [e] * 2))\n"
        "d = q.dequeue(); s = tf.Session(); stop = tf.train.Coordinator()"
    )
    workspace.run("ts = tf.train.start_queue_runners(s, stop)")
    read = "[float(s.run(d)) for _ in range(9)][-1]"
    assert workspace.run(read, limit=20.0).shown == "7.0"
    workspace.undo()
    assert workspace.run(read, limit=20.0).shown == "7.0"
    workspace.run("stop.request_stop(); s.run(q.close(True)); stop.join(ts); 'joined'")
    assert workspace.run("s.run(q.size()) >= 0, stop.should_stop()").ending == "ok"
    workspace.undo(4)
    assert workspace.moment == 1
    assert workspace.run("int(s.run(q.size()))").shown == "0"
