"""`tf.contrib`: what people used most of it. Read arg_scope and variables first.

It stands on the rest of the engine, and little of that stands on it. Who reaches what
is in the lists of ``tf/contrib``.
"""
