"""All benchmarks, or those that are named.

python -m tests.benchmarks [NAME …] [--tf1 PYTHON3.7]
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys

# name: whether it takes --tf1, and what it needs besides scopetutor
BENCHMARKS: dict[str, tuple[bool, str]] = {
    "building": (True, "numpy"),
    "training": (True, "numpy"),
    "checkpoints": (True, "numpy"),
    "prompt": (False, "pyte"),
    "entries": (False, "pyte"),
    "newcomer": (False, "pyte"),
}


def main() -> None:
    """Run them one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=listed())
    parser.add_argument("--tf1", help="a Python 3.7 with TensorFlow 1.15.5")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark called {unknown[0]}; there are: {listed()}")
    for name in given.names or BENCHMARKS:
        compares, needs = BENCHMARKS[name]
        if importlib.util.find_spec(needs) is None:
            sys.stdout.write(f"-- {name}: left out, {needs} is not installed\n")
            continue
        sys.stdout.write(f"-- {name}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
        if compares and given.tf1:
            command += ["--tf1", given.tf1]
        subprocess.run(command, check=True)


def listed() -> str:
    """The names as the help shows them."""
    return ", ".join(BENCHMARKS)


if __name__ == "__main__":
    main()
