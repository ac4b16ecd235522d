"""Writes where TensorFlow 1.15.5 has its classes, one line each.

    python3.7 tests/conformance/record_classes.py > tests/conformance/golden/classes.txt

Run it under Python 3.7 with TensorFlow 1.15.5.  A line reads `name module class`, where
name is a public one as in scopetutor/tf/symbols.txt; at the end stand the classes that
have no public name, by what makes one of them.
"""

import inspect
import sys

import tensorflow as tf

MAKERS = [
    "tf.Variable(1.)",
    "tf.Variable(1., use_resource=True)",
    "tf.TensorShape([2])[0]",
    "tf.AUTO_REUSE",
    "tf.constant(1.).op",
]


def find(name):
    found = tf
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def main():
    for line in sys.stdin:
        name, kind = line.split(" ")[:2]
        if kind.strip() == "class":
            try:
                found = find(name)
            except AttributeError:
                continue
            if inspect.isclass(found):
                print(name, found.__module__, found.__qualname__)
    for maker in MAKERS:
        kind = type(eval(maker))
        print(maker.replace(" ", ""), kind.__module__, kind.__qualname__)


main()
