"""Random numbers that are drawn for some steps at once are those of each step."""

from __future__ import annotations

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine import random


def _alone(draw: random.Draw, numbers: int) -> np.ndarray:
    """The next numbers of an operation, and none of those after them."""
    random.draw_ahead([(draw, numbers)])
    return draw([numbers])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_numbers_do_not_depend_on_when_they_are_drawn(kind):
    """However often a count is asked for, and whatever comes between."""
    together, apart = random.Generator(3, 4), random.Generator(3, 4)
    counts = [5] * 80 + [7] * 2 + [5] * 4 + [5000] * 4 + [1] * 70 + [0] * 4 + [5]
    for step, count in enumerate(counts):
        distribution = "uniform" if step % 50 < 40 else "normal"
        drawn = random.Draw(together, distribution, kind)([count])
        expected = _alone(random.Draw(apart, distribution, kind), count)
        assert np.array_equal(drawn, expected), step
    assert together.words(3) == apart.words(3)


def test_an_operation_in_two_plans_has_one_stream():
    """What one plan has drawn ahead is not lost on the other."""
    with tf.Graph().as_default():
        numbers = tf.random_normal([3], seed=1)
        twice = numbers * 2.0
        with tf.Session() as session:
            in_turn = [
                session.run(twice) / 2 if step % 20 > 9 else session.run(numbers)
                for step in range(100)
            ]
        with tf.Session() as session:
            alone = [session.run(numbers) for _ in range(100)]
    assert np.array_equal(in_turn, alone)
