"""Writes which names TensorFlow 1.15.5 warns of when they are used, one line each.

    python3.7 tests/conformance/record_renames.py > scopetutor/tf/renames.txt

Run it under Python 3.7 with TensorFlow 1.15.5.  Every public name of every public module
is asked for once, and what the warnings say is kept: the name, and the new one unless it
is the old one below `tf.compat.v1`.  `tf.contrib` warns of nothing.
"""

import logging
import sys
import types

PROGRAM = compile("getattr(module, name)", "program.py", "eval")
LEFT_OUT = ("tf.compat", "tf.contrib", "tf.core", "tf.python", "tf.tools")


class Listener(logging.Handler):
    """Keeps the old and the new name of each warning."""

    def __init__(self):
        super().__init__()
        self.heard = {}

    def emit(self, record):
        if "The name" in record.msg:
            _, old, new = record.args
            self.heard[old] = new


def ask(module, path, seen):
    """Uses every name of a module, and of the modules below it."""
    seen.add(id(module))
    for name in sorted(dir(module)):
        full = "%s.%s" % (path, name)
        if name.startswith("_") or full in LEFT_OUT:
            continue
        try:
            found = eval(PROGRAM, {"module": module, "name": name})
        except Exception:  # what cannot be loaded here
            continue
        below = isinstance(found, types.ModuleType) and "tensorflow" in found.__name__
        if below and id(found) not in seen:
            ask(found, full, seen)


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5", tf.__version__
    listener = Listener()
    tf.get_logger().handlers[:] = [listener]
    ask(tf, "tf", set())
    sys.stdout.write(
        "# The names that TensorFlow 1.15.5 warns of, and what it says to use instead "
        "if that is\n# not the same below tf.compat.v1; written by "
        "tests/conformance/record_renames.py.\n"
    )
    for old, new in sorted(listener.heard.items()):
        same = new == old.replace("tf.", "tf.compat.v1.", 1)
        sys.stdout.write("%s\n" % old if same else "%s %s\n" % (old, new))


main()
