"""A session plans what it runs once, however the fetches are nested."""

from __future__ import annotations

import collections

import pytest

from scopetutor import tf

Pair = collections.namedtuple("Pair", "first second")
NESTED = {
    "dict": lambda a, b: {"a": a, "b": b},
    "list in a list": lambda a, b: [a, [b]],
    "namedtuple in a list": lambda a, b: [Pair(a, b), b],
    "dict in a dict": lambda a, b: {"a": {"b": b}, "c": [a]},
}


@pytest.fixture(autouse=True)
def _new_graph() -> None:
    tf.reset_default_graph()


@pytest.mark.parametrize("nest", NESTED.values(), ids=NESTED.keys())
def test_nested_fetches_are_planned_once(nest, monkeypatch) -> None:
    """A second run of equal fetches makes no second plan."""
    a, b = tf.constant(1.0), tf.constant(2.0)
    with tf.Session() as session:
        planned = []
        make = session._planner.make
        monkeypatch.setattr(
            session._planner, "make", lambda *args: planned.append(1) or make(*args)
        )

        first, second = session.run(nest(a, b)), session.run(nest(a, b))

    assert first == second == nest(1.0, 2.0)
    assert len(planned) == 1


def test_the_same_fetches_in_another_order_are_not_mixed_up() -> None:
    """Keys, types and order belong to what is planned."""
    a, b = tf.constant(1.0), tf.constant(2.0)
    with tf.Session() as session:
        assert session.run({"a": a, "b": b}) == {"a": 1.0, "b": 2.0}
        assert session.run({"a": b, "b": a}) == {"a": 2.0, "b": 1.0}
        assert session.run([a, [b]]) == [1.0, [2.0]]
        assert session.run([[a], b]) == [[1.0], 2.0]
