"""From the README's command to the first right answer: keys, and seconds of waiting.

    python -m tests.benchmarks.newcomer [--runs 5]

Somebody who has never been here types what README and lesson say, in a pseudo terminal,
as soon as the screen asks for it. The seconds are the machine's: nobody reads or types
that fast.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time

from .prompt import Terminal, _shows

# What is waited for on the screen, and what is typed then.
COMMAND = "scopetutor learn\r"
SCRIPT = (
    ("Enter goes on", "\r"),
    ("Type your program", 'counter = tf.Variable(3, name="counter")\r'),
)
RIGHT = "✓"


def measure() -> list[float]:
    """Seconds from the command to each text waited for, and to the tick."""
    home = tempfile.mkdtemp(prefix="newcomer-")
    terminal = Terminal(["-m", "scopetutor", "learn"], home)
    try:
        times = []
        for text, typed in SCRIPT:
            times.append(terminal.until(_shows(text), quiet=0.02) - terminal.started)
            time.sleep(0.1)
            terminal.send(typed)
        times.append(terminal.until(_shows(RIGHT), quiet=0.02) - terminal.started)
        return times
    finally:
        terminal.close()
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = [measure() for _ in range(parser.parse_args().runs)]
    keys = len(COMMAND) + sum(len(typed) for _, typed in SCRIPT)
    labels = [*(text for text, _ in SCRIPT), "the first right answer"]
    sys.stdout.write(f"{keys} keys, from `{COMMAND.strip()}` on\n")
    for label, times in zip(labels, zip(*runs, strict=True), strict=True):
        sys.stdout.write(f"{statistics.median(times):6.2f} s  {label}\n")


if __name__ == "__main__":
    main()
