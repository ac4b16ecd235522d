"""Whole scripts do in scopetutor what they were recorded to do in TensorFlow 1.15.5.

``record_legacy.py`` made the golden file; ``legacy_runs.py`` says what is compared.
"""

import gzip
import json
import math
import sys
from pathlib import Path

import pytest

from scopetutor import tf
from scopetutor.evaluator.imports import Language

HERE = str(Path(__file__).parent)
CLOSE = 1e-5  # relative: sums are added up in another order
NEAR_ZERO = 1e-7  # what float32 leaves of a difference of numbers around 1


@pytest.fixture(scope="module")
def legacy_runs():
    """The module that runs scripts, which the recorder imports by its plain name."""
    sys.path.insert(0, HERE)
    try:
        import legacy_runs

        yield legacy_runs
    finally:
        sys.path.remove(HERE)


@pytest.fixture
def language():
    """`import tensorflow` leads to scopetutor, for one test."""
    finder = Language()
    finder.install()
    yield
    sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorflow"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def recorded():
    """What TensorFlow did, by script."""
    path = Path(HERE) / "golden" / "legacy.json.gz"
    return json.loads(gzip.decompress(path.read_bytes()))


def same_words(expected, actual):
    """Whether two lines are equal, numbers up to rounding."""
    ours, theirs = actual.split(), expected.split()
    return len(ours) == len(theirs) and all(map(same_word, theirs, ours))


def same_word(expected, actual):
    """Whether two words are equal: numbers to five digits."""
    try:
        return math.isclose(
            float(expected.strip(";,:")),
            float(actual.strip(";,:")),
            rel_tol=CLOSE,
            abs_tol=NEAR_ZERO,
        )
    except ValueError:
        return expected == actual


def differences(expected, actual):
    """Where two runs differ, as sentences."""
    for key, value in expected.items():
        found = actual[key]
        if key == "printed":
            if len(found) != len(value) or not all(map(same_words, value, found)):
                yield f"printed:\n{value}\n{found}"
        elif found != value:
            yield f"{key}:\n  expected {value}\n  found    {found}"


SCRIPTS = sorted(path.stem for path in (Path(HERE) / "legacy").glob("*.py"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_does_what_tensorflow_did(name, language, recorded, legacy_runs):
    """The same variables, collections, operations and losses."""
    actual, _ = legacy_runs.observe(tf, name)

    found = list(differences(recorded[name], actual))
    assert not found, "\n".join(found)
