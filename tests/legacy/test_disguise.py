"""TensorFlow 1 programs that `scopetutor run` does not start: ways to be their host."""

from __future__ import annotations

import subprocess
import sys

import pytest

WAYS = {
    "as_tensorflow": "import scopetutor; scopetutor.as_tensorflow()",
    "alias": "import sys, scopetutor.tf; sys.modules['tensorflow'] = scopetutor.tf",
}
IMPORTS = [
    "from tensorflow.python.framework import ops, test_util",
    "from tensorflow.core.framework import attr_value_pb2",
    "from tensorflow.contrib.framework.python.ops import variables",
    "import tensorflow.python.ops.nn_grad",
    "from tensorflow.python.ops.variable_scope import get_variable",
]
CASE = """
from tensorflow.python.framework import test_util
from tensorflow.python.ops import variable_scope
from tensorflow.python.platform import googletest


class Test(test_util.TensorFlowTestCase):

  @test_util.run_in_graph_and_eager_modes
  def test_a_name(self):
    with variable_scope.variable_scope("a"):
      self.assertEqual("a/v:0", variable_scope.get_variable("v", [1]).name)

  @test_util.run_deprecated_v1
  def test_a_value(self):
    with self.cached_session():
      v = variable_scope.get_variable("v", [1], initializer=None)
      v.initializer.run()
      self.assertAllClose(v.eval(), self.evaluate(v))


if __name__ == "__main__":
  googletest.main()
"""


def done(text: str) -> subprocess.CompletedProcess[str]:
    """A program in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
@pytest.mark.parametrize("first", IMPORTS)
def test_whatever_is_imported_first_leads_to_scopetutor(way: str, first: str) -> None:
    """Public and private modules, in any order, are one and the same."""
    ran = done(
        f"{way}\n{first}\nimport tensorflow as tf\n"
        "from tensorflow.python.framework import ops\n"
        "import scopetutor.tf\n"
        "print(tf is scopetutor.tf, ops.Graph is tf.Graph)"
    )
    assert (ran.stdout, ran.stderr) == ("True True\n", "")


def test_private_modules_are_below_the_language_too() -> None:
    """`scopetutor.tf.python` is `tensorflow.python`."""
    ran = done(
        "import scopetutor.tf.python.ops.variable_scope as ours\n"
        "from scopetutor.tf.core.framework import graph_pb2\n"
        "import tensorflow.python.ops.variable_scope as theirs\n"
        "print(ours is theirs, graph_pb2.GraphDef().node)"
    )
    assert (ran.stdout, ran.stderr) == ("True []\n", "")


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_a_test_case_of_tensorflow_runs(way: str) -> None:
    """With its decorators, under unittest's own runner."""
    ran = done(f"{way}\nimport sys\nsys.argv = ['test.py', '-v']\n{CASE}")
    assert ran.returncode == 0, ran.stderr
    assert "test_a_name" in ran.stderr
    assert "test_a_value" in ran.stderr
