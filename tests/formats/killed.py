"""Kill a process while it saves, again and again, and read what it left.

    python tests/formats/killed.py at-every-step FOLDER
    python tests/formats/killed.py at-random FOLDER KILLS SEED

``test_crash_safe.py`` runs it; it is a process of its own because it forks. It
prints one line of JSON: what was read after each kill.
"""

from __future__ import annotations

import builtins
import itertools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from scopetutor.formats.checkpoint_state import (
    make_checkpoint_state,
    write_checkpoint_state,
)
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint
from scopetutor.formats.open_checkpoint import open_checkpoint

# calls before and after which a killed process leaves different files
STEPS = ("replace", "fsync", "unlink", "open")


def save(prefix: str, value: int, size: int) -> None:
    """A checkpoint in three data files in which every number is ``value``."""
    shards = [
        [TensorToSave(f"{shard}/{name}", np.full(size, value)) for name in "ab"]
        for shard in range(3)
    ]
    write_checkpoint(prefix, *shards)


def read(prefix: str) -> list[int]:
    """The numbers found in a checkpoint: one, if it is whole."""
    checkpoint = open_checkpoint(prefix)
    values: set[int] = set()
    for name in checkpoint.names:
        values |= set(checkpoint.read(name).tolist())
    return sorted(values) if len(checkpoint.names) == 6 else [-1]


def die_at(count: int) -> None:
    """End this process without a word before its next ``count``-th step."""
    left = itertools.count(count, -1)

    def dying(call: Any) -> Any:
        def step(*arguments: Any, **options: Any) -> Any:
            if next(left) == 0:
                os._exit(9)
            return call(*arguments, **options)

        return step

    for name in STEPS[:-1]:
        setattr(os, name, dying(getattr(os, name)))
    builtins.open = dying(builtins.open)


def killed_save(prefix: str, value: int, count: int) -> bool:
    """Save in a process that dies at its ``count``-th step; whether it lived."""
    child = os.fork()
    if not child:
        die_at(count)
        save(prefix, value, 10)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def at_every_step(folder: str, earlier: int) -> Iterator[list[Any]]:
    """Be killed at each step of saving 3 over 1, after a save of 2 was killed.

    Args:
        folder: where to.
        earlier: the step at which saving 2 was killed.
    """
    for count in itertools.count():
        prefix = os.path.join(folder, f"model-{earlier}-{count}")
        save(prefix, 1, 10)
        killed_save(prefix, 2, earlier)
        before = read(prefix)
        lived = killed_save(prefix, 3, count)
        after = read(prefix)
        save(prefix, 4, 10)
        yield [before, after, read(prefix)]
        if lived:
            return


def save_everywhere(folder: str, step: int) -> None:
    """Save the same prefix again, a new prefix, and the state file."""
    save(os.path.join(folder, "same"), step, 20_000)
    prefix = os.path.join(folder, f"model.ckpt-{step}")
    save(prefix, step, 100)
    write_checkpoint_state(folder, make_checkpoint_state(folder, prefix))


def save_for_ever(folder: str, start: int, acknowledge: int) -> None:
    """Save step after step, and say so, until killed."""
    for step in itertools.count(start):
        save_everywhere(folder, step)
        os.write(acknowledge, step.to_bytes(8, "big"))


def at_random(folder: str, kills: int, seed: int) -> Iterator[list[Any]]:
    """Kill a saving process after a random time; what was promised, what is there."""
    delays, promised = random.Random(seed), 0
    begin = time.perf_counter()
    save_everywhere(folder, promised)
    # On a busy machine a save takes longer, and kills have to come later.
    usual = time.perf_counter() - begin
    for _ in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            save_for_ever(folder, promised + 1, writing)
        os.close(writing)
        time.sleep(delays.uniform(0.1, 4) * usual)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with open(reading, "rb") as pipe:
            said = pipe.read()
        promised = int.from_bytes(said[-8:], "big") if said else promised
        usual *= 0.8 if said else 1.5  # the machine may be busier than it was
        yield [promised, read(os.path.join(folder, "same")), read(folder)]


if __name__ == "__main__":
    mode, target, *rest = sys.argv[1:]
    kill = at_every_step if mode == "at-every-step" else at_random
    sys.stdout.write(json.dumps(list(kill(target, *map(int, rest)))))
