"""`tf.contrib.seq2seq`: the loss of sequences, decoders, helpers and attention.

An encoder comes before, any of ``engine/rnn``. Read decoding first, whose loop asks a
helper; attention and the wrapper make a cell that looks back.
"""
