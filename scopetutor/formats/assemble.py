"""Putting a partitioned variable together from its saved parts.

Any region of it can be asked for, whatever parts it was saved in: a graph may
cut a variable differently from the one that saved it. ``checkpoint.py`` calls
this; it is a file of its own because listing must not load NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from .arrays import Array, empty
from .slices import Slice
from .wire import MalformedError

if TYPE_CHECKING:
    from .checkpoint import TensorInfo


class HoleError(MalformedError):
    """The parts of a tensor leave out something of it."""


def check_parts(info: TensorInfo, region: Slice) -> None:
    """Refuse a region that the parts cannot fill, without reading any of them.

    Raises:
        HoleError: they leave something of it out.
        MalformedError: a part is not inside the tensor.
    """
    shared = [part.within(info.shape).overlap(region) for part in info.parts]
    if sum(prod(each.lengths) for each in shared if each) < prod(region.lengths):
        raise HoleError("its parts do not fill it")


def assemble(info: TensorInfo, region: Slice, read: Callable[[Slice], Array]) -> Array:
    """The values of ``region``.

    Args:
        info: what the index says of the variable.
        region: a part of it with every length spelled out.
        read: gives the values of one of ``info.parts``.

    Raises:
        MalformedError: the parts overlap, leave a hole, or are not inside.
    """
    values = empty(region.lengths, info.datatype)
    missing = np.ones(region.lengths, bool)
    for part in info.parts:
        inside = part.within(info.shape)
        shared = inside.overlap(region)
        if shared is None:
            continue
        here = box(shared.seen_from(region))
        if not missing[here].all():
            raise MalformedError("its parts overlap")
        values[here] = read(part)[box(shared.seen_from(inside))]
        missing[here] = False
    if missing.any():
        raise HoleError("its parts do not fill it")
    return values


def box(part: Slice) -> tuple[slice, ...]:
    """The NumPy index of a slice whose lengths are spelled out."""
    return tuple(
        slice(start, start + length)
        for start, length in zip(part.starts, part.lengths, strict=True)
    )
