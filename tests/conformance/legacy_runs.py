"""What a whole script makes and prints: the same for TensorFlow and for scopetutor.

The scripts of ``legacy/`` are written as people wrote them from 2016 to 2019, and do not
know that they are tested.  `observe` runs one as a program and looks at the graph it
left: variables, collections, every operation, and the lines it printed.  Runs on
Python 3.7 and later.
"""

import contextlib
import gc
import hashlib
import io
import os
import runpy
import sys
import warnings

import observed

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "legacy")
GOLDEN = os.path.join(HERE, "golden", "legacy.json.gz")


def scripts():
    """The names of the scripts."""
    return sorted(name[:-3] for name in os.listdir(SCRIPTS) if name.endswith(".py"))


def observe(tf, name):
    """Runs a script, and says what it made and printed.

    `import tensorflow` must lead to `tf` already.
    """
    before = graphs(tf)
    tf.reset_default_graph()
    path = os.path.join(SCRIPTS, name + ".py")
    printed, argv = io.StringIO(), sys.argv
    sys.argv = [path]
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            left = runpy.run_path(path, run_name="__main__")
    finally:
        sys.argv = argv
    graph = largest([one for one in graphs(tf) if one not in before])
    lines = [observed.operation_line(op) for op in graph.get_operations()]
    with graph.as_default():
        seen = {
            "variables": variables(tf, tf.global_variables()),
            "local_variables": variables(tf, tf.local_variables()),
            "collections": collections(graph),
            "operations": len(lines),
            "names": digest(op.name for op in graph.get_operations()),
            "lines": digest(lines),
            "printed": printed.getvalue().splitlines(),
        }
    del left
    return seen, lines


def graphs(tf):
    """All graphs there are now."""
    return [one for one in gc.get_objects() if type(one) is tf.Graph]


def largest(found):
    """The graph that the script worked in: it may have made it itself."""
    return max(found, key=lambda graph: graph.version)


def variables(tf, found):
    """Name, shape, type and whether it is trained, in order."""
    trained = {id(one) for one in tf.trainable_variables()}
    return [
        "%s %s %s%s"
        % (
            one.name,
            observed.shape_text(one.get_shape()),
            one.dtype.name,
            " trainable" if id(one) in trained else "",
        )
        for one in found
    ]


def collections(graph):
    return {
        str(key): [observed.item_text(item) for item in graph.get_collection(key)]
        for key in sorted(graph.collections, key=str)
        if isinstance(key, str)
    }


def digest(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
