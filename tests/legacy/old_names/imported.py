"""Old names by every way to a name: imported, as attributes, from modules below."""

import tensorflow as tf
import tensorflow.compat.v1 as v1  # noqa: PLR0402 - as people write it
import tensorflow.contrib.slim as slim  # noqa: PLR0402 - as people write it
import tensorflow.train
from tensorflow import Session, train
from tensorflow.compat import v1 as w1
from tensorflow.python.framework import ops

tf.get_variable("v", [2])
tf.get_variable("w", [2], initializer=tf.random_normal_initializer())
used = [Session, slim, ops, tensorflow.train.Saver, train.GradientDescentOptimizer]
used += [v1.Session, v1.train.Saver, w1.train.AdagradOptimizer]
used += [tf.compat.v1.placeholder, tf.contrib.layers.fully_connected]
used += [tf.log, tf.layers.dense, tf.initialize_all_variables, tf.app.run, tf.flags]
used += [tf.nn.softmax_cross_entropy_with_logits, tf.gfile.Exists, tf.gfile.GFile]
assert not hasattr(tf, "nothing")
assert hasattr(tf, "ConfigProto")
tf.mine = 3
assert tf.mine == 3


def scalar():
    """A name that is used in a function, more than once."""
    return tf.summary.scalar("a", 1.0)


scalar()
scalar()
exec("tf.trainable_variables()")
tf.trainable_variables()
tf.logging.set_verbosity(tf.logging.ERROR)
tf.reset_default_graph()
