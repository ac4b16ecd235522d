"""Images mirrored, turned and transposed.

After ``shapes.py``; `tf.image` lists them. TF 1.15: of a batch, a random flip draws a
number for each image, and adds up the flipped and the plain one, one of them times 0.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.cases import case
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


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Any:
    """Turned to the left by `k` quarters; of one image or a batch."""
    with name_scope(name, "rot90", [image, k]) as scope:
        image = shapes.checked(convert_to_tensor(image, name="image"))
        k = convert_to_tensor(k, dtype=dtypes.int32, name="k")
        k.get_shape().assert_has_rank(0)
        k = math.mod(k, 4)
        rank = image.get_shape().ndims
        if rank not in (3, 4, None):
            raise shapes.wrong_rank()
        row = 1 if rank == 4 else 0
        exchanged = [0, 2, 1, 3] if rank == 4 else [1, 0, 2]
        turns = [
            lambda: transposed(reverse(image, [row + 1]), exchanged),
            lambda: reverse(image, [row, row + 1]),
            lambda: reverse(transposed(image, exchanged), [row + 1]),
        ]
        cases = [(math.equal(k, i + 1), turn) for i, turn in enumerate(turns)]
        result = case(cases, default=lambda: image, exclusive=True, name=scope)
        return _turned(image, result)


def _turned(image: Any, result: Any) -> Any:
    """A result whose rows and columns may have changed places."""
    if image.get_shape().ndims == 4:
        known = result.get_shape()
        result.set_shape([known[0], None, None, known[3]])
    else:
        result.set_shape([None, None, image.get_shape()[2]])
    return result


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
