"""Long commands say how far they are, on a terminal and nowhere else."""

from __future__ import annotations

import io

import pytest

from scopetutor.cli.ticker import ERASE, Ticker


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Whether it is one."""
        return True


def ticked(stream: io.StringIO, **how: object) -> str:
    """What is written while two things are done."""
    with Ticker(2, stream=stream, **{"environ": {"TERM": "xterm"}, **how}) as ticker:
        ticker.tick("one")
        ticker.tick("two")
    return stream.getvalue()


def test_on_a_terminal():
    """A bar that is erased in the end."""
    written = ticked(Terminal())

    assert f"{ERASE}[##########..........] 1/2 one" in written
    assert written.endswith(ERASE)


@pytest.mark.parametrize(
    ("stream", "how"),
    [
        (io.StringIO(), {}),
        (Terminal(), {"quiet": True}),
        (Terminal(), {"environ": {"TERM": "dumb"}}),
    ],
)
def test_nowhere_else(stream, how):
    """Nothing through a pipe, nothing when it is not wanted."""
    assert ticked(stream, **how) == ""
