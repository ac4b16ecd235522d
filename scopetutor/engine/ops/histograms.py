"""How many values lie in each of some equal bins.

After clip. TF 1.15: the counts are one operation, the bin of each value is put together
of several; at the edge of a bin the two may round differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, clip, math, ranks, reshaping, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[1]._dims, 1)
    rules.with_rank(op._inputs[2]._dims, 0)
    count = shape_inference.value(op, 2)
    if count is None:
        return [(None,)]
    if count <= 0:
        raise ShapeError(f"Requires nbins > 0: {count}")
    return [(int(count),)]


def _kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    kind = op._attrs["dtype"].as_numpy_dtype

    def kernel(values: Array, ends: Array, count: Array) -> Array:
        if count.ndim:
            raise ranks.refusal("nbins should be a scalar.")
        low, high = ends.tolist()
        if low >= high:
            raise InvalidArgumentError(
                None,
                None,
                "value_range should satisfy value_range[0] < value_range[1], but got "
                f"'[{low:g}, {high:g}]'",
            )
        if count <= 0:
            text = f"nbins should be a positive number, but got '{count}'"
            raise InvalidArgumentError(None, None, text)
        step = (high - low) / int(count)
        places = (values.reshape(-1).astype(np.float64) - low) / step
        places = np.clip(places, 0, int(count) - 1).astype(np.intp)
        return np.bincount(places, minlength=int(count)).astype(kind)

    return kernel


define("HistogramFixedWidth", shape=_shape, build=_kernel)


def histogram_fixed_width(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """How many values lie in each bin; the first and last take those beyond.

    Args:
        values: numbers of any shape.
        value_range: [the least, the most].
        nbins: how many bins.
        dtype: of the counts.
        name: of the operation.
    """
    given = [values, value_range, nbins]
    with name_scope(name, "histogram_fixed_width", given) as scope:
        return apply(
            "HistogramFixedWidth", values, value_range, nbins, dtype=dtype, name=scope
        )


def histogram_fixed_width_bins(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """In which bin each value lies; the arguments are as above.

    TF 1.15: `dtype` is not looked at.
    """
    del dtype
    given = [values, value_range, nbins]
    with name_scope(name, "histogram_fixed_width_bins", given):
        values = convert_to_tensor(values, name="values")
        shape = array.shape(values)
        values = reshaping.reshape(values, [-1])
        ends = convert_to_tensor(value_range, name="value_range")
        nbins = convert_to_tensor(nbins, dtype=dtypes.int32, name="nbins")
        count = math.cast(nbins, values.dtype)
        scaled = math.truediv(values - ends[0], ends[1] - ends[0], name="scaled_values")
        places = math.floor(count * scaled, name="indices")
        places = clip.clip_by_value(places, 0, count - 1)
        return reshaping.reshape(math.cast(places, dtypes.int32), shape)
