"""The processes that came from one are found in two ways, which agree."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from scopetutor.workspace import family

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
_TREE = """
import subprocess, sys, threading, time
deep = int(sys.argv[1])
if deep:
    start = lambda: subprocess.Popen([sys.executable, "-c", sys.argv[2], str(deep - 1),
                                      sys.argv[2]])
    thread = threading.Thread(target=start)
    thread.start(); thread.join(); start()
print("ready", flush=True)
time.sleep(60)
"""


def test_both_ways_find_the_same():
    """Children of threads and of children are found; ended ones are not."""
    tree = subprocess.Popen(
        [sys.executable, "-c", _TREE, "2", _TREE], stdout=subprocess.PIPE
    )
    with tree:
        assert tree.stdout is not None
        for _ in range(7):
            tree.stdout.readline()
        found = family.descendants(tree.pid)
        assert len(found) == 6
        assert found == family.scanned_descendants(tree.pid)
        assert tree.pid in family.descendants(os.getpid())

        assert family.end_strays(tree.pid, set()) == 6
        assert family.descendants(tree.pid) == set()
        tree.kill()
    assert tree.pid not in family.descendants(os.getpid())


def test_a_system_that_does_not_tell(monkeypatch, tmp_path):
    """Without /proc there is nothing to find, and nothing fails."""
    monkeypatch.setattr(family, "_PROC", tmp_path)

    assert family.descendants(1) == set()
    assert family.running_in_all() == 0
    assert family.own_memory(1) == 0


def test_memory_as_ps_says_it():
    """A process has some memory; one that is not there has none."""
    assert family.memory_by_ps(os.getpid()) > 1 << 20
    assert family.memory_by_ps(2**22 + 1) == 0
