"""Writes which class of TensorFlow 1.15.5 each class of the engine stands for.

    python tests/conformance/join_classes.py > scopetutor/evaluator/class_names.txt

`golden/classes.txt` says where TensorFlow has its public classes; this finds ours under
the same public names. A line reads `engine-class module class`.
"""

import inspect
import sys
import warnings
from pathlib import Path

from scopetutor import tf

GOLDEN = Path(__file__).with_name("golden") / "classes.txt"
ENGINE = "scopetutor.engine."
HEAD = """\
# Where TensorFlow 1.15.5 has the classes that the engine's stand for; written by
# tests/conformance/join_classes.py.
"""


def find(name):
    """Our class of a public name, or what a text makes; None if there is none."""
    if "(" in name or name == "tf.AUTO_REUSE":
        return type(eval(name, {"tf": tf}))
    found = tf
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found


def joined():
    """(engine class, module, class) for each class that both have, by name."""
    known = {}
    for line in GOLDEN.read_text().splitlines():
        name, module, theirs = line.split(" ")
        ours = find(name)
        if not inspect.isclass(ours) or not ours.__module__.startswith(ENGINE):
            continue
        key = f"{ours.__module__[len(ENGINE) :]}.{ours.__qualname__}"
        # The same class may stand for several: the one that is called so as well.
        if key not in known or (
            ours.__name__ == theirs and known[key][1] != ours.__name__
        ):
            known[key] = module, theirs
    return sorted((key, *value) for key, value in known.items())


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sys.stdout.write(HEAD)
        for row in joined():
            sys.stdout.write(" ".join(row) + "\n")
