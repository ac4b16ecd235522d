"""What functions on images ask of their shapes: rank, channels, no empty side.

Before all others in this folder. What is known while the graph is built is refused at
once, in TF 1.15's words; the rest becomes operations that fail when they are run.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops import array
from scopetutor.engine.ops.checks import (
    Assert,
    assert_equal,
    assert_greater_equal,
    assert_positive,
)
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.joining import unstack
from scopetutor.engine.ops.reshaping import expand_dims

_POSITIVE = ["all dims of 'image.shape' must be > 0."]
_RANKS = "'image' must have either 3 or 4 dimensions."


def wrong_rank() -> ValueError:
    """The error about an image that is none."""
    return ValueError(_RANKS)


def asserted(condition: Any, message: str) -> list[Any]:
    """Checks of a condition: now, if it is known.

    Raises:
        ValueError: it does not hold.
    """
    if is_tensor(condition):
        return [Assert(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def sizes_of(image: Any) -> list[Any]:
    """The four sizes, as numbers where they are known."""
    shape = image.get_shape()
    if shape.is_fully_defined():
        known: list[Any] = shape.as_list()
        return known
    static = shape.with_rank(4).as_list()
    dynamic = unstack(array.shape(image), 4)
    return [d if s is None else s for s, d in zip(static, dynamic, strict=True)]


def image_checks(image: Any) -> list[Any]:
    """Checks that it is an image or several: now, if the shape is known."""
    shape = image.get_shape()
    try:
        shape = (
            shape.with_rank(3) if shape.ndims is None else shape.with_rank_at_least(3)
        )
    except ValueError:
        raise ValueError("'image' must be at least three-dimensional.") from None
    if any(size == 0 for size in shape.as_list()):
        raise ValueError(f"all dims of 'image.shape' must be > 0: {shape}")
    if shape.is_fully_defined():
        return []
    return [
        assert_positive(array.shape(image), _POSITIVE),
        assert_greater_equal(
            array.rank(image),
            3,
            message="'image' must be at least three-dimensional.",
        ),
    ]


def checked(image: Any) -> Any:
    """An image, known to be one when it is used."""
    return with_dependencies(image_checks(image), image)


def checked_grayscale(image: Any) -> Any:
    """An image with one channel, known to be one when it is used."""
    shape = image.get_shape()
    message = "Last dimension of a grayscale image should be size 1."
    rank = "A grayscale image must be at least two-dimensional."
    try:
        shape = (
            shape.with_rank(2) if shape.ndims is None else shape.with_rank_at_least(2)
        )
    except ValueError:
        raise ValueError(rank) from None
    if shape.is_fully_defined():
        if shape[-1].value != 1:
            raise ValueError(message)
        return with_dependencies([], image)
    checks = [
        assert_equal(array.shape(image)[-1], 1, message=message),
        assert_greater_equal(array.rank(image), 3, message=rank),
    ]
    return with_dependencies(checks, image)


def as_batch(image: Any) -> tuple[Any, bool]:
    """An image as a batch of one; and whether it was a batch already."""
    rank = image.get_shape().ndims
    if rank == 4:
        return image, True
    if rank not in (3, None):
        raise wrong_rank()
    batch = expand_dims(image, 0)
    if rank is None:
        batch.set_shape([None] * 4)
    return batch, False
