"""The short-time Fourier transform and its inverse.

After frames and windows; before ``cosines.py``, which goes on to mel scales. TF 1.15:
without `fft_length` the next power of two is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.fourier import irfft, rfft
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.rolling import roll
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.surroundings import name_scope

from .frames import frame, overlap_and_add
from .windows import hann_window

if TYPE_CHECKING:
    from collections.abc import Callable


def _scalar(value: Any, name: str) -> Any:
    value = convert_to_tensor(value, name=name)
    value.shape.assert_has_rank(0)
    return value


def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Any:
    """The spectra of a signal's frames.

    Args:
        signals: [..., samples].
        frame_length: in samples.
        frame_step: from the beginning of one frame to the next.
        fft_length: how many samples are transformed; None: a power of two.
        window_fn: (length, dtype) -> the weights of a frame's samples, or None.
        pad_end: whether frames that reach beyond the end count.
        name: of the name scope.

    Returns:
        [..., frames, fft_length // 2 + 1], complex64.
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert_to_tensor(signals, name="signals")
        signals.shape.with_rank_at_least(1)
        frame_length = _scalar(frame_length, "frame_length")
        frame_step = _scalar(frame_step, "frame_step")
        if fft_length is None:
            fft_length = _power_of_two(frame_length)
        else:
            fft_length = convert_to_tensor(fft_length, name="fft_length")
        framed = frame(signals, frame_length, frame_step, pad_end=pad_end)
        if window_fn is not None:
            framed *= window_fn(frame_length, dtype=framed.dtype)
        return rfft(framed, [fft_length])


def _power_of_two(value: Any) -> Any:
    """The least power of two that is not less."""
    known = static_value(value)
    if known is not None:
        return constant(int(2 ** np.ceil(np.log(known) / np.log(2.0))), value.dtype)
    exponent = math.log(math.cast(value, dtypes.float32)) / math.log(2.0)
    return math.cast(math.pow(2.0, math.ceil(exponent)), value.dtype)


def inverse_stft_window_fn(
    frame_step: Any,
    forward_window_fn: Callable[..., Any] = hann_window,
    name: str | None = None,
) -> Callable[[Any, Any], Any]:
    """The window with which `inverse_stft` gives back what `stft` was given.

    Args:
        frame_step: that of `stft`.
        forward_window_fn: that of `stft`.
        name: of the name scope.
    """
    with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
        step = _scalar(frame_step, "frame_step")

    def inverse_stft_window_fn_inner(frame_length: Any, dtype: Any) -> Any:
        with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            length = _scalar(frame_length, "frame_length")
            forward = forward_window_fn(length, dtype=dtype)
            weight = math.square(forward)
            overlaps = -(-length // step)
            weight = pad(weight, [(0, overlaps * step - length)])
            weight = reshape(weight, [overlaps, step])
            weight = math.reduce_sum(weight, 0, keepdims=True)
            weight = tile(weight, [overlaps, 1])
            weight = reshape(weight, [overlaps * step])
            return forward / weight[:length]

    return inverse_stft_window_fn_inner


def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    name: str | None = None,
) -> Any:
    """The signal that has some spectra.

    Args:
        stfts: [..., frames, fft_length // 2 + 1], complex64.
        frame_length: in samples.
        frame_step: from the beginning of one frame to the next.
        fft_length: how many samples were transformed; None: a power of two.
        window_fn: (length, dtype) -> the weights of a frame's samples, or None.
        name: of the name scope.

    Returns:
        [..., samples].
    """
    with name_scope(name, "inverse_stft", [stfts]):
        stfts = convert_to_tensor(stfts, name="stfts")
        stfts.shape.with_rank_at_least(2)
        frame_length = _scalar(frame_length, "frame_length")
        frame_step = _scalar(frame_step, "frame_step")
        if fft_length is None:
            fft_length = _power_of_two(frame_length)
        else:
            fft_length = _scalar(fft_length, "fft_length")
        frames = _of_length(irfft(stfts, [fft_length]), frame_length)
        if window_fn is not None:
            frames *= window_fn(frame_length, dtype=stfts.dtype.real_dtype)
        return overlap_and_add(frames, frame_step)


def _of_length(frames: Any, length: Any) -> Any:
    """Frames cut, or filled up with zeros."""
    known, rank = static_value(length), frames.shape.ndims
    if known is None or rank is None or frames.shape.as_list()[-1] is None:
        frames = _of_late_length(frames, length)
    else:
        had = frames.shape.as_list()[-1]
        if had > known:
            frames = frames[..., :known]
        elif had < known:
            frames = pad(frames, [[0, 0]] * (rank - 1) + [[0, known - had]])
    if known is not None and frames.shape.ndims is not None:
        frames.set_shape([None] * (frames.shape.ndims - 1) + [known])
    return frames


def _of_late_length(frames: Any, length: Any) -> Any:
    frames = frames[..., :length]
    rank, shape = array.rank(frames), array.shape(frames)
    zeros = array.zeros([rank - 1, 2], dtype=length.dtype)
    last = [[0, math.maximum(0, length - shape[-1])]]
    return pad(frames, concat([zeros, last], 0))


def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """A spectrum turned so that frequency 0 is in the middle."""
    return _shifted(x, axes, name, "fftshift", 1)


def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """The reverse of `fftshift`."""
    return _shifted(x, axes, name, "ifftshift", -1)


def _shifted(x: Any, axes: Any, name: Any, default_name: str, sign: int) -> Any:
    with name_scope(name, default_name) as scope:
        x = convert_to_tensor(x)
        shift: Any
        if axes is None:
            axes = tuple(range(x.shape.ndims))
        if isinstance(axes, int):
            shift = sign * int(x.shape[axes] // 2)
        else:
            shift = [sign * int(x.shape[axis] // 2) for axis in axes]
        return roll(x, shift, axes, scope)
