"""Generated programs do in scopetutor what they did in TensorFlow 1.15.5.

``record_generated.py`` recorded them, statement by statement; ``transcript.py`` says what
is observed. Each runs in a child of its own, as it did there.
"""

import importlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine import registry, signatures

sys.path.insert(0, str(Path(__file__).parent))

from compare import differences
from generated import KNOWN, recorded
from replay import transcripts

PART = 50  # programs in one test
PARTS = -(-len(recorded()) // PART)


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    """What most programs need is loaded here, and not by each child for itself."""
    for op_type in signatures.op_types():
        registry.lookup(op_type)
    for module in (
        "flow",
        "graph_def",
        "late_draws",
        "losses",
        "placement",
        "training",
    ):
        importlib.import_module(f"scopetutor.engine.{module}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="programs run in forked children")
@pytest.mark.parametrize("part", range(PARTS))
def test_programs_do_what_tensorflow_did(part):
    """Every line of every transcript is met, but for the known differences."""
    programs = recorded()[part::PARTS]
    verbosity = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.FATAL)
    try:
        with np.printoptions(legacy="1.25"):
            found = transcripts(tf, [program["source"] for program in programs])
            differing = {
                program["seed"]: differences(program["lines"], lines)
                for program, lines in zip(programs, found, strict=True)
            }
    finally:
        tf.logging.set_verbosity(verbosity)

    wrong = {seed: pairs for seed, pairs in differing.items() if pairs}
    known = {program["seed"] for program in programs} & KNOWN.keys()
    assert wrong.keys() == known, "\n".join(
        f"seed {seed}: expected {expected}\n    came {came}"
        for seed, pairs in wrong.items()
        if seed not in KNOWN
        for expected, came in pairs[:4]
    )
