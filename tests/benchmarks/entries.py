"""What an entry, an undo, a crash and a moment cost, in time and memory.

    python -m tests.benchmarks.entries [NAME …] [--soak 2000] [--json]

`1+1` is measured at a prompt in a pseudo terminal, beside IPython; everything else at
the workspace itself, in both ways of coming by moments. Medians; milliseconds, MB.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.engine import defaults
from scopetutor.evaluator.program import Program
from scopetutor.evaluator.run import Entry
from scopetutor.workspace import family
from scopetutor.workspace.client import Options, Workspace

from . import prompt

if TYPE_CHECKING:
    from collections.abc import Callable

Figures = dict[str, float]
NET = """\
import numpy as np, tensorflow as tf
x = tf.placeholder(tf.float32, [None, 784])
h = tf.layers.dense(x, 100, tf.nn.relu)
y = tf.layers.dense(h, 10)
loss = tf.reduce_mean(tf.square(y))
train = tf.train.AdamOptimizer().minimize(loss)
s = tf.Session(); s.run(tf.global_variables_initializer())
data = np.ones([32, 784], np.float32)"""
STEP = "s.run([train, loss], {x: data})[1]"
VARIABLE = """\
with tf.variable_scope('layer', reuse=tf.AUTO_REUSE):
  x = tf.get_variable('w', [2, 3]); y = tf.Variable(0., name='b') + 1."""
MOMENTS = 32
WAYS = ("fork", "replay") if sys.platform == "linux" else ("replay",)


def new(way: str, **options: object) -> Workspace:
    """A workspace that has loaded everything."""
    folder = Path(tempfile.gettempdir())
    workspace = Workspace(Options(way=way, folder=folder, **options))  # type: ignore[arg-type]
    workspace.run("x = 1")
    return workspace


def timed(deed: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    deed()
    return (time.perf_counter() - started) * 1e3


def median(times: int, deed: Callable[[], object]) -> float:
    """How long something takes that is done some times."""
    return statistics.median(timed(deed) for _ in range(times))


# -- what is measured ------------------------------------------------------------------


def round_trip(_soak: int) -> Figures:
    """Type `1+1`, see `2` and the next prompt; beside IPython."""
    found = {}
    for name in ("scopetutor", "ipython"):
        arguments, sign = prompt.PEERS[name]
        if importlib.util.find_spec(arguments[1]) is None:
            continue
        with tempfile.TemporaryDirectory() as home:
            session = prompt.measure_session(arguments, sign, home)
        found[name] = statistics.median(session["1+1"])
    return found


def entries(_soak: int) -> Figures:
    """An entry, an undo with the next entry, and the entry after a crash."""
    found = {}
    for way in WAYS:
        with new(way) as workspace:
            found[f"{way}: 1+1"] = median(40, lambda: workspace.run("1+1"))
            found[f"{way}: undo + entry"] = median(12, lambda: _undo_and_run(workspace))
            crashes = [_recovery(workspace) for _ in range(8)]
            found[f"{way}: recovery"] = statistics.median(crashes)
    return found


def _undo_and_run(workspace: Workspace) -> None:
    workspace.undo()
    workspace.run("1+1")


def _recovery(workspace: Workspace) -> float:
    """From the end of a process to the result of the next entry."""
    workspace.run("import os")
    crash = timed(lambda: workspace.run("os._exit(1)"))
    return crash + timed(lambda: workspace.run("1+1"))


def moments(_soak: int) -> Figures:
    """The memory of 32 moments: of variables and scopes, and of a net in training."""
    if "fork" not in WAYS:
        return {}
    return {
        **_of_moments("1+1", "", "1+1"),
        **_of_moments("variable", "import tensorflow as tf", VARIABLE),
        **_of_moments("training", NET, STEP),
    }


def _of_moments(what: str, first: str, entry: str) -> Figures:
    """What 32 moments take beyond the first one, and the way back to each of them."""
    with new("fork") as workspace:
        workspace.run(first)
        assert workspace.run(entry).ending == "ok"
        before = _memory()
        numbers = [workspace.run(entry).moment for _ in range(MOMENTS)]
        workspace.run("1")
        memory = _memory() - before
        asleep = len(workspace._head.way.kept())
        back = [timed(lambda: _go_and_run(workspace, to)) for to in numbers]  # noqa: B023
    return {
        f"{what}: MB": memory,
        f"{what}: asleep": asleep,
        f"{what}: back": statistics.median(back),
        f"{what}: longest way back": max(back),
    }


def _go_and_run(workspace: Workspace, moment: int) -> None:
    workspace.go_to(moment)
    workspace.run("1")


def _memory() -> float:
    """MB of all processes below this one; what is shared counts once."""
    total = 0
    for pid in family.descendants(os.getpid()):
        with (
            contextlib.suppress(OSError),  # it has just ended
            open(f"/proc/{pid}/smaps_rollup") as rollup,
        ):
            fields = dict(line.split(None, 1) for line in rollup if line[0] == "P")
            total += int(fields["Pss:"].split()[0])
    return total / 1024


def snapshots(_soak: int) -> Figures:
    """What looking costs, by the number of variables there are."""
    found = {}
    for count in (10, 1_000, 100_000):
        with new(WAYS[0], time_limit=0, memory_limit=0) as workspace:
            workspace.run("import tensorflow as tf")
            make = f"for i in range({count}): tf.Variable(0., name='v')"
            found[f"{count}: make"] = timed(lambda: workspace.run(make))  # noqa: B023
            workspace.run("s = tf.Session()")
            found[f"{count}: 1+1"] = median(9, lambda: workspace.run("1+1"))
            more = "w = tf.Variable(0., name='w'); s.run(w.initializer)"
            found[f"{count}: one more"] = median(9, lambda: workspace.run(more))  # noqa: B023
        found |= _looks(count)
    return found


def _looks(count: int) -> Figures:
    """The look alone, in this process: at nothing new, and at one more variable."""
    defaults.reset_default_graph()
    program = Program()
    begin = f"from scopetutor import tf\nfor i in range({count}): tf.Variable(0.)"
    program.run(Entry(begin, 1), 1)
    program.delta()
    found: dict[str, list[float]] = {"nothing new": [], "one more": []}
    for moment in range(2, 22):
        for what, text in (("nothing new", "1+1"), ("one more", "tf.Variable(0.)")):
            program.run(Entry(text, moment), moment)
            found[what].append(timed(program.delta))
    return {
        f"{count}: look, {what}": statistics.median(times)
        for what, times in found.items()
    }


def soak(count: int) -> Figures:
    """Many entries in one workspace: time and memory at the beginning and the end."""
    with new(WAYS[0]) as workspace:
        workspace.run("import random, tensorflow as tf; xs = [0.]; s = tf.Session()")
        workspace.run("w = tf.get_variable('w', [9]); up = w.assign_add(w)")
        workspace.run("s.run(w.initializer)")
        times, memory = [], []
        for number in range(count):
            times.append(timed(lambda: workspace.run("s.run(up); xs[0] += 1; xs[0]")))
            if number in (count // 10, count - 1):
                memory.append((_of_head(workspace), _of_itself()))
        part = max(1, count // 10)
        figures = {
            "entries": float(count),
            "first tenth": statistics.median(times[:part]),
            "last tenth": statistics.median(times[-part:]),
            "head MB at a tenth": memory[0][0],
            "head MB at the end": memory[-1][0],
            "terminal MB at a tenth": memory[0][1],
            "terminal MB at the end": memory[-1][1],
        }
        back = min(1000, count - 1)
        figures[f"undo {back}"] = timed(lambda: workspace.undo(back))
        shown = workspace.run("xs[0]").shown
        assert shown == f"{float(count - back)}", shown
    return figures


def _of_head(workspace: Workspace) -> float:
    assert workspace.hello is not None
    return _own(workspace.hello.pid)


def _of_itself() -> float:
    return _own(os.getpid())


def _own(pid: int) -> float:
    """MB of a process's memory that are no file's."""
    with open(f"/proc/{pid}/statm") as status:
        _, resident, of_files, *_ = map(int, status.read().split())
    return (resident - of_files) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


MEASURES: dict[str, Callable[[int], Figures]] = {
    "round-trip": round_trip,
    "entries": entries,
    "moments": moments,
    "snapshots": snapshots,
    "soak": soak,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--soak", type=int, default=2_000, help="entries of the soak")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in MEASURES]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are: {', '.join(MEASURES)}")
    names = given.names or list(MEASURES)
    found = {name: MEASURES[name](given.soak) for name in names}
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for name, figures in found.items():
        sys.stdout.write(f"{name}\n")
        for what, figure in figures.items():
            sys.stdout.write(f"  {what:<24}{figure:10.1f}\n")


if __name__ == "__main__":
    main()
