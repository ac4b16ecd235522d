"""TensorFlow 1.15.5's part of `checkpoints`: a job on stdin, figures on stdout.

Runs under Python 3.7, which is why it is a program of its own.
"""

import glob
import json
import os
import subprocess
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf

tf.get_logger().setLevel("ERROR")

LIST = (
    "import sys, warnings; warnings.filterwarnings('ignore')\n"
    "import tensorflow as tf\n"
    "for name, shape in tf.train.list_variables(sys.argv[1]):\n"
    "    print(name, shape)\n"
)


def best(action, times):
    """Milliseconds of the fastest run."""
    runs = []
    for _ in range(times):
        begin = time.time()
        action()
        runs.append(time.time() - begin)
    return round(min(runs) * 1000, 1)


def main(prefix):
    """Measure; building the graph is not timed, and values come from one variable."""
    names, shape, times = json.load(sys.stdin)
    with tf.Graph().as_default(), tf.Session() as session:
        value = tf.Variable(tf.random_uniform(shape))
        session.run(tf.global_variables_initializer())
        slices = [""] * len(names)
        save = tf.raw_ops.SaveV2(
            prefix=prefix,
            tensor_names=names,
            shape_and_slices=slices,
            tensors=[value] * len(names),
        )
        load = tf.group(
            *tf.raw_ops.RestoreV2(
                prefix=prefix,
                tensor_names=names,
                shape_and_slices=slices,
                dtypes=[tf.float32] * len(names),
            )
        )

        def listed():
            reader = tf.train.NewCheckpointReader(prefix)
            return reader.get_variable_to_shape_map()

        session.run(save)
        session.run(load)
        figures = {
            "write": best(lambda: session.run(save), times),
            "open and list": best(listed, times),
            "open and read": best(lambda: session.run(load), times),
        }
    command = [sys.executable, "-c", LIST, prefix]
    with open(os.devnull, "w") as nothing:
        figures["to answer"] = best(
            lambda: subprocess.check_call(command, stdout=nothing, stderr=nothing),
            times,
        )
    for path in glob.glob(prefix + ".*"):
        os.unlink(path)
    sys.stdout.write(json.dumps(figures))


main(sys.argv[1])
