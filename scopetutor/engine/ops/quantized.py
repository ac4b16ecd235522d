"""Numbers of few bits that stand for floats: `tf.quantize`, `tf.dequantize`, joined.

After math. Such a number is meaningful together with the least and the greatest float
that it can stand for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


# -- the functions ---------------------------------------------------------------------


def quantize(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    round_mode: str = "HALF_AWAY_FROM_ZERO",
    name: str | None = None,
) -> Any:
    """Floats as numbers of few bits.

    Args:
        input: float32.
        min_range: the least float.
        max_range: the greatest float.
        T: qint8, quint8, qint16, quint16 or qint32.
        mode: "MIN_COMBINED", "MIN_FIRST" or "SCALED".
        round_mode: "HALF_AWAY_FROM_ZERO", or "HALF_TO_EVEN" with "SCALED".
        name: of the operation.

    Returns:
        The numbers, and the least and greatest float that they can stand for.
    """
    return apply(
        "QuantizeV2",
        input,
        min_range,
        max_range,
        T=T,
        mode=mode,
        round_mode=round_mode,
        name=name,
    )


@deprecation.deprecated(
    "quantize_v2",
    "array_ops",
    "`tf.quantize_v2` is deprecated, please use `tf.quantization.quantize` instead.",
    date="2017-10-25",
)
def quantize_v2(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    name: str | None = None,
    round_mode: str = "HALF_AWAY_FROM_ZERO",
) -> Any:
    """As `quantize`."""
    return quantize(input, min_range, max_range, T, mode, round_mode, name)


def dequantize(
    input: Any,
    min_range: Any,
    max_range: Any,
    mode: str = "MIN_COMBINED",
    name: str | None = None,
) -> Any:
    """The floats that numbers of few bits stand for; see quantize."""
    return apply("Dequantize", input, min_range, max_range, mode=mode, name=name)


def quantized_concat(
    concat_dim: Any,
    values: Any,
    input_mins: Any,
    input_maxes: Any,
    name: str | None = None,
) -> Any:
    """Numbers of few bits joined along an axis, with a range for all of them.

    Args:
        concat_dim: the axis.
        values: the tensors.
        input_mins: the least float of each.
        input_maxes: the greatest float of each.
        name: of the operation.
    """
    return apply(
        "QuantizedConcat", concat_dim, values, input_mins, input_maxes, name=name
    )


# -- the arithmetic --------------------------------------------------------------------


class _Kind:
    """A type of few bits: the numbers it has, as NumPy knows them."""

    def __init__(self, dtype: Any) -> None:
        self.plain = np.dtype(dtype.as_numpy_dtype)[0]
        limits = np.iinfo(self.plain)
        self.lowest, self.highest = int(limits.min), int(limits.max)
        self.steps = float(self.highest) - self.lowest
        self.half = np.float32((self.steps + 1) / 2 if self.lowest else 0)

    def of(self, numbers: Array) -> Array:
        """Floats without fractions as numbers of the type."""
        found: Array = numbers.astype(self.plain)
        return found


def _away_from_zero(x: Array) -> Array:
    found: Array = np.trunc(x + np.copysign(x.dtype.type(0.5), x))
    return found


def _min_combined(kind: _Kind, x: Array, least: Any, most: Any) -> Array:
    scaled = (np.clip(x, least, most) - least) * np.float32(kind.steps / (most - least))
    if kind.lowest:
        return _away_from_zero(scaled - kind.half)
    found: Array = np.trunc(scaled + np.float32(0.5))
    return found


def _min_first(kind: _Kind, x: Array, least: Any, most: Any) -> Array:
    if least == most:
        return np.zeros_like(x)
    scale = np.float32(kind.steps / float(most - least))
    found = _away_from_zero(np.clip(x, least, most) * scale)
    found = found - _away_from_zero(least * scale) + np.float32(kind.lowest)
    clipped: Array = np.clip(found, kind.lowest, kind.highest)
    return clipped


def _min_first_back(kind: _Kind, numbers: Array, least: Any, most: Any) -> Array:
    unit = np.float32(float(most - least) / kind.steps)
    begin = least if least == most else _away_from_zero(least / unit) * unit
    found: Array = begin + (numbers.astype(np.float32) - kind.lowest) * unit
    return found


def _scale(kind: _Kind, least: Any, most: Any) -> Any:
    """How many steps there are to 1, so that 0 stays 0."""
    largest = np.finfo(np.float32).max
    down = np.float32(kind.lowest) / least if kind.lowest * least > 0 else largest
    up = np.float32(kind.highest) / most if kind.highest * most > 0 else largest
    return min(down, up)


# -- the operations --------------------------------------------------------------------


def _range_of(least: Array, most: Array) -> tuple[Any, Any]:
    """A range that has 0 in it and some width.

    Raises:
        tf.errors.InvalidArgumentError: its end is before its begin.
    """
    begin, end = np.float32(least.reshape(-1)[0]), np.float32(most.reshape(-1)[0])
    if end < begin:
        raise InvalidArgumentError(
            None, None, "input_max_range must be larger than input_min_range."
        )
    least_width = max(np.float32(1), abs(begin), abs(end)) / np.float32(100)
    first = min(np.float32(0), begin)
    return first, max(np.float32(0), end, first + least_width)


def _quantize_kernel(op: Operation) -> Callable[..., Any]:
    kind, mode = _Kind(op._attrs["T"]), op._attrs["mode"]
    to_even = op._attrs["round_mode"] == "HALF_TO_EVEN"
    if to_even and mode != "SCALED":
        raise InvalidArgumentError(
            None,
            None,
            "Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED', but mode is "
            f"'{mode}'.",
        )

    def kernel(x: Array, min_range: Array, max_range: Array) -> Any:
        least, most = _range_of(min_range, max_range)
        if mode == "SCALED":
            scale = _scale(kind, least, most)
            least, most = kind.lowest / scale, kind.highest / scale
            scaled = np.clip(x, least, most) * scale
            numbers = np.rint(scaled) if to_even else _away_from_zero(scaled)
        else:
            make = _min_combined if mode == "MIN_COMBINED" else _min_first
            numbers = make(kind, x, least, most)
        return kind.of(numbers), np.float32(least), np.float32(most)

    return kernel


def _dequantize_kernel(op: Operation) -> Callable[..., Array]:
    kind, mode = _Kind(op._attrs["T"]), op._attrs["mode"]

    def kernel(numbers: Array, min_range: Array, max_range: Array) -> Array:
        least, most = (
            np.float32(each.reshape(-1)[0]) for each in (min_range, max_range)
        )
        if mode == "MIN_FIRST":
            return _min_first_back(kind, numbers, least, most)
        plain = numbers.astype(np.float32)
        found: Array
        if mode == "MIN_COMBINED":
            scale = (most - least) / np.float32(kind.steps)
            found = (plain + kind.half) * scale + least
            return found
        unit = most / np.float32(kind.highest)
        if kind.lowest:
            unit = max(least / np.float32(kind.lowest), unit)
        found = plain * unit
        return found

    return kernel


def _concat_kernel(op: Operation) -> Callable[..., Any]:
    count, kind = op._attrs["N"], _Kind(op._attrs["T"])

    def kernel(axis: Array, *given: Array) -> Any:
        values, mins, maxes = (given[i * count : (i + 1) * count] for i in range(3))
        least = np.float32(min(each.min() for each in mins))
        most = np.float32(max(each.max() for each in maxes))
        if kind.lowest:
            most = max(abs(least), abs(most))
            least = -most
        else:
            least = min(np.float32(0), least)
        parts = [
            kind.of(_in_range(kind, numbers, (low, high), (least, most)))
            for numbers, low, high in zip(values, mins, maxes, strict=True)
        ]
        return np.concatenate(parts, axis=int(axis)), least, most

    return kernel


def _in_range(
    kind: _Kind, numbers: Array, given: tuple[Any, Any], wanted: tuple[Any, Any]
) -> Array:
    """Numbers that stand for the same floats in another range."""
    if given == wanted:
        return numbers
    return _min_first(kind, _min_first_back(kind, numbers, *given), *wanted)


def _quantize_shape(op: Operation) -> list[Dims]:
    for bound in op._inputs[1:]:
        rules.with_rank(bound._dims, 0)
    return [op._inputs[0]._dims, (), ()]


def _concat_shape(op: Operation) -> list[Dims]:
    from .joining import joined_shape  # noqa: PLC0415 - used here only

    values = [taken._dims for taken in op._inputs[1 : 1 + op._attrs["N"]]]
    return [joined_shape(op, values, 0), (), ()]


define("QuantizeV2", shape=_quantize_shape, build=_quantize_kernel)
define("Dequantize", shape=lambda op: _quantize_shape(op)[:1], build=_dequantize_kernel)
define("QuantizedConcat", shape=_concat_shape, build=_concat_kernel)
