"""`tf.contrib.seq2seq`: the loss of sequences, decoders, helpers and attention."""
