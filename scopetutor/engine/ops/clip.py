"""Clipping: values, lengths, and the length of many tensors together.

After math and joining; between `compute_gradients` and `apply_gradients` of an
optimizer. TF 1.15: of IndexedSlices the rows are clipped, of a list of gradients None
stays None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scopetutor.engine import constants, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import colocate_with, name_scope

from . import array, gathering, joining, math


def _values(t: Any) -> Any:
    """What is clipped of a tensor: of IndexedSlices, the rows."""
    return t.values if isinstance(t, IndexedSlices) else t


def _like(t: Any, values: Any) -> Any:
    if isinstance(t, IndexedSlices):
        return IndexedSlices(values, t.indices, t.dense_shape)
    return values


def clip_by_value(
    t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None
) -> Any:
    """Each element, but no less than one number and no more than another."""
    with name_scope(
        name, "clip_by_value", [t, clip_value_min, clip_value_max]
    ) as scope:
        values = convert_to_tensor(_values(t), name="t")
        below = math.minimum(values, clip_value_max)
        values.shape.merge_with(below.shape)
        result = math.maximum(below, clip_value_min, name=scope)
        values.shape.merge_with(result.shape)
        return _like(t, result)


def clip_by_norm(
    t: Any, clip_norm: Any, axes: Any = None, name: str | None = None
) -> Any:
    """A tensor, shortened to a length along axes if it is longer."""
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        values = convert_to_tensor(_values(t), name="t")
        squares = math.reduce_sum(values * values, axes, keepdims=True)
        positive = squares > 0
        # The gradient of a square root at zero is infinite, so it is kept out.
        safe = gathering.where_no_warning(positive, squares, array.ones_like(squares))
        length = gathering.where_no_warning(positive, math.sqrt(safe), squares)
        scaled = values * clip_norm
        values.shape.merge_with(scaled.shape)
        clipped = array.identity(scaled / math.maximum(length, clip_norm), name=scope)
        return _like(t, clipped)


def _checked_list(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def _all_values(tensors: list[Any]) -> list[Any]:
    return [
        t if t is None else convert_to_tensor(_values(t), name=f"t_{i}")
        for i, t in enumerate(tensors)
    ]


def global_norm(t_list: Any, name: str | None = None) -> Any:
    """The length of several tensors as if they were one vector; None is skipped."""
    tensors = _checked_list(t_list)
    with name_scope(name, "global_norm", tensors):
        halves = []
        for value in _all_values(tensors):
            if value is not None:
                with colocate_with(value):
                    halves.append(apply("L2Loss", value))
        half = math.reduce_sum(joining.stack(halves))
        two = constants.constant(2.0, dtype=half.dtype)
        return math.sqrt(half * two, name="global_norm")


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Any]:
    """Several tensors, all shortened by one factor if together they are too long.

    Args:
        t_list: tensors, IndexedSlices, or None.
        clip_norm: how long they may be together.
        use_norm: how long they are, if that is known.
        name: of the name scope.

    Returns:
        The tensors, and how long they were.
    """
    tensors = _checked_list(t_list)
    if use_norm is None:
        use_norm = global_norm(tensors, name)
    with name_scope(name, "clip_by_global_norm", [*tensors, clip_norm]) as scope:
        inverse = 1.0 / use_norm
        limit = constants.constant(1.0, dtype=use_norm.dtype) / clip_norm
        factor = clip_norm * math.minimum(inverse, limit)
        scale = gathering.where_no_warning(
            math.is_finite(use_norm),
            factor,
            constants.constant(float("nan"), dtype=use_norm.dtype),
        )
        clipped: list[Any] = []
        for i, value in enumerate(_all_values(tensors)):
            if value is None:
                clipped.append(None)
                continue
            with colocate_with(value):
                clipped.append(array.identity(value * scale, name=f"{scope}_{i}"))
        results = [_like(t, c) for t, c in zip(tensors, clipped, strict=True)]
    return results, use_norm


@deprecation.deprecated(
    "clip_by_average_norm",
    "clip_ops",
    "clip_by_average_norm is deprecated in TensorFlow 2.0. Please use "
    "clip_by_norm(t, clip_norm * tf.cast(tf.size(t), tf.float32), name) instead.",
)
def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Any:
    """A tensor, shortened if its length per element is too large."""
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        t = convert_to_tensor(t, name="t")
        count = math.cast(array.size(t), dtypes.float32)
        squares = t * t
        axes = math.range_(array.rank(t))
        inverse = math.rsqrt(math.reduce_sum(squares, axes))
        scaled = t * clip_norm
        many = inverse * count
        factor = math.minimum(many, constants.constant(1.0) / clip_norm)
        return array.identity(scaled * factor, name=scope)
