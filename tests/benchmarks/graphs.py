"""What building.py times: imports, variables, scopes, look-ups, runs, initialization.

    python graphs.py scopetutor|tensorflow SIZE

Runs under Python 3.7 too. Prints one line of JSON.
"""

import contextlib
import importlib
import json
import os
import resource
import sys
import time
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

DEPTH = 10  # scopes around the variables
LAYERS = 6  # of the small net: about twenty operations in a run


def best(work, times, rounds=15):
    """Microseconds of one call, in the fastest of some rounds."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - start) / times * 1e6)
    return min(found)


@contextlib.contextmanager
def deep(tf):
    """Inside scopes ten deep."""
    with contextlib.ExitStack() as stack:
        for i in range(DEPTH):
            stack.enter_context(tf.variable_scope(f"s{i}"))
        yield


def variables(tf, count):
    """Makes `count` variables in scopes ten deep; gives microseconds for one."""
    tf.reset_default_graph()
    start = time.perf_counter()
    with deep(tf):
        for i in range(count):
            tf.get_variable(f"w{i}", [10, 10])
    return (time.perf_counter() - start) / count * 1e6


def entering(tf):
    """Microseconds to enter and leave a variable scope, the eleventh."""
    tf.reset_default_graph()

    def enter():
        with tf.variable_scope("scope"):
            pass

    with deep(tf):
        return best(enter, 100)


def looking_up(tf):
    """Microseconds to get a variable that is there, ten scopes deep, under reuse."""
    tf.reset_default_graph()
    with deep(tf):
        tf.get_variable("w", [10, 10])
    with tf.variable_scope(tf.get_variable_scope(), reuse=True), deep(tf):
        return best(lambda: tf.get_variable("w", [10, 10]), 100)


def running(tf):
    """Microseconds of a run: of one addition, and of a small net with a feed."""
    tf.reset_default_graph()
    total = tf.add(tf.Variable(1.0), 2.0)
    x = tf.placeholder(tf.float32, [None, 8])
    y = x
    for i in range(LAYERS):
        w = tf.get_variable(f"w{i}", [8, 8])
        y = tf.nn.relu(tf.matmul(y, w) + 1.0)
    y = tf.reduce_mean(y)
    feed = [[1.0] * 8] * 4
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        add = best(lambda: session.run(total), 100)
        net = best(lambda: session.run(y, {x: feed}), 100)
    return add, net


def initializing(tf, count):
    """Seconds of the first initialization of `count` variables."""
    variables(tf, count)
    initializer = tf.global_variables_initializer()
    with tf.Session() as session:
        start = time.perf_counter()
        session.run(initializer)
        return time.perf_counter() - start


def main():
    """Measure one size."""
    name, size = sys.argv[1], int(sys.argv[2])
    start = time.perf_counter()
    if name == "scopetutor":
        importlib.import_module("numpy")  # both need it; the goal is beyond it
    numpy_ms = (time.perf_counter() - start) * 1e3
    tf = importlib.import_module("scopetutor.tf" if name == "scopetutor" else name)
    found = {"import": (time.perf_counter() - start) * 1e3, "numpy": numpy_ms}
    tf.logging.set_verbosity(tf.logging.ERROR)
    found["variable"] = variables(tf, size)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["scope"] = entering(tf)
    found["look-up"] = looking_up(tf)
    found["run add"], found["run net"] = running(tf)
    if size <= 10_000:
        found["initialize"] = initializing(tf, size)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
