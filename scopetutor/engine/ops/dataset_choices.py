"""Datasets that choose: random numbers, elements of several datasets, new elements.

After dataset_functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.random import Generator
from scopetutor.engine.registry import define

from . import rules
from .datasets import Following, Recipe, define_dataset, follows, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .datasets import Element, Follow


def _random(seed: Any, seed2: Any) -> Recipe:
    def elements() -> Iterator[Element]:
        generator = Generator(int(seed), int(seed2))
        while True:
            for word in generator.words(64):
                yield (np.int64(word),)

    return source(elements)


def _directed(choices: Recipe, *recipes: Recipe) -> Follow:
    def follow(following: Following) -> Iterator[Element]:
        places: list[Any] = [recipe.follow(following) for recipe in recipes]

        def picked(choice: Element) -> Element | None:
            """The next element of the chosen dataset; None if it has ended."""
            place = int(choice[0])
            if not 0 <= place < len(places):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Selector index out of range: {place} >= {len(places)}",
                )
            if places[place] is None:
                return None
            element = next(places[place], None)
            if element is None:
                places[place] = None
                if not any(places):
                    raise StopIteration
            return element

        # No generator: after a wrong choice, the next element may be asked for.
        return filter(None, map(picked, choices.follow(following)))

    return follow


def _unique(recipe: Recipe) -> Follow:
    def follow(following: Following) -> Iterator[Element]:
        seen = set()
        for element in recipe.follow(following):
            value = np.asarray(element[0]).item()
            if value not in seen:
                seen.add(value)
                yield element

    return follow


define("RandomDataset", shape=rules.scalar, kernel=_random)
define_dataset("DirectedInterleaveDataset", follows(_directed))
define_dataset("UniqueDataset", follows(_unique))
