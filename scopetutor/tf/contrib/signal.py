"""`tf.contrib.signal`: names that `tf.signal` has as well.

Older speech recognizers import them from here. The transforms themselves
(`tf.signal.rfft`) were never in it; they were in `tf.spectral`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "tf.signal": (
            "frame hamming_window hann_window inverse_stft inverse_stft_window_fn "
            "linear_to_mel_weight_matrix mfccs_from_log_mel_spectrograms "
            "overlap_and_add stft"
        )
    },
)
