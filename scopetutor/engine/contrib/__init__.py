"""`tf.contrib`: what people used most of it. Read arg_scope and variables first."""
