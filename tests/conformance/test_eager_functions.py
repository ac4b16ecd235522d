"""Functions of `tf.function` do in eager mode what TensorFlow 1.15.5 was seen to do.

``record_eager_functions.py`` made the golden file of
``programs/_eager_functions.py``.
"""

import gzip
import importlib.util
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine.testing import modes

_SPEC = importlib.util.spec_from_file_location(
    "eager_functions", Path(__file__).parent / "programs" / "_eager_functions.py"
)
eager_functions = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(eager_functions)

_FILE = Path(__file__).parent / "golden" / "eager_functions.json.gz"
_EXPECTED = json.loads(gzip.decompress(_FILE.read_bytes()))


@pytest.mark.parametrize("name", sorted(_EXPECTED))
def test_functions_do_at_once_what_tensorflow_did(name):
    """Values, gradients, traces, effects and errors of functions in eager mode."""
    program = eager_functions.programs()[name]

    with modes.eager_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = eager_functions.plain(program(tf))

    _same(json.loads(json.dumps(found)), _EXPECTED[name], name)


def _same(found, expected, where):
    """AssertionError unless values are the same; numbers may be rounded otherwise."""
    if isinstance(expected, float):
        assert np.isclose(found, expected, rtol=1e-4, atol=2e-4), where
    elif isinstance(expected, list):
        assert len(found) == len(expected), (where, found, expected)
        for i, pair in enumerate(zip(found, expected, strict=True)):
            _same(*pair, f"{where}/{i}")
    elif isinstance(expected, dict):
        assert sorted(found) == sorted(expected), where
        for key in expected:
            _same(found[key], expected[key], f"{where}/{key}")
    else:
        assert found == expected, where
