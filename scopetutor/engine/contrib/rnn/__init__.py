"""`tf.contrib.rnn`: further cells, wrappers with variables, both directions stacked.

They stand on the cells of ``engine/rnn``, and are unrolled by what is there. Read
linear first: most get their variables through it.
"""
