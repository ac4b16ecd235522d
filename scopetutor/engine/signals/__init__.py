"""`tf.signal`: sounds cut into frames, their spectra, and what is made of these.

Frames and windows come first, spectra next, cosines last, as in a recognizer of speech.
The plain transforms are in ``ops/fourier.py``.
"""
