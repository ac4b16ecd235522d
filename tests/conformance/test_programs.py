"""Programs do in scopetutor what they were recorded to do in TensorFlow 1.15.5.

``record_programs.py`` made the golden files; ``observed.py`` says what is compared.
"""

import gzip
import importlib.util
import json
import math
import sys
from pathlib import Path

import pytest

from scopetutor import tf
from scopetutor.evaluator.imports import Language


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


observed = _load(Path(__file__).with_name("observed.py"))
CLOSE = 1e-5  # relative: sums are added up in another order
CASES = [(area, name) for area in observed.areas() for name in observed.programs(area)]


@pytest.fixture(autouse=True)
def language():
    """`import tensorflow` leads to scopetutor, for one test."""
    finder = Language()
    finder.install()
    yield
    sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorflow"]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the test's own, for programs that look for checkpoints in "."."""
    monkeypatch.chdir(tmp_path)


def golden(area):
    """What was recorded of a file of programs."""
    path = Path(observed.GOLDEN) / f"{area}.json.gz"
    return json.loads(gzip.decompress(path.read_bytes()))


def differences(expected, actual, place="", close=CLOSE):
    """Where two recordings differ, as sentences."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted({*expected, *actual}):
            yield from differences(
                expected.get(key), actual.get(key), f"{place}/{key}", close
            )
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{place}: {len(expected)} items expected, {len(actual)} found"
        scale = max((abs(x) for x in expected if isinstance(x, float)), default=0.0)
        for i, (one, other) in enumerate(zip(expected, actual, strict=False)):
            if isinstance(one, float) and abs(one - (other or 0)) <= close * scale:
                continue
            yield from differences(one, other, f"{place}/{i}", close)
    elif isinstance(expected, float) and isinstance(actual, (int, float)):
        if not math.isclose(expected, actual, rel_tol=close, abs_tol=close / 100):
            yield f"{place}: {expected} expected, {actual} found"
    elif expected != actual:
        yield f"{place}:\n  expected {expected}\n  found    {actual}"


@pytest.mark.parametrize(
    ("area", "name"), CASES, ids=["-".join(case) for case in CASES]
)
def test_program_does_what_tensorflow_did(area, name):
    """The same operations, collections, values and errors."""
    expected = golden(area)[name]

    actual = json.loads(json.dumps(observed.observe(tf, observed.programs(area)[name])))

    found = list(differences(expected, actual))
    assert not found, "\n".join(found[:12])
