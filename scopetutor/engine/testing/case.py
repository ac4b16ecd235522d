"""`tf.test.TestCase`: every test has a new graph, fixed seeds and a session at hand.

After `checks`; `modes` decorates its tests. TF 1.15: a session of the test case makes
its graph the default one and asks for the CPU.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sys
import tempfile
import threading
import unittest
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np

from scopetutor.engine import defaults, nest, tf_logging
from scopetutor.engine.deprecation import warn_function
from scopetutor.engine.op_errors import OutOfRangeError
from scopetutor.engine.random import set_random_seed
from scopetutor.engine.session import Session
from scopetutor.engine.sparse import (
    IndexedSlices,
    IndexedSlicesValue,
    SparseTensor,
    SparseTensorValue,
)

from .checks import Checks

__all__ = ["mock"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 87654321
"""TF 1.15: what its test cases begin with, in every kind of random numbers."""
_MODULE = "tensorflow.python.framework.test_util"


class TestCase(Checks):
    """A test case with graphs and sessions."""

    __test__ = False  # the class itself is no test; its subclasses are

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__test__ = True

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self._threads: list[CheckedThread] = []
        self._tempdir: str | None = None
        self._cached_session: Any = None
        self._cached_arguments: tuple[Any, ...] = ()

    def setUp(self) -> None:
        """Begins with an empty graph and known seeds."""
        self._clear_cached_session()
        random.seed(SEED)
        np.random.seed(SEED)
        defaults.state.graphs.clear()
        defaults.reset_default_graph()
        set_random_seed(SEED)
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")

    def tearDown(self) -> None:
        """Sees to it that threads were joined; closes the session."""
        for thread in self._threads:
            thread.check_termination()
        self._clear_cached_session()

    def _clear_cached_session(self) -> None:
        if self._cached_session is not None:
            self._cached_session.close()
            self._cached_session = None

    def get_temp_dir(self) -> str:
        """A folder of the test's own."""
        if self._tempdir is None:
            self._tempdir = tempfile.mkdtemp(dir=get_temp_dir())
        return self._tempdir

    # -- values ----------------------------------------------------------------

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors: from the session, or those they have."""
        if defaults.executing_eagerly():
            return _values(tensors)
        session = defaults.get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.test_session() as session:
            return session.run(tensors)

    # -- sessions --------------------------------------------------------------

    @contextlib.contextmanager
    def session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Any]:
        """A new session, closed at the end; in eager mode nothing that runs."""
        if defaults.executing_eagerly():
            yield EagerSession(self)
            return
        with LoggingSession(graph=graph, config=_config(config)) as session:
            with _in(session, use_gpu, force_gpu):
                yield session

    @contextlib.contextmanager
    def cached_session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Any]:
        """The session of the test, which goes on when it is asked for again.

        Raises:
            ValueError: it was made with other arguments.
        """
        if defaults.executing_eagerly():
            yield EagerSession(self)
            return
        session = self._cached(graph, config, force_gpu, strict=True)
        with _in(session, use_gpu, force_gpu):
            yield session

    @contextlib.contextmanager
    def test_session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Any]:
        """The test's session, or a new one for a graph; TF 1.15: deprecated."""
        warn_function(
            "TensorFlowTestCase.test_session",
            _MODULE,
            "Use `self.session()` or `self.cached_session()` instead.",
        )
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")
        if defaults.executing_eagerly():
            yield None
        elif graph is None:
            session = self._cached(graph, config, force_gpu, strict=False)
            with _in(session, use_gpu, force_gpu):
                yield session
        else:
            with self.session(graph, config, use_gpu, force_gpu) as session:
                yield session

    def _cached(self, graph: Any, config: Any, force_gpu: bool, *, strict: bool) -> Any:
        arguments = graph, config, force_gpu
        if self._cached_session is None:
            made = LoggingSession(graph=graph, config=_config(config))
            self._cached_session, self._cached_arguments = made, arguments
            return made
        for what, one, other in zip(
            ("graph", "config", "force_gpu value"),
            self._cached_arguments,
            arguments,
            strict=True,
        ):
            if strict and one is not other:
                raise ValueError(
                    f"The {what} used to get the cached session is different than the "
                    "one that was used to create the session. Maybe create a new "
                    "session with self.session()"
                )
        return self._cached_session

    # -- threads ---------------------------------------------------------------

    def checkedThread(
        self, target: Callable[..., Any], args: Any = None, kwargs: Any = None
    ) -> CheckedThread:
        """A thread whose exceptions let the test fail, and that must be joined."""
        thread = CheckedThread(self, target, args or (), kwargs or {})
        self._threads.append(thread)
        return thread


