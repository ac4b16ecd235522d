"""A heap of candidates that gives equal scores in the order of C++'s `priority_queue`.

Before ``engine/ops/suppression.py``. TF 1.15 keeps boxes in such a queue, and which of
two boxes with the same score is kept depends on how it moves them: Python's `heapq`
moves them otherwise.
"""

from __future__ import annotations

from typing import Any


class Heap:
    """Items that are tuples; the one with the largest first element comes first."""

    def __init__(self) -> None:
        self._items: list[Any] = []

    def __len__(self) -> int:
        return len(self._items)

    def push(self, item: Any) -> None:
        """Adds an item."""
        self._items.append(item)
        self._rise(len(self._items) - 1, item)

    def pop(self) -> Any:
        """Takes out the largest item."""
        items = self._items
        item = items.pop()
        if not items:
            return item
        largest, items[0] = items[0], item
        self._rise(self._sink(), item)
        return largest

    def _sink(self) -> int:
        """Moves the larger children up from the root; where that leaves a hole.

        Of two equal children it is the right one.
        """
        items = self._items
        hole, child = 0, 2
        while child < len(items):
            if items[child][0] < items[child - 1][0]:
                child -= 1
            items[hole] = items[child]
            hole, child = child, 2 * child + 2
        if child == len(items):
            items[hole] = items[child - 1]
            hole = child - 1
        return hole

    def _rise(self, hole: int, item: Any) -> None:
        """Puts an item into a hole, or higher if it is larger than what is above."""
        items = self._items
        while hole and items[(hole - 1) // 2][0] < item[0]:
            above = (hole - 1) // 2
            items[hole] = items[above]
            hole = above
        items[hole] = item
