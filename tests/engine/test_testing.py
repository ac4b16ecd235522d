"""`tf.test`: test cases that pass, fail and say why, as graphs and at once."""

from __future__ import annotations

import unittest
from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine import defaults
from scopetutor.engine.testing import eager_context, inspecting, modes, wrapping
from scopetutor.engine.testing.case import TestCase as Case
from scopetutor.formats import protos


@pytest.fixture(autouse=True)
def _clean() -> Any:
    defaults.state.graphs.clear()
    defaults.reset_default_graph()
    yield
    defaults.state.graphs.clear()
    defaults.reset_default_graph()


def outcome(test: Any) -> unittest.TestResult:
    """Runs a function as the only test of a case."""
    kind = type("Own", (Case,), {"test_it": test})
    result = unittest.TestResult()
    kind("test_it").run(result)
    return result


def passes(test: Any) -> bool:
    """Whether a test runs and passes."""
    result = outcome(test)
    assert result.testsRun == 1
    return result.wasSuccessful()


Pair = namedtuple("Pair", "a b")
ARRAY = np.array([1.0, np.nan], np.float32)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("assertAllClose", ([1.0], [1.0 + 1e-8]), ([1.0], [1.1])),
        ("assertAllClose", ({"a": [1]}, {"a": [1]}), ({"a": [1]}, {"b": [1]})),
        ("assertAllClose", (Pair(1, [2]), Pair(1, [2])), (Pair(1, 2), Pair(1, 3))),
        ("assertAllClose", ([[1], [2, 3]], [[1], [2, 3]]), ([1, 2], [1])),
        ("assertAllEqual", (ARRAY, ARRAY), ([1, 2], [1, 3])),
        ("assertNotAllEqual", ([1], [2]), ([1], [1])),
        ("assertNotAllClose", ([1], [2]), ([1], [1])),
        ("assertAllGreater", ([2, 3], 1), ([2, 3], 2)),
        ("assertAllLess", ([2, 3], 4), ([2, 3], 3)),
        ("assertAllGreaterEqual", ([2, 3], 2), ([2, 3], 3)),
        ("assertAllLessEqual", ([2, 3], 3), ([2, 3], 2)),
        ("assertAllInRange", ([1, 2], 1, 2), ([1, 2], 1, 2, True)),
        ("assertAllInRange", ([1.5], 1, 2, True, True), (["a"], 1, 2)),
        ("assertAllInSet", ([1, 1], [1, 2]), ([1, 3], [1, 2])),
        ("assertNear", (1.0, 1.1, 0.2), (1.0, 1.1, 0.05)),
        ("assertArrayNear", ([1.0], [1.1], 0.2), ([1.0], [1.1], 0.05)),
        (
            "assertNDArrayNear",
            (np.ones(2), np.ones(2), 0.1),
            (np.ones(2), np.zeros(2), 1),
        ),
        ("assertDTypeEqual", (ARRAY, np.float32), (ARRAY, np.float64)),
        ("assertStartsWith", ("abc", "ab"), ("abc", "b")),
        ("assertEmpty", ([],), ([1],)),
        ("assertNotEmpty", ([1],), ([],)),
        ("assertLen", ([1], 1), ([1], 2)),
        ("assertItemsEqual", ([1, 2], [2, 1]), ([1], [2])),
        ("assertDeviceEqual", ("/cpu:0", "/device:CPU:0"), ("/cpu:0", "/cpu:1")),
    ],
)
def test_checks_pass_and_fail(
    name: str, right: tuple[Any, ...], wrong: tuple[Any, ...]
) -> None:
    """Each assertion accepts what is right and refuses what is wrong."""
    assert passes(lambda self: getattr(self, name)(*right))
    assert not passes(lambda self: getattr(self, name)(*wrong))


def test_half_precision_has_more_room() -> None:
    """`assertAllCloseAccordingToType` knows how exact each type is."""
    half = np.array([1.0], np.float16)

    assert passes(lambda self: self.assertAllCloseAccordingToType(half, half + 0.0005))
    assert not passes(lambda self: self.assertAllCloseAccordingToType([1.0], [1.0005]))


