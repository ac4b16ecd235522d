"""tf.signal: Fourier transforms, frames, windows, spectra, cosine transforms."""

import numpy as np
from said import tries, tries_run


def _x(*shape, **kwargs):
    return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def _c(*shape):
    return (_x(*shape) + 1j * _x(*shape, seed=1)).astype(np.complex64)


def _pairs(tf, value):
    if isinstance(value, list) and value and isinstance(value[0], tf.Tensor):
        return [_pairs(tf, item) for item in value]
    if isinstance(value, tf.Tensor) and value.dtype.is_complex:
        return tf.stack([tf.real(value), tf.imag(value)], -1)
    return value


def _parts(tf, made):
    """The same, complex numbers as pairs: they are compared as closely as others."""
    return {name: _pairs(tf, made[name]) for name in sorted(made)}


def transforms(tf):
    x = tf.constant(_c(2, 3, 4))
    made = {
        "fft": tf.fft(x),
        "ifft": tf.ifft(x, name="back"),
        "fft2d": tf.fft2d(x),
        "ifft2d": tf.spectral.ifft2d(x),
        "fft3d": tf.signal.fft3d(x),
        "ifft3d": tf.ifft3d(x),
        "wide": tf.fft(tf.cast(x, tf.complex128)),
    }
    made["shift"] = tf.signal.fftshift(_x(4, 5))
    made["unshift"] = tf.signal.ifftshift(_x(4, 5), axes=1)
    made["shift_one"] = tf.signal.fftshift(_x(4, 5), axes=(0,), name="turned")
    return _parts(tf, made)


def transform_gradients(tf):
    x = tf.constant(_c(2, 3, 4))

    def loss(y):
        return tf.reduce_sum(tf.real(y) ** 2 + tf.imag(y))

    made = {
        f.__name__: tf.gradients(loss(f(x)), x)[0]
        for f in (tf.fft, tf.ifft, tf.fft2d, tf.ifft2d, tf.fft3d, tf.ifft3d)
    }
    return _parts(tf, made)


def real_transforms(tf):
    x, c = tf.constant(_x(2, 3, 6)), tf.constant(_c(2, 3, 4))
    late = tf.placeholder_with_default(_x(3, 5), [None, None])
    late_c = tf.placeholder_with_default(_c(3, 5), [None, None])
    length = tf.placeholder_with_default([9], [1])
    s = tf.signal
    made = {
        "rfft": s.rfft(x),
        "short": s.rfft(x, [4]),
        "long": s.rfft(x, [9], name="filled"),
        "rfft2d": s.rfft2d(x),
        "long2d": s.rfft2d(x, [5, 5]),
        "rfft3d": s.rfft3d(x),
        "irfft": s.irfft(c),
        "odd": s.irfft(c, [7]),
        "more": s.irfft(c, [10]),
        "irfft2d": s.irfft2d(c),
        "irfft3d": s.irfft3d(c),
        "late": s.rfft(late),
        "late_i": s.irfft(late_c),
        "late2d": s.rfft2d(late),
        "late_length": s.rfft(x, length),
        "late_inverse": s.irfft(c, length),
    }
    return _parts(tf, made)


def real_gradients(tf):
    x, odd, c = (
        tf.constant(_x(2, 3, 6)),
        tf.constant(_x(3, 5)),
        tf.constant(_c(2, 3, 4)),
    )

    def loss(y):
        return tf.reduce_sum(tf.real(y) ** 2 + 2 * tf.imag(y))

    s = tf.signal
    made = {
        "even": tf.gradients(loss(s.rfft(x)), x),
        "odd": tf.gradients(loss(s.rfft(odd)), odd),
        "even2d": tf.gradients(loss(s.rfft2d(x)), x),
        "odd2d": tf.gradients(loss(s.rfft2d(odd)), odd),
        "back": tf.gradients(tf.reduce_sum(s.irfft(c) ** 2), c),
        "back_odd": tf.gradients(tf.reduce_sum(s.irfft(c, [7]) ** 2), c),
        "back2d": tf.gradients(tf.reduce_sum(s.irfft2d(c) ** 2), c),
    }
    return _parts(tf, made)


def transforms_refused(tf):
    return {
        "made": tries(
            lambda: tf.fft(_x(3)),
            lambda: tf.fft2d(_c(3)),
            lambda: tf.signal.rfft2d(_x(3)),
            lambda: tf.signal.rfft(_x(3), [3, 3]),
            lambda: tf.signal.rfft(_c(3)),
        )
    }


def rolls(tf):
    x = tf.constant(_x(3, 4))
    a = tf.roll(x, [1, -2], [0, 1])
    unknown = tf.placeholder_with_default(5, None)
    return {
        "two": a,
        "one": tf.manip.roll(x, 1, 0, name="turn"),
        "grad": tf.gradients(tf.reduce_sum(a * x), x),
        "run": tries_run(tf, lambda: tf.roll(x, 1, unknown)),
    }


