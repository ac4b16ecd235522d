"""Signals cut into frames, and frames added up to signals.

Before spectra: a short-time transform is one of many frames, and its inverse adds the
frames up again.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import while_loop
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.ops.slicing import strided_slice
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.surroundings import name_scope


def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: Any = -1,
    name: str | None = None,
) -> Any:
    """Frames of a signal, which may overlap.

    TF 1.15 cuts the signal into the largest pieces that frames and steps are made of,
    and gathers those.

    Args:
        signal: [..., samples, ...].
        frame_length: in samples.
        frame_step: from the beginning of one frame to the next.
        pad_end: whether frames that reach beyond the end count.
        pad_value: what follows the end.
        axis: of the samples.
        name: of the name scope.

    Returns:
        [..., frames, frame_length, ...].
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert_to_tensor(signal, name="signal")
        length = convert_to_tensor(frame_length, name="frame_length")
        step = convert_to_tensor(frame_step, name="frame_step")
        axis = convert_to_tensor(axis, name="axis")
        signal.shape.with_rank_at_least(1)
        for number in (length, step, axis):
            number.shape.assert_has_rank(0)
        known = _known_shape(signal, length, step, pad_end, axis)
        rank = array.rank(signal)
        axis = math.range_(rank)[axis]
        shape = array.shape(signal)
        outer, samples, inner = split(shape, [axis, 1, rank - 1 - axis])
        samples = reshape(samples, [])
        ranks = array.size(outer), array.size(inner)
        if pad_end:
            signal, count = _padded(signal, pad_value, samples, length, step, ranks)
            shape = array.shape(signal)
            samples = shape[axis]
        else:
            count = math.maximum(0, 1 + (samples - length) // step)
        piece = _greatest_divisor(length, step)
        per_frame, per_step = length // piece, step // piece
        pieces = samples // piece
        whole = concat([outer, [pieces * piece], inner], 0)
        cut = concat([outer, [pieces, piece], inner], 0)
        signal = strided_slice(signal, array.zeros_like(shape), whole)
        signal = reshape(signal, cut)
        begins = reshape(math.range_(count) * per_step, [count, 1])
        chosen = begins + reshape(math.range_(per_frame), [1, per_frame])
        frames = gather(signal, chosen, axis=axis)
        frames = reshape(frames, concat([outer, [count, length], inner], 0))
        if known:
            frames.set_shape(known)
        return frames


def _known_shape(
    signal: Any, length: Any, step: Any, pad_end: bool, axis: Any
) -> list[Any] | None:
    length, step, axis = (static_value(number) for number in (length, step, axis))
    if signal.shape.ndims is None:
        return None
    if axis is None:
        return [None] * (signal.shape.ndims + 1)
    shape = signal.shape.as_list()
    samples, count = shape[axis], None
    if samples is not None and step is not None:
        if pad_end:
            count = max(0, -(-samples // step))
        elif length is not None:
            count = max(0, (samples - length + step) // step)
    return [*shape[:axis], count, length, *shape[axis:][1:]]


def _padded(
    signal: Any,
    value: Any,
    samples: Any,
    length: Any,
    step: Any,
    ranks: tuple[Any, Any],
) -> tuple[Any, Any]:
    """A signal long enough for its last frame, and how many frames there are."""
    value = convert_to_tensor(value, signal.dtype)
    value.shape.assert_has_rank(0)
    count = -(-samples // step)
    missing = math.maximum(0, length + step * (count - 1) - samples)
    before = array.zeros([ranks[0], 2], dtype=missing.dtype)
    here = [[0, missing]]
    after = array.zeros([ranks[1], 2], dtype=missing.dtype)
    around = concat([before, here, after], 0)
    return pad(signal, around, constant_values=value), count


def _greatest_divisor(a: Any, b: Any) -> Any:
    """The greatest number that divides both."""
    with name_scope(None, "gcd", [a, b]):
        known = static_value(a), static_value(b)
        if known[0] is not None and known[1] is not None:
            return convert_to_tensor(numbers.gcd(int(known[0]), int(known[1])))
        return while_loop(
            lambda _, b: math.greater(b, array.zeros_like(b)),
            lambda a, b: [b, math.mod(a, b)],
            [a, b],
            back_prop=False,
        )[0]


def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Any:
    """A signal of frames; where they overlap, their samples are added.

    Args:
        signal: [..., frames, frame_length].
        frame_step: from the beginning of one frame to the next.
        name: of the name scope.

    Raises:
        ValueError: the step is no whole number.
    """
    with name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert_to_tensor(signal, name="signal")
        signal.shape.with_rank_at_least(2)
        step = convert_to_tensor(frame_step, name="frame_step")
        step.shape.assert_has_rank(0)
        if not step.dtype.is_integer:
            raise ValueError(f"frame_step must be an integer. Got {step.dtype}")
        shape = array.shape(signal)
        outer = shape[:-2]
        outer_rank = array.size(outer)
        length, count = shape[-1], shape[-2]
        total = length + step * (count - 1)
        known = static_value(step)
        dims = signal.shape.dims
        if known is not None and dims is not None and known == dims[-1].value:
            return reshape(signal, concat([outer, [total]], 0), name="fast_path")
        pieces = -(-length // step)
        around = [[0, pieces], [0, pieces * step - length]]
        zeros = array.zeros([outer_rank, 2], dtypes.int32)
        signal = pad(signal, concat([zeros, around], 0))
        return _summed(signal, outer, outer_rank, (count, pieces, step))[..., :total]


def _summed(signal: Any, outer: Any, outer_rank: Any, sizes: tuple[Any, ...]) -> Any:
    """Adds up pieces of frames, each as long as a step.

    Turned and reshaped, piece k of each frame lies k rows further down, above and
    beside what it is added to.
    """
    count, pieces, step = sizes
    signal = reshape(signal, concat([outer, [count + pieces, pieces, step]], 0))
    places = math.range_(outer_rank)
    turned = outer_rank + [1, 0, 2]  # noqa: RUF005 - the sum of a tensor and a list
    order = concat([places, turned], 0)
    signal = transpose(signal, order)
    rows = [(count + pieces) * pieces, step]
    signal = reshape(signal, concat([outer, rows], 0))
    signal = signal[..., : (count + pieces - 1) * pieces, :]
    rows = [pieces, (count + pieces - 1), step]
    signal = reshape(signal, concat([outer, rows], 0))
    signal = math.reduce_sum(signal, -3)
    return reshape(signal, concat([outer, [(count + pieces - 1) * step]], 0))
