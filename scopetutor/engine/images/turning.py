"""Images mirrored, turned and transposed."""

from __future__ import annotations

from typing import Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.padding import reverse
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.reshaping import transpose as transposed
from scopetutor.engine.surroundings import name_scope

from . import shapes


def flip_left_right(image: Any) -> Any:
    """Columns in reverse; of one image or a batch."""
    return _flip(image, 1, "flip_left_right")


def flip_up_down(image: Any) -> Any:
    """Rows in reverse; of one image or a batch."""
    return _flip(image, 0, "flip_up_down")


def _flip(image: Any, axis: int, name: str) -> Any:
    with name_scope(None, name, [image]):
        image = shapes.checked(convert_to_tensor(image, name="image"))
        rank = image.get_shape().ndims
        if rank in (3, None):
            return _of_shape(image, reverse(image, [axis]))
        if rank == 4:
            return reverse(image, [axis + 1])
        raise shapes.wrong_rank()


def _of_shape(image: Any, result: Any) -> Any:
    shape = image.get_shape()
    result.set_shape([None] * 3 if shape.ndims is None else shape)
    return result


def random_flip_left_right(image: Any, seed: int | None = None) -> Any:
    """Columns in reverse, in half of the cases."""
    return _random_flip(image, 1, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Any:
    """Rows in reverse, in half of the cases."""
    return _random_flip(image, 0, seed, "random_flip_up_down")


def _random_flip(image: Any, axis: int, seed: int | None, name: str) -> Any:
    with name_scope(None, name, [image]) as scope:
        image = shapes.checked(convert_to_tensor(image, name="image"))
        rank = image.get_shape().ndims
        if rank in (3, None):
            drawn = random_uniform([], 0, 1.0, seed=seed)
            result = cond(
                math.less(drawn, 0.5),
                lambda: reverse(image, [axis]),
                lambda: image,
                name=scope,
            )
            return _of_shape(image, result)
        if rank != 4:
            raise shapes.wrong_rank()
        batch_size = array.shape(image)[0]
        drawn = random_uniform([batch_size], 0, 1.0, seed=seed)
        flips = math.round(reshape(drawn, [batch_size, 1, 1, 1]))
        flips = math.cast(flips, image.dtype)
        flipped = reverse(image, [axis + 1])
        return flips * flipped + (1 - flips) * image


def transpose(image: Any, name: str | None = None) -> Any:
    """Rows and columns exchanged; of one image or a batch."""
    with name_scope(name, "transpose", [image]):
        image = shapes.checked(convert_to_tensor(image, name="image"))
        rank = image.get_shape().ndims
        if rank in (3, None):
            return transposed(image, [1, 0, 2], name=name)
        if rank == 4:
            return transposed(image, [0, 2, 1, 3], name=name)
        raise shapes.wrong_rank()
