"""The values that variables start with: what counts more than how they were asked for.

`tf.zeros_initializer()`, `tf.constant_initializer(0.)` and `np.zeros(2, "float32")` are
one start. It is tried: a session of our own runs each variable's initializer, twice, so
that random starts are told from fixed ones. `bench` runs the probe in the workspace and
goes back to the moment before.
"""

from __future__ import annotations

import json

RANDOM = "random values"

PROBE = """
def _probe():
    import json
    import zlib
    import tensorflow as tf

    def text(value):
        short = " ".join(str(value).split())
        if value.size > 50:
            short += " (%08x)" % zlib.crc32(value.tobytes())
        return short

    def once(variable):
        with tf.Session(graph=variable.graph) as session:
            try:
                session.run(variable.initializer)
            except tf.errors.FailedPreconditionError:  # it begins as another one does
                session.run(tf.global_variables_initializer())
            return text(session.run(variable))

    starts = {}
    every = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)
    for variable in every + tf.get_collection(tf.GraphKeys.LOCAL_VARIABLES):
        first = once(variable)
        starts[variable.name] = first if first == once(variable) else "random values"
    print(json.dumps(starts))

_probe()
"""
"""Prints the start of each variable of the default graph as JSON, by tensor name.

A long value is shortened, so a checksum tells it from others.
"""


def read_starts(printed: str) -> dict[str, str]:
    """What the probe printed; empty if it could not."""
    try:
        starts = json.loads(printed.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {}
    if not isinstance(starts, dict):
        return {}
    return {str(name): str(value) for name, value in starts.items()}
