"""Values as text: tf.print, tf.Print, tf.strings.format."""

import contextlib
import os
import sys
import tempfile

import numpy as np


def _words(call):
    try:
        call()
    except Exception as error:
        return "%s: %s" % (type(error).__name__, str(error).split("\n")[0])
    return "nothing"


@contextlib.contextmanager
def _standard_error():
    """What is written to standard error, by Python or by the runtime below it."""
    seen, (handle, path) = [], tempfile.mkstemp()
    kept = os.dup(2)
    os.dup2(handle, 2)
    try:
        with open(path, "a") as file, contextlib.redirect_stderr(file):
            yield seen
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(handle)
        with open(path) as file:
            seen.extend(file.read().split("\n"))
        os.remove(path)


def _printed(tf, build):
    """What an operation prints to a file."""
    handle, path = tempfile.mkstemp()
    os.close(handle)
    graph = tf.Graph()  # the path is not the same twice
    with graph.as_default():
        op = build("file://" + path)
        with tf.Session() as session:
            session.run(op)
    with open(path) as file:
        text = file.read()
    os.remove(path)
    return text


def formatted(tf):
    say = tf.strings.format
    cube = tf.constant(np.arange(60, dtype=np.float32).reshape(3, 4, 5) / 7)
    return {
        "scalar": say("{}", tf.constant(3)),
        "vector": say("v = {}.", tf.range(10)),
        "short": say("v = {}.", tf.range(6)),
        "matrix": say("{}", tf.constant(np.arange(80.0).reshape(8, 10))),
        "cube": say("{} and {}", [cube, tf.range(3)], summarize=1),
        "all": say("{}", cube, summarize=-1),
        "mark": say("{} <> <>", (tf.constant(1), tf.constant([2])), placeholder="<>"),
        "words": say("{} {}", [tf.constant("it's"), tf.constant(["a\n", '"b"'])]),
        "bools": say("{} {}", [tf.constant(True), tf.constant([True, False])]),
        "none": say("nothing", []),
        "empty": say("{} {}", [tf.zeros([0]), tf.zeros([2, 0])]),
        "empty axes": say(
            "{} {} {}", [tf.zeros(s) for s in ([0, 2], [2, 3, 0], [1, 0, 2])]
        ),
    }


def formatted_numbers(tf):
    say = tf.strings.format
    values = [
        0.1,
        1 / 3.0,
        1e-9,
        123456789.0,
        1e20,
        2.5,
        -0.0,
        float("inf"),
        float("nan"),
    ]
    return {
        "float32": say("{}", tf.constant(values), summarize=-1),
        "float64": say("{}", tf.constant(values, tf.float64), summarize=-1),
        "float16": say("{}", tf.constant([0.1, 1 / 3.0, 2.5], tf.float16)),
        "int8": say("{}", tf.constant([-1, 65], tf.int8)),
        "uint8": say("{}", tf.constant([1, 65], tf.uint8)),
        "int64": say("{}", tf.constant([2**40], tf.int64)),
        "complex": say("{}", tf.constant([1 + 2j, 0.5j])),
        "more complex": say("{} {}", [tf.constant(1j), tf.constant([1j] * 5)]),
    }


def wrong_count(tf):
    tf.strings.format("{} {}", tf.constant(1))


def to_files(tf):
    return {
        "words": _printed(tf, lambda f: tf.print("a", 1, 2.5, output_stream=f)),
        "one": _printed(tf, lambda f: tf.print(tf.constant("text"), output_stream=f)),
        "tensor": _printed(tf, lambda f: tf.print("t:", tf.range(8), output_stream=f)),
        "short": _printed(
            tf, lambda f: tf.print(tf.range(8), output_stream=f, summarize=1)
        ),
        "sep": _printed(
            tf,
            lambda f: tf.print(
                tf.range(2), "b", tf.constant(True), sep=" | ", end="!", output_stream=f
            ),
        ),
        "list": _printed(
            tf,
            lambda f: tf.print(
                "l", [tf.constant(1), "x", (tf.constant("s"), 2)], output_stream=f
            ),
        ),
        "dict": _printed(
            tf,
            lambda f: tf.print(
                {"b": tf.constant([1.5]), "a": {"c": 1, "d": None}}, output_stream=f
            ),
        ),
        "sparse": _printed(
            tf,
            lambda f: tf.print(
                tf.SparseTensor([[0], [2]], [1.0, 2.0], [4]), output_stream=f
            ),
        ),
        "marks": _printed(
            tf, lambda f: tf.print("{} {}6", tf.constant(1), output_stream=f)
        ),
        "variable": _printed(
            tf,
            lambda f: tf.group(
                tf.print(
                    tf.constant([[1, 2], [3, 4]]), tf.zeros([1, 1, 2]), output_stream=f
                )
            ),
        ),
        "nothing": _printed(tf, lambda f: tf.print(output_stream=f)),
    }


def made(tf):
    a = tf.print("plain")
    b = tf.print(tf.range(3), name="named")
    c = tf.print(tf.constant("text"), output_stream=sys.stdout)
    d = tf.print("level", output_stream=tf.logging.info)
    e = tf.print("level", tf.constant([1]), output_stream=tf.logging.warning, end="")
    with tf.control_dependencies([b]):
        f = tf.identity(1.0)
    return {"names": [op.name for op in (a, b, c, d, e)], "f": f.name}


def streams(tf):
    return {
        "unknown": _words(lambda: tf.print("a", output_stream="nowhere")),
        "keyword": _words(lambda: tf.print("a", stream=2)),
        "file": _words(lambda: tf.print("a", output_stream="file:/x")),
    }


def to_standard_error(tf):
    op = tf.print("seen:", tf.range(9), [tf.constant(2.5)])
    with _standard_error() as seen, tf.Session() as session:
        session.run(op)
    return {"seen": [line for line in seen if line]}


def old_print(tf):
    x = tf.constant([[1.0, 2.5], [3.25, 4.0]])
    plain = tf.Print(x, [x, tf.shape(x)])
    told = tf.Print(x, [x, tf.constant(["w", "it's"])], message="told ", summarize=5)
    once = tf.Print(x, [tf.constant(True), tf.zeros([0])], first_n=1, name="once")
    every = tf.Print(x, [tf.constant(np.arange(8).reshape(2, 2, 2))], summarize=-1)
    with _standard_error() as seen, tf.Session() as session:
        for tensor in (plain, told, once, once, every):
            session.run(tensor)
    return {"seen": [line for line in seen if line], "value": plain}


def old_print_gradient(tf):
    x = tf.constant([1.0, 2.0])
    y = tf.Print(x * 2.0, [x], first_n=0)
    return {"grad": tf.gradients(y, x)[0], "y": y}