def test_tensors_are_evaluated_first() -> None:
    """In the session of the test; the shape can be compared as well."""

    def test(self: Any) -> None:
        x = tf.constant([1.0, 2.0])
        self.assertAllClose(x * 2, [2, 4])
        self.assertShapeEqual(np.zeros(2), x)
        with pytest.raises(TypeError):
            self.assertShapeEqual(2, x)
        with pytest.raises(TypeError):
            self.assertShapeEqual(np.zeros(2), 2)

    assert passes(test)


def test_errors_of_operations_can_be_expected() -> None:
    """By their text, by the operation's name, or by a function."""

    def test(self: Any) -> None:
        v = tf.Variable(1.0, name="v")
        with self.session() as session:
            with self.assertRaisesOpError("uninitialized value v"):
                session.run(v)
            with self.assertRaisesOpError(lambda error: error.op.type == "Identity"):
                session.run(v + 0.0)
            with pytest.raises(AssertionError), self.assertRaisesOpError("other"):
                session.run(v)
            with pytest.raises(AssertionError), self.assertRaisesOpError("other"):
                raise KeyError
            quiet = self.assertRaisesOpError("any")
            with pytest.raises(AssertionError, match="not raised"), quiet:
                pass

    assert passes(test)


def test_messages_are_compared_by_their_text() -> None:
    """A GraphDef against text, with or without the version."""

    def test(self: Any) -> None:
        graph = protos.GraphDef()
        graph.versions.producer = 134
        self.assertProtoEqualsVersion("", graph)
        self.assertProtoEquals(graph, graph)
        with pytest.raises(AssertionError):
            self.assertProtoEquals("versions { producer: 1 }", graph)
        with pytest.raises(AssertionError, match="Can't compare"):
            self.assertProtoEquals(3, graph)

    assert passes(test)


def test_a_case_has_a_graph_seeds_and_a_cached_session() -> None:
    """The cached session goes on; other arguments are refused."""

    def test(self: Any) -> None:
        assert tf.get_default_graph().seed == 87654321
        with self.cached_session() as first:
            v = tf.Variable(3.0)
            v.initializer.run()
        with self.cached_session() as again:
            assert again is first
            assert v.eval() == 3.0
            assert self.evaluate(v) == 3.0
            assert tf.constant(1.0).device == "/device:CPU:0"
        wrong = self.cached_session(graph=tf.Graph())
        with pytest.raises(ValueError, match="The graph used to get"), wrong:
            pass
        with self.test_session(graph=tf.Graph(), use_gpu=True) as other:
            assert other is not first
        with self.session(force_gpu=True), pytest.raises(AssertionError):
            assert tf.constant(1.0).device == "/device:CPU:0"
        assert self.get_temp_dir() == self.get_temp_dir()

    assert passes(test)
    assert issubclass(tf.test.TestCase, Case)
    assert not tf.test.is_gpu_available()
    assert tf.test.gpu_device_name() == ""


def test_threads_of_a_test_must_be_joined() -> None:
    """What a thread raises lets the test fail."""

    def good(self: Any) -> None:
        thread = self.checkedThread(lambda: None)
        thread.start()
        thread.join()
        assert not thread.is_alive()

    def bad(self: Any) -> None:
        thread = self.checkedThread(lambda x: 1 / x, args=(0,))
        thread.start()
        thread.join()

    def forgotten(self: Any) -> None:
        self.checkedThread(lambda: None).start()

    assert passes(good)
    assert "ZeroDivisionError" in outcome(bad).failures[0][1] or (
        "division by zero" in outcome(bad).failures[0][1]
    )
    assert "was not joined" in outcome(forgotten).failures[0][1]


