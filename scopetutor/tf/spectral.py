"""`tf.spectral`: names that `tf.signal` has as well.

It was there first: the same transforms, without frames and windows.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "tf.signal": (
            "dct fft fft2d fft3d idct ifft ifft2d ifft3d irfft irfft2d irfft3d rfft "
            "rfft2d rfft3d"
        )
    },
)
