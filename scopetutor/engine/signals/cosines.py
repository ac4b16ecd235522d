"""Cosine transforms, mel scales and what speech recognition makes of them.

After spectra, which gives the spectrogram; a mel matrix and a cosine transform make
MFCCs of it.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.fourier import irfft, rfft
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import expand_dims, reshape
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.surroundings import name_scope

from .frames import frame

# The mel scale: O'Shaughnessy, "Speech communication", 1987.
_BREAK_HERTZ = 700.0
_HIGH_Q = 1127.0
_INVERSE_TYPES = {1: 1, 2: 3, 3: 2}


def dct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Any:
    """The discrete cosine transform of the last dimension.

    Args:
        input: [..., samples], float32.
        type: 1, 2 or 3.
        n: how many samples are transformed; None: all.
        axis: -1.
        norm: None or "ortho".
        name: of the name scope.

    Raises:
        NotImplementedError: another axis.
        ValueError: an argument is none of these.
    """
    _check(input, type, n, axis, norm)
    with name_scope(name, "dct", [input]):
        x = convert_to_tensor(input, dtype=dtypes.float32)
        if n is not None:
            x = _of_length(x, n)
        else:
            _last_size(x)
        size = _last_size(x)
        count = math.cast(size, dtypes.float32)
        if type == 1:
            mirrored = concat([x, x[..., -2:0:-1]], axis=-1)
            return math.real(rfft(mirrored))
        return _TRANSFORMS[type](x, size, count, norm)


def _check(x: Any, kind: int, n: int | None, axis: int, norm: str | None) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if kind not in _INVERSE_TYPES:
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if kind == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        if x.shape[-1] is not None and x.shape[-1] < 2:
            raise ValueError(
                "Type-I DCT requires the dimension to be greater than one."
            )
    if norm not in (None, "ortho"):
        raise ValueError(
            f"Unknown normalization. Expected None or 'ortho', got: {norm}"
        )


def _last_size(x: Any) -> Any:
    return x.shape[-1].value or array.shape(x)[-1]


def _of_length(x: Any, n: int) -> Any:
    had = _last_size(x)
    if n <= had:
        return x[..., 0:n]
    around = [[0, 0]] * (len(x.shape) - 1) + [[0, n - had]]
    return pad(x, paddings=convert_to_tensor(around, dtype=dtypes.int32))


def _second(x: Any, size: Any, count: Any, norm: str | None) -> Any:
    turn = -math.range_(count) * numbers.pi * 0.5 / count
    scale = 2.0 * math.exp(math.complex(0.0, turn))
    spectrum = rfft(x, fft_length=[2 * size])[..., :size]
    result = math.real(spectrum * scale)
    if norm == "ortho":
        first = 0.5 * math.rsqrt(count)
        result *= _weights(first, first * math.sqrt(2.0), size)
    return result


def _third(x: Any, size: Any, count: Any, norm: str | None) -> Any:
    if norm == "ortho":
        first = math.sqrt(count)
        x *= _weights(first, first * math.sqrt(0.5), size)
    else:
        x *= count
    turn = math.range_(count) * numbers.pi * 0.5 / count
    scale = 2.0 * math.exp(math.complex(0.0, turn))
    spectrum = scale * math.complex(x, 0.0)
    return math.real(irfft(spectrum, fft_length=[2 * size]))[..., :size]


def _weights(first: Any, others: Any, size: Any) -> Any:
    return pad(expand_dims(first, 0), [[0, size - 1]], constant_values=others)


_TRANSFORMS = {2: _second, 3: _third}


def idct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Any:
    """The inverse of `dct`, with the same arguments."""
    _check(input, type, n, axis, norm)
    return dct(input, _INVERSE_TYPES[type], n, axis, norm, name)


def _mel(hertz: Any) -> Any:
    with name_scope(None, "hertz_to_mel", [hertz]):
        hertz = convert_to_tensor(hertz)
        return _HIGH_Q * math.log(1.0 + (hertz / _BREAK_HERTZ))


def linear_to_mel_weight_matrix(
    num_mel_bins: int = 20,
    num_spectrogram_bins: int = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """The matrix that turns spectra into bands of the mel scale.

    Args:
        num_mel_bins: how many bands.
        num_spectrogram_bins: how many frequencies a spectrum has.
        sample_rate: samples in a second.
        lower_edge_hertz: where the first band begins.
        upper_edge_hertz: where the last band ends.
        dtype: floating.
        name: of the last operation.

    Returns:
        [num_spectrogram_bins, num_mel_bins].

    Raises:
        ValueError: an argument is not possible.
    """
    with name_scope(name, "linear_to_mel_weight_matrix") as scope:
        if isinstance(sample_rate, Tensor):
            sample_rate = static_value(sample_rate)
            if sample_rate is None:
                raise ValueError(
                    "`sample_rate` was a non-constant Tensor. Must be a Python float "
                    "or a constant Tensor."
                )
        edges = lower_edge_hertz, upper_edge_hertz
        _check_bands(num_mel_bins, sample_rate, *edges, dtype)
        rate = convert_to_tensor(sample_rate, dtype, name="sample_rate")
        low = convert_to_tensor(lower_edge_hertz, dtype, name="lower_edge_hertz")
        high = convert_to_tensor(upper_edge_hertz, dtype, name="upper_edge_hertz")
        zero = convert_to_tensor(0.0, dtype)
        bins = math.linspace(zero, rate / 2.0, num_spectrogram_bins)[1:]
        bins = expand_dims(_mel(bins), 1)
        places = math.linspace(_mel(low), _mel(high), num_mel_bins + 2)
        bands = frame(places, frame_length=3, frame_step=1)
        parts = split(bands, 3, axis=1)
        begin, middle, end = [reshape(part, [1, num_mel_bins]) for part in parts]
        rising = (bins - begin) / (middle - begin)
        falling = (end - bins) / (end - middle)
        weights = math.maximum(zero, math.minimum(rising, falling))
        return pad(weights, [[1, 0], [0, 0]], name=scope)


def _check_bands(count: int, rate: Any, low: Any, high: Any, dtype: Any) -> None:
    if count <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {count}")
    if rate <= 0.0:
        raise ValueError(f"sample_rate must be positive. Got: {rate}")
    if low < 0.0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {low}")
    if low >= high:
        raise ValueError(f"lower_edge_hertz {low:.1f} >= upper_edge_hertz {high:.1f}")
    if high > rate / 2:
        raise ValueError(
            "upper_edge_hertz must not be larger than the Nyquist frequency "
            f"(sample_rate / 2). Got: {high} for sample_rate: {rate}"
        )
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Got: {dtype}")


def mfccs_from_log_mel_spectrograms(
    log_mel_spectrograms: Any, name: str | None = None
) -> Any:
    """Mel-frequency cepstral coefficients.

    Args:
        log_mel_spectrograms: [..., num_mel_bins], float32: logarithms.
        name: of the name scope.

    Raises:
        ValueError: there are no bands.
    """
    values = [log_mel_spectrograms]
    with name_scope(name, "mfccs_from_log_mel_spectrograms", values):
        spectra = convert_to_tensor(log_mel_spectrograms, dtype=dtypes.float32)
        bands = spectra.shape.dims[-1].value if spectra.shape.ndims else None
        if bands == 0:
            raise ValueError(f"num_mel_bins must be positive. Got: {spectra}")
        if bands is None:
            bands = array.shape(spectra)[-1]
        transformed = dct(spectra, type=2)
        return transformed * math.rsqrt(math.cast(bands, dtypes.float32) * 2.0)
