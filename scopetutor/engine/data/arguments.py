"""What transformations of datasets take, as tensors: numbers and seeds.

After structure, before dataset. TF 1.15: numbers such as a batch's size are int64
tensors of the graph, and seeds come in pairs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.random import get_seed
from scopetutor.engine.surroundings import name_scope

from . import structure


def int32(value: Any, name: str) -> Any:
    """A number as a tensor of 32 bits."""
    return convert_to_tensor(value, dtype=dtypes.int32, name=name)


def int64(value: Any, name: str) -> Any:
    """A number as a tensor of 64 bits."""
    return convert_to_tensor(value, dtype=dtypes.int64, name=name)


def known(tensor: Any) -> Any:
    """A scalar's value, if the graph knows it."""
    value = structure.known_value(tensor)
    return None if value is None else np.asarray(value).item()


def seeds(seed: Any) -> tuple[Any, Any]:
    """The two seeds of a shuffle, as tensors."""
    first, second = get_seed(seed)
    if (first, second) == (0, 0):
        return (
            constants.constant(0, dtype=dtypes.int64, name="seed"),
            constants.constant(0, dtype=dtypes.int64, name="seed2"),
        )
    from scopetutor.engine.ops.gathering import where  # noqa: PLC0415 - seldom
    from scopetutor.engine.ops.math import equal, logical_and  # noqa: PLC0415 - used here only

    one = int64(first, "seed")
    with name_scope("seed2") as scope:
        two = convert_to_tensor(second, dtype=dtypes.int64)
        both = logical_and(equal(one, 0), equal(two, 0))
        other = constants.constant(2**31 - 1, dtype=dtypes.int64)
        return one, where(both, other, two, name=scope)
