"""`tf.signal`: sounds cut into frames, their spectra, and what is made of these."""
