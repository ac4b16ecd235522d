"""`tf.contrib.crf`: conditional random fields over sequences of tags.

Read cells first, then scores, which train, and decoding, which predicts.
"""
