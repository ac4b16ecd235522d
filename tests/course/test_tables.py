"""Tables of lesson files, read by several threads."""

from __future__ import annotations

import subprocess
import sys

_RACE = """
import sys, threading, types
from scopetutor.course.tables import converted
sys.setswitchinterval(1e-6)
SOURCE = '''
from __future__ import annotations
import msgspec
class Inner(msgspec.Struct, frozen=True):
    a: int = 1
    b: str | None = None
class Outer(msgspec.Struct, frozen=True):
    x: list[Inner] = []
    y: dict[str, Inner] = {}
    z: tuple[str, ...] = ()
'''
for number in range(300):
    module = sys.modules[f"m{number}"] = types.ModuleType(f"m{number}")
    exec(SOURCE, module.__dict__)
    go = threading.Barrier(4)
    def work():
        go.wait()
        converted({"x": [{"a": 2}]}, module.Outer)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("fine")
"""


def test_threads_may_meet_a_class_at_the_same_time():
    """As they do when the lessons of a course are proved side by side."""
    done = subprocess.run(
        [sys.executable, "-c", _RACE],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "fine\n")
