"""`group_by_window` and `bucket_by_sequence_length` of `tf.data.experimental`.

After experimental: elements of one kind are collected, and batches made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.ops import math
from scopetutor.engine.ops.checks import assert_less
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.shapes import TensorShape, dimension_value
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import functions, structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.function_graphs import Function

    from .dataset import Dataset

    Transformation = Callable[[Dataset], Dataset]

_NAME = "tf.data.experimental.group_by_window()"
_NUMBER = structure.TensorSpec([], dtypes.int64)


def group_by_window(
    key_func: Any,
    reduce_func: Any,
    window_size: Any = None,
    window_size_func: Any = None,
) -> Transformation:
    """What a function makes of so many elements of one key.

    Args:
        key_func: gives the key of an element, int64.
        reduce_func: (key, dataset of the elements) -> a dataset.
        window_size: how many elements of a key come together.
        window_size_func: gives it for a key, in place of `window_size`.

    Raises:
        ValueError: not one of the two sizes is given.
    """
    if (window_size is None) == (not window_size_func):
        raise ValueError("Must pass either window_size or window_size_func.")

    def constant_window_func(_unused_key: Any) -> Any:
        return convert_to_tensor(window_size, dtype=dtypes.int64)

    size_of = window_size_func if window_size is None else constant_window_func
    return lambda dataset: _windows(dataset, key_func, reduce_func, size_of)


def _windows(
    dataset: Dataset, key_func: Any, reduce_func: Any, size_of: Any
) -> Dataset:
    def key_func_wrapper(*args: Any) -> Any:
        return convert_to_tensor(key_func(*args), dtype=dtypes.int64)

    def window_size_func_wrapper(key: Any) -> Any:
        return convert_to_tensor(size_of(key), dtype=dtypes.int64)

    key = _giving_a_number(key_func_wrapper, "key_func", dataset.element_spec)
    window = structure.DatasetSpec(dataset.element_spec)
    reduced = functions.traced(reduce_func, _NAME, (_NUMBER, window))
    if not isinstance(reduced.output_spec, structure.DatasetSpec):
        raise TypeError("`reduce_func` must return a `Dataset` object.")
    size = _giving_a_number(window_size_func_wrapper, "window_size_func", _NUMBER)
    made: Dataset = dataset._next(
        "GroupByWindowDataset",
        key.captured,
        reduced.captured,
        size.captured,
        spec=reduced.output_spec.element_spec,
        key_func=key,
        reduce_func=reduced,
        window_size_func=size,
    )
    made._called = [key, reduced, size]
    return made


def _giving_a_number(function: Any, argument: str, spec: Any) -> Function:
    """A function's graph.

    Raises:
        ValueError: it does not give one number.
    """
    made = functions.traced(function, _NAME, spec)
    given = made.output_spec
    if not isinstance(given, structure.TensorSpec) or not given.is_compatible_with(
        _NUMBER
    ):
        raise ValueError(f"`{argument}` must return a single tf.int64 scalar tensor.")
    return made


def bucket_by_sequence_length(
    element_length_func: Any,
    bucket_boundaries: Any,
    bucket_batch_sizes: Any,
    padded_shapes: Any = None,
    padding_values: Any = None,
    pad_to_bucket_boundary: bool = False,
    no_padding: bool = False,
    drop_remainder: bool = False,
) -> Transformation:
    """Batches of elements whose lengths are alike.

    Args:
        element_length_func: gives the length of an element, int32.
        bucket_boundaries: the lengths at which the next bucket begins.
        bucket_batch_sizes: of each bucket; one more than boundaries.
        padded_shapes: as `padded_batch` takes them; None: the elements' own.
        padding_values: as `padded_batch` takes them.
        pad_to_bucket_boundary: whether all batches of a bucket are equally long.
        no_padding: whether `batch` makes them, and not `padded_batch`.
        drop_remainder: whether smaller batches at the end are left out.

    Raises:
        ValueError: the numbers of sizes and boundaries do not fit.
    """
    with name_scope("bucket_by_seq_length"):
        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise ValueError(
                "len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1"
            )
        sizes = constants.constant(bucket_batch_sizes, dtype=dtypes.int64)

    def element_to_bucket_id(*args: Any) -> Any:
        length = element_length_func(*args)
        extreme, inner = np.iinfo(np.int32), list(bucket_boundaries)
        within = math.logical_and(
            math.less_equal([extreme.min, *inner], length),
            math.less(length, [*inner, extreme.max]),
        )
        return math.reduce_min(where(within))

    def window_size_fn(bucket_id: Any) -> Any:
        return sizes[bucket_id]

    def batching_fn(bucket_id: Any, grouped: Any) -> Any:
        size = window_size_fn(bucket_id)
        if no_padding:
            return grouped.batch(size, drop_remainder=drop_remainder)
        filler = None
        if pad_to_bucket_boundary:
            filler = _last_length(bucket_id, bucket_boundaries)
        shapes = padded_shapes or structure.legacy_shapes(grouped.element_spec)
        return grouped.padded_batch(
            size, _filled(shapes, filler), padding_values, drop_remainder=drop_remainder
        )

    return lambda dataset: dataset.apply(
        group_by_window(
            element_to_bucket_id, batching_fn, window_size_func=window_size_fn
        )
    )


def _last_length(bucket_id: Any, boundaries: Any) -> Any:
    """The greatest length of a bucket; there is none of the last one."""
    check = assert_less(
        bucket_id,
        constants.constant(len(boundaries), dtype=dtypes.int64),
        message="When pad_to_bucket_boundary=True, elements must have length < "
        "max(bucket_boundaries).",
    )
    with control_dependencies([check]):
        ends = constants.constant(boundaries, dtype=dtypes.int64)
        return ends[bucket_id] - 1


def _filled(shapes: Any, filler: Any) -> Any:
    """Shapes with a size in place of those that are not known."""
    filled = [
        [
            filler if dimension_value(size) is None else size
            for size in TensorShape(shape)
        ]
        for shape in nest.flatten(shapes)
    ]
    return nest.pack_sequence_as(shapes, filled)


def _of_contrib(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    return deprecated(
        name,
        "tensorflow.contrib.data.python.ops.grouping",
        f"Use `tf.data.experimental.{name}(...)`.",
    )(function)


contrib_group_by_window = _of_contrib("group_by_window", group_by_window)
contrib_bucket_by_sequence_length = _of_contrib(
    "bucket_by_sequence_length", bucket_by_sequence_length
)
