"""What runs `group_by_reducer`: a state for each key, changed by each element.

After dataset_functions.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .dataset_functions import function_of
from .datasets import Following, Recipe, define_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation

    from .datasets import Element

_NAMES = "key_func", "init_func", "reduce_func", "finalize_func"


def _reducing(op: Operation) -> Callable[..., Recipe]:
    used = [function_of(op, name) for name in _NAMES]
    counts = [len(op._attrs[f"T{name}_other_arguments"]) for name in _NAMES]
    ends = [0, *accumulate(counts)]

    def kernel(recipe: Recipe, *rest: Any) -> Recipe:
        captured = [rest[begin:end] for begin, end in pairwise(ends)]

        def follow(following: Following) -> Iterator[Element]:
            callers = [following.caller(function) for function in used]

            def called(which: int, *args: Any) -> list[Any]:
                results: list[Any] = callers[which]((*args, *captured[which]))
                return results

            states: dict[int, list[Any]] = {}
            for element in recipe.follow(following):
                key = int(called(0, *element)[0])
                if key not in states:
                    states[key] = called(1, np.int64(key))
                states[key] = called(2, *states[key], *element)
            for key in sorted(states):
                yield tuple(called(3, *states[key]))

        return Recipe(follow)

    return kernel


define_dataset("ExperimentalGroupByReducerDataset", _reducing)
