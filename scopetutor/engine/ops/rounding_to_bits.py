"""`tf.quantization.quantize_and_dequantize`: numbers as few bits would hold them.

After math. Gradients pass as if nothing were done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def quantize_and_dequantize(
    input: Any,
    input_min: Any,
    input_max: Any,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: str = "HALF_TO_EVEN",
    name: str | None = None,
    narrow_range: bool = False,
) -> Any:
    """The numbers that are nearest of those that some bits can hold.

    Args:
        input: numbers.
        input_min: the least number, if `range_given`.
        input_max: the greatest number, if `range_given`.
        signed_input: whether there are negative ones.
        num_bits: how many bits.
        range_given: whether the range is given; else it is that of the numbers.
        round_mode: "HALF_TO_EVEN" or "HALF_UP".
        name: of the operation.
        narrow_range: whether there is no lower negative number than positive ones.
    """
    return apply(
        "QuantizeAndDequantizeV2",
        input,
        input_min,
        input_max,
        signed_input=signed_input,
        num_bits=num_bits,
        range_given=range_given,
        round_mode=round_mode,
        narrow_range=narrow_range,
        name=name,
    )


def _shape(op: Operation) -> list[Dims]:
    for bound in op._inputs[1:]:
        rules.with_rank(bound._dims, 0)
    return [op._inputs[0]._dims]


def _build(op: Operation) -> Callable[[Array, Array, Array], Array]:
    attrs = op._attrs
    bits, signed = attrs["num_bits"], attrs["signed_input"]
    if not 0 < bits < (62 if signed else 63):
        raise InvalidArgumentError(
            None,
            None,
            f"num_bits is out of range: {bits} with signed_input_ {int(signed)}",
        )
    rounded = np.rint if attrs["round_mode"] == "HALF_TO_EVEN" else _half_up

    def kernel(x: Array, least: Array, most: Array) -> Array:
        kind = x.dtype.type
        if attrs["range_given"]:
            if least > most:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Invalid range: input_min {least:g} > input_max {most:g}",
                )
        else:
            least, most = x.min(initial=np.inf), x.max(initial=-np.inf)
        scale, bounds = _scale(float(least), float(most), attrs, kind)
        values = np.clip(x, *bounds) if attrs["range_given"] else x
        found: Array = (rounded(values * scale) / scale).astype(x.dtype)
        return found

    return kernel


def _half_up(x: Array) -> Array:
    found: Array = np.floor(x + x.dtype.type(0.5))
    return found


def _scale(
    least: float, most: float, attrs: dict[str, Any], kind: Any
) -> tuple[Any, tuple[Any, Any]]:
    """How many steps there are to 1, and the range that they reach."""
    bits, signed = attrs["num_bits"], attrs["signed_input"]
    lowest = -(1 << (bits - 1)) + attrs["narrow_range"] if signed else 0
    highest = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1
    largest = np.finfo(kind).max
    down = kind(lowest) / kind(least) if lowest * least > 0 else largest
    up = kind(highest) / kind(most) if highest * most > 0 else largest
    if down < up:
        return down, (kind(least), kind(highest) / down)
    return up, (kind(lowest) / up, kind(most))


def _gradient(_op: Operation, grad: Any) -> list[Any]:
    return [grad, None, None]


define("QuantizeAndDequantizeV2", shape=_shape, build=_build, gradient=_gradient)
