"""`import tensorflow` by all its old paths, in a process of its own."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from scopetutor import tf
from scopetutor.engine import compat, raw_operations, variables
from scopetutor.engine.ops import random
from scopetutor.evaluator import imports
from scopetutor.evaluator.old_paths import CONTRIB, PATHS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`tensorflow` is scopetutor's for the time of a test."""
    monkeypatch.setattr(sys, "meta_path", [imports.Language(), *sys.meta_path])
    yield
    for name in list(sys.modules):
        if name.partition(".")[0] in ("tensorflow", "tensorflow_core"):
            del sys.modules[name]


def test_every_path_of_the_table_can_be_imported() -> None:
    """Also as an attribute of the module it is in."""
    for path in filter(None, PATHS):
        module = importlib.import_module(f"tensorflow.python.{path}")
        parent, _, name = module.__name__.rpartition(".")
        assert getattr(importlib.import_module(parent), name) is not None, path
    for path in CONTRIB:
        importlib.import_module(f"tensorflow.{path}")


def test_an_imported_module_takes_no_name_from_the_language() -> None:
    """`ops.variable_scope` is a module, and `tf.variable_scope` what it was."""
    before = tf.variable_scope, tf.map_fn, tf.gradients

    for name in ("variable_scope", "map_fn", "gradients"):
        module = importlib.import_module(f"tensorflow.python.ops.{name}")
        parent = importlib.import_module("tensorflow.python.ops")
        assert getattr(parent, name) is module

    assert (tf.variable_scope, tf.map_fn, tf.gradients) == before


def test_every_place_of_the_table_is_there() -> None:
    """A module of the engine that is named must exist; so must a name in it."""
    for path, places in PATHS.items():
        for place in places:
            module, _, listed = place.partition(": ")
            if module == "raw" or module.startswith("stdlib."):
                continue
            found = importlib.import_module(f"scopetutor.{module}")
            for item in listed.split():
                inside = item.partition("=")[2] or item
                holder = found
                for part in inside.split("."):
                    assert hasattr(holder, part), (path, place, inside)
                    holder = getattr(holder, part)


@pytest.mark.parametrize(
    ("module", "name", "public"),
    [
        ("python.framework.ops", "Graph", "Graph"),
        ("python.framework.ops", "GraphKeys", "GraphKeys"),
        ("python.framework.ops", "convert_to_tensor", "convert_to_tensor"),
        ("python.framework.dtypes", "float32", "float32"),
        ("python.keras.callbacks", "Callback", "keras.callbacks.Callback"),
        ("python.keras.layers.embeddings", "Embedding", "keras.layers.Embedding"),
        (
            "contrib.slim.python.slim.learning",
            "create_train_op",
            "contrib.slim.learning.create_train_op",
        ),
        (
            "contrib.slim.python.slim.nets.inception_v3",
            "inception_v3_base",
            "contrib.slim.nets.inception.inception_v3_base",
        ),
        ("python.framework.errors_impl", "NotFoundError", "errors.NotFoundError"),
        ("python.ops.variable_scope", "get_variable", "get_variable"),
        ("python.ops.array_ops", "placeholder", "placeholder"),
        ("python.ops.math_ops", "reduce_mean", "reduce_mean"),
        ("python.ops.rnn_cell_impl", "LSTMCell", "nn.rnn_cell.LSTMCell"),
        ("python.platform.test", "TestCase", "test.TestCase"),
        ("python.platform.gfile", "GFile", "gfile.GFile"),
        ("python.training.saver", "Saver", "train.Saver"),
        ("python.training.adam", "AdamOptimizer", "train.AdamOptimizer"),
        ("python.layers.core", "dense", "layers.dense"),
        ("python.client.session", "Session", "Session"),
        ("python.util.compat", "as_bytes", "compat.as_bytes"),
        ("contrib.layers.python.layers.layers", "conv2d", "contrib.layers.conv2d"),
        ("contrib.framework.python.ops", "arg_scope", "contrib.framework.arg_scope"),
        ("core.framework.graph_pb2", "GraphDef", "GraphDef"),
        ("compat.v1", "Session", "Session"),
        ("examples.tutorials.mnist.input_data", "read_data_sets",
         "examples.tutorials.mnist.input_data.read_data_sets"),
    ],
)  # fmt: skip
def test_an_old_path_leads_to_the_public_thing(
    module: str, name: str, public: str
) -> None:
    """The same object, whichever way it is imported."""
    wanted: Any = tf
    for part in public.split("."):
        wanted = getattr(wanted, part)

    assert getattr(importlib.import_module(f"tensorflow.{module}"), name) is wanted