class CheckedThread:
    """A thread of a test."""

    def __init__(
        self, case: TestCase, target: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        self._case = case
        self._target, self._arguments, self._named = target, args, kwargs
        self._thread = threading.Thread(target=self._run)
        self._error: Exception | None = None
        self._joined = False

    def _run(self) -> None:
        try:
            self._target(*self._arguments, **self._named)
        except Exception as error:
            self._error = error

    def start(self) -> None:
        """Starts it."""
        self._thread.start()

    def join(self) -> None:
        """Waits for its end; the test fails if it raised something."""
        self._joined = True
        self._thread.join()
        if self._error is not None:
            self._case.fail(f"Error in checkedThread: {self._error}")

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._thread.is_alive()

    def check_termination(self) -> None:
        """Sees to it that it was joined."""
        if not self._joined:
            self._case.fail("A checked thread was not joined.")
        if self.is_alive():
            raise RuntimeError(
                "Thread was not joined with main thread, and is still running when "
                "the test finished."
            )


class LoggingSession(Session):
    """A session that logs what goes wrong."""

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs, and logs errors but the one that says that data has ended."""
        try:
            return super().run(*args, **kwargs)
        except Exception as error:
            if not isinstance(error, OutOfRangeError):
                tf_logging.error(str(error))
            raise


class EagerSession:
    """What a test gets for a session in eager mode."""

    def __init__(self, case: TestCase) -> None:
        self._case = case

    def run(self, fetches: Any, *args: Any, **kwargs: Any) -> Any:
        """The values that the tensors have.

        Raises:
            RuntimeError: something is fed.
        """
        if args or any(kwargs.values()):
            raise RuntimeError(
                "feed_dict is not supported when eager execution is enabled (in this "
                "case, sess.run(t) is shorthand for t.numpy()"
            )
        return self._case.evaluate(fetches)


@contextlib.contextmanager
def _in(session: Any, use_gpu: bool, force_gpu: bool) -> Iterator[None]:
    """Makes a session's graph and itself the default ones, on its device."""
    with session.graph.as_default(), session.as_default():
        if use_gpu and not force_gpu:
            yield
        else:
            device = "/device:GPU:0" if force_gpu else "/device:CPU:0"
            with session.graph.device(device):
                yield


def _config(config: Any) -> Any:
    """The configuration with what TF 1.15's test cases add to it."""
    if config is not None:
        return config
    from scopetutor.formats import protos  # noqa: PLC0415 - most scripts have no tests

    return protos.ConfigProto(allow_soft_placement=True)


def _values(tensors: Any) -> Any:
    return None if tensors is None else nest.map_structure(_value, tensors)


def _value(tensor: Any) -> Any:
    """The value that something has in eager mode.

    Raises:
        ValueError: it has none.
    """
    if tensor is None:
        return None
    if isinstance(tensor, SparseTensor):
        parts = (tensor.indices, tensor.values, tensor.dense_shape)
        return SparseTensorValue(*(part.numpy() for part in parts))
    if isinstance(tensor, IndexedSlices):
        shape = tensor.dense_shape
        return IndexedSlicesValue(
            tensor.values.numpy(),
            tensor.indices.numpy(),
            None if shape is None else shape.numpy(),
        )
    if not hasattr(tensor, "numpy") and callable(tensor):
        return _values(tensor())
    try:
        return tensor.numpy()
    except AttributeError:
        raise ValueError(f"Unsupported type {type(tensor)}.") from None


def get_temp_dir() -> str:
    """A folder for the files of all tests of this process."""
    global _folder  # noqa: PLW0603 - made when first needed, and removed at the end
    if _folder is None:
        import atexit  # noqa: PLC0415 - used here only

        _folder = os.environ.get("TEST_TMPDIR") or tempfile.mkdtemp(prefix="tf-test-")
        if "TEST_TMPDIR" not in os.environ:
            atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    return _folder


_folder: str | None = None


def main(argv: list[str] | None = None) -> None:
    """Runs the tests of the program, and leaves; or the benchmarks it is asked for."""
    from .benchmarks import run_benchmarks  # noqa: PLC0415 - few programs have any

    run_benchmarks(
        list(sys.argv if argv is None else argv),
        lambda arguments: unittest.main(argv=arguments),
    )


def test_src_dir_path(relative_path: str) -> str:
    """A path as if TensorFlow's sources were in the current folder."""
    return os.path.join(os.getcwd(), "tensorflow", relative_path)


test_src_dir_path.__test__ = False  # type: ignore[attr-defined]


def is_built_with_cuda() -> bool:
    """False: this is no CUDA."""
    return False


def is_built_with_rocm() -> bool:
    """False: this is no ROCm."""
    return False


def is_built_with_gpu_support() -> bool:
    """False."""
    return False


def is_gpu_available(
    cuda_only: bool = False, min_cuda_compute_capability: Any = None
) -> bool:
    """False: there is one CPU."""
    return False


def gpu_device_name() -> str:
    """The name of the GPU: none."""
    return ""
