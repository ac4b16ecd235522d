"""How fast checkpoints are written, listed and read.

    PYTHONPATH=. python tests/formats/measure.py FOLDER
    python3.7 tests/conformance/record_formats.py --measure FOLDER

The first measures scopetutor, the second TensorFlow 1.15.5, both with the same
tensors. FOLDER needs 3 GiB; what is written there is deleted.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint

LARGE = {f"large/{i}": (1 << 25,) for i in range(8)}
SMALL = {f"layer_{i % 100}/block_{i // 100}/w": (8, 8) for i in range(20_000)}
FEW = dict(list(SMALL.items())[:1000])

LIST = (
    "import sys\n"
    "from scopetutor.formats.open_checkpoint import open_checkpoint\n"
    "for info in open_checkpoint(sys.argv[1]).tensors.values():\n"
    "    print(info.name, info.datatype.name, info.shape)\n"
)


def best(action: Callable[[], object], times: int) -> float:
    """Milliseconds of the fastest run."""
    runs = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        runs.append(time.perf_counter() - begin)
    return round(min(runs) * 1000, 1)


def tensors(shapes: dict[str, tuple[int, ...]]) -> list[TensorToSave]:
    """Random tensors of these shapes, sorted by name."""
    random = np.random.default_rng(0)
    return [
        TensorToSave(name, random.random(shapes[name], "f4")) for name in sorted(shapes)
    ]


def read_all(prefix: str) -> None:
    """Open and read everything."""
    checkpoint = CheckpointV2(prefix)
    for name in checkpoint.names:
        checkpoint.read(name)


def measure(folder: Path, title: str, shapes: dict, times: int) -> None:
    """Print the figures for one set of tensors."""
    saved, prefix = tensors(shapes), str(folder / "measured")
    figures = {
        "write": best(lambda: write_checkpoint(prefix, saved), times),
        "open and list": best(lambda: CheckpointV2(prefix).tensors, times),
        "open and read": best(lambda: read_all(prefix), times),
    }
    command = [sys.executable, "-c", LIST, prefix]
    figures["process to answer"] = best(
        lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), times
    )
    for path in folder.glob("measured.*"):
        path.unlink()
    sys.stdout.write(f"{title}: {figures} ms\n")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    measure(target, "1 GiB in 8 tensors", LARGE, 3)
    measure(target, "1,000 of [8, 8]", FEW, 7)
    measure(target, "20,000 of [8, 8]", SMALL, 3)
