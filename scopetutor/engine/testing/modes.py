"""Decorators of TensorFlow's tests: as a graph, at once, or both; after `case`.

TF 1.15: a test for both modes runs in a session first, is torn down and set up again,
and then runs eagerly.
"""

from __future__ import annotations

import contextlib
import functools
import unittest
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.graph import Graph
from scopetutor.engine.surroundings import device

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Test = Callable[..., Any]


@contextlib.contextmanager
def graph_mode() -> Iterator[None]:
    """Context manager: operations make a graph."""
    before = defaults.state.eager
    defaults.state.eager = False
    try:
        yield
    finally:
        defaults.state.eager = before


@contextlib.contextmanager
def eager_mode() -> Iterator[None]:
    """Context manager: operations run at once."""
    with defaults.EnteredEagerly():
        yield


def run_in_graph_and_eager_modes(
    func: Test | None = None,
    config: Any = None,
    use_gpu: bool = True,
    reset_test: bool = True,
    assert_no_eager_garbage: bool = False,
) -> Any:
    """Runs a test method in a session, and then eagerly."""
    del assert_no_eager_garbage  # a graph's garbage is Python's business here

    def decorate(test: Test) -> Test:
        if isinstance(test, type):
            raise ValueError(
                "`run_in_graph_and_eager_modes` only supports test methods. Did you "
                "mean to use `run_all_in_graph_and_eager_modes`?"
            )

        @functools.wraps(test)
        def both(self: Any, *args: Any, **kwargs: Any) -> None:
            with contextlib.suppress(unittest.SkipTest):
                with (
                    graph_mode(),
                    self.test_session(use_gpu=use_gpu, config=config),
                ):
                    test(self, *args, **kwargs)
            if reset_test:
                self.tearDown()
                self._tempdir = None
            with Graph().as_default(), eager_mode():
                if reset_test:
                    self.setUp()
                where = contextlib.nullcontext() if use_gpu else device("/device:CPU:0")
                with where:
                    test(self, *args, **kwargs)

        return both

    return decorate if func is None else decorate(func)


def run_all_in_graph_and_eager_modes(cls: type) -> type:
    """`run_in_graph_and_eager_modes` for every test method of a class."""
    return for_all_test_methods(run_in_graph_and_eager_modes)(cls)


def for_all_test_methods(
    decorator: Callable[..., Any], *args: Any, **kwargs: Any
) -> Callable[[type], type]:
    """Decorates every test method of a class."""

    def decorate(cls: type) -> type:
        for name, value in list(vars(cls).items()):
            if callable(value) and name.startswith("test") and name != "test_session":
                setattr(cls, name, decorator(*args, **kwargs)(value)
                        if args or kwargs else decorator(value))  # fmt: skip
        return cls

    return decorate


def _as_it_is(func: Any = None) -> Any:
    """A decorator that leaves a test or a class of tests as it is."""
    return (lambda test: test) if func is None else func


# TF 1.15: these choose graph mode where TensorFlow 2's behaviour is on: never, here.
deprecated_graph_mode_only = run_deprecated_v1 = _as_it_is
enable_control_flow_v2 = with_control_flow_v2 = enable_output_all_intermediates = (
    _as_it_is
)
enable_c_shapes = with_c_shapes = use_deterministic_cudnn = _as_it_is
assert_no_new_pyobjects_executing_eagerly = assert_no_new_tensors = _as_it_is
assert_no_garbage_created = py_func_if_in_function = also_run_as_tf_function = _as_it_is


def _needs(said: str) -> Callable[..., Any]:
    """A decorator that skips a test that needs what there is not here."""

    def decorator(func: Any = None) -> Any:
        skip = unittest.skip(said)
        return skip if func is None else skip(func)

    return decorator


run_v2_only = _needs("Test is only compatible with v2")
run_gpu_only = run_cuda_only = _needs("Test requires GPU")


def run_v1_only(reason: str, func: Any = None) -> Any:
    """A test for TensorFlow 1: that is what this is."""
    del reason
    return _as_it_is(func)


def _for_a_reason(description: str) -> Callable[[Any], Any]:
    """A decorator with a reason that leaves a test as it is."""
    del description
    return _as_it_is


disable_control_flow_v2 = disable_xla = no_xla_auto_jit = _for_a_reason
xla_allow_fallback = enable_tf_xla_constant_folding = _for_a_reason


def skip_if(condition: Any) -> Callable[[Test], Test]:
    """Leaves a test out where a condition holds, or a function says so."""

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def maybe(*args: Any, **kwargs: Any) -> None:
            holds = condition() if callable(condition) else condition
            if not holds:
                test(*args, **kwargs)

        return maybe

    return decorate


def build_as_function_and_v1_graph(func: Test | None = None) -> Any:
    """Runs a test in a graph of its own."""

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def in_a_graph(self: Any, *args: Any, **kwargs: Any) -> None:
            with Graph().as_default():
                test(self, *args, **kwargs)

        return in_a_graph

    return decorate if func is None else decorate(func)


@contextlib.contextmanager
def use_gpu() -> Iterator[None]:
    """Context manager: operations go where they like."""
    yield


@contextlib.contextmanager
def force_gpu() -> Iterator[None]:
    """Context manager: operations ask for the GPU."""
    with device("/device:GPU:0"):
        yield


@contextlib.contextmanager
def force_cpu() -> Iterator[None]:
    """Context manager: operations ask for the CPU."""
    with device("/device:CPU:0"):
        yield


def is_xla_enabled() -> bool:
    """False: there is no compiler here."""
    return False


def IsMklEnabled() -> bool:
    """False: the kernels are NumPy's."""
    return False


def GpuSupportsHalfMatMulAndConv() -> bool:
    """False: there is no GPU."""
    return False


def set_producer_version(graph: Graph, producer_version: int) -> None:
    """Makes a graph one that an older TensorFlow wrote."""
    graph._producer_version = producer_version


def assert_ops_in_graph(expected_ops: dict[str, str], graph: Any) -> dict[str, Any]:
    """The nodes of these names, which must be there with these types.

    Raises:
        ValueError: one is not there, or of another type.
    """
    found: dict[str, Any] = {}
    for node in graph.as_graph_def().node:
        if node.name in expected_ops:
            if node.op != expected_ops[node.name]:
                raise ValueError(
                    f"Expected op for node {node.name} is different. "
                    f"{expected_ops[node.name]} vs {node.op}"
                )
            found[node.name] = node
    if set(expected_ops) != set(found):
        raise ValueError(
            "Not all expected ops are present. Expected "
            f"{expected_ops.keys()}, found {found.keys()}"
        )
    return found


def assert_equal_graph_def(
    actual: Any,
    expected: Any,
    checkpoint_v2: bool = False,
    hash_table_shared_name: bool = False,
) -> None:
    """Two graphs in files have the same nodes, in whatever order.

    Raises:
        TypeError: they are no graphs in files.
        AssertionError: they are not the same.
    """
    del checkpoint_v2, hash_table_shared_name
    for what, graph in (("actual", actual), ("expected", expected)):
        if type(graph).__name__ != "GraphDef":
            raise TypeError(
                f"Expected tf.GraphDef for {what}, got {type(graph).__name__}"
            )
    one, other = (
        {node.name: str(node) for node in graph.node} for graph in (actual, expected)
    )
    for name in sorted({*one, *other}):
        if one.get(name) != other.get(name):
            raise AssertionError(
                f"node {name}:\n{one.get(name)}\nis not\n{other.get(name)}"
            )
