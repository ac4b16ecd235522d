"""The processes that came from one are found in two ways, which agree."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

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

        [first, *_] = sorted(found)
        below = family.descendants(first)
        assert family.strays([tree.pid], {first}) == found - below - {first}
        assert family.strays([tree.pid, first], {first}) == found - {first}

        assert len(family.end_strays([tree.pid], set())) == 6
        deadline = time.monotonic() + 10  # they have to get a processor to end
        while family.descendants(tree.pid) and time.monotonic() < deadline:
            time.sleep(0.001)
        assert family.descendants(tree.pid) == set()
        tree.kill()
    assert tree.pid not in family.descendants(os.getpid())


def test_a_system_that_does_not_tell(monkeypatch, tmp_path):
    """Without /proc there is nothing to find, and nothing fails."""
    monkeypatch.setattr(family, "_PROC", tmp_path)

    assert family.descendants(1) == set()
    assert family.running_in_all() == 0
    assert family.unshared_memory(1) == 0


def test_memory_that_no_other_process_has():
    """What is written after a fork is a process's own; what was there is shared."""
    shared = bytearray(b"x" * (8 << 20))
    here, there = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        there.send(b"!")  # it is there
        there.recv(1)
        for place in range(0, 3 << 20, 4096):
            shared[place] = 1
        there.send(b"!")
        there.recv(1)  # until it is killed
    here.recv(1)
    before = family.unshared_memory(pid)
    here.send(b"!")
    here.recv(1)
    after = family.unshared_memory(pid)
    family.end(pid)
    os.waitpid(pid, 0)
    here.close()
    there.close()

    assert 3 << 20 <= after - before < 5 << 20


def test_memory_as_ps_says_it():
    """A process has some memory; one that is not there has none."""
    assert family.memory_by_ps(os.getpid()) > 1 << 20
    assert family.memory_by_ps(2**22 + 1) == 0


def test_who_came_from_whom():
    """A child comes from its parent, not the other way round, nor from a stranger."""
    with subprocess.Popen(["sleep", "60"]) as child:
        other = subprocess.Popen(["sleep", "60"])
        with other:
            assert family.comes_from(child.pid, os.getpid())
            assert family.comes_from(child.pid, child.pid)
            assert not family.comes_from(os.getpid(), child.pid)
            assert not family.comes_from(other.pid, child.pid)
            assert not family.comes_from(1, child.pid)
            other.kill()
        child.kill()
    assert not family.comes_from(child.pid, os.getpid())


def test_who_came_from_whom_is_not_told(monkeypatch, tmp_path):
    """Where the system does not tell, a process is believed."""
    monkeypatch.setattr(family, "_PROC", tmp_path)

    assert family.comes_from(1, os.getpid())
