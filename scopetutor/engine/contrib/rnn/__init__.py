"""`tf.contrib.rnn`: further cells, wrappers with variables, both directions stacked."""
