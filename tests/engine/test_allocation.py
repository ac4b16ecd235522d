"""Memory that steps free stays at hand, where the C library allows to say so."""

import ctypes
import platform

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine import allocation
from scopetutor.engine.fed_shapes import OFTEN

resource = pytest.importorskip("resource", reason="page faults are counted by Unix")
LARGE = (600, 600)  # over a megabyte: pages enough to be seen


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc has the option")
def test_steps_that_run_often_get_no_pages_anew():
    """What a step frees is not given back to the system, but used by the next step."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, LARGE)
        y = tf.reduce_sum(tf.exp(x * 2.0 + 1.0) - x)
        feeds = {x: np.zeros(LARGE, np.float32)}
        for _ in range(OFTEN + 3):
            session.run(y, feeds)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(20):
            session.run(y, feeds)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    assert faults < 20 * 100  # a value alone has 350 pages


@pytest.mark.parametrize("problem", [OSError, TypeError, AttributeError])
def test_other_c_libraries_are_left_alone(monkeypatch, problem):
    """Windows has no library of that name, and macOS and musl no such option."""

    def absent(_name):
        raise problem

    monkeypatch.setattr(ctypes, "CDLL", absent)
    try:
        allocation.keep_freed_memory.cache_clear()

        assert allocation.keep_freed_memory() is None
    finally:
        allocation.keep_freed_memory.cache_clear()
