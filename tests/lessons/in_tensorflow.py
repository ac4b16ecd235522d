"""Runs programs of lessons under TensorFlow 1.15.5; `record` starts it.

Python 3.7. Reads a JSON list from standard input, writes one to standard output: what
each prints or raises, and which variables there are after it.
"""

import contextlib
import io
import json
import os
import sys
import traceback
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import tensorflow as tf  # noqa: E402

assert tf.__version__ == "1.15.5"


def run(program):
    """What a program comes to in a fresh graph."""
    tf.reset_default_graph()
    tf.get_logger().setLevel("ERROR")
    names = {"__name__": "__main__"}
    for text in program["before"]:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, "<before>", "exec"), names)
    printed, error = "", None
    for text in program["texts"]:
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(text, "<program>", "exec"), names)
        except Exception as raised:
            error = raised
            break
        finally:
            printed = out.getvalue()
    return {
        "id": program["id"],
        "digest": program["digest"],
        **told(program, names, printed, error),
    }


def told(program, names, printed, error):
    """The part of it that the step asks for."""
    false = []
    for text in program["asserts"]:
        try:
            exec(compile(text, "<assert>", "exec"), names)
        except Exception as raised:
            false.append(f"{text}: {raised!r}")
    found = {"false": false}
    if program["asks"] == "answer":
        found["answer"] = type(error).__name__ if error else printed.strip()
    elif program["asks"] == "line":
        found["answer"] = str(line_of(error))
    elif program["asks"] == "state":
        found["error"] = type(error).__name__ if error else ""
        found["variables"] = variables()
    return found


def line_of(error):
    """The line of the program that fails; 0 if none does."""
    if error is None:
        return 0
    frames = traceback.extract_tb(error.__traceback__)
    return [frame.lineno for frame in frames if frame.filename == "<program>"][-1]


def variables():
    """All variables of the default graph, sorted: name, shape, type, trainable."""
    trainable = tf.trainable_variables()
    found = {id(v): v for v in tf.global_variables() + tf.local_variables() + trainable}
    return sorted(
        [v.name, str(v.shape), v.dtype.name, any(v is t for t in trainable)]
        for v in found.values()
    )


json.dump([run(program) for program in json.load(sys.stdin)], sys.stdout)
