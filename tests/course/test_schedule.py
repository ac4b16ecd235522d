"""Ideas come back at growing intervals, and soon when they are missed."""

from __future__ import annotations

import subprocess
import sys

from scopetutor.course.schedule import reviewed

DAY = 86_400.0
NOW = 1_700_000_000.0


def intervals(*recalls: str) -> list[float]:
    """Days to the next review after each of these, each done when it is due."""
    state, now, days = "", NOW, []
    for recall in recalls:
        state, due = reviewed(state, recall, now)
        days.append((due - now) / DAY)
        now = due
    return days


def test_what_is_known_comes_ever_later():
    """After days, then weeks, then months."""
    days = intervals("known", "known", "known", "known")

    assert days == sorted(days)
    assert days[0] >= 1
    assert days[-1] > 30


def test_what_is_missed_comes_soon():
    """Sooner than what came with help, and that sooner than what was known."""
    [missed], [helped], [known] = (
        intervals(one) for one in ("missed", "with help", "known")
    )

    assert 0 < missed <= helped <= known
    assert intervals("known", "known", "missed")[-1] < 7


def test_equal_answers_give_equal_intervals():
    """Nothing is left to chance."""
    assert intervals("known", "missed", "known") == intervals(
        "known", "missed", "known"
    )


def test_a_state_that_cannot_be_read():
    """Begins again instead of failing."""
    assert reviewed("{}", "known", NOW)[1] == reviewed("", "known", NOW)[1]
    assert reviewed("nonsense", "known", NOW)[1] > NOW


def test_nobody_else_loads_the_scheduler():
    """The tutor and the lessons start without it."""
    code = (
        "import sys, scopetutor.tutor, scopetutor.review; print('fsrs' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
