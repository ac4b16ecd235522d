"""`tf.contrib.legacy_seq2seq`: sequences as lists of tensors, one for each step.

Read decoding first, then models, which put encoders before the decoders.
"""
