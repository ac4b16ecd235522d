"""Runs programs in forked children and collects their transcripts.

`record_generated.py` uses it under TensorFlow, `compare.py` and the tests under
scopetutor.  Linux and macOS.
"""

import functools
import json
import os
import signal

from transcript import transcript

_UNINITIALIZED = "Attempting to use uninitialized value "
LOST = ["lost"]
SECONDS = 120  # for one program; then it is lost


def in_child(work):
    """What `work()` returns, computed in a child: neither crashes nor leaks reach us."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        try:
            with os.fdopen(write_end, "wb") as pipe:
                pipe.write(json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.alarm(SECONDS)
    try:
        with os.fdopen(read_end, "rb") as pipe:
            data = pipe.read()
    finally:
        signal.alarm(0)
        os.waitpid(pid, 0)
    return json.loads(data.decode()) if data else LOST


def transcripts(tf, sources, times=1):
    """Yields the transcript of each program.

    Args:
      tf: the module they run under.
      sources: their texts.
      times: how often each is run; lines that are not always the same end in "= *".
    """
    for source in sources:
        found = [
            in_child(functools.partial(transcript, tf, source)) for _ in range(times)
        ]
        yield [steady(lines) for lines in zip(*found)] if times > 1 else found[0]


def steady(lines):
    first = lines[0]
    if all(line == first for line in lines):
        return first
    return first.partition(" = ")[0] + " = *"


def same(expected, found):
    """Whether a line of a golden transcript is met."""
    if expected == found:
        return True
    if expected.endswith(" = *"):
        return expected.partition(" = ")[0] == found.partition(" = ")[0]
    # Which of several uninitialized variables is named depends on TensorFlow's threads.
    start = expected.partition(_UNINITIALIZED)
    return bool(start[1]) and start[:2] == found.partition(_UNINITIALIZED)[:2]
