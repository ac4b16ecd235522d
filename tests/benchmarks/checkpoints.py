"""How fast checkpoints are written, listed and read, beside TensorFlow 1.15.5.

    python -m tests.benchmarks.checkpoints [--tf1 PYTHON3.7] [--json]

Both write and read the same tensors. "to answer" is a process from its start to its
end: `scopetutor ckpt ls` beside `tf.train.list_variables`. Milliseconds of the fastest
run; the disk's cache is warm. Needs 3 GiB of disk and of memory.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable

# title: (how many tensors, their shape, runs)
SETS: dict[str, tuple[int, tuple[int, ...], int]] = {
    "1 GiB in 1,000 tensors": (1000, (1024, 262), 3),
    "1 GiB in 8 tensors": (8, (1 << 25,), 3),
    "1,000 of 256 bytes": (1000, (8, 8), 7),
    "20,000 of 256 bytes": (20_000, (8, 8), 5),
}
FIGURES = ("write", "open and list", "open and read", "to answer")


def names(count: int) -> list[str]:
    """The names of a set's tensors, sorted."""
    return sorted(f"layer_{i % 100}/block_{i // 100}/w" for i in range(count))


def best(action: Callable[[], object], times: int) -> float:
    """Milliseconds of the fastest run."""
    runs = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        runs.append(time.perf_counter() - begin)
    return round(min(runs) * 1000, 1)


def read_all(prefix: str) -> None:
    """Open and read everything."""
    checkpoint = CheckpointV2(prefix)
    for name in checkpoint.names:
        checkpoint.read(name)


def measure(
    folder: Path, count: int, shape: tuple[int, ...], times: int
) -> dict[str, float]:
    """The figures for one set of tensors."""
    prefix = str(folder / "measured")
    values = np.random.default_rng(0).random(shape, "f4")
    tensors = [TensorToSave(name, values) for name in names(count)]
    command = [sys.executable, "-m", "scopetutor", "ckpt", "ls", prefix]
    found = (
        best(lambda: write_checkpoint(prefix, tensors), times),
        best(lambda: CheckpointV2(prefix).tensors, times),
        best(lambda: read_all(prefix), times),
        best(
            lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL),
            times,
        ),
    )
    for path in folder.glob("measured.*"):
        path.unlink()
    return dict(zip(FIGURES, found, strict=True))


def in_tensorflow(
    python: str, folder: Path, count: int, shape: tuple[int, ...], times: int
) -> dict[str, float]:
    """The same figures of TensorFlow's."""
    program = Path(__file__).with_name("checkpoints_in_tensorflow.py")
    job = json.dumps([names(count), shape, times])
    done = subprocess.run(
        [python, "-W", "ignore", str(program), str(folder / "measured")],
        input=job,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tf1", help="a Python 3.7 with TensorFlow 1.15.5")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory(prefix="scopetutor-") as scratch:
        folder = Path(scratch)
        for title, job in SETS.items():
            ours = measure(folder, *job)
            theirs = in_tensorflow(given.tf1, folder, *job) if given.tf1 else {}
            results[title] = {"scopetutor": ours, "tensorflow": theirs}
            if not given.json:
                show(title, ours, theirs)
    if given.json:
        sys.stdout.write(json.dumps(results, indent=1) + "\n")


def show(title: str, ours: dict[str, float], theirs: dict[str, float]) -> None:
    """A set's figures; beside TensorFlow's, how many times faster (x) we are."""
    sys.stdout.write(f"{title}\n")
    for figure, value in ours.items():
        line = f"  {figure:<14}{value:>10,.1f} ms"
        if figure in theirs:
            faster = theirs[figure] / value
            line += f"   TensorFlow {theirs[figure]:>10,.1f} ms   x {faster:.2g}"
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
