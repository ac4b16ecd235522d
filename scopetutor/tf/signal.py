"""`tf.signal`: Fourier and cosine transforms, frames, windows, mel scales.

From ``engine/signals``, and ``engine/ops/fourier.py`` for the plain transforms, which
`tf` has too.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.fourier": (
            "fft fft2d fft3d ifft ifft2d ifft3d irfft irfft2d irfft3d rfft rfft2d "
            "rfft3d"
        ),
        "engine.signals.cosines": (
            "dct idct linear_to_mel_weight_matrix mfccs_from_log_mel_spectrograms"
        ),
        "engine.signals.frames": "frame overlap_and_add",
        "engine.signals.spectra": (
            "fftshift ifftshift inverse_stft inverse_stft_window_fn stft"
        ),
        "engine.signals.windows": "hamming_window hann_window",
    },
)