def test_both_modes_run_a_test_twice() -> None:
    """First in a session, then eagerly, with a new set-up in between."""
    seen = []

    @modes.run_in_graph_and_eager_modes
    def test(self: Any) -> None:
        seen.append(tf.executing_eagerly())
        x = tf.constant([1.0]) + 1.0
        self.assertAllClose(self.evaluate({"x": [x]}), {"x": [[2.0]]})
        with self.session() as session:
            if tf.executing_eagerly():
                assert session.run(x) == [2.0]
                with pytest.raises(RuntimeError, match="feed_dict is not supported"):
                    session.run(x, feed_dict={x: 1})
                with pytest.raises(ValueError, match="Unsupported type"):
                    self.evaluate(object())
                assert self.evaluate(lambda: x) == [2.0]
                assert self.evaluate(None) is None

    assert passes(test)
    assert seen == [False, True]
    with pytest.raises(ValueError, match="only supports test methods"):
        modes.run_in_graph_and_eager_modes(Case)


def test_decorators_of_classes_and_those_that_skip() -> None:
    """Every test of a class; not what needs TensorFlow 2 or a GPU."""
    seen = []

    class Own(Case):
        def test_a(self) -> None:
            seen.append(tf.executing_eagerly())

        @modes.run_v2_only
        def test_b(self) -> None:
            raise AssertionError

        @modes.run_gpu_only()
        def test_c(self) -> None:
            raise AssertionError

        @modes.skip_if(lambda: True)
        def test_d(self) -> None:
            raise AssertionError

        @modes.run_v1_only("it is old")
        @modes.disable_xla("none here")
        @modes.run_deprecated_v1
        @modes.build_as_function_and_v1_graph
        def test_e(self) -> None:
            seen.append("e")

    modes.run_all_in_graph_and_eager_modes(Own)
    result = unittest.TestResult()
    for name in "abcde":
        Own(f"test_{name}").run(result)

    assert result.wasSuccessful(), result.failures
    assert seen == [False, True, "e", "e"]


def test_graphs_can_be_looked_at() -> None:
    """Which operations are there; whether two graphs have the same."""
    a, b = tf.Graph(), tf.Graph()
    for graph in (a, b):
        with graph.as_default():
            tf.add(tf.constant(1.0, name="one"), 2.0, name="sum")

    found = modes.assert_ops_in_graph({"one": "Const", "sum": "Add"}, a)

    assert sorted(found) == ["one", "sum"]
    for wrong in ({"one": "Add"}, {"two": "Const"}):
        with pytest.raises(ValueError, match="xpected op"):
            modes.assert_ops_in_graph(wrong, a)
    tf.test.assert_equal_graph_def(a.as_graph_def(), b.as_graph_def())
    with b.as_default():
        tf.no_op()
    with pytest.raises(AssertionError, match="node NoOp"):
        tf.test.assert_equal_graph_def(a.as_graph_def(), b.as_graph_def())
    with pytest.raises(TypeError, match=r"Expected tf\.GraphDef for actual"):
        tf.test.assert_equal_graph_def(1, b.as_graph_def())


def test_what_tests_ask_of_the_context() -> None:
    """The mode, GPUs, the stack of graphs, arguments of functions."""
    assert not eager_context.context().executing_eagerly()
    assert eager_context.in_graph_mode()
    with modes.eager_mode():
        assert eager_context.in_eager_mode()
        with modes.graph_mode():
            assert eager_context.in_graph_mode()
    assert eager_context.num_gpus() == eager_context.context().num_gpus() == 0
    assert eager_context.context().config == protos.ConfigProto()
    with tf.Graph().as_default() as graph:
        assert eager_context._default_graph_stack.stack == [graph]
        eager_context._default_graph_stack.reset()
        assert eager_context._default_graph_stack.stack == []

    def function(a: int, *rest: int, b: int = 1, **more: int) -> None:
        """Takes some."""

    assert inspecting.getargspec(function) == (["a"], "rest", "more", None)
    with modes.force_cpu(), modes.use_gpu():
        assert tf.constant(1.0).device == "/device:CPU:0"
    assert not modes.is_xla_enabled()


def test_functions_can_be_traced_into_a_graph_of_their_own() -> None:
    """`wrap_function` runs its graph."""

    def traced(base: float) -> Any:
        assert not tf.executing_eagerly()
        v = tf.get_variable("v", [], initializer=tf.ones_initializer())
        return v + base

    with modes.eager_mode():
        wrapped = wrapping.wrap_function(traced, [2.0])
        assert wrapped().numpy() == 3.0
        assert wrapping.wrap_function(lambda: None, [])() is None
