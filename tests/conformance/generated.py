"""The generated programs that TensorFlow 1.15.5 ran, and what is known to differ."""

import json
import lzma
from pathlib import Path

GOLDEN = Path(__file__).with_name("golden") / "generated.jsonl.xz"
# Seeds of programs that are known to differ, and why.
TWO_GRAPHS = "a rank taken in one graph of a tensor in another is not folded"
RACE = "the initial value is another variable's: it depends on TensorFlow's threads"
PYTHON = "Python 3.7 words the error otherwise"
LEFT_OPEN = "a scope that a finalized graph refuses leaves its name scope open"
KNOWN = {
    1391: TWO_GRAPHS,
    1477: TWO_GRAPHS,
    1571: PYTHON,
    5074: TWO_GRAPHS,
    5171: TWO_GRAPHS,
    5275: RACE,
    5355: LEFT_OPEN,
    5424: RACE,
}


def recorded():
    """All programs of the golden file."""
    with lzma.open(GOLDEN, "rt") as file:
        return [json.loads(line) for line in file]
