"""No passed step is lost when learning is killed, and the file stays whole.

SCOPETUTOR_KILLS sets how often; SCOPETUTOR_KILLS_SEED where the random moments begin.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from scopetutor.progress import Progress

KILLS = int(os.environ.get("SCOPETUTOR_KILLS", "4"))
SEED = int(os.environ.get("SCOPETUTOR_KILLS_SEED", "1"))
LEARNING = Path(__file__).with_name("learning.py")


def start(file: Path, name: str) -> subprocess.Popen[str]:
    """A learner in a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(LEARNING), str(file), name],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_at_random_moments(tmp_path):
    """Two terminals learn at once; both are killed; what each was told of is there."""
    dice = random.Random(SEED)
    for kill in range(KILLS):
        if kill % 25 == 0:  # a record of years would only make the test slow
            file, safe = tmp_path / f"{kill}.sqlite3", set()
        learners = [start(file, f"{kill}{terminal}") for terminal in "ab"]
        for learner in learners:
            assert learner.stdout is not None
            safe.add(learner.stdout.readline().strip())
        time.sleep(dice.random() * 0.05)
        dice.shuffle(learners)
        for learner in learners:
            learner.kill()
            told, _ = learner.communicate()
            # The last line may have been cut off in the middle.
            safe.update(line.strip() for line in told.splitlines(keepends=True)[:-1])
        with sqlite3.connect(file) as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        database.close()
        with Progress(file) as progress:
            kept = {step for _, step in progress.records("c")}
            place = progress.place("c")
        assert safe <= kept, (SEED, kill, safe - kept)
        assert place is not None
        assert place.step in kept
