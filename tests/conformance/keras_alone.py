"""What programs of keras share: a graph of their own, whose order is not by chance.

Keras keeps a session for a graph, and asks in no order which of its variables are
initialized.  Runs under Python 3.7 with TensorFlow 1.15.5, and with scopetutor.
"""

import contextlib

import numpy as np


def lines(graph):
    """The operations of a graph, without what is by chance."""
    found = []
    for o in graph.get_operations():
        asks = o.type == "VarIsInitializedOp" and "/" not in o.name
        if asks or o.name.startswith("init"):
            found.append("%s %s" % (o.name, o.type))
            continue
        shapes = [str(t.shape) for t in o.outputs]
        inputs = [t.name for t in o.inputs]
        waits = sorted(c.name for c in o.control_inputs)
        found.append("%s %s %s %s %s" % (o.name, o.type, inputs, waits, shapes))
    return found


@contextlib.contextmanager
def alone(tf, seen):
    """A graph of its own; what was made in it is seen afterwards."""
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(5)
        np.random.seed(3)
        yield tf.keras
        seen["graph"] = lines(graph)
        seen["global"] = [v.name for v in tf.global_variables()]


def summary_of(model):
    """What `model.summary()` prints."""
    found = []
    model.summary(print_fn=found.append)
    return found
