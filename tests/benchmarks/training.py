"""How fast graphs are built and trained, beside TensorFlow 1.15.5 if it is given.

    python -m tests.benchmarks.training [--tf1 PYTHON3.7] [--nets cnn,lstm] [--json]

Each net of ``nets.py`` runs in a process of its own, first under scopetutor, then under
TensorFlow; both see the same processors. NumPy's BLAS has one thread, as in a
workspace. Medians, in milliseconds; a ratio above 1 says how many times as fast
scopetutor is, and "!" that a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .nets import NETS

ROOT = Path(__file__).parents[2]
GOALS = {"build": 5.0, "run": 1 / 3}
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
SMALL = 1.0  # milliseconds of a step that should be faster here


def timed(python: str, module: str, net: str, seconds: float) -> dict[str, float]:
    """What ``nets.py`` measured in a process of its own."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    surroundings = {
        **os.environ,
        **dict.fromkeys(ONE_THREAD, "1"),
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }
    done = subprocess.run(
        [python, str(Path(__file__).with_name("nets.py")), module, net, str(seconds)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings if module == "scopetutor" else None,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(
    nets: list[str], tf1: str | None, seconds: float
) -> dict[str, dict[str, dict[str, float]]]:
    """By net and by module: milliseconds to build and to run."""
    found = {}
    for net in nets:
        found[net] = {"scopetutor": timed(sys.executable, "scopetutor", net, seconds)}
        if tf1:
            found[net]["tensorflow"] = timed(tf1, "tensorflow", net, seconds)
    return found


def report(found: dict[str, dict[str, dict[str, float]]]) -> str:
    """The figures as a table; goals that are missed are marked."""
    head = f"{'TF 1.15':>10}{'ratio':>8}"
    lines = [f"{'':12}{'build':>10}{head}{'run':>12}{head}"]
    for net, by_module in found.items():
        line = f"{net:12}"
        theirs = by_module.get("tensorflow")
        for what, width in (("build", 10), ("run", 12)):
            own = by_module["scopetutor"][what]
            line += f"{own:{width}.2f}"
            if theirs:
                ratio = theirs[what] / own
                small = what == "run" and theirs[what] <= SMALL
                goal = 1.0 if small else GOALS[what]
                mark = "" if ratio >= goal else " !"
                line += f"{theirs[what]:10.2f}{ratio:8.2f}{mark}"
        lines.append(line)
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tf1", help="a Python 3.7 with TensorFlow 1.15.5")
    parser.add_argument("--nets", default=",".join(NETS), help="names, with commas")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if given.tf1 and not shutil.which(given.tf1):
        parser.error(f"--tf1: there is no program {given.tf1}")
    found = measure(given.nets.split(","), given.tf1, given.seconds)
    text = json.dumps(found, indent=2) if given.json else report(found)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