def windows(tf):
    n = tf.placeholder_with_default(5, [])
    s = tf.signal
    return {
        "hann": s.hann_window(6),
        "odd": s.hann_window(5),
        "whole": s.hann_window(6, periodic=False, dtype=tf.float64),
        "one": s.hann_window(1),
        "hamming": s.hamming_window(6, name="weights"),
        "late": s.hamming_window(n),
        "late_hann": tf.contrib.signal.hann_window(n, False),
        "refused": tries(
            lambda: s.hann_window(4, dtype=tf.int32), lambda: s.hann_window([4])
        ),
    }


def frames(tf):
    x, late = (
        tf.constant(_x(2, 11)),
        tf.placeholder_with_default(_x(2, 11), [None, None]),
    )
    n = tf.placeholder_with_default(4, [])
    s = tf.signal
    made = {
        "plain": s.frame(x, 4, 2),
        "coprime": s.frame(x, 5, 3),
        "padded": s.frame(x, 4, 3, pad_end=True, pad_value=-1),
        "rows": s.frame(tf.transpose(x), 4, 2, axis=0),
        "late": s.frame(late, 4, 2, name="cut"),
        "late_padded": s.frame(late, 4, 3, pad_end=True),
        "late_length": s.frame(x, n, 2),
        "ints": s.frame(tf.range(7), 3, 2),
        "added": s.overlap_and_add(_x(2, 3, 4), 2),
        "uneven": s.overlap_and_add(_x(3, 5), 2),
        "fast": s.overlap_and_add(_x(2, 3, 4), 4, name="joined"),
        "late_added": s.overlap_and_add(late, 3),
    }
    made["shapes"] = [str(made[name].shape) for name in sorted(made)]
    made["grad"] = tf.gradients(tf.reduce_sum(made["coprime"] ** 2), x)
    made["refused"] = tries(
        lambda: s.overlap_and_add(_x(3), 2),
        lambda: s.overlap_and_add(_x(2, 3), 2.0),
        lambda: s.frame(1.0, 2, 2),
    )
    return made


def spectra(tf):
    x, late = tf.constant(_x(2, 20)), tf.placeholder_with_default(_x(20), [None])
    n = tf.placeholder_with_default(6, [])
    s = tf.signal
    made = {
        "stft": s.stft(x, 6, 3),
        "longer": s.stft(x, 6, 2, fft_length=16, pad_end=True),
        "bare": s.stft(x, 5, 5, window_fn=None),
        "late": s.stft(late, 4, 2, name="spectra"),
        "late_length": s.stft(x, n, 3),
    }
    made["back"] = s.inverse_stft(made["stft"], 6, 3)
    made["exact"] = s.inverse_stft(
        made["stft"], 6, 3, window_fn=s.inverse_stft_window_fn(3)
    )
    made["back_longer"] = s.inverse_stft(made["longer"], 6, 2, 16)
    made["back_late"] = s.inverse_stft(made["stft"], n, 3)
    made["short"] = s.inverse_stft(made["bare"], 10, 5, fft_length=8, window_fn=None)
    made["grad"] = tf.gradients(tf.reduce_sum(tf.abs(made["stft"])), x)
    return _parts(tf, made)


def cosines(tf):
    x, late = tf.constant(_x(2, 6)), tf.placeholder_with_default(_x(2, 5), [None, None])
    s = tf.signal
    made = {
        "dct": s.dct(x),
        "ortho": s.dct(x, norm="ortho"),
        "first": s.dct(x, type=1),
        "third": s.dct(x, 3),
        "third_ortho": s.dct(x, 3, norm="ortho"),
        "less": s.dct(x, n=4),
        "more": s.dct(x, n=8, name="longer"),
        "idct": s.idct(x),
        "idct_ortho": tf.spectral.idct(x, norm="ortho"),
        "idct1": s.idct(x, 1),
        "late": s.dct(late),
        "late_ortho": s.dct(late, norm="ortho"),
    }
    made["refused"] = tries(
        lambda: s.dct(x, axis=0),
        lambda: s.dct(x, n=0),
        lambda: s.dct(x, type=4),
        lambda: s.dct(x, 1, norm="ortho"),
        lambda: s.dct(x[:, :1], 1),
        lambda: s.idct(x, norm="max"),
    )
    return made


def mels(tf):
    s = tf.signal
    late = tf.placeholder_with_default(_x(2, 5), [None, None])
    made = {
        "matrix": s.linear_to_mel_weight_matrix(5, 17),
        "wide": s.linear_to_mel_weight_matrix(
            4, 9, 16000, 80.0, 7600.0, tf.float64, name="mel"
        ),
        "mfcc": s.mfccs_from_log_mel_spectrograms(tf.constant(_x(2, 6))),
        "late": s.mfccs_from_log_mel_spectrograms(late),
    }
    f = s.linear_to_mel_weight_matrix
    made["refused"] = tries(
        lambda: f(0),
        lambda: f(sample_rate=0),
        lambda: f(lower_edge_hertz=-1.0),
        lambda: f(lower_edge_hertz=3900.0),
        lambda: f(upper_edge_hertz=5000.0),
        lambda: f(dtype=tf.int32),
        lambda: f(sample_rate=tf.placeholder(tf.float32, [])),
    )
    return made
