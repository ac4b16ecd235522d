"""In a workspace classes go by the names that TensorFlow 1.15 has for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scopetutor.evaluator import class_names
from scopetutor.workspace.client import Options, Workspace

CONFORMANCE = Path(__file__).parents[1] / "conformance"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("type(tf.Variable(1.))",
         "<class 'tensorflow.python.ops.variables.RefVariable'>"),
        ("tf.Session", "<class 'tensorflow.python.client.session.Session'>"),
        ("str(tf.Session())[:50]",
         "'<tensorflow.python.client.session.Session object a'"),
        ("tf.train.AdamOptimizer",
         "<class 'tensorflow.python.training.adam.AdamOptimizer'>"),
        ("tf.layers.Dense", "<class 'tensorflow.python.layers.core.Dense'>"),
        ("tf.errors.NotFoundError",
         "<class 'tensorflow.python.framework.errors_impl.NotFoundError'>"),
        ("tf.Session is type(tf.Session())", "True"),
        ("import copy; copy.deepcopy(tf.TensorShape([2]))",
         "TensorShape([Dimension(2)])"),
    ],
)  # fmt: skip
def test_names(workspace, text, shown):
    """What was loaded at the start and what is loaded later, classes and objects."""
    assert workspace.run(text).shown == shown


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """One for all."""
    with Workspace(Options(folder=tmp_path_factory.mktemp("folder"))) as made:
        made.run("import tensorflow as tf")
        yield made


def test_the_table_is_what_was_recorded():
    """Each of the engine's classes that stands for one of TensorFlow's has its row."""
    written = subprocess.run(
        [sys.executable, CONFORMANCE / "join_classes.py"],
        capture_output=True,
        text=True,
        check=True,
        cwd=CONFORMANCE.parents[1],
    ).stdout
    recorded = _rows(written)
    table = _rows(Path(class_names.__file__).with_suffix(".txt").read_text())

    assert len(table) > 400
    assert table == recorded


def _rows(text: str) -> dict[str, str]:
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(line.split(" ", maxsplit=1) for line in rows)
