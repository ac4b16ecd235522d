"""Kernels that look at a rank first: it may not have been known before the run.

Before the families of operations. Where the static shape is known, the operation was
refused when it was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray[Any, Any]


def at_least(rank: int, problem: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that refuses a first input of a lower rank.

    Args:
        rank: that it needs.
        problem: what TF 1.15 says, with {} for the shape, {rank} for its length.
        kernel: what computes the rest.
    """

    def checked(first: Array, *others: Any) -> Any:
        if np.ndim(first) < rank:
            shape = dims_text(np.shape(first))
            raise refusal(problem.format(shape, rank=np.ndim(first)))
        return kernel(first, *others)

    return checked


def square(problem: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that refuses matrices that are not square."""

    def checked(first: Array, *others: Any) -> Any:
        if first.shape[-1] != first.shape[-2]:
            raise refusal(problem)
        return kernel(first, *others)

    return checked


def refusal(problem: str) -> InvalidArgumentError:
    """What a kernel raises; the session says of which operation."""
    return InvalidArgumentError(None, None, problem)
