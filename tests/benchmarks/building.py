"""How fast graphs of variables are built and run, beside TensorFlow 1.15.5 if given.

    python -m tests.benchmarks.building [--tf1 PYTHON3.7] [--sizes 1000,10000] [--json]

Each size of ``graphs.py`` runs in a process of its own, first under scopetutor, then
under TensorFlow. A ratio says how many times as fast scopetutor is; "!" marks a goal
that is missed. TensorFlow takes 5 minutes and 3.5 GB for 100,000 variables.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZES = "1000,10000"
# measure: (unit, how many times as fast as TensorFlow it should be)
MEASURES = {
    "import": ("ms", 0.0),
    "variable": ("µs", 50.0),
    "scope": ("µs", 10.0),
    "look-up": ("µs", 20.0),
    "run add": ("µs", 10.0),
    "run net": ("µs", 1.0),
    "initialize": ("s", 50.0),
    "megabytes": ("MB", 4.0),
}
IMPORT_GOAL = 1.5  # times as long as NumPy alone


def timed(python: str, module: str, size: int) -> dict[str, float]:
    """What ``graphs.py`` measured in a process of its own."""
    script = str(Path(__file__).with_name("graphs.py"))
    surroundings = dict(os.environ)
    if module == "scopetutor":
        surroundings["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [python, script, module, str(size)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def line(name: str, ours: float, theirs: float | None) -> str:
    """One measure as a line of the table."""
    unit, goal = MEASURES[name]
    text = f"  {name:<11} {ours:10.2f} {unit}"
    if theirs is None:
        return text
    ratio = theirs / ours
    missed = "!" if ratio < goal else ""
    return f"{text:<28} {theirs:10.2f} {unit:<3} {ratio:7.1f}x {missed}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tf1", help="a Python 3.7 with TensorFlow 1.15.5")
    parser.add_argument("--sizes", default=SIZES, help="how many variables")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    table = {}
    for size in map(int, given.sizes.split(",")):
        ours = timed(sys.executable, "scopetutor", size)
        theirs = timed(given.tf1, "tensorflow", size) if given.tf1 else None
        table[size] = {"scopetutor": ours, "tensorflow": theirs}
        if given.json:
            continue
        sys.stdout.write(f"{size} variables, ten scopes deep\n")
        for name in MEASURES:
            if name in ours:
                other = None if theirs is None else theirs.get(name)
                sys.stdout.write(line(name, ours[name], other) + "\n")
        times = ours["import"] / ours["numpy"]
        missed = " !" if times > IMPORT_GOAL else ""
        sys.stdout.write(f"  the import takes {times:.2f} times NumPy's{missed}\n")
    if given.json:
        sys.stdout.write(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
