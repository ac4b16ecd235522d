"""The generated programs that TensorFlow 1.15.5 ran, and what is known to differ."""

import json
import lzma
from pathlib import Path

GOLDEN = Path(__file__).with_name("golden") / "generated.jsonl.xz"
# Seeds of programs that are known to differ, and why.
RACE = "the initial value is another variable's: it depends on TensorFlow's threads"
PYTHON = "Python 3.7 words the error otherwise"
KNOWN = {
    1571: PYTHON,
    5275: RACE,
}


def recorded():
    """All programs of the golden file."""
    with lzma.open(GOLDEN, "rt") as file:
        return [json.loads(line) for line in file]
