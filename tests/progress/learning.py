"""Learns as fast as it can until it is killed; says on stdout what is safe on disk.

Run by test_killed as a process of its own: `learning.py FILE NAME`.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from scopetutor.errors import ProgressError
from scopetutor.progress import Event, Place, Progress


def learn(file: Path, name: str) -> None:
    """Passes step after step; a step is named on stdout once it has been kept."""
    with Progress(file) as progress:
        for number in itertools.count():
            step = f"{name}-{number}"
            event = Event(
                course="c",
                lesson="l",
                step=step,
                digest="d",
                what="passed",
                answer="x" * (number % 3000),
            )
            while not added(progress, event, Place("l", step)):
                pass  # the other one writes without a pause; a learner tries again
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()


def added(progress: Progress, event: Event, place: Place) -> bool:
    """Whether a step could be kept."""
    try:
        progress.add(event, place)
    except ProgressError:
        return False
    return True


if __name__ == "__main__":
    learn(Path(sys.argv[1]), sys.argv[2])
