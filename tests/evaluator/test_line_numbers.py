"""The line a frame is at is the one Python says, in long modules too."""

from __future__ import annotations

import sys

import pytest

from scopetutor.evaluator.line_numbers import SHORT, line_of


@pytest.mark.parametrize("count", [3, 2_000])
def test_it_is_the_line_that_python_says(count):
    """In a short and in a long module, at every call."""
    places: list[tuple[int, int | None]] = []

    def here() -> None:
        frame = sys._getframe(1)
        places.append((line_of(frame), frame.f_lineno))

    code = compile("here()\n\nx = [\n  here()]\n" * count, "long", "exec")
    exec(code, {"here": here})

    assert (len(code.co_linetable) >= SHORT) == (count > 3)
    assert len(places) == 2 * count
    assert [ours for ours, _ in places] == [theirs for _, theirs in places]