def test_the_private_variable_class_is_that_of_tensorflow_2() -> None:
    """`tensorflow.python.ops.variables.Variable` makes resource variables in 1.15."""
    variables = importlib.import_module("tensorflow.python.ops.variables")

    with tf.Graph().as_default():
        made = variables.Variable(1.0)
        ref = tf.Variable(1.0)

    assert made.op.type == "VarHandleOp"
    assert ref.op.type == "VariableV2"
    assert isinstance(made, variables.Variable)
    assert isinstance(ref, variables.Variable)
    assert issubclass(type(ref), variables.Variable)
    assert variables.Variable.from_proto == tf.Variable.from_proto
    assert variables.VariableV1 is tf.Variable


def test_what_is_not_there_says_so() -> None:
    """Private modules, absent ones and misspelt ones each get their own sentence."""
    for name, said in (
        ("tensorflow.python.no.such", "private to TensorFlow"),
        ("tensorflow.contrib.timeseries", "is in TensorFlow 1.15, not in scopetutor"),
        ("tensorflow.laiers", "No module"),
    ):
        with pytest.raises(ModuleNotFoundError, match=said):
            importlib.import_module(name)
    ops = importlib.import_module("tensorflow.python.framework.ops")
    with pytest.raises(AttributeError, match="no attribute '_no_such_name'"):
        ops._no_such_name  # noqa: B018


def test_raw_operations_have_the_names_and_arguments_of_generated_modules() -> None:
    """`gen_math_ops.mat_mul(a, b, transpose_a=…)` adds one operation."""
    with tf.Graph().as_default() as graph:
        product = raw_operations.mat_mul([[1.0, 2.0]], [[3.0, 4.0]], transpose_b=True)
        raw_operations.no_op(name="nothing")

        assert [op.type for op in graph.get_operations()] == [
            "Const", "Const", "MatMul", "NoOp",
        ]  # fmt: skip
        assert product.op.get_attr("transpose_b")
    assert raw_operations.mat_mul.__name__ == "mat_mul"
    with pytest.raises(AttributeError, match="no operation for 'no_such'"):
        raw_operations.no_such  # noqa: B018


def test_text_and_bytes_go_both_ways() -> None:
    """`tf.compat`: what is neither is refused in TF 1.15's words."""
    assert (compat.as_bytes("é"), compat.as_bytes(b"a")) == (b"\xc3\xa9", b"a")
    assert (compat.as_text(b"\xc3\xa9"), compat.as_text("a")) == ("é", "a")
    assert (compat.as_str_any(3), compat.as_str_any(b"a")) == ("3", "a")
    assert compat.path_to_str(importlib.import_module("pathlib").Path("x")) == "x"
    assert compat.path_to_str(3) == 3
    for convert in (compat.as_bytes, compat.as_text):
        with pytest.raises(TypeError, match="Expected binary or unicode string, got 3"):
            convert(3)
    assert compat.forward_compatible(2019, 1, 1)
    assert tf.compat.v1 is tf


def test_a_setting_of_a_private_module_is_read_and_written_through() -> None:
    """What a program sets in `variable_scope` is what variables are made by."""
    variable_scope: Any = importlib.import_module(
        "tensorflow.python.ops.variable_scope"
    )
    before = variable_scope._DEFAULT_USE_RESOURCE
    try:
        variable_scope._DEFAULT_USE_RESOURCE = True
        assert variables.UseResource.default is True
        variables.UseResource.default = False
        assert variable_scope._DEFAULT_USE_RESOURCE is False
    finally:
        variable_scope._DEFAULT_USE_RESOURCE = before


def test_a_private_module_can_be_mocked() -> None:
    """A mock in `random_ops` is what initializers call."""
    random_ops: Any = importlib.import_module("tensorflow.python.ops.random_ops")
    real = random.truncated_normal
    with mock.patch.object(random_ops, "truncated_normal", wraps=real) as patched:
        assert random_ops.truncated_normal is patched
        assert random.truncated_normal is patched
    assert random_ops.truncated_normal is real
    assert random.truncated_normal is real
